"""The member's day, through the service and a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.domain.pack import Pack
from bot.domain.schedule import BALANCED, ScheduleState
from bot.domain.streak import DayKind
from bot.services.packs import Packs
from bot.services.prompt import PromptService
from bot.services.today import TodayService
from bot.storage import member as member_store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.posted import ANA, BEN, GUILD, posted


@pytest.fixture
def service(database: Database, pack: Pack, clock: FakeClock) -> TodayService:
    """The service under test."""
    return TodayService(database, Packs(database, pack), clock)


async def test_a_post_belongs_to_the_members_own_study_day(
    service: TodayService, database: Database, clock: FakeClock
) -> None:
    number = await posted(database, clock)
    far_east = member_store.Member(GUILD, BEN, clock.now(), zone="Asia/Tokyo", day_start=time(0))
    await database.write(lambda tx: member_store.put_profile(tx, far_east))
    for user_id in (ANA, BEN):
        assert [one.number for one in (await service.page(GUILD, user_id)).posts] == [number]
    clock.move(hours=7)
    here, there = await service.page(GUILD, ANA), await service.page(GUILD, BEN)
    assert (here.day, [one.number for one in here.posts]) == (date(2026, 11, 23), [number])
    assert (there.day, there.posts) == (date(2026, 11, 24), ())
    assert there.ends_at == datetime(2026, 11, 24, 15, tzinfo=UTC)


async def test_the_streak_and_what_is_kept(
    service: TodayService, database: Database, clock: FakeClock, pack: Pack
) -> None:
    prompts = PromptService(database, Packs(database, pack), clock)
    for day in range(8):
        await prompts.done(GUILD, ANA, await posted(database, clock))
        clock.move(days=1) if day < 7 else None
    page = await service.page(GUILD, ANA)
    assert (page.streak.length, page.streak.freezes, page.kept) == (8, 1, True)
    clock.move(days=1)
    page = await service.page(GUILD, ANA)
    assert (page.streak.length, page.kept, page.posts) == (8, False, ())


async def test_a_day_without_a_post_is_owed_by_nobody_and_a_missed_one_ends_the_streak(
    service: TodayService, database: Database, clock: FakeClock, pack: Pack
) -> None:
    await PromptService(database, Packs(database, pack), clock).done(GUILD, ANA, await posted(database, clock))
    clock.move(days=2)
    await posted(database, clock)
    assert (await service.page(GUILD, ANA)).streak.length == 1, "nothing was posted on the day between"
    clock.move(days=1)
    page = await service.page(GUILD, ANA)
    assert [one.kind for one in page.streak.days] == [DayKind.KEPT, DayKind.NOT_OWED, DayKind.MISSED, DayKind.OPEN]
    assert page.streak.length == 0


async def test_without_a_post_the_next_one_of_the_active_schedules_is_named(
    service: TodayService, database: Database, clock: FakeClock
) -> None:
    assert not (await service.page(GUILD, ANA)).scheduled
    now = clock.now()
    for at, channel_id in ((time(10), 7), (time(18), 8)):
        await database.write(
            lambda tx, at=at, channel_id=channel_id: schedule_store.add(tx, GUILD, channel_id, at, BALANCED, now)
        )
    page = await service.page(GUILD, ANA)
    assert page.next_post is not None
    assert (page.next_post.channel_id, page.next_post.due_at) == (7, now.replace(hour=10))
    await database.write(lambda tx: schedule_store.put_state(tx, GUILD, 1, ScheduleState.PAUSED, None))
    page = await service.page(GUILD, ANA)
    assert page.next_post is not None
    assert page.next_post.channel_id == 8
    await database.write(lambda tx: schedule_store.put_state(tx, GUILD, 2, ScheduleState.BROKEN, "gone"))
    page = await service.page(GUILD, ANA)
    assert (page.scheduled, page.next_post) == (True, None)
    assert replace(page, scheduled=False).next_topic is not None
