"""When the bot was away: the heartbeat, what a gap records, and what it excuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.day import DayRule, study_day
from bot.domain.outage import excused_days
from bot.domain.streak import DayKind
from bot.services.outage import OutageService
from bot.services.streak import StreakService, keep
from bot.storage import bot_state
from bot.storage import outage as store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.hasty import hasty
from tests.services.streaks import NoPictures, posted

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EVER = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def service(database: Database, clock: FakeClock) -> OutageService:
    return OutageService(database, clock)


@pytest.fixture
async def quick(database_path: Path) -> AsyncIterator[Database]:
    async with hasty(database_path) as opened:
        yield opened


async def outages(database: Database) -> list[store.Span]:
    """Return every outage there is."""
    return list(await database.read(lambda tx: store.since(tx, 1, EVER)))


async def test_the_first_start_and_a_steady_beat_are_no_outage(
    service: OutageService, database: Database, clock: FakeClock
) -> None:
    for _ in range(5):
        await service.beat()
        clock.move(minutes=4)
    await service.beat()
    assert await outages(database) == []


async def test_five_minutes_without_a_beat_are_recorded_once(
    service: OutageService, database: Database, clock: FakeClock
) -> None:
    await service.beat()
    clock.move(minutes=5)
    await service.beat()
    await service.beat()
    assert await outages(database) == [(START, START + timedelta(minutes=5))]


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


async def away_for(service: OutageService, clock: FakeClock, *minutes: int) -> None:
    """Be away again and again, with an hour between."""
    for each in minutes:
        clock.move(minutes=each)
        await service.beat()
        for _ in range(15):
            clock.move(minutes=4)
            await service.beat()


async def alive_until(service: OutageService, clock: FakeClock, instant: datetime) -> None:
    """Beat as the bot does until then."""
    while clock.now() < instant:
        await service.beat()
        clock.move(minutes=4)
    await service.beat()


@pytest.mark.parametrize(
    ("minutes", "kind"), [((90, 30), DayKind.OUTAGE), ((90, 90), DayKind.OUTAGE), ((90, 29), DayKind.MISSED)]
)
async def test_absences_of_one_day_add_up(
    quick: Database, clock: FakeClock, minutes: tuple[int, ...], kind: DayKind
) -> None:
    service, database = OutageService(quick, clock), quick
    await service.beat()
    await database.write(lambda tx: keep(tx, 1, 2, "prompt:1", clock.now()))
    await away_for(service, clock, *[4] * 20)  # to the next day, without an absence that counts
    await database.write(lambda tx: posted(tx, 1, clock.now()))
    await away_for(service, clock, *minutes)
    await alive_until(service, clock, START + timedelta(days=2))
    days = (await StreakService(database, clock, NoPictures()).page(1, 2)).streak.days
    assert [one.kind for one in days] == [DayKind.KEPT, kind, DayKind.OPEN]


async def test_absences_on_two_days_excuse_neither(quick: Database, clock: FakeClock) -> None:
    service = OutageService(quick, clock)
    await alive_until(service, clock, datetime(2026, 11, 24, 3, tzinfo=UTC))
    await away_for(service, clock, 60 + 119)  # 03:00 to 05:59, and the day begins at 04:00
    assert excused_days(await outages(quick), DayRule()) == set()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lived=st.lists(st.tuples(st.integers(0, 300), st.integers(1, 400)), min_size=1, max_size=12),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"]),
    hour=st.integers(0, 12),
)
async def test_a_day_is_excused_by_the_minutes_the_bot_was_away_in_it(
    quick: Database, lived: list[tuple[int, int]], zone: str, hour: int
) -> None:
    """Each pair is for how many minutes the bot lives, and for how many it is then away."""
    rule, clock = DayRule(zone, time(hour)), FakeClock(datetime(2026, 10, 24, 18, 0, tzinfo=UTC))
    await quick.write(lambda tx: (tx.execute(store.outage.delete()), tx.execute(bot_state.bot_state.delete())))
    service, away = OutageService(quick, clock), Counter[date]()
    await service.beat()
    for alive, gone in lived:
        await alive_until(service, clock, clock.now() + timedelta(minutes=alive))
        if gone >= 5:
            away.update(study_day(clock.now() + timedelta(minutes=each), rule) for each in range(gone))
        clock.move(minutes=gone)
        await service.beat()
    expected = {day for day, minutes in away.items() if minutes >= 120}
    assert excused_days(await outages(quick), rule) == expected


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
