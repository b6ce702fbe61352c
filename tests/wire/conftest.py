"""A connected client with the real courier, and the services that use it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.courier.courier import Courier
from bot.domain.pack import Pack
from bot.services.follow_up import FollowUpService
from bot.services.packs import Packs
from bot.services.posting import PostingService
from bot.storage.database import Database
from bot.storage.guild import moderator_channel
from tests.fakes.clock import FakeClock
from tests.fakes.wire.point import point_discord_at
from tests.fakes.wire.process import TOKEN
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Guild, World


@dataclass(slots=True)
class Station:
    """A bot's posting half in this process, and the Discord it talks to."""

    wire: Wire
    client: discord.Client
    courier: Courier
    posting: PostingService
    follow_ups: FollowUpService
    database: Database
    clock: FakeClock

    @property
    def guild(self) -> Guild:
        """The first server."""
        return self.wire.world.guilds[0]


@pytest.fixture
async def wire(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """A stand-in of three guilds; discord.py of this process is pointed at it."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    async with Wire.serving(World.of(3)) as serving:
        point_discord_at(serving.base)
        yield serving


@pytest.fixture
async def station(wire: Wire, database: Database, pack: Pack) -> AsyncIterator[Station]:
    """The services of one process, at the gateway; the clock stands at the present of the machine."""
    clock = FakeClock(datetime.now(UTC))
    courier = Courier(clock, lambda guild_id: database.read(lambda tx: moderator_channel(tx, guild_id)))
    posting = PostingService(database, Packs(database, pack), clock, courier, "one")
    follow_ups = FollowUpService(database, Packs(database, pack), clock, courier)
    async with discord.Client(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05) as client:
        courier.serve(client)
        await client.login(TOKEN)
        running = asyncio.create_task(client.connect())
        await wire.identified()
        await client.wait_until_ready()
        yield Station(wire, client, courier, posting, follow_ups, database, clock)
        await client.close()
        await running
