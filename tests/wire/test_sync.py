"""F30: commands that Discord does not take are brought again later, and whoever runs the bot hears of it."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.domain.cluster import Share
from bot.services.trouble import Trouble
from bot.storage import bot_state
from bot.storage.database import Database
from bot.sync import COMMANDS, CommandSync, failure_in
from tests.fakes.clock import FakeClock
from tests.fakes.wire.faults import status
from tests.fakes.wire.process import TOKEN
from tests.fakes.wire.server import Wire


class Told:
    """Notes what whoever runs the bot is told."""

    def __init__(self) -> None:
        self.of: list[Trouble] = []

    async def report(self, kind: Trouble, _sentence: str) -> None:
        """Note it."""
        self.of.append(kind)


async def _answer(_interaction: discord.Interaction) -> None: ...


def add(tree: app_commands.CommandTree[Any], name: str) -> None:
    """Give a tree a command."""
    tree.add_command(app_commands.Command(name=name, description="Does it", callback=_answer))


async def kept(database: Database) -> str | None:
    """Return what is remembered of the commands."""
    return await database.read(lambda tx: bot_state.get(tx, COMMANDS))


async def test_f30_what_discord_did_not_take_is_brought_again_and_told(
    wire: Wire, database: Database, clock: FakeClock
) -> None:
    told = Told()
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(TOKEN)
        tree = app_commands.CommandTree(client)
        add(tree, "one")
        first = CommandSync(tree, database, clock)
        await first.sync()
        assert list(first.ids) == ["one"]
        wire.rules.add("PUT", "/applications/*/commands", status(400, {"code": 50035, "message": "no"}))
        wire.rules.add("PUT", "/applications/*/commands", status(503))
        add(tree, "two")
        second = CommandSync(tree, database, clock)
        await second.sync()
        assert second.ids == first.ids, "those of before go on"
        failure = failure_in(await kept(database))
        assert failure is not None
        assert (failure.at, failure.why) == (clock.now(), "status 400, code 50035")
        assert told.of == []
        await second.try_again(told.report)
        failure = failure_in(await kept(database))
        assert failure is not None
        assert failure.why == "status 503, code 0"
        assert told.of == [Trouble.COMMANDS]
        await second.try_again(told.report)
        assert set(second.ids) == {"one", "two"}
        assert failure_in(await kept(database)) is None
        await second.try_again(told.report)
        await CommandSync(tree, database, clock).sync()
        assert len(wire.asked("PUT", "/commands")) == 4, "what has not changed is not brought"
        assert told.of == [Trouble.COMMANDS]


async def test_f30_a_limit_of_a_day_is_not_waited_out_at_the_start(
    wire: Wire, database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sync.WITHIN", 0.05)
    body = {"message": "You are being rate limited.", "retry_after": 80_000.0, "global": False}
    wire.rules.add("PUT", "/applications/*/commands", status(429, body, {"Via": "1.1 google"}))
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(TOKEN)
        async with asyncio.timeout(5):
            await CommandSync(app_commands.CommandTree(client), database, clock).sync()
    failure = failure_in(await kept(database))
    assert failure is not None
    assert failure.why == "no answer (TimeoutError)"


async def test_of_several_processes_the_first_brings_the_commands_and_the_others_take_their_ids(
    wire: Wire, database: Database, clock: FakeClock
) -> None:
    told = Told()
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(TOKEN)
        tree = app_commands.CommandTree(client)
        add(tree, "one")
        first, second = (CommandSync(tree, database, clock, lambda n=n: Share(n, 2, 2)) for n in range(2))
        await second.sync()
        assert second.ids == {}
        await first.sync()
        await second.try_again(told.report)
        assert second.ids == first.ids != {}
        assert len(wire.asked("PUT", "/commands")) == 1
        assert told.of == []
