"""When the bot was away: the heartbeat, what a gap records, and what it excuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.streak import DayKind
from bot.services.outage import OutageService
from bot.services.streak import StreakService, keep
from bot.storage import outage as store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.streaks import NoPictures, posted

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EVER = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def service(database: Database, clock: FakeClock) -> OutageService:
    return OutageService(database, clock)


async def outages(database: Database) -> list[store.Span]:
    """Return every outage there is."""
    return list(await database.read(lambda tx: store.since(tx, EVER)))


async def test_the_first_start_and_a_steady_beat_are_no_outage(
    service: OutageService, database: Database, clock: FakeClock
) -> None:
    for _ in range(5):
        await service.beat()
        clock.move(minutes=119)
    await service.beat()
    assert await outages(database) == []


async def test_two_hours_without_a_beat_are_recorded_once(
    service: OutageService, database: Database, clock: FakeClock
) -> None:
    await service.beat()
    clock.move(hours=2)
    await service.beat()
    await service.beat()
    assert await outages(database) == [(START, START + timedelta(hours=2))]


async def test_a_clock_that_jumps_back_makes_no_outage_and_later_ones_count(
    service: OutageService, database: Database, clock: FakeClock
) -> None:
    await service.beat()
    clock.move(days=-30)
    await service.beat()
    assert await outages(database) == []
    clock.move(hours=3)
    await service.beat()
    assert len(await outages(database)) == 1


async def test_a_clock_that_was_ahead_for_a_moment_excuses_nobody(
    service: OutageService, database: Database, clock: FakeClock
) -> None:
    await service.beat()
    clock.move(days=1000)
    await service.beat()
    clock.move(days=-1000, minutes=1)
    await service.beat()
    assert await outages(database) == [(START, START + timedelta(minutes=1))]


async def test_an_outage_excuses_the_day_for_everybody(
    service: OutageService, database: Database, clock: FakeClock
) -> None:
    await service.beat()
    await database.write(lambda tx: keep(tx, 1, 2, "prompt:1", clock.now()))
    clock.move(hours=30)
    await service.beat()
    await database.write(lambda tx: posted(tx, 1, clock.now()))
    clock.move(days=1)
    days = (await StreakService(database, clock, NoPictures()).page(1, 2)).streak.days
    assert [one.kind for one in days] == [DayKind.KEPT, DayKind.OUTAGE, DayKind.OPEN]
