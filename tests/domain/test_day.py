"""The one rule for "today": every instant belongs to exactly one study day, in every zone, whatever its clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.day import DayRule, ends_at, starts_at, study_day, zone_from, zone_matches, zone_names
from bot.errors import BadInputError

ZONES: Final = sorted(available_timezones())
HALF_HOURS: Final = [time(i // 2, i % 2 * 30) for i in range(48)]
SAMPLED_STARTS: Final = [time(0), time(0, 30), time(1), time(2), time(2, 30), time(3), time(4), time(12), time(23, 30)]
"""The half hours at which clocks change somewhere, the default, and two far from any change."""
TICK: Final = timedelta(microseconds=1)

rules = st.builds(DayRule, st.sampled_from(ZONES), st.sampled_from(HALF_HOURS))
instants = st.datetimes(datetime(1971, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


def _local(instant: datetime, rule: DayRule) -> datetime:
    return instant.astimezone(ZoneInfo(rule.zone)).replace(tzinfo=None)


def _assert_belongs_to_one_day(instant: datetime, rule: DayRule) -> None:
    day = study_day(instant, rule)
    assert starts_at(day, rule) <= instant < ends_at(day, rule), f"{instant} in {rule} is not within {day}"


@settings(max_examples=400)
@given(instants, rules)
@example(datetime(2011, 12, 30, 10, tzinfo=UTC), DayRule("Pacific/Apia", time(0)))
@example(datetime(2011, 12, 30, 9, 59, 59, tzinfo=UTC), DayRule("Pacific/Apia", time(4)))
@example(datetime(2026, 10, 25, 1, tzinfo=UTC), DayRule("Europe/Berlin", time(2, 30)))
def test_an_instant_belongs_to_exactly_one_day(instant: datetime, rule: DayRule) -> None:
    _assert_belongs_to_one_day(instant, rule)


@settings(max_examples=200)
@given(instants, rules)
def test_days_follow_one_another(instant: datetime, rule: DayRule) -> None:
    day = study_day(instant, rule)
    start, end = starts_at(day, rule), ends_at(day, rule)
    assert end == starts_at(day + timedelta(days=1), rule)
    assert timedelta() < end - start <= timedelta(hours=50)
    assert study_day(start, rule) == day
    assert study_day(end - TICK, rule) == day
    assert study_day(end, rule) > day


@settings(max_examples=200)
@given(st.dates(date(1971, 1, 2), date(2099, 12, 30)), rules)
def test_a_day_starts_at_the_first_instant_that_reads_its_start(day: date, rule: DayRule) -> None:
    _assert_first_instant(day, rule)


def _assert_first_instant(day: date, rule: DayRule) -> None:
    """In a gap that is the first valid instant after it, in an overlap the first of the two."""
    start, wall = starts_at(day, rule), datetime.combine(day, rule.day_start)
    assert start.tzinfo is UTC
    assert _local(start, rule) >= wall
    for before in (TICK, timedelta(minutes=15), timedelta(minutes=45), timedelta(hours=1, minutes=30)):
        assert _local(start - before, rule) < wall, f"{rule}: {day} could have started {before} earlier"


@cache
def _changes() -> tuple[tuple[str, datetime], ...]:
    """Return every change of a zone's offset in 2026 and 2027, to the second."""
    found: list[tuple[str, datetime]] = []
    for name in ZONES:
        zone, here = ZoneInfo(name), datetime(2026, 1, 1, tzinfo=UTC)
        while here.year < 2028:
            later = here + timedelta(days=7)
            if here.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
                found.append((name, _change_between(here, later, zone)))
            here = later
    return tuple(found)


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0) if middle.replace(microsecond=0) > before else middle
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == offset else (before, middle)
    return after.replace(microsecond=0)


