"""Killing the bot at any moment loses no mark that a member was told of.

A real bot process is killed (SIGKILL) and started again on the same database, over and over, while several members
press the buttons of topics through the stand-in of Discord.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from sqlalchemy import Connection, select

from bot.domain.pack import Pack
from bot.domain.roadmap import State
from bot.storage import roadmap as store
from bot.storage.database import Database
from bot.ui.text import SIGNS
from bot.ui.topic import TopicPress, TopicVerb
from tests.fakes.wire.interactions import Interaction
from tests.fakes.wire.process import BotProcess
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Person

KILLS = 4
"""One start more than so many, and the bot would pause before its session: it takes itself for one in a crash loop."""
MEMBERS = 4
MOST_MARKS = 40
"""Marks between two kills, at most; the killing moment is drawn from within."""
SPREAD = 0.02
"""Seconds within which the kill comes after the drawn mark: a mark takes some 4 ms, so it hits any step of one."""

VERBS = {
    TopicVerb.START: State.LEARNING,
    TopicVerb.DONE_ANYWAY: State.DONE,
    TopicVerb.SKIP: State.SKIPPED,
    TopicVerb.KNOW: State.KNOWN,
}


@dataclass(slots=True)
class Pressed:
    """One press, the state it asks for, and what came back."""

    topic_id: str
    state: State
    interaction: Interaction

    @property
    def acknowledged(self) -> bool:
        """Whether the member was shown the topic in its new state."""
        shown = self.interaction.shown
        return shown is not None and str(shown.data["embeds"][0]["description"]).startswith(SIGNS[self.state])


@dataclass(slots=True)
class Presser:
    """A member who presses one button after the other, the next as soon as the last was answered."""

    person: Person
    to_press: Iterator[tuple[TopicVerb, str]]
    pressed: list[Pressed] = field(default_factory=list[Pressed])

    async def press_on(self, wire: Wire) -> None:
        """Press until cancelled or until there is nothing left to press."""
        for verb, topic_id in self.to_press:
            custom_id = TopicPress(verb=verb, topic_id=topic_id, owner=self.person.id).custom_id
            one = Pressed(topic_id, VERBS[verb], await wire.press(self.person, custom_id))
            self.pressed.append(one)
            await one.interaction.answer()
            assert one.acknowledged, one.interaction.answers

    @property
    def acknowledged(self) -> list[tuple[str, State]]:
        """What this member was told, in order."""
        return [(one.topic_id, one.state) for one in self.pressed if one.acknowledged]


async def test_no_acknowledged_mark_is_lost(tmp_path: Path, pack: Pack) -> None:
    """Kill, restart, and in the end find every acknowledged mark in the log and every last one standing."""
    pressers = [Presser(Person(f"member{i}"), iter(product(VERBS, pack.topics))) for i in range(MEMBERS)]
    chance = random.Random(2)  # noqa: S311  (the same moments each time, as far as a machine allows)
    async with Wire.serving() as wire:
        for kill in range(KILLS):
            async with BotProcess.running(wire, tmp_path) as bot:
                await wire.identified(kill + 1)
                # the last bot dies on its very first marks
                marks = 1 if kill == KILLS - 1 else chance.randint(1, MOST_MARKS)
                await _killed_at_work(wire, bot, pressers, marks, chance.uniform(0, SPREAD))
        async with BotProcess.running(wire, tmp_path) as bot:
            await wire.identified(KILLS + 1)
            assert (await (await wire.command(pressers[0].person, "roadmap")).answer()).type == 4
        guild_id = wire.world.guilds[0].id
    with closing(sqlite3.connect(tmp_path / "syllabot.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database = await Database.open(tmp_path / "syllabot.db")
    try:
        for presser in pressers:
            await _assert_kept(database, guild_id, presser)
    finally:
        await database.close()
    acknowledged = sum(len(presser.acknowledged) for presser in pressers)
    pressed = sum(len(presser.pressed) for presser in pressers)
    print(f"{KILLS} kills, {pressed} presses, {acknowledged} acknowledged")
    assert KILLS <= acknowledged < pressed, "no kill met a press that was under way"


async def _killed_at_work(wire: Wire, bot: BotProcess, pressers: list[Presser], marks: int, after: float) -> None:
    """Let the members press until so many marks more are acknowledged, and kill the bot a moment after."""
    before = sum(len(presser.acknowledged) for presser in pressers)
    pressing = [asyncio.create_task(presser.press_on(wire)) for presser in pressers]
    await wire.signal.until(lambda: sum(len(presser.acknowledged) for presser in pressers) >= before + marks)
    asyncio.get_running_loop().call_later(after, bot.inner.kill)
    await bot.inner.wait()
    for task in pressing:
        task.cancel()
    for outcome in await asyncio.gather(*pressing, return_exceptions=True):
        assert outcome is None or isinstance(outcome, asyncio.CancelledError), outcome


async def _assert_kept(database: Database, guild_id: int, presser: Presser) -> None:
    """Hold what the member was told against the log, and the log against the marks."""
    user_id = presser.person.id

    def log(tx: Connection) -> list[tuple[str, State]]:
        change = store.progress_change.c
        rows = tx.execute(
            select(change.topic_id, change.state_after)
            .where(change.guild_id == guild_id, change.user_id == user_id)
            .order_by(change.number)
        )
        return [(topic_id, State(state)) for topic_id, state in rows]

    logged = await database.read(log)
    told = presser.acknowledged
    assert _in_order(told, logged), f"told {told}\nlogged {logged}"
    marks = await database.read(lambda tx: store.marks(tx, guild_id, user_id))
    assert marks == await database.read(lambda tx: store.rebuilt_marks(tx, guild_id, user_id))
    assert {topic_id: mark.state for topic_id, mark in marks.items()} == dict(logged)


def _in_order(told: list[tuple[str, State]], logged: list[tuple[str, State]]) -> bool:
    """Whether everything told stands in the log, in the order in which it was told."""
    remaining = iter(logged)
    return all(one in remaining for one in told)
