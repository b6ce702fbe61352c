"""The card of a member's road: a ring for the whole of it, a bar for each stage."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any, Final

from bot.cards.layout import ROWS, WIDTH, filled
from bot.domain.card import ProgressCard

TOP: Final = 142
ROW: Final = 46
BAR: Final = 130
RADIUS: Final = 96


def progress_values(card: ProgressCard) -> dict[str, Any]:
    """Return what the template of a road is filled with: plain values, the same for the same card."""
    shown = card.stages[:ROWS]
    bottom = max(TOP + ROW * len(shown), TOP + 2 * RADIUS + 40)
    return {
        "width": WIDTH,
        "height": bottom + 84,
        "title": card.name,
        "track": card.track,
        "percent": card.percent,
        "topics": f"{card.finished} of {card.total} topics",
        "middle": (TOP + bottom) // 2,
        "radius": RADIUS,
        "arc": _arc(card.percent),
        "stages": [
            {
                "y": TOP + ROW * place,
                "order": place + 1,
                "title": title,
                "percent": percent,
                "length": filled(percent / 100, BAR, 14),
                "here": place == card.current,
            }
            for place, (title, percent) in enumerate(shown)
        ],
        "bar": BAR,
        "line": bottom + 20,
        "meaning": card.meaning,
    }


def _arc(percent: int) -> str:
    """Return the ring's path, from the top clockwise; empty for nothing. A full one stops a hair before it closes."""
    if percent <= 0:
        return ""
    turn = 2 * pi * min(percent / 100, 0.9999)
    x, y = RADIUS * sin(turn), -RADIUS * cos(turn)
    return f"M0 {-RADIUS}A{RADIUS} {RADIUS} 0 {int(turn > pi)} 1 {x:.2f} {y:.2f}"
