"""F24: calls that Discord holds against the address are counted, and too many of them stop whatever can wait."""

from __future__ import annotations

from pathlib import Path

import discord
import pytest

from bot.app import assembled
from bot.domain.cluster import MOST_INVALID
from bot.domain.occurrence import OccurrenceState
from bot.domain.pack import Pack
from bot.run import counted
from tests.fakes.clock import FakeClock
from tests.fakes.wire.faults import status
from tests.fakes.wire.process import TOKEN
from tests.fakes.wire.server import Wire
from tests.wire.conftest import Station
from tests.wire.place import added, posts, states


async def test_f24_too_many_refusals_stop_what_can_wait(station: Station) -> None:
    held = [MOST_INVALID]
    station.courier.heed(lambda: held[0])
    await added(station.database, [station.guild], station.clock.now())
    before = len(station.wire.requests)
    await station.posting.tick()
    assert station.courier.stopped()
    assert len(station.wire.requests) == before, "nothing is asked of Discord"
    held[0] -= 1
    station.clock.move(minutes=5)
    await station.posting.tick()
    assert list(posts(station.wire).values()) == [1]
    assert await states(station.database) == [OccurrenceState.POSTED]


async def test_f24_every_refused_call_of_a_bot_is_counted(
    wire: Wire, database_path: Path, pack: Pack, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.domain.cluster.MOST_INVALID", 3)
    wire.rules.add("GET", "/channels/*", status(403, {"code": 50001, "message": "no"}), times=None)
    async with assembled(database_path, pack, clock) as bot:
        rest = counted(bot)
        await bot.login(TOKEN)
        for number in range(1, 4):
            assert not bot.courier.stopped()
            with pytest.raises(discord.Forbidden):
                await bot.fetch_channel(1)
            assert rest.invalid == number
        assert bot.courier.stopped()
