"""Changes of the clock: which one comes next in a zone, and what it does to a post of a fixed local time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.frozen import frozen

SOON: Final = timedelta(days=14)
"""How far ahead people want to hear of one."""
STEP: Final = timedelta(hours=6)


@frozen
class ClockChange:
    """One change of a zone's clock.

    Attributes:
        day: the local date of its first moment by the new clock.
        by: how far clocks go forward; negative where they go back.
    """

    day: date
    by: timedelta


def coming_change(zone: str, now: datetime, within: timedelta = SOON) -> ClockChange | None:
    """Return the first change of the clock in a zone (IANA name) within this time after ``now``; None for none."""
    place, here, end = ZoneInfo(zone), now.astimezone(UTC), now.astimezone(UTC) + within
    while here < end:
        later = min(here + STEP, end)
        if (by := _offset(place, later) - _offset(place, here)) != timedelta():
            return ClockChange(_first_after(place, here, later).astimezone(place).date(), by)
        here = later
    return None


def _first_after(place: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first minute after a change that lies between two instants."""
    old = _offset(place, before)
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        if _offset(place, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(place: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(place).utcoffset() or timedelta()
