"""The one rule for "today".

A study day belongs to a zone and a day start: with a day start of 04:00, half past two at night still belongs to the
day before. In a clock gap the day starts at the first valid instant after it, in an overlap at the first of the two.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.frozen import frozen
from bot.errors import BadInputError

DEFAULT_DAY_START = time(4)
DEFAULT_ZONE = "UTC"
LATEST_DAY_START = 12
"""The last hour at which a day may start."""


@frozen
class DayRule:
    """Where and when a day begins.

    Attributes:
        zone: IANA name.
        day_start: local wall-clock time at which a new day begins.
    """

    zone: str = DEFAULT_ZONE
    day_start: time = DEFAULT_DAY_START


def monday_of(day: date) -> date:
    """Return the day that the week of a day begins with."""
    return day - timedelta(days=day.weekday())


def study_day(instant: datetime, rule: DayRule) -> date:
    """Return the local date of the study day that ``instant`` (aware) belongs to."""
    local_date = instant.astimezone(ZoneInfo(rule.zone)).date()
    for day in (local_date + timedelta(days=1), local_date):
        if starts_at(day, rule) <= instant:
            return day
    return local_date - timedelta(days=1)


@lru_cache(maxsize=1024)  # every page asks for a few days of a few zones, several times each
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


def day_from(text: str, today: date) -> date:
    """Return the day meant by ``text``: a date such as 2026-11-20, or yesterday, today, tomorrow.

    Raises:
        BadInputError: where it is neither.
    """
    wanted = text.strip().casefold()
    words = {"yesterday": -1, "today": 0, "tomorrow": 1}
    if wanted in words:
        return today + timedelta(days=words[wanted])
    try:
        return date.fromisoformat(wanted)
    except ValueError:
        raise BadInputError(
            f"That is no date I know. Write it like {today.isoformat()}, or say yesterday, today or tomorrow."
        ) from None


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


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Return every zone that means the same on every machine, by its name in small letters."""
    local = {"localtime", "posixrules", "Factory"}
    return {name.casefold(): name for name in available_timezones() if name not in local}


def zone_from(text: str) -> str:
    """Return the IANA name meant by ``text``, whatever its case.

    Raises:
        BadInputError: where there is no such zone; the sentence proposes some.
    """
    wanted = text.strip().replace(" ", "_").casefold()
    if wanted in _known():
        return _known()[wanted]
    close = zone_matches(text, 3)
    hint = f" Did you mean {', '.join(close)}?" if close else " Such names look like Europe/Berlin."
    raise BadInputError(f"There is no time zone of that name.{hint}")


def zone_matches(text: str, most: int) -> list[str]:
    """Return up to ``most`` zone names for what was typed.

    A name typed in full comes first, then cities that start with it, then names that hold it, then typos.
    """
    wanted = text.strip().replace(" ", "_").casefold()
    cities = {name.casefold().rsplit("/", 1)[-1]: name for name in zone_names()}
    whole = [_known()[wanted]] if wanted in _known() else []
    holding = [name for name in zone_names() if wanted in name.casefold()]
    holding.sort(key=lambda name: not name.casefold().rsplit("/", 1)[-1].startswith(wanted))
    near = [cities[city] for city in get_close_matches(wanted, cities, n=3, cutoff=0.72)] if len(holding) < most else []
    return list(dict.fromkeys([*whole, *holding, *near]))[:most]
