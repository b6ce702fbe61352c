"""The message about a week: when it comes, and when it does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.day import DayRule, starts_at, study_day, zone_names
from bot.domain.look_back import Way, ends_today, evening, next_look_back
from bot.domain.occurrence import LEASE
from bot.domain.pack import Pack
from bot.domain.reminder import ReminderKind, ReminderState
from bot.domain.streak import DayKind
from bot.services.look_back import LookBackService
from bot.services.names import NamesService
from bot.services.packs import Packs
from bot.services.privacy import PrivacyService
from bot.services.profile import ProfileService
from bot.services.reminder import Closed, ReminderService, Unclear
from bot.services.setup import SetupService
from bot.services.today import TodayService
from bot.storage import look_back as store
from bot.storage import reminder as reminder_store
from bot.storage import streak as streak_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.reminding.letters import ANA, BEN, GUILD, TODAY, Post, member, posted, state
from tests.services.reminding.weeks import ME, MONDAY, SUNDAY, until


async def today_says(database: Database, pack: Pack, clock: Clock) -> tuple[bool, bool]:
    """Return whether ``/today`` has the week, and whether it tells of a refused message."""
    end = (await TodayService(database, Packs(database, pack), clock).page(*ME)).week_end
    return end is not None, end is not None and end.refused


async def test_it_comes_each_sunday_evening_by_the_members_clock_to_who_asked(
    service: ReminderService, clock: FakeClock, post: Post, profile: ProfileService, weeks: LookBackService
) -> None:
    await profile.put_zone(*ME, "Asia/Tokyo")
    await weeks.choose(*ME, Way.MESSAGE)
    await weeks.choose(GUILD, BEN, Way.TODAY)
    for _ in range(24 * 14):
        clock.move(hours=1)
        await service.tick()
    assert [(one.user_id, one.kind) for one in post.arrived] == [(ANA, ReminderKind.LOOK_BACK)] * 2
    sundays = [date(2026, 11, 29), date(2026, 12, 6)]
    assert [one.due_at for one in post.arrived] == [datetime.combine(day, time(9), UTC) for day in sundays]
    assert [one.week.week for one in post.arrived if one.week] == [TODAY, TODAY + timedelta(days=7)]
    assert len({one.nonce for one in post.arrived}) == 2


@pytest.mark.parametrize(("hour", "comes"), [(None, 18), (7, 18), (16, 18), (17, 17), (23, 23)])
async def test_it_comes_at_the_reminders_hour_where_that_is_in_the_evening(
    weeks: LookBackService, profile: ProfileService, database: Database, hour: int | None, comes: int
) -> None:
    await weeks.choose(*ME, Way.MESSAGE)
    await profile.put_reminder(*ME, hour)
    choice = await database.read(lambda tx: store.choice(tx, *ME))
    assert choice is not None
    assert choice.next_at == SUNDAY.replace(hour=comes)


async def test_another_zone_moves_it_of_the_member_or_of_the_guild(
    weeks: LookBackService, profile: ProfileService, database: Database, clock: FakeClock
) -> None:
    await weeks.choose(*ME, Way.MESSAGE)
    await weeks.choose(GUILD, BEN, Way.MESSAGE)
    await SetupService(database, clock).put_zone(GUILD, "America/New_York")
    await profile.put_zone(*ME, "Europe/Berlin")
    found = [await database.read(lambda tx, who=who: store.choice(tx, GUILD, who)) for who in (ANA, BEN)]
    assert [one.next_at for one in found if one] == [SUNDAY.replace(hour=17), SUNDAY.replace(hour=23)]


@pytest.mark.parametrize(
    ("day", "hour"),
    [(date(2026, 10, 18), 16), (date(2026, 10, 25), 17), (date(2027, 3, 21), 17), (date(2027, 3, 28), 16)],
)
def test_in_a_week_whose_clocks_change_it_is_evening_all_the_same(day: date, hour: int) -> None:
    rule = DayRule("Europe/Berlin")
    thursday = starts_at(day - timedelta(days=3), rule)
    assert next_look_back(time(18), rule, thursday) == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@given(
    st.sampled_from(zone_names()),
    st.integers(0, 12),
    st.one_of(st.none(), st.integers(0, 23)),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_it_is_on_the_last_study_day_of_a_week_everywhere(
    zone: str, starts: int, hour: int | None, now: datetime
) -> None:
    rule, at = DayRule(zone, time(starts)), evening(None if hour is None else time(hour))
    due = next_look_back(at, rule, now)
    assert now < due
    assert ends_today(study_day(due, rule))
    assert (study_day(due, rule) - study_day(now, rule)).days <= 7


async def test_a_restart_between_taking_and_sending_sends_it_once(
    service: ReminderService, database: Database, clock: FakeClock, post: Post, weeks: LookBackService
) -> None:
    await weeks.choose(*ME, Way.MESSAGE)
    until(clock, SUNDAY)
    post.outcomes = ["lost"]
    await service.tick()
    clock.move(seconds=LEASE.total_seconds())
    await service.tick()
    assert (post.writes, len(post.arrived)) == (2, 1)
    assert await state(database, ReminderKind.LOOK_BACK, MONDAY) is ReminderState.SENT
    until(clock, SUNDAY + timedelta(days=7))
    post.outcomes = [Unclear()]
    await service.tick()
    assert len(post.arrived) == 1, "this process was killed before it sent"
    clock.move(seconds=LEASE.total_seconds())
    await service.tick()
    assert len(post.arrived) == 2


async def test_closed_messages_leave_it_in_today_and_that_is_told_once(
    service: ReminderService, database: Database, pack: Pack, clock: FakeClock, post: Post, weeks: LookBackService
) -> None:
    await weeks.choose(*ME, Way.MESSAGE)
    until(clock, SUNDAY)
    assert await today_says(database, pack, clock) == (True, False)
    post.outcomes = [Closed()]
    await service.tick()
    assert await today_says(database, pack, clock) == (True, True)
    assert (await weeks.page(*ME)).way is Way.TODAY
    until(clock, SUNDAY + timedelta(days=7))
    await service.tick()
    assert await today_says(database, pack, clock) == (True, False)
    assert post.writes == 1
    assert (await weeks.choose(*ME, Way.MESSAGE)).refused is False
    assert (await member(database)).unreachable_since is None
    until(clock, SUNDAY + timedelta(days=14))
    await service.tick()
    assert len(post.arrived) == 1


async def test_whoever_refused_a_reminder_is_not_tried(
    service: ReminderService,
    database: Database,
    clock: FakeClock,
    post: Post,
    profile: ProfileService,
    weeks: LookBackService,
) -> None:
    await posted(database, clock.now())
    await profile.put_reminder(*ME, 18)
    await weeks.choose(*ME, Way.MESSAGE)
    post.outcomes = [Closed()]
    clock.move(hours=9)
    await service.tick()
    assert (await weeks.page(*ME)).way is Way.MESSAGE
    until(clock, SUNDAY)
    await service.tick()
    assert post.writes == 1
    page = await weeks.page(*ME)
    assert (page.way, page.refused) == (Way.TODAY, True)


@pytest.mark.parametrize("why", ["off", "today", "off at the last moment", "vacation", "late", "deleted"])
async def test_it_does_not_come(
    service: ReminderService, database: Database, clock: FakeClock, post: Post, weeks: LookBackService, why: str
) -> None:
    await weeks.choose(*ME, Way.MESSAGE)
    if why in {"off", "today"}:
        await weeks.choose(*ME, None if why == "off" else Way.TODAY)
    elif why == "vacation":
        await database.write(lambda tx: _vacation(tx, clock.now()))
    elif why == "deleted":
        await PrivacyService(database, NamesService(database, clock), clock).delete(*ME)
    until(clock, SUNDAY + timedelta(hours=4, seconds=1) if why == "late" else SUNDAY)
    if why == "off at the last moment":
        post.outcomes = [Unclear()]
        await service.tick()
        await weeks.choose(*ME, None)
        clock.move(seconds=LEASE.total_seconds())
    await service.tick()
    assert post.arrived == []
    open_ones = await database.write(lambda tx: reminder_store.claim(tx, "me", clock.now() + timedelta(days=1), 9))
    assert open_ones == []


def _vacation(tx: Connection, now: datetime) -> None:
    for ago in range(7):
        free = streak_store.NewDay(TODAY + timedelta(days=ago), DayKind.VACATION, "vacation")
        streak_store.add(tx, GUILD, ANA, free, now)


async def test_a_vacation_that_ends_in_work_brings_it(
    service: ReminderService, database: Database, clock: FakeClock, post: Post, weeks: LookBackService
) -> None:
    await weeks.choose(*ME, Way.MESSAGE)
    kept = streak_store.NewDay(SUNDAY.date(), DayKind.KEPT, "topic:x")
    await database.write(lambda tx: (_vacation(tx, clock.now()), streak_store.add(tx, GUILD, ANA, kept, clock.now())))
    until(clock, SUNDAY + timedelta(hours=4))
    await service.tick()
    assert len(post.arrived) == 1
