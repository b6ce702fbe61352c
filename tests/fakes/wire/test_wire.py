"""The stand-in behaves like Discord where the bot would notice."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from io import BytesIO

import aiohttp
import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.settings import ROOT
from tests.fakes.wire.faults import drop, lost_after_storing, status
from tests.fakes.wire.messages import DeletedMessageError, Messages
from tests.fakes.wire.point import point_discord_at
from tests.fakes.wire.process import TOKEN
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Person, World


@pytest.fixture
async def wire(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Wire, None]:
    """A stand-in of two guilds; discord.py of this process is pointed at it."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    async with Wire.serving(World.of(2)) as serving:
        point_discord_at(serving.base)
        yield serving


@asynccontextmanager
async def connected(wire: Wire) -> AsyncGenerator[discord.Client, None]:
    """A plain client of discord.py, at the gateway."""
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await client.login(TOKEN)
        running = asyncio.create_task(client.connect())
        await wire.identified()
        yield client
        await client.close()
        await running


async def test_a_client_sees_its_guilds_and_what_members_do(wire: Wire) -> None:
    async with connected(wire) as client:
        arriving = client.wait_for("interaction")
        asked = await wire.command(Person("alice"), "roadmap", topic="vectors")
        interaction = await arriving
        assert [guild.name for guild in client.guilds] == ["Guild 0", "Guild 1"]
        assert [channel.name for channel in client.guilds[0].text_channels] == ["welcome", "study-hall", "daily"]
        await interaction.response.defer(ephemeral=True)
        assert asked.shown is None
        await interaction.edit_original_response(content="found")
        assert (await asked.answer()).data["content"] == "found"
        with pytest.raises(discord.HTTPException, match="already been acknowledged"):
            await client.http.request(
                Route("POST", f"/interactions/{interaction.id}/{interaction.token}/callback"), json={"type": 6}
            )


async def test_a_picture_that_comes_with_an_answer_or_later_is_described_and_stays_until_it_is_taken_away(
    wire: Wire,
) -> None:
    async with connected(wire) as client:
        arriving = client.wait_for("interaction")
        await wire.command(Person("alice"), "leaderboard")
        interaction = await arriving
        await interaction.response.send_message("board", ephemeral=True)
        board = await interaction.edit_original_response(attachments=[discord.File(BytesIO(b"four"), "board.png")])
        assert [(one.filename, one.size) for one in board.attachments] == [("board.png", 4)]
        assert (await interaction.edit_original_response(content="better")).attachments == board.attachments
        two = [*board.attachments, discord.File(BytesIO(b"more"), "more.png")]
        assert len((await interaction.edit_original_response(attachments=two)).attachments) == 2
        assert not (await interaction.edit_original_response(attachments=[])).attachments


async def test_a_dropped_gateway_is_resumed_and_nothing_is_missed(wire: Wire) -> None:
    async with connected(wire):
        await wire.gateway.ask_reconnect()
        await wire.signal.until(lambda: wire.gateway.resumed == 1)
        assert wire.gateway.identified == 1


async def test_one_nonce_makes_one_message(wire: Wire) -> None:
    async with connected(wire) as client:
        channel = client.get_partial_messageable(wire.world.guilds[0].channel_id())
        first, again = await channel.send("a", nonce="n1"), await channel.send("b", nonce="n1")
        assert (first.id, again.content) == (again.id, "a")
        assert [message.content async for message in channel.history()] == ["a"]


def test_a_nonce_is_forgotten_after_its_window_and_a_deleted_message_stays_deleted() -> None:
    now = 0.0
    messages = Messages(Person("bot"), nonce_window=60, now=lambda: now)
    asked = {"content": "a", "nonce": "n", "enforce_nonce": True}
    first = messages.put(1, asked)
    del messages.kept[int(first["id"])]
    with pytest.raises(DeletedMessageError):
        messages.put(1, asked)
    now = 60.0
    assert messages.put(1, asked)["id"] != first["id"]


async def test_an_answer_lost_after_storing_leaves_the_message(wire: Wire) -> None:
    wire.rules.add("POST", "/channels/*/messages", lost_after_storing(503))
    wire.rules.add("POST", "/channels/*/messages", lost_after_storing())
    async with connected(wire) as client:
        channel = client.get_partial_messageable(wire.world.guilds[0].channel_id())
        with pytest.raises(discord.DiscordServerError):
            await channel.send("a")
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await channel.send("b")
        assert [message["content"] for message in wire.messages.kept.values()] == ["a", "b"]


async def test_refusals_and_drops_store_nothing(wire: Wire) -> None:
    wire.rules.add("POST", "/channels/*/messages", status(403))
    wire.rules.add("POST", "/channels/*/messages", status(429))
    wire.rules.add("POST", "/channels/*/messages", drop())
    async with connected(wire) as client:
        channel = client.get_partial_messageable(wire.world.guilds[0].channel_id())
        with pytest.raises(discord.Forbidden):
            await channel.send("a")
        with pytest.raises(discord.HTTPException, match="429"):
            await channel.send("b")
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await channel.send("c")
        assert not wire.messages.kept


async def test_a_rate_limit_of_discords_own_is_waited_out(wire: Wire) -> None:
    limited = {"retry_after": 0.01, "global": False, "message": "slow down"}
    wire.rules.add("POST", "/channels/*/messages", status(429, limited, {"Via": "1.1 google"}))
    async with connected(wire) as client:
        await client.get_partial_messageable(wire.world.guilds[0].channel_id()).send("a")
        assert len(wire.asked("POST", "/messages")) == 2


async def test_it_runs_in_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.wire", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        base = (await process.stdout.readline()).decode().strip()
        rule = {"method": "GET", "path": "/users/@me", "fault": "status", "arguments": [401]}
        async with aiohttp.ClientSession(base) as session:
            await session.post("/stand-in/rules", json=rule)
            assert [(await session.get("/api/v10/users/@me")).status for _ in range(2)] == [401, 200]
            state = await (await session.get("/stand-in/state")).json()
            assert [request[1] for request in state["requests"]] == ["/users/@me"] * 2
    finally:
        process.kill()
        await process.wait()
