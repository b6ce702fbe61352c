"""How a schedule does, and how long the exercises last."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.clock_change import ClockChange
from bot.domain.occurrence import OccurrenceState
from bot.domain.pack import Pack
from bot.domain.schedule import Slot, WeekPlan
from bot.domain.week import TEMPLATES
from bot.services.packs import Packs
from bot.services.posting import PostingService, Unclear
from bot.services.schedule import ScheduleService
from bot.storage import occurrence as store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from bot.ui.schedule_health import ahead_lines, supply_lines, told
from tests.fakes.clock import FakeClock
from tests.services.posting.channel import CHANNEL, GUILD, Discord, added, rows

K = Slot.KAGGLE
KAGGLE: WeekPlan = (K, K, K, K, K, K, K)


@pytest.fixture
def desk(database: Database, pack: Pack, clock: FakeClock) -> ScheduleService:
    """What moderators use. It is eight in the morning in Berlin, on a Monday."""
    return ScheduleService(database, Packs(database, pack), clock)


async def _days(service: PostingService, clock: FakeClock, days: int) -> None:
    for _ in range(days):
        await service.tick()
        clock.move(days=1)


async def test_the_last_thirty_and_the_next_three(
    desk: ScheduleService, service: PostingService, clock: FakeClock, discord: Discord, database: Database
) -> None:
    await added(database, clock, GUILD, TEMPLATES["Balanced"])
    clock.move(hours=1, seconds=4)
    await _days(service, clock, 1)
    discord.outcomes = [Unclear()]
    await service.tick()
    clock.move(minutes=3)
    await service.tick()
    clock.move(days=2)
    await service.tick()
    health = await desk.health(GUILD, 1)
    assert [(one.day.day, one.late) for one in health.last if one.late is not None] == [
        (26, timedelta(minutes=3, seconds=4)), (24, timedelta(minutes=3, seconds=4)), (23, timedelta(seconds=4)),
    ]  # fmt: skip
    missed = [one for one in health.last if one.state is OccurrenceState.MISSED]
    assert [one.day.day for one in missed] == [25]
    assert [due.day.day for due in health.line.ahead] == [27, 28, 30]
    text = told(health, ["That channel is gone."])
    assert "✗ That channel is gone." in text
    assert "✓ Mon 23 Nov +4 s" in text
    assert "✗ Wed 25 Nov missed: The bot was away at that time." in text
    assert "✓ posted, and how late · ✗ missed" in text
    await _days(service, clock, 40)
    assert len((await desk.health(GUILD, 1)).last) == 30


async def test_a_coming_change_of_the_clock_is_told(
    desk: ScheduleService, clock: FakeClock, database: Database
) -> None:
    await added(database, clock, GUILD)
    assert (await desk.health(GUILD, 1)).change is None
    clock.move(days=(date(2027, 3, 20) - date(2026, 11, 23)).days)
    await database.write(lambda tx: schedule_store.reschedule(tx, GUILD, clock.now()))
    health = await desk.health(GUILD, 1)
    assert health.change == ClockChange(date(2027, 3, 28), timedelta(hours=1))
    assert ahead_lines(health)[-1] == (
        "On Sun 28 Mar clocks go forward by 1 h in Europe/Berlin. The post stays at 09:00 there; for members elsewhere "
        "it comes 1 h earlier."
    )


async def test_the_days_left_by_part_and_stage(
    desk: ScheduleService, service: PostingService, clock: FakeClock, database: Database, pack: Pack
) -> None:
    await added(database, clock, GUILD, TEMPLATES["Balanced"])
    health = await desk.health(GUILD, 1)
    total = len(pack.exercises.prompts)
    practice, kaggle, papers = health.supplies
    assert (practice.left, practice.days) == (total, total * 7 // 4)
    assert (kaggle.a_week, papers.a_week) == (1, 1)
    assert 0 < health.stage_supply.total < total
    clock.move(hours=1)
    await _days(service, clock, 7)
    later = await desk.health(GUILD, 1)
    assert [one.left for one in later.supplies] == [total - 4, kaggle.total - 1, papers.total - 1]
    assert later.stage_supply.left == health.stage_supply.left - 4, "the stage of the group comes first"
    assert (
        supply_lines(later)[0] == f"**Practice** {total - 4} of {total} left: {(total - 4) * 7 // 4} days at 4 a week"
    )
    assert supply_lines(later)[1].startswith("of stage 1, where the group is: ")


async def test_nothing_comes_again_before_all_of_it_was_used_and_the_end_is_told_once(
    desk: ScheduleService,
    service: PostingService,
    clock: FakeClock,
    discord: Discord,
    database: Database,
    pack: Pack,
) -> None:
    await added(database, clock, GUILD, KAGGLE)
    await added(database, clock, GUILD + 1, TEMPLATES["Light"])
    total = len(pack.exercises.tasks)
    clock.move(hours=1)
    told_at: list[int] = []
    for day in range(2 * total):
        await service.tick()
        if await desk.warn_low_pools(discord):
            told_at.append(day + 1)
        clock.move(days=1)
    ids = [row.exercise_id for row in (await _kaggle_rows(database))]
    assert len(ids) == 2 * total
    assert len(set(ids[:total])) == total
    assert len(set(ids[total:])) == total
    assert told_at == [total - 7, 2 * total - 7], "seven days before the end, and once in each round"
    assert f"7 of {total} Kaggle tasks are left: enough for 7 days at 7 a week." in discord.told[0]


async def _kaggle_rows(database: Database) -> list[store.Recorded]:
    found = await database.read(lambda tx: store.recent(tx, GUILD, 1, 999))
    return found[::-1]


async def test_two_schedules_take_from_one_pool(desk: ScheduleService, clock: FakeClock, database: Database) -> None:
    await added(database, clock, GUILD, KAGGLE)
    await database.write(lambda tx: schedule_store.add(tx, GUILD, CHANNEL, time(18), KAGGLE, clock.now()))
    (kaggle,) = (await desk.health(GUILD, 1)).supplies
    assert kaggle.a_week == 14
    await desk.pause(GUILD, 2)
    (kaggle,) = (await desk.health(GUILD, 1)).supplies
    assert kaggle.a_week == 7
    assert datetime(2026, 11, 23, tzinfo=UTC) < clock.now()
    assert await rows(database) == []
