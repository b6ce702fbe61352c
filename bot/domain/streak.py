"""The streak: which days were kept, which were excused and why, and how many in a row that makes.

A day is kept by any prompt, topic or review done. What is excused neither adds nor breaks. A missed day takes a freeze
by itself, if one is in hand; without one the streak begins anew. Everything is computed from the log of days, so that a
repair by a moderator, one more row, survives every recomputing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.frozen import frozen

KEPT_FOR_A_FREEZE: Final = 7
MOST_FREEZES: Final = 2
MOST_RESTS: Final = 2
"""Rest days within any seven days in a row: enough for a weekend off, too few to let a streak stand by itself."""
RESTS_WITHIN: Final = 7
LONGEST_VACATION: Final = 30
VACATION_AHEAD: Final = 90
"""How many days ahead a vacation may begin."""
REPAIRS_WITHIN: Final = 60
"""How many days back a day can be repaired."""


class DayKind(StrEnum):
    """What a study day was to a member's streak."""

    KEPT = "kept"
    FREEZE = "freeze"
    REST = "rest"
    VACATION = "vacation"
    OUTAGE = "outage"
    REPAIRED = "repaired"
    NOT_OWED = "not_owed"
    MISSED = "missed"
    OPEN = "open"


EXCUSES: Final = frozenset({DayKind.REST, DayKind.VACATION, DayKind.OUTAGE, DayKind.REPAIRED})
"""What a day in the log can be besides kept."""


@frozen
class StreakDay:
    """One study day, and how many days in a row it made, itself included."""

    day: date
    kind: DayKind
    length: int


@frozen
class Streak:
    """A member's streak.

    Attributes:
        days: every study day from the first one on, oldest first.
        length: days kept in a row up to now.
        longest: the longest there ever was.
        freezes: how many are in hand.
        to_next_freeze: kept days until the next one is earned; 0 when no more can be held.
    """

    days: tuple[StreakDay, ...]
    length: int
    longest: int
    freezes: int
    to_next_freeze: int


@frozen
class StreakCard:
    """What the picture of a streak shows.

    Attributes:
        name: how the member is called.
        today: the study day now.
        day_start: local time at which the member's day ends and the next begins.
        length: days kept in a row up to now.
        longest: the longest there ever was.
        freezes: how many are in hand.
        to_next_freeze: kept days until the next one; 0 when no more can be held.
        days: the days shown, oldest first; today is the last.
    """

    name: str
    today: date
    day_start: time
    length: int
    longest: int
    freezes: int
    to_next_freeze: int
    days: tuple[tuple[date, DayKind], ...]


def may_rest(day: date, rests: Collection[date]) -> bool:
    """Whether ``day`` can be a rest day beside the ones there are: at most two within any seven days in a row."""
    taken = {day, *(rest for rest in rests if abs((rest - day).days) < RESTS_WITHIN)}
    if len(taken) <= MOST_RESTS:
        return True
    windows = (day - timedelta(days=back) for back in range(RESTS_WITHIN))
    return all(
        sum(start <= rest < start + timedelta(days=RESTS_WITHIN) for rest in taken) <= MOST_RESTS for start in windows
    )


def streak(first: date, today: date, log: Mapping[date, DayKind], owed: Callable[[date], bool]) -> Streak:
    """Walk a member's days and return the streak.

    Args:
        first: the member's first study day.
        today: the study day now; it is open until it is kept or over.
        log: the days that were kept or excused.
        owed: whether anything was scheduled on a date; what was not is owed by nobody.
    """
    days: list[StreakDay] = []
    length = longest = freezes = kept = 0
    day = first
    while day <= today:
        kind = _kind(day, today, log, owed)
        if kind is DayKind.KEPT:
            length, kept = length + 1, kept + 1
            if kept % KEPT_FOR_A_FREEZE == 0:
                freezes = min(freezes + 1, MOST_FREEZES)
        elif kind is DayKind.MISSED and freezes and length:
            kind, freezes = DayKind.FREEZE, freezes - 1
        elif kind is DayKind.MISSED:
            length = 0
        longest = max(longest, length)
        days.append(StreakDay(day, kind, length))
        day += timedelta(days=1)
    missing = KEPT_FOR_A_FREEZE - kept % KEPT_FOR_A_FREEZE if freezes < MOST_FREEZES else 0
    return Streak(tuple(days), length, longest, freezes, missing)


def _kind(day: date, today: date, log: Mapping[date, DayKind], owed: Callable[[date], bool]) -> DayKind:
    if day in log:
        return log[day]
    if day == today:
        return DayKind.OPEN
    return DayKind.MISSED if owed(day) else DayKind.NOT_OWED
