"""Killing the bot at any moment loses no mark that a member was told of.

A real bot process is killed (SIGKILL) and started again on the same database, over and over, while several members
press the buttons of topics through the stand-in of Discord.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import URL

from bot.domain.pack import Pack
from bot.storage.database import Database, Place
from tests.conftest import POSTGRESQL, SQLITE
from tests.fakes.postgresql import Ground
from tests.fakes.wire.process import BotProcess
from tests.fakes.wire.server import Wire
from tests.kill.pressers import Presser, acknowledged, assert_kept, pressers

KILLS = {SQLITE: 4, POSTGRESQL: 2}
"""One start more than four, and the bot would pause before its session: it takes itself for one in a crash loop."""
MEMBERS = 4
MOST_MARKS = 40
"""Marks between two kills, at most; the killing moment is drawn from within."""
SPREAD = 0.02
"""Seconds within which the kill comes after the drawn mark: a mark takes some 4 ms, so it hits any step of one."""


@pytest.fixture(params=KILLS)
def backend(request: pytest.FixtureRequest) -> str:
    """The engine that the bot has."""
    return str(request.param)


@pytest.fixture
def kept_in(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Place:
    """Where the bot's database is, or will be once the bot has made it."""
    if backend == SQLITE:
        return tmp_path / "syllabot.db"
    ground: Ground = request.getfixturevalue("ground")
    ground.empty()
    return ground.url


async def test_no_acknowledged_mark_is_lost(tmp_path: Path, pack: Pack, backend: str, kept_in: Place) -> None:
    """Kill, restart, and in the end find every acknowledged mark in the log and every last one standing."""
    kills, within = KILLS[backend], list[str]()
    if isinstance(kept_in, URL):
        within = ["env", f"DATABASE_URL={kept_in.render_as_string(hide_password=False)}"]
    every = pressers(pack, MEMBERS)
    chance = random.Random(2)  # noqa: S311  (the same moments each time, as far as a machine allows)
    async with Wire.serving() as wire:
        for kill in range(kills):
            async with BotProcess.running(wire, tmp_path, within=within) as bot:
                await wire.identified(kill + 1)
                # the last bot dies on its very first marks
                marks = 1 if kill == kills - 1 else chance.randint(1, MOST_MARKS)
                await _killed_at_work(wire, bot, every, marks, chance.uniform(0, SPREAD))
        async with BotProcess.running(wire, tmp_path, within=within) as bot:
            await wire.identified(kills + 1)
            assert (await (await wire.command(every[0].person, "roadmap")).answer()).type == 4
        guild_id = wire.world.guilds[0].id
    if isinstance(kept_in, Path):
        with closing(sqlite3.connect(kept_in)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database = await Database.open(kept_in)
    try:
        for one in every:
            assert one.refused == []
            await assert_kept(database, guild_id, one)
    finally:
        await database.close()
    pressed, told = sum(len(one.pressed) for one in every), acknowledged(every)
    print(f"{kills} kills, {pressed} presses, {told} acknowledged")
    assert kills <= told < pressed, "no kill met a press that was under way"


async def _killed_at_work(wire: Wire, bot: BotProcess, every: list[Presser], marks: int, after: float) -> None:
    """Let the members press until so many marks more are acknowledged, and kill the bot a moment after."""
    enough = acknowledged(every) + marks
    pressing = [asyncio.create_task(one.press_on(wire)) for one in every]
    await wire.signal.until(lambda: acknowledged(every) >= enough)
    asyncio.get_running_loop().call_later(after, bot.inner.kill)
    await bot.inner.wait()
    for task in pressing:
        task.cancel()
    for outcome in await asyncio.gather(*pressing, return_exceptions=True):
        assert outcome is None or isinstance(outcome, asyncio.CancelledError), outcome
