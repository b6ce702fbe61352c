"""The card of a board: rank, name, bar, value and change of each line, the viewer's own framed."""

from __future__ import annotations

from typing import Any, Final

from bot.cards.layout import ROWS, WIDTH, filled
from bot.domain.card import BoardRow, LeaderboardCard

TOP: Final = 142
ROW: Final = 58
BAR: Final = 204
APART: Final = 30
"""Between the page and the viewer's own line, where that is from further down."""
MEDALS: Final = {1: ("#f3c969", "gold"), 2: ("#c9d1dc", "silver"), 3: ("#d99a6c", "bronze")}
MOST_MOVED: Final = 99
"""Who moved further gets a plus behind it."""


def leaderboard_values(card: LeaderboardCard) -> dict[str, Any]:
    """Return what the template of a board is filled with: plain values, the same for the same card."""
    rows = [_row(row, TOP + ROW * place, card.best) for place, row in enumerate(card.rows[:ROWS])]
    bottom = TOP + ROW * len(rows)
    own = None
    if card.own is not None:
        own = _row(card.own, bottom + APART, card.best)
        bottom += APART + ROW
    return {
        "width": WIDTH,
        "height": bottom + (78 if card.meaning else 24),
        "title": card.title,
        "subtitle": card.subtitle,
        "rows": rows,
        "own": own,
        "yours": card.yours,
        "bar": BAR,
        "line_y": bottom + 14,
        "meaning": card.meaning,
    }


def _row(row: BoardRow, y: int, best: float) -> dict[str, Any]:
    color, medal = MEDALS.get(row.rank, ("", ""))
    return {
        "y": y,
        "rank": str(row.rank),
        "medal": medal,
        "color": color,
        "name": row.name,
        "length": filled(row.value / best if best > 0 else 0.0, BAR, 14),
        "shown": row.shown,
        "moved": row.moved,
        "far": "" if row.moved is None else f"{min(abs(row.moved), MOST_MOVED)}{'+' * (abs(row.moved) > MOST_MOVED)}",
        "mine": row.mine,
    }
