"""Killing the server of PostgreSQL while members press, and putting another in its place, loses nothing they were told.

The bot has one address. Behind it a server is killed (SIGKILL), and a copy of its data comes up on another one, as a
standby that is promoted does. The bot is not started again.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.domain.pack import Pack
from bot.storage import server
from bot.storage.database import Database
from tests.fakes.gate import Gate
from tests.fakes.postgresql import own_server, taking_over
from tests.fakes.wire.process import BotProcess
from tests.fakes.wire.server import Wire
from tests.kill.pressers import acknowledged, assert_kept, pressers

MEMBERS = 8
BEFORE, AFTER = 30, 30
"""Marks until the server is killed, and from then on."""
DISCORD_WAITS = 3.0
TRUTHS = ("known whether that was saved", "wasn't saved: the database is busy. Nothing is lost")
"""What a member may be told instead of the mark: each is true, and says what to do."""


async def test_members_are_told_the_truth_while_another_server_takes_over(tmp_path: Path, pack: Pack) -> None:
    every = pressers(pack, MEMBERS)
    with own_server("synchronous_commit=on") as first:
        await server.prepare(first.url())
        async with Gate.open(first) as gate, Wire.serving() as wire:
            address = ["env", f"DATABASE_URL={gate.url.render_as_string(hide_password=False)}"]
            async with BotProcess.running(wire, tmp_path, within=address) as bot:
                await wire.identified(1)
                pressing = [asyncio.create_task(one.press_on(wire)) for one in every]
                await wire.signal.until(lambda: acknowledged(every) >= BEFORE)
                await asyncio.to_thread(first.kill)
                before, connections = acknowledged(every), gate.passed
                with taking_over(first) as second:
                    gate.server = second
                    await wire.signal.until(lambda: acknowledged(every) >= before + AFTER)
                    for one in pressing:
                        one.cancel()
                    await asyncio.gather(*pressing, return_exceptions=True)
                    assert bot.inner.returncode is None, "it is the bot that was there before"
                    assert gate.passed > connections
                    database = await Database.open(second.url())
                    for one in every:
                        await assert_kept(database, wire.world.guilds[0].id, one)
                    await database.close()
    refused = [press for one in every for press in one.refused]
    answered = [press for one in every for press in one.pressed if press.told]
    slowest = max(press.waited for press in answered)
    print(f"{len(answered)} answered, {len(refused)} of them not with the mark; Discord waited {slowest:.2f} s at most")
    assert all(any(truth in press.told for truth in TRUTHS) for press in refused), [press.told for press in refused]
    assert slowest < DISCORD_WAITS
