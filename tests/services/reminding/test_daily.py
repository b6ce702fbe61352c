"""The daily reminder: who is reminded, of what, and when."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.domain.day import DayRule, study_day, zone_names
from bot.domain.reminder import ReminderKind, ReminderState, next_reminder, reminder_nonce
from bot.domain.streak import DayKind
from bot.services.profile import ProfileService
from bot.services.reminder import Closed, ReminderService
from bot.services.setup import SetupService
from bot.storage import member as member_store
from bot.storage import prompt as prompt_store
from bot.storage import streak as streak_store
from bot.storage.database import Database
from bot.storage.member import Member
from tests.fakes.clock import FakeClock
from tests.services.reminding.letters import ANA, BEN, EXERCISE, GUILD, TODAY, Post, later, member, posted, state


async def test_more_than_one_round_of_them_goes_out_in_one_tick(
    service: ReminderService, database: Database, clock: FakeClock, post: Post
) -> None:
    await posted(database, clock.now())

    def write(tx: Connection) -> None:
        for user_id in range(1000, 1130):
            person = Member(GUILD, user_id, clock.now(), remind_at=time(10), next_reminder_at=clock.now())
            member_store.put_profile(tx, person)

    await database.write(write)
    await service.tick()
    assert len({notice.user_id for notice in post.arrived}) == 130


async def test_the_daily_reminder_comes_at_the_members_hour_while_the_post_is_open(
    service: ReminderService, database: Database, clock: FakeClock, post: Post, profile: ProfileService
) -> None:
    await posted(database, clock.now())
    await profile.put_zone(GUILD, ANA, "Asia/Tokyo")
    await profile.put_reminder(GUILD, ANA, 20)
    clock.move(hours=1, minutes=59)
    await service.tick()
    assert post.arrived == []
    clock.move(minutes=1)
    assert clock.now() == datetime(2026, 11, 23, 11, 0, tzinfo=UTC), "eight in the evening in Tokyo"
    await service.tick()
    assert [notice.kind for notice in post.arrived] == [ReminderKind.DAILY]
    assert (await member(database)).next_reminder_at == clock.now() + timedelta(days=1)
    clock.move(days=1)
    await service.tick()
    assert len(post.arrived) == 1, "the day after has no post"


@pytest.mark.parametrize("why", ["done", "rest", "vacation", "yesterday", "no post"])
async def test_nobody_is_reminded_without_a_reason(
    service: ReminderService,
    database: Database,
    clock: FakeClock,
    post: Post,
    profile: ProfileService,
    why: str,
) -> None:
    await profile.put_reminder(GUILD, ANA, 18)
    if why != "no post":
        await posted(database, clock.now() - timedelta(hours=24 if why == "yesterday" else 0))
    if why == "done":
        await database.write(lambda tx: prompt_store.mark_done(tx, GUILD, ANA, 1, EXERCISE, TODAY, clock.now()))
    elif why in {"rest", "vacation"}:
        free = streak_store.NewDay(TODAY, DayKind(why), why)
        await database.write(lambda tx: streak_store.add(tx, GUILD, ANA, free, clock.now()))
    clock.move(hours=9)
    await service.tick()
    assert post.writes == 0
    assert (await member(database)).next_reminder_at == datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(("minutes", "arrives"), [(60, True), (61, False)])
async def test_a_daily_reminder_that_is_over_an_hour_late_does_not_come(
    service: ReminderService,
    database: Database,
    clock: FakeClock,
    post: Post,
    profile: ProfileService,
    minutes: int,
    arrives: bool,
) -> None:
    await posted(database, clock.now())
    await profile.put_reminder(GUILD, ANA, 18)
    clock.move(hours=9, minutes=minutes)
    await service.tick()
    assert (len(post.arrived) == 1) is arrives


async def test_after_days_of_absence_there_is_no_flood(
    service: ReminderService, database: Database, clock: FakeClock, post: Post, profile: ProfileService
) -> None:
    await profile.put_reminder(GUILD, ANA, 18)
    for day in range(5):
        await posted(database, clock.now() + timedelta(days=day), TODAY + timedelta(days=day))
    clock.move(days=4, hours=9, minutes=30)
    await service.tick()
    assert len(post.arrived) == 0, "it was due on the first of these days"
    assert (await member(database)).next_reminder_at == datetime(2026, 11, 28, 18, 0, tzinfo=UTC)


async def test_closed_messages_pause_the_daily_reminder_until_one_gets_through(
    service: ReminderService, database: Database, clock: FakeClock, post: Post, profile: ProfileService
) -> None:
    await posted(database, clock.now())
    await profile.put_reminder(GUILD, ANA, 18)
    clock.move(hours=9)
    post.outcomes = [Closed()]
    await service.tick()
    assert await state(database, ReminderKind.DAILY) is ReminderState.REFUSED
    person = await member(database)
    assert (person.unreachable_since, person.next_reminder_at) == (clock.now(), None)
    clock.move(hours=24)
    await posted(database, clock.now(), TODAY + timedelta(days=1))
    await service.tick()
    assert post.writes == 1
    await later(database, clock, 0, 2)
    await service.tick()
    person = await member(database)
    assert (person.unreachable_since, person.next_reminder_at) == (None, clock.now() + timedelta(days=1))


async def test_the_reminder_is_not_repeated_by_another_hour(
    service: ReminderService, database: Database, clock: FakeClock, post: Post, profile: ProfileService
) -> None:
    await posted(database, clock.now())
    for hour in (10, 11, 12):
        await profile.put_reminder(GUILD, ANA, hour)
        clock.move(hours=1)
        await service.tick()
    assert len(post.arrived) == 1


async def test_a_new_zone_of_the_server_moves_the_reminders_of_those_without_their_own(
    database: Database, clock: FakeClock, profile: ProfileService
) -> None:
    await profile.put_reminder(GUILD, ANA, 18)
    await profile.put_zone(GUILD, BEN, "Asia/Tokyo")
    await profile.put_reminder(GUILD, BEN, 18)
    await SetupService(database, clock).put_zone(GUILD, "America/New_York")
    due = await database.read(lambda tx: [one.next_reminder_at for one in member_store.reminded(tx, GUILD)])
    assert due == [datetime(2026, 11, 23, 23, 0, tzinfo=UTC), datetime(2026, 11, 24, 9, 0, tzinfo=UTC)]


def test_the_nonce_fits_and_differs_when_it_is_asked_for_again(clock: FakeClock) -> None:
    longest = reminder_nonce(2**63 - 1, 36**7 - 1, clock.now())
    assert len(longest) <= 25
    first = reminder_nonce(GUILD, 1, clock.now())
    assert first == reminder_nonce(GUILD, 1, clock.now())
    assert first != reminder_nonce(GUILD, 1, clock.now() + timedelta(hours=1))


@given(
    st.sampled_from(zone_names()),
    st.times(),
    st.integers(0, 2 * 365 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
)
def test_there_is_one_daily_reminder_for_each_date_whatever_the_clocks_do(zone: str, at: time, start: datetime) -> None:
    at = at.replace(second=0, microsecond=0)
    due = start
    days: list[date] = []
    for _ in range(4):
        due = next_reminder(at, zone, due)
        days.append(study_day(due, DayRule(zone, at)))
    assert all(after > earlier for earlier, after in pairwise(days))
    assert days[0] - study_day(start, DayRule(zone, at)) <= timedelta(days=2)
    assert days[-1] - days[0] <= timedelta(days=4), "Samoa once left a date out; nobody else does"
