"""The whole bot in a process of its own: it posts by its own tick, and finishes what is under way when told to stop."""

from __future__ import annotations

import asyncio
import signal
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pytest
from aiohttp import web

from bot.domain.occurrence import OccurrenceState
from bot.domain.schedule import PostOptions
from bot.storage.database import Database
from tests.fakes.wire.faults import Handler, delay
from tests.fakes.wire.process import BotProcess
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import World
from tests.wire.place import added, posts, row, states


async def test_f49_told_to_stop_it_finishes_the_post_under_way_and_begins_no_other(
    database: Database, database_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN_TICK", "0.1")
    reached, release = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request, handler: Handler) -> web.StreamResponse:
        reached.set()
        return await delay(10, release)(request, handler)

    async with Wire.serving(World.of(2)) as wire:
        first, second = wire.world.guilds
        await added(database, [first], datetime.now(UTC), PostOptions(thread=True))
        wire.rules.add("POST", "/channels/*/messages", slow)
        async with BotProcess.running(wire, database_path.parent) as bot, asyncio.timeout(30):
            await reached.wait()
            stopped_at = perf_counter()
            bot.inner.send_signal(signal.SIGTERM)
            while "stopping" not in bot.log.read_text(encoding="utf-8"):  # noqa: ASYNC110  (a log is no event)
                await asyncio.sleep(0)
            await added(database, [second], datetime.now(UTC))
            release.set()
            assert await bot.inner.wait() == 0
            assert perf_counter() - stopped_at < 20
        assert list(posts(wire).values()) == [1]
    assert (await row(database, first)).state is OccurrenceState.POSTED
    assert await states(database) == [OccurrenceState.POSTED], "nothing else was begun"
