"""The card of a study group: this week in three figures, and where each member stands on the road."""

from __future__ import annotations

from typing import Any, Final

from bot.cards.layout import ROWS, WIDTH, filled
from bot.domain.card import GroupCard, GroupMember

TOP: Final = 264
ROW: Final = 56
FIGURES: Final = 3
LEFT, RIGHT, GAP = 420, 660, 5
"""The segments of a road run from left to right, this far apart."""


def group_values(card: GroupCard) -> dict[str, Any]:
    """Return what the template of a group is filled with: plain values, the same for the same card."""
    shown = card.members[:ROWS]
    left_out = len(card.members) - len(shown)
    bottom = TOP + ROW * len(shown) + (40 if left_out else 0)
    return {
        "width": WIDTH,
        "height": bottom + (78 if card.meaning else 24),
        "name": card.name,
        "subtitle": card.subtitle,
        "week": [
            {"x": 36 + 282 * place, "figure": figure, "word": word}
            for place, (figure, word) in enumerate(card.week[:FIGURES])
        ],
        "members": [_member(one, TOP + ROW * place, card.stages) for place, one in enumerate(shown)],
        "more": f"and {left_out} more" if left_out else "",
        "line": bottom + 14,
        "meaning": card.meaning,
    }


def _member(one: GroupMember, y: int, stages: int) -> dict[str, Any]:
    """Return a member's line: a full segment for each stage behind, a framed one for the stage the member is at."""
    count = max(stages, 1)
    width = (RIGHT - LEFT - GAP * (count - 1)) / count
    at = count + 1 if one.stage is None else one.stage
    segments = [
        {"x": round(LEFT + (width + GAP) * place, 1), "full": place + 1 < at, "here": place + 1 == at}
        for place in range(count)
    ]
    return {
        "y": y,
        "name": one.name,
        "captain": one.captain,
        "mine": one.mine,
        "segments": segments,
        "width": filled(1.0, round(width, 1), 3),
        "where": "all done" if one.stage is None else f"{one.percent} %",
        "points": "" if one.points is None else f"{one.points:,}",
    }
