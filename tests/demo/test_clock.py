"""The demo's time: pushed forward, never back, and jobs run at their time on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.date
import apscheduler.triggers.interval
import pytest

from bot.demo.clock import FARTHEST, Clockwork, DemoClock, clock_the_scheduler
from bot.demo.host import Host
from bot.domain.pack import Pack
from bot.errors import BadInputError

MODULES = (
    apscheduler.schedulers.base,
    apscheduler.executors.base,
    apscheduler.triggers.interval,
    apscheduler.triggers.date,
)
START = datetime(2026, 3, 27, 6, 0, tzinfo=UTC)


@pytest.fixture
async def host(database_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Host]:
    """The real bot in an empty world, two days before summer time begins in Berlin."""
    for module in MODULES:
        monkeypatch.setattr(module, "datetime", datetime)
    clock = DemoClock()
    clock_the_scheduler(clock.now)
    async with Host(database_path, pack, clock) as started:
        yield started


async def test_jobs_run_at_their_time(host: Host) -> None:
    clockwork = Clockwork(host.env, lambda: host.scheduler)
    await clockwork.to(START)
    ran: list[datetime] = []
    host.scheduler.add_job(lambda: ran.append(host.env.now()), "cron", hour=9, minute=0, timezone="Europe/Berlin")  # pyright: ignore[reportUnknownMemberType]
    await clockwork.to(START + timedelta(days=3))
    assert [f"{when:%d %H:%M}" for when in ran] == ["27 08:00", "28 08:00", "29 07:00"]
    assert host.env.now() == START + timedelta(days=3)


async def test_a_fresh_bot_has_a_clockwork_of_its_own(host: Host) -> None:
    clockwork = Clockwork(host.env, lambda: host.scheduler)
    await clockwork.to(START)
    first, before = host.bot, host.scheduler
    await host.restart()
    assert host.bot is not first
    assert host.bot.is_ready()
    assert first.is_closed()
    assert not before.running
    assert host.scheduler.running


@pytest.mark.parametrize("hours", [-1.0, 0.0, 169.0])
async def test_a_push_is_forward_and_a_week_at_most(host: Host, hours: float) -> None:
    clockwork = Clockwork(host.env, lambda: host.scheduler)
    with pytest.raises(BadInputError, match="a week at most"):
        await clockwork.push(timedelta(hours=hours))


async def test_a_year_ahead_is_the_end(host: Host) -> None:
    clockwork = Clockwork(host.env, lambda: host.scheduler)
    clockwork.ahead = FARTHEST - timedelta(hours=1)
    with pytest.raises(BadInputError, match="a year ahead"):
        await clockwork.push(timedelta(hours=2))
