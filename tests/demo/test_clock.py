"""The demo's time: pushed forward, never back, and jobs run at their time on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.demo.clock import CLOCKED, FARTHEST, Clockwork, DemoClock, clock_the_scheduler
from bot.demo.host import Host
from bot.domain.pack import Pack
from bot.domain.schedule import BALANCED
from bot.errors import BadInputError
from bot.storage import guild as guild_store
from bot.storage import occurrence, outage
from bot.storage import schedule as schedule_store
from bot.storage.guild import Guild

START = datetime(2026, 3, 27, 6, 0, tzinfo=UTC)


@pytest.fixture
async def host(database_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Host]:
    """The real bot in an empty world, two days before summer time begins in Berlin."""
    for module in CLOCKED:
        monkeypatch.setattr(module, "datetime", datetime)
    clock = DemoClock()
    clock_the_scheduler(clock.now)
    async with Host(database_path, pack, clock) as started:
        yield started


def _clockwork(host: Host) -> Clockwork:
    return Clockwork(host.env, lambda: host.scheduler, host.next_due, host.note_alive)


async def test_posts_go_out_at_their_time_on_the_way(host: Host) -> None:
    clockwork = _clockwork(host)
    await clockwork.to(START)
    guild = host.env.create_guild("Berlin")
    channel = guild.create_text_channel("daily")

    def add(tx: Connection) -> None:
        guild_store.put(tx, Guild(guild.id, zone="Europe/Berlin"))
        schedule_store.add(tx, guild.id, channel.id, time(9), BALANCED, START)

    await host.database.write(add)
    await clockwork.to(START + timedelta(days=4))
    sent = await host.database.read(lambda tx: occurrence.posted_since(tx, guild.id, START))
    at = [one.posted_at for one in reversed(sent)]
    assert [f"{when:%d %H:%M}" for when in at if when is not None] == ["27 08:00", "28 08:00", "30 07:00"]
    assert len(channel.history()) == 3
    assert host.env.now() == START + timedelta(days=4)


async def test_a_clock_that_is_pushed_leaves_no_absence_and_a_bot_that_was_gone_does(host: Host) -> None:
    clockwork = _clockwork(host)
    await clockwork.catch_up()
    await clockwork.push(timedelta(days=2))
    gone = host.env.now()
    await clockwork.push(timedelta(minutes=5))
    assert await host.database.read(lambda tx: outage.since(tx, 1, START)) == []
    await clockwork.stand_still(timedelta(days=1), host.restart)
    ((began, ended),) = await host.database.read(lambda tx: outage.since(tx, 1, START))
    assert timedelta(minutes=5) <= began - gone < timedelta(minutes=6)
    assert timedelta(days=1) <= ended - began < timedelta(days=1, minutes=1)
    assert host.restarts == 1
    assert host.bot.is_ready()


async def test_a_fresh_bot_has_a_clockwork_of_its_own(host: Host) -> None:
    clockwork = _clockwork(host)
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
    clockwork = _clockwork(host)
    with pytest.raises(BadInputError, match="a week at most"):
        await clockwork.push(timedelta(hours=hours))


async def test_a_year_ahead_is_the_end(host: Host) -> None:
    clockwork = _clockwork(host)
    clockwork.ahead = FARTHEST - timedelta(hours=1)
    with pytest.raises(BadInputError, match="a year ahead"):
        await clockwork.push(timedelta(hours=2))
