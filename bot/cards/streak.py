"""The calendar of a streak: where each cell stands, what sign it carries, and the words around it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from bot.domain.day import monday_of
from bot.domain.streak import KEPT_FOR_A_FREEZE, MOST_FREEZES, DayKind, StreakCard

WIDTH: Final = 900
MARGIN: Final = 36
WEEKS: Final = 16
LEFT, TOP, STEP = 98, 184, 48
LEGEND_TOP: Final = TOP + 7 * STEP + 22
LEGEND_ROW, LEGEND_COLUMN = 44, 280
NAME_WIDTH: Final = 330
"""How wide a name may be, in pixels."""
APART: Final = 3
"""Columns between two names of months."""

FIRST_COLOR, LAST_COLOR = (0x7C, 0x9C, 0xFF), (0x8B, 0xE0, 0xC4)
LABELS: Final = {
    DayKind.KEPT: "kept",
    DayKind.FREEZE: "freeze used",
    DayKind.REST: "rest day",
    DayKind.VACATION: "vacation",
    DayKind.OUTAGE: "the bot was away",
    DayKind.REPAIRED: "repaired",
    DayKind.NOT_OWED: "nothing was due",
    DayKind.MISSED: "missed",
    DayKind.OPEN: "today, still open",
}


def streak_values(card: StreakCard) -> dict[str, Any]:
    """Return what the template of a streak is filled with: plain values, the same for the same card."""
    first = card.days[0][0] if card.days else card.today
    monday = monday_of(first)
    kinds = dict(card.days)
    days = [monday + timedelta(days=ahead) for ahead in range(7 * WEEKS)]
    legend = _legend(card)
    bottom = LEGEND_TOP + LEGEND_ROW * -(-len(legend) // 3) + 14
    return {
        "width": WIDTH,
        "height": bottom + 58,
        "title": _title(card),
        "name": card.name,
        "name_width": NAME_WIDTH,
        "facts": " · ".join(_facts(card)),
        "in_hand": f"{card.freezes or 'no'} {'freezes' if card.freezes > 1 else 'freeze'} in hand",
        "freezes": [place < card.freezes for place in range(MOST_FREEZES)],
        "months": _months(days[::7]),
        "weekdays": [(TOP + STEP * row + 29, name) for row, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"), (6, "Sun"))],
        "cells": [_cell(i, day, kinds.get(day), card.today) for i, day in enumerate(days)],
        "legend": legend,
        "line": bottom,
        "meaning": meaning(card),
    }


def meaning(card: StreakCard) -> str:
    """Return what it means for the member today, in one line."""
    kind = card.days[-1][1] if card.days else DayKind.OPEN
    ends = f"{card.day_start:%H:%M}"
    if kind is DayKind.OPEN and not card.length:
        return f"One prompt, topic or review before {ends} starts a streak."
    if kind is DayKind.OPEN:
        return f"One prompt, topic or review before {ends} makes it {card.length + 1}."
    if kind is not DayKind.KEPT:
        return "Nothing is owed today; the streak stands."
    if card.to_next_freeze:
        days = "day earns" if card.to_next_freeze == 1 else "days earn"
        return f"Today is kept. {card.to_next_freeze} more kept {days} a freeze."
    return f"Today is kept, and {MOST_FREEZES} missed days are covered."


def _title(card: StreakCard) -> str:
    if card.length:
        return f"{card.length} {'day' if card.length == 1 else 'days'} in a row"
    return "A new start" if card.longest else "The first day"


def _facts(card: StreakCard) -> list[str]:
    if not card.longest:
        return [f"every {KEPT_FOR_A_FREEZE} kept days earn a freeze"]
    return [f"longest {card.longest} {'day' if card.longest == 1 else 'days'}"]


def _months(mondays: list[date]) -> list[tuple[int, str]]:
    """Return the names of months above the weeks in which they begin; one that is too near the next is left out."""
    found: list[tuple[int, str]] = [(0, f"{mondays[0]:%b}")]
    for column, monday in enumerate(mondays[1:], 1):
        if monday.month != mondays[column - 1].month:
            if column - found[-1][0] < APART:
                found.pop()
            found.append((column, f"{monday:%b}"))
    return [(LEFT + STEP * column, name) for column, name in found]


def _cell(number: int, day: date, kind: DayKind | None, today: date) -> dict[str, Any]:
    column, row = divmod(number, 7)
    return {
        "x": LEFT + STEP * column,
        "y": TOP + STEP * row,
        "kind": str(kind) if kind else "none",
        "color": _color(column),
        "today": day == today,
    }


@cache
def _color(column: int) -> str:
    """Return a kept day's color: one gradient over the whole calendar."""
    share = column / (WEEKS - 1)
    mixed = (round(a + (b - a) * share) for a, b in zip(FIRST_COLOR, LAST_COLOR, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _legend(card: StreakCard) -> list[dict[str, Any]]:
    counted = Counter(kind for _, kind in card.days)
    shown = [kind for kind in LABELS if counted[kind] or kind is DayKind.KEPT]
    return [
        {
            "x": MARGIN + LEGEND_COLUMN * (place % 3),
            "y": LEGEND_TOP + LEGEND_ROW * (place // 3),
            "kind": str(kind),
            "label": LABELS[kind],
            "count": str(counted[kind] or "") if kind is not DayKind.OPEN else "",
        }
        for place, kind in enumerate(shown)
    ]
