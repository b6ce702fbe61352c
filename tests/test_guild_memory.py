"""What the bot keeps of a server is enough for its rights, and little beside the whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.errors import SettingsError
from bot.guild_memory import keep_little, little_of
from tests.fakes.wire.lived_in import CATEGORY, FORUM, NEWS, TEXT, THREADS, VOICE, lived_in
from tests.fakes.wire.point import point_discord_at
from tests.fakes.wire.process import TOKEN
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Json, World

WORLD = World.of(1, 20)
HIDDEN = {"type": 0, "allow": "0", "deny": str(discord.Permissions(view_channel=True).value)}


@pytest.fixture
async def wire(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Wire, None]:
    """A stand-in of one server that is lived in, where the bot has no rights but those of everybody."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    async with Wire.serving(WORLD) as serving:
        point_discord_at(serving.base)
        yield serving


@asynccontextmanager
async def connected(*, little: bool) -> AsyncGenerator[discord.Client, None]:
    """A client that keeps all of its server, or what the bot keeps."""
    async with discord.Client(intents=discord.Intents(guilds=True), guild_ready_timeout=0.1) as client:
        if little:
            keep_little(client)
        await client.login(TOKEN)
        running = asyncio.create_task(client.connect())
        await client.wait_until_ready()
        yield client
        await client.close()
        await running


async def told(wire: Wire, client: discord.Client, event: str, data: Json) -> None:
    """Have something happen in the server, and wait until the client knows of it."""
    heard = client.wait_for("socket_event_type", timeout=5)
    await wire.gateway.dispatch(event, data, WORLD.guilds[0].id)
    assert await heard == event


async def test_its_rights_are_those_that_all_of_it_would_give(wire: Wire) -> None:
    assert wire.world.grown
    async with connected(little=False) as plain, connected(little=True) as client:
        (whole,), (little,) = plain.guilds, client.guilds
        assert {one.id: one.permissions for one in little.roles} == {one.id: one.permissions for one in whole.roles}
        assert [one.id for one in little.text_channels] == [one.id for one in whole.text_channels]
        for one in [*whole.text_channels, *whole.forums, *whole.threads]:
            kept = little.get_channel_or_thread(one.id)
            assert kept is not None
            assert kept.permissions_for(little.me) == one.permissions_for(whole.me)
            assert kept.permissions_for(little.default_role) == one.permissions_for(whole.default_role)
        assert any(one.overwrites for one in little.text_channels)
        assert len(little.threads) == THREADS
        assert (little.name, little.owner_id, little.system_channel) != ("", None, None)


@pytest.mark.usefixtures("wire")
async def test_what_it_never_reads_is_not_kept() -> None:
    async with connected(little=True) as client:
        (little,) = client.guilds
        assert {one.type.value for one in little.channels} == {TEXT, NEWS, FORUM}
        assert not any((little.soundboard_sounds, little.scheduled_events, little.features, little.description))
        assert {one.topic for one in little.text_channels} == {None}


async def test_channels_that_come_or_change_later_are_kept_alike(wire: Wire) -> None:
    async with connected(little=True) as client:
        (little,) = client.guilds
        before = len(little.channels)
        first = little.text_channels[0]
        number = little.id + 400
        whole = {"id": str(number), "guild_id": str(little.id), "name": "new", "position": 30, "topic": "What for"}
        for kind, more in ((VOICE, {"bitrate": 64_000, "user_limit": 0}), (CATEGORY, {})):
            await told(wire, client, "CHANNEL_CREATE", {**whole, "type": kind, **more})
        assert len(little.channels) == before
        await told(wire, client, "CHANNEL_CREATE", {**whole, "type": TEXT})
        assert getattr(little.get_channel(number), "topic", "none") is None
        shut = {"permission_overwrites": [{**HIDDEN, "id": str(little.id)}], "type": TEXT, "id": str(first.id)}
        assert first.overwrites_for(little.default_role).view_channel is None
        await told(wire, client, "CHANNEL_UPDATE", {**whole, **shut})
        assert first.overwrites_for(little.default_role).view_channel is False


def test_what_discord_told_stays_as_it_is_and_what_repeats_is_there_once() -> None:
    whole = lived_in(WORLD.guilds[0].created(WORLD.bot))
    same = lived_in(WORLD.guilds[0].created(WORLD.bot))
    little = little_of(whole)
    assert whole == same
    numbers = [one["permissions"] for one in little["roles"]]
    assert len({id(one) for one in numbers}) == len(set(numbers)) < len(numbers)


def test_a_discord_py_with_other_names_is_refused() -> None:
    client = discord.Client(intents=discord.Intents.none())
    client._connection.parsers.pop("GUILD_CREATE")  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(SettingsError, match="install the version"):
        keep_little(client)
