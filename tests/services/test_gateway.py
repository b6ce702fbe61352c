"""How many sessions a bot begins that dies at once and is started again at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.gateway import FREE, RESERVE
from bot.errors import StorageError
from bot.services.gateway import GatewayService
from bot.storage.database import Database
from tests.fakes.clock import FakeClock


async def begun(database: Database, clock: FakeClock) -> None:
    """Start a process as soon as it may, have it begin its session, and have it die a second later."""
    sessions = GatewayService(database, clock)
    while (pause := await sessions.pause()) is not None:
        clock.move(seconds=(pause[0] - clock.now()).total_seconds())
    await sessions.begin()
    clock.move(seconds=1)


async def test_f28_a_crash_loop_of_a_day_uses_a_quarter_of_the_allowance(database: Database, clock: FakeClock) -> None:
    end, starts = clock.now() + timedelta(days=1), 0
    while clock.now() < end:
        await begun(database, clock)
        starts += 1
    assert starts == 226


async def test_f28_who_restarts_a_few_times_waits_for_nothing(database: Database, clock: FakeClock) -> None:
    began = clock.now()
    for _ in range(FREE):
        await begun(database, clock)
    assert clock.now() - began == timedelta(seconds=FREE)
    assert await GatewayService(database, clock).pause() is not None
    clock.move(hours=2)
    assert await GatewayService(database, clock).pause() is None


async def test_f28_a_clock_that_was_ahead_keeps_nobody_waiting(database: Database, clock: FakeClock) -> None:
    clock.move(hours=48)
    for _ in range(FREE):
        await begun(database, clock)
    assert await GatewayService(database, clock).pause() is not None
    clock.move(hours=-48)
    assert await GatewayService(database, clock).pause() is None


async def test_f28_a_session_is_not_begun_on_the_last_of_the_allowance(database: Database, clock: FakeClock) -> None:
    sessions = GatewayService(database, clock)
    assert sessions.remaining is None
    sessions.allow(RESERVE + 1, timedelta(hours=3))
    await sessions.begin()
    assert sessions.remaining == RESERVE
    assert await sessions.pause() is not None
    clock.move(hours=3)
    assert await sessions.pause() is None


async def test_f28_a_database_that_takes_nothing_keeps_the_count_in_memory(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_unit: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(database, "write", fails)
    sessions = GatewayService(database, clock)
    for _ in range(FREE):
        await sessions.begin()
        clock.move(seconds=1)
    assert await sessions.pause() is not None
