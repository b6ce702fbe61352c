"""The one rule for "today".

A study day belongs to a zone and a day start: with a day start of 04:00, half past two at night still belongs to the
day before. In a clock gap the day starts at the first valid instant after it, in an overlap at the first of the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.errors import BadInputError

DEFAULT_DAY_START = time(4)
DEFAULT_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class DayRule:
    """Where and when a day begins.

    Attributes:
        zone: IANA name.
        day_start: local wall-clock time at which a new day begins.
    """

    zone: str = DEFAULT_ZONE
    day_start: time = DEFAULT_DAY_START


def study_day(instant: datetime, rule: DayRule) -> date:
    """Return the local date of the study day that ``instant`` (aware) belongs to."""
    local_date = instant.astimezone(ZoneInfo(rule.zone)).date()
    for day in (local_date + timedelta(days=1), local_date):
        if starts_at(day, rule) <= instant:
            return day
    return local_date - timedelta(days=1)


def starts_at(day: date, rule: DayRule) -> datetime:
    """Return the instant, aware and in UTC, at which the study day ``day`` begins."""
    wall = datetime.combine(day, rule.day_start, ZoneInfo(rule.zone))
    instant = wall.astimezone(UTC)
    # PEP 495: in a gap, fold=0 reads the wall time by the offset before it, which lands at or after the gap's end
    # minus the missing time; going back through the zone tells whether the wall time exists.
    if instant.astimezone(wall.tzinfo).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    return _end_of_gap(wall)


def ends_at(day: date, rule: DayRule) -> datetime:
    """Return the instant, aware and in UTC, at which the study day ``day`` is over and the next one begins."""
    return starts_at(day + timedelta(days=1), rule)


def _end_of_gap(wall: datetime) -> datetime:
    """Return the first valid instant after the clock gap that swallows ``wall``, by bisection to the second."""
    after = wall.astimezone(UTC)
    before = wall.replace(fold=1).astimezone(UTC)
    offset_before = before.astimezone(wall.tzinfo).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(wall.tzinfo).utcoffset() == offset_before:
            before = middle
        else:
            after = middle
    return after


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Return the IANA names people know a zone by: ``Region/City`` and UTC, sorted."""
    regions = {
        "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
    }  # fmt: skip
    return tuple(sorted(name for name in available_timezones() if name.split("/")[0] in regions or name == "UTC"))


def zone_from(text: str) -> str:
    """Return the IANA name meant by ``text``, whatever its case.

    Raises:
        BadInputError: where there is no such zone; the sentence proposes some.
    """
    wanted = text.strip().replace(" ", "_")
    for name in zone_names():
        if name.casefold() == wanted.casefold():
            return name
    try:
        return ZoneInfo(wanted).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        close = zone_matches(text, 3)
        hint = f" Did you mean {', '.join(close)}?" if close else " Such names look like Europe/Berlin."
        raise BadInputError(f"There is no time zone of that name.{hint}") from None


def zone_matches(text: str, most: int) -> list[str]:
    """Return up to ``most`` zone names that contain what was typed, names whose city starts with it first."""
    wanted = text.strip().replace(" ", "_").casefold()
    found = [name for name in zone_names() if wanted in name.casefold()]
    found.sort(key=lambda name: not name.casefold().rsplit("/", 1)[-1].startswith(wanted))
    return found[:most]
