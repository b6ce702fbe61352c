"""A post of another process's server, taken over: what the cache does not know, Discord is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator

import discord
import pytest

from bot.courier.courier import Courier
from bot.courier.failures import NO_MEMBER
from bot.domain.cluster import Share
from bot.domain.occurrence import LEASE, OccurrenceState
from bot.domain.pack import Pack
from bot.services.packs import Packs
from bot.services.posting import PostingService
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.wire.faults import lost_after_storing, status
from tests.fakes.wire.process import TOKEN
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Guild
from tests.wire.place import added, posts, row, told
from tests.wire.poster import Ashore

MESSAGES = "/channels/*/messages"
MAY_ONLY_WRITE = str(1 << 10 | 1 << 11 | 1 << 14)
AWAY = LEASE.total_seconds() + 600


@pytest.fixture
def guild(wire: Wire) -> Guild:
    """A server that is the other process's."""
    return wire.world.guilds[0]


@pytest.fixture
async def posting(
    wire: Wire, guild: Guild, database: Database, pack: Pack, clock: FakeClock
) -> AsyncIterator[PostingService]:
    """A process of two that knows no server at all, and this one least."""
    share = Share(((guild.id >> 22) + 1) % 2, 2, 2)

    async def nobody(_guild_id: int) -> int | None:
        return guild.channel_id("welcome")

    courier = Courier(clock, nobody, share=lambda: share)
    async with Ashore(intents=discord.Intents(guilds=True)) as client:
        courier.serve(client)
        await client.login(TOKEN)
        assert wire.base
        yield PostingService(database, Packs(database, pack), clock, courier, "two", lambda: share)


async def begun(database: Database, guild: Guild, clock: FakeClock) -> None:
    """Have the post begun and left by its own process, with a lease that ran out long ago."""
    await added(database, [guild], clock.now())
    clock.move(minutes=6)


async def test_a_post_that_was_sent_already_is_found(
    wire: Wire, posting: PostingService, database: Database, guild: Guild, clock: FakeClock
) -> None:
    await begun(database, guild, clock)
    wire.rules.add("POST", MESSAGES, lost_after_storing(503))
    await posting.tick()
    wire.messages.nonce_window = 0
    clock.move(seconds=AWAY)
    await posting.tick()
    assert list(posts(wire).values()) == [1]
    assert (await row(database, guild)).state is OccurrenceState.POSTED
    assert len(wire.asked("GET", f"/guilds/{guild.id}")) == 1, "Discord was asked what the bot may do there"


async def test_where_history_is_not_to_be_read_nothing_is_sent_again(
    wire: Wire, posting: PostingService, database: Database, guild: Guild, clock: FakeClock
) -> None:
    await begun(database, guild, clock)
    wire.rules.add("POST", MESSAGES, lost_after_storing(503))
    await posting.tick()
    wire.messages.nonce_window = 0
    clock.move(seconds=AWAY)
    there = guild.created(wire.world.bot)
    blind = there | {"roles": [one | {"permissions": MAY_ONLY_WRITE} for one in there["roles"]]}
    wire.rules.add("GET", "/guilds/*", status(200, blind))
    await posting.tick()
    assert list(posts(wire).values()) == [1]
    assert (await row(database, guild)).state is OccurrenceState.UNKNOWN


async def test_a_refusal_elsewhere_is_no_farewell(
    wire: Wire, posting: PostingService, database: Database, guild: Guild, clock: FakeClock
) -> None:
    await begun(database, guild, clock)
    wire.rules.add("POST", MESSAGES, status(403, {"code": 50013, "message": "no"}))
    await posting.tick()
    assert (await row(database, guild)).state is OccurrenceState.REFUSED
    assert not any(NO_MEMBER in one for one in told(wire))
    assert any("*Send Messages*" in one for one in told(wire))
