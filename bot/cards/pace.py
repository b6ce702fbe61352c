"""The line picture of a pace: hours over time, the plan beside one's own, and the range in which the road may end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from bot.cards.layout import MARGIN, WIDTH
from bot.domain.card import PaceCard

LEFT, RIGHT, TOP, BOTTOM = 98, WIDTH - MARGIN, 176, 466
LEGEND: Final = BOTTOM + 78
LINE: Final = LEGEND + 34
BEYOND: Final = 0.35
"""By how much of its length the picture goes on where a forecast reaches far beyond the rest."""
LEAST_DAYS: Final = 56
MONTHS_SHOWN: Final = 9
STEPS: Final = (10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000)


class _Scale:
    """Where a day and a number of hours stand, in pixels."""

    def __init__(self, first: date, last: date, hours: float) -> None:
        self.first, self.last, self.hours = first, last, max(hours, 1.0)

    def x(self, day: date) -> float:
        share = (day - self.first).days / (self.last - self.first).days
        return round(LEFT + share * (RIGHT - LEFT), 1)

    def y(self, hours: float) -> float:
        return round(BOTTOM - hours / self.hours * (BOTTOM - TOP), 1)

    def path(self, points: Iterable[tuple[date, float]]) -> str:
        """Return a line through these points as SVG takes it."""
        return " ".join(f"{self.x(day)},{self.y(hours)}" for day, hours in points)


def pace_values(card: PaceCard) -> dict[str, Any]:
    """Return what the template of a pace is filled with: plain values, the same for the same card."""
    first, last = _days(card)
    on = _Scale(first, last, card.total)
    own = list(card.own)
    if own:
        own = [(own[0][0] - timedelta(days=1), 0.0), *own, (card.today, own[-1][1])]
    ends = card.ends
    cone = [(card.today, card.done), (ends[0], card.total), (ends[1], card.total)] if ends is not None else []
    return {
        "width": WIDTH,
        "height": LINE + 58,
        "left": LEFT,
        "right": RIGHT,
        "top": TOP,
        "bottom": BOTTOM,
        "title": card.title,
        "name": card.name,
        "facts": f"{card.done:g} of {card.total:g} h",
        "hours": [(on.y(hours), f"{hours} h" if hours else "0") for hours in _hours(card.total)],
        "months": _months(on),
        "today": on.x(card.today),
        "today_label": min(max(on.x(card.today), LEFT + 34), RIGHT - 34),
        "dot": (on.x(card.today), on.y(card.done)),
        "own": on.path(own),
        "plan": on.path(card.plan),
        "cone": on.path(cone),
        "legend": LEGEND,
        "legends": _legends(card),
        "line": LINE,
        "meaning": card.meaning,
    }


def _days(card: PaceCard) -> tuple[date, date]:
    """Return the first and last day of the picture."""
    begins = [card.today, *(day for day, _ in (*card.own[:1], *card.plan[:1]))]
    first = min(begins) - timedelta(days=1)
    sure = max([card.today + timedelta(days=LEAST_DAYS // 2), *(day for day, _ in card.plan[-1:])])
    if card.ends is not None:
        sure = max(sure, card.ends[0])
        sure = min(max(sure, card.ends[1]), sure + timedelta(days=int((sure - first).days * BEYOND)))
    return first, max(sure, first + timedelta(days=LEAST_DAYS))


def _hours(total: float) -> list[int]:
    """Return the hours that are written at the side, five at most and nothing first."""
    step = next((one for one in STEPS if total / one <= 4.5), STEPS[-1])
    return list(range(0, int(total) + 1, step))


def _months(on: _Scale) -> list[tuple[float, str]]:
    """Return the first days of months, as many as can stand beside each other, a year with each January."""
    first = on.first.year * 12 + on.first.month
    last = on.last.year * 12 + on.last.month - 1
    step = next(one for one in (1, 2, 3, 4, 6, 12, 24, 48, 96) if (last - first) / one <= MONTHS_SHOWN)
    found: list[tuple[float, str]] = []
    for number in range(first, last + 1):
        year, month = divmod(number, 12)
        day = date(year, month + 1, 1)
        if number % step == 0 and on.x(day) <= RIGHT - 24:
            found.append((on.x(day), str(year) if month == 0 else f"{day:%b}"))
    return found


def _legends(card: PaceCard) -> list[tuple[int, str, str]]:
    """Return what each line means: its place, its kind and its words."""
    shown = [("own", "you"), *([("plan", "the plan")] if card.plan else [])]
    if card.ends is not None:
        shown.append(("cone", "forecast, 8 of 10 cases"))
    places = (MARGIN, MARGIN + 160, MARGIN + 380) if card.plan else (MARGIN, MARGIN + 160)
    return [(x, kind, words) for x, (kind, words) in zip(places, shown, strict=False)]
