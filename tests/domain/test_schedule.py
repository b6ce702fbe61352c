"""Daily posts: exactly one occurrence for each local date, never early, in every zone, whatever its clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.schedule import BALANCED, Slot, Timing, WeekPlan

ZONES: Final = sorted(available_timezones())
HALF_HOURS: Final = [time(i // 2, i % 2 * 30) for i in range(48)]
P: Final = Slot.PRACTICE
DAILY: Final[WeekPlan] = (P, P, P, P, P, P, P)
AROUND: Final = timedelta(days=2)


@cache
def _changes() -> tuple[tuple[str, datetime], ...]:
    """Return every clock change of 2026 and 2027, to the minute, with one zone that makes it.

    Zones that change by the same amount at the same instant behave alike around it, so one stands for all of them.
    """
    found: dict[tuple[datetime, timedelta | None, timedelta | None], str] = {}
    for name in ZONES:
        zone, here = ZoneInfo(name), datetime(2026, 1, 1, tzinfo=UTC)
        while here.year < 2028:
            later = here + timedelta(days=7)
            if here.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
                at = _first_after_change(zone, here, later)
                before, after = (one.astimezone(zone).utcoffset() for one in (at - timedelta(minutes=1), at))
                found.setdefault((at, before, after), name)
            here = later
    return tuple((name, at) for (at, _, _), name in found.items())


def _first_after_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=(after - before) // timedelta(minutes=2))
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def _occurrences(timing: Timing, start: datetime, end: datetime) -> list[tuple[date, datetime]]:
    found: list[tuple[date, datetime]] = []
    here = start
    while (upcoming := timing.next_after(here)) is not None and upcoming[1] <= end:
        found.append(upcoming)
        here = upcoming[1]
    return found


def test_there_are_clock_changes_to_test() -> None:
    assert len(_changes()) > 40
    assert {"Africa/Cairo", "Australia/Lord_Howe"} <= {name for name, _ in _changes()} | set(ZONES)


@pytest.mark.parametrize("at", HALF_HOURS, ids=lambda at: f"{at:%H:%M}")
def test_one_occurrence_a_date_around_every_clock_change(at: time) -> None:
    for name, change in _changes():
        timing = Timing(name, at, DAILY)
        found = _occurrences(timing, change - AROUND, change + AROUND)
        dates = [day for day, _ in found]
        assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(dates)), (name, change, dates)
        assert 3 <= len(dates) <= 5, (name, change, dates)
        for day, due in found:
            local = due.astimezone(ZoneInfo(name)).replace(tzinfo=None)
            assert datetime.combine(day, at) <= local <= datetime.combine(day, at) + timedelta(hours=2), (name, day)


@settings(max_examples=200)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(HALF_HOURS),
    st.tuples(*[st.sampled_from(Slot)] * 7),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_the_next_date_is_the_first_that_is_no_rest(zone: str, at: time, plan: WeekPlan, now: datetime) -> None:
    timing = Timing(zone, at, plan)
    upcoming = timing.next_after(now)
    if upcoming is None:
        assert set(plan) == {Slot.REST}
        return
    day, due = upcoming
    assert due > now
    assert plan[day.weekday()] is not Slot.REST
    between = timing.local_date(now) + timedelta(days=1)
    while between < day:
        assert plan[between.weekday()] is Slot.REST
        between += timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "at", "day", "due"),
    [
        ("Europe/Berlin", time(2, 30), date(2026, 3, 29), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("Europe/Berlin", time(2, 30), date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Africa/Cairo", time(0), date(2026, 4, 24), datetime(2026, 4, 23, 22, 0, tzinfo=UTC)),
        ("Australia/Lord_Howe", time(2, 10), date(2026, 10, 4), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        ("America/New_York", time(1, 30), date(2026, 11, 1), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
    ],
)
def test_f13_f14_gaps_and_overlaps_go_as_designed(zone: str, at: time, day: date, due: datetime) -> None:
    assert Timing(zone, at, DAILY).due_at(day) == due


def test_a_year_of_the_balanced_week_has_six_posts_a_week() -> None:
    timing = Timing("Europe/Berlin", time(9), BALANCED)
    found = _occurrences(timing, datetime(2025, 12, 31, 12, tzinfo=UTC), datetime(2026, 12, 31, 12, tzinfo=UTC))
    assert len(found) == 365 - 52
    assert {due.astimezone(ZoneInfo("Europe/Berlin")).hour for _, due in found} == {9}