def test_there_are_clock_changes_to_try() -> None:
    changed = {name for name, _ in _changes()}
    assert {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"} <= changed


@pytest.mark.parametrize("day_start", SAMPLED_STARTS, ids=str)
def test_every_zone_through_every_clock_change(day_start: time) -> None:
    around = [timedelta(), -TICK, timedelta(hours=-1), timedelta(minutes=30), timedelta(hours=3), timedelta(days=1)]
    for name, change in _changes():
        rule = DayRule(name, day_start)
        for distance in around:
            _assert_belongs_to_one_day(change + distance, rule)
        for day in (_local(change, rule).date(), _local(change - TICK, rule).date()):
            _assert_first_instant(day, rule)


@pytest.mark.parametrize("day_start", HALF_HOURS, ids=str)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Africa/Cairo", "Australia/Lord_Howe", "America/Scoresbysund"])
def test_every_half_hour_through_the_changes_of_a_few(zone: str, day_start: time) -> None:
    rule = DayRule(zone, day_start)
    for change in (at for name, at in _changes() if name == zone):
        for distance in range(-6, 7):
            _assert_belongs_to_one_day(change + distance * timedelta(minutes=30), rule)


@pytest.mark.parametrize(
    ("zone", "day", "day_start", "expected"),
    [
        pytest.param("Africa/Cairo", "2026-04-24", "00:00", "2026-04-23T22:00Z", id="Cairo skips midnight"),
        pytest.param("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00Z", id="Berlin skips 02:30"),
        pytest.param("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30Z", id="Berlin has 02:30 twice"),
        pytest.param("Europe/Berlin", "2026-10-25", "03:00", "2026-10-25T02:00Z", id="and 03:00 once"),
        pytest.param("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30Z", id="half an hour skipped"),
        pytest.param("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45Z", id="half an hour twice"),
        pytest.param("Pacific/Apia", "2011-12-29", "04:00", "2011-12-29T14:00Z", id="before Apia's leap"),
        pytest.param("Pacific/Apia", "2011-12-30", "04:00", "2011-12-30T10:00Z", id="the day Apia never had"),
        pytest.param("Pacific/Apia", "2011-12-31", "04:00", "2011-12-30T14:00Z", id="after Apia's leap"),
        pytest.param("UTC", "2026-11-24", "04:00", "2026-11-24T04:00Z", id="plain"),
    ],
)
def test_where_a_day_starts(zone: str, day: str, day_start: str, expected: str) -> None:
    rule = DayRule(zone, time.fromisoformat(day_start))
    assert starts_at(date.fromisoformat(day), rule) == datetime.fromisoformat(expected)


def test_a_night_owl_is_still_in_yesterday() -> None:
    rule = DayRule("Europe/Berlin", time(4))
    assert study_day(datetime(2026, 11, 24, 2, 59, tzinfo=UTC), rule) == date(2026, 11, 23)
    assert study_day(datetime(2026, 11, 24, 3, 0, tzinfo=UTC), rule) == date(2026, 11, 24)


def test_a_skipped_midnight_belongs_to_the_new_day() -> None:
    rule = DayRule("Africa/Cairo", time(0))
    change = datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert study_day(change - TICK, rule) == date(2026, 4, 23)
    assert study_day(change, rule) == date(2026, 4, 24)


def test_the_day_that_never_was_lasts_no_time_at_midnight() -> None:
    rule = DayRule("Pacific/Apia", time(0))
    change = datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert starts_at(date(2011, 12, 30), rule) == ends_at(date(2011, 12, 30), rule) == change
    assert study_day(change - TICK, rule) == date(2011, 12, 29)
    assert study_day(change, rule) == date(2011, 12, 31)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("america/new york", "America/New_York"),
        ("utc", "UTC"),
        ("EST5EDT", "EST5EDT"),
    ],
)
def test_a_zone_is_understood(typed: str, zone: str) -> None:
    assert zone_from(typed) == zone


@pytest.mark.parametrize(
    "typed", ["", " ", "Berlin", "../etc/passwd", "/etc/localtime", "Europe/", "\0", "a" * 5000, "🕐"]
)
def test_what_is_no_zone_is_told_in_a_sentence(typed: str) -> None:
    with pytest.raises(BadInputError, match=r"There is no time zone of that name"):
        zone_from(typed)


@given(st.text(max_size=80))
def test_any_text_is_a_zone_or_bad_input(typed: str) -> None:
    try:
        zone = zone_from(typed)
    except BadInputError:
        return
    assert ZoneInfo(zone)


def test_zones_are_suggested_by_their_city() -> None:
    assert zone_matches("berl", 3) == ["Europe/Berlin"]
    assert zone_matches("new y", 5)[0] == "America/New_York"
    assert len(zone_matches("", 25)) == 25
    assert zone_matches("nowhere at all", 25) == []
    assert set(zone_names()) <= available_timezones()
    assert "UTC" in zone_names()
    assert not any(name.startswith(("Etc/", "posix/")) for name in zone_names())
