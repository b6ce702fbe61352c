"""CPU per call: our commands and a press, beside the bare bot's command, in the same SimCord run."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from time import process_time
from typing import Final, TypeAlias

import simcord
from sqlalchemy import Connection

from bot.app import assembled
from bot.client import Syllabot
from bot.domain.pack import Pack
from bot.domain.recall import Memory, Phase
from bot.domain.roadmap import Act, Change, Mark, State
from bot.packs.load import load_pack
from bot.services.board_lines import Ask
from bot.settings import ROOT
from bot.storage import review as review_store
from bot.storage import roadmap as roadmap_store
from bot.storage.upgrade import migrate
from bot.ui import board, board_card, faq, roadmap
from bot.ui.reply import Reply
from bot.ui.topic import TopicPress, TopicVerb
from tests.bench.bare import BareBot
from tests.bench.row import Effort, Row
from tests.cogs.page import answered, labels
from tests.conftest import World, make_world
from tests.fakes.clock import FakeClock
from tests.fakes.scheduler import DrivenScheduler
from tests.services.boards.ledger import call, give

Call: TypeAlias = Callable[[], Awaitable[object]]
Work: TypeAlias = Callable[[World, Pack], Awaitable[Call]]

BASELINE: Final = "bare discord.py bot, one no-op slash command"
SAME_MESSAGE: Final = "bare discord.py bot, sending the same message ready made"
GUILD, USER = 1, 2
WARM_UP: Final = 20
MARKED: Final = 15
"""Topics that the seeded member has behind them."""
ON_BOARD: Final = 60


async def _roadmap(world: World, _pack: Pack) -> Call:
    return lambda: world.alice.slash(world.hall, "roadmap")


async def _topic(world: World, pack: Pack) -> Call:
    topics = cycle(pack.topics)
    return lambda: world.alice.slash(world.hall, "roadmap", topic=next(topics))


async def _faq(world: World, pack: Pack) -> Call:
    questions = cycle(entry.phrasings[0] for entry in pack.entries.values())
    return lambda: world.alice.slash(world.hall, "faq", question=next(questions))


async def _help(world: World, _pack: Pack) -> Call:
    return lambda: world.alice.slash(world.hall, "help")


async def _press(world: World, pack: Pack) -> Call:
    """Open the member's first topic; each call then presses Start or Done, by turns."""
    topic_id = next(iter(pack.topics))
    page = (await world.alice.slash(world.hall, "roadmap", topic=topic_id)).response
    assert page is not None
    ids = cycle(
        TopicPress(verb=verb, topic_id=topic_id, owner=world.alice.id).custom_id
        for verb in (TopicVerb.START, TopicVerb.DONE)
    )
    return lambda: world.alice.click(page, custom_id=next(ids))


async def _review(world: World, pack: Pack) -> Call:
    """Have every card of the pack due; each call then presses what goes on with the sitting."""
    now = FakeClock().now()
    whose = world.guild.id, world.alice.id
    old = Memory(Phase.REVIEW, None, 3.0, 5.0, now - timedelta(days=1), now - timedelta(days=4), 1, 0)

    def write(tx: Connection) -> None:
        known = [Change(topic_id, Mark(), Mark(State.KNOWN)) for topic_id in pack.cards.of_topic]
        roadmap_store.record(tx, *whose, Act.PLACEMENT, known, now)
        review_store.put(tx, *whose, dict.fromkeys(pack.cards.by_id, old))

    await world.bot.database.write(write)
    page = answered(await world.alice.slash(world.hall, "today"))
    await world.alice.click(page, label=labels(page)[0])

    def label() -> str:
        """Return the button that goes on: Good, else Again, Show, the first choice, or more."""
        shown = [one for one in labels(page) if one not in {"Stop", "Today"}]
        return next((one for one in shown if one.startswith("Good")), shown[0])

    return lambda: world.alice.click(page, label=label())


async def _board(world: World, _pack: Pack) -> Call:
    """Fill a board, and open it once, so that its picture is kept."""
    await _earn_some(world.bot, world.guild.id, world.alice.id)
    await world.alice.slash(world.hall, "leaderboard")
    return lambda: world.alice.slash(world.hall, "leaderboard")


WORKS: Final[Mapping[str, tuple[str, Work, float | None]]] = {
    "/roadmap": (f"a member with {MARKED} topics done", _roadmap, 3.0),
    "/roadmap topic": ("every topic in turn", _topic, None),
    "/faq question": ("a phrasing of every entry in turn", _faq, 3.0),
    "/leaderboard": (f"{ON_BOARD} members, its picture kept", _board, 3.0),
    "/help": ("a member", _help, None),
    "Review": ("presses by turns: Show, then a grade, which is a write", _review, None),
    "Start, Done": ("presses by turns, each a write", _press, None),
}


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return one row for each kind of call.

    Args:
        effort: rounds and calls.
        folder: an empty one, for databases.
    """
    pack = load_pack(ROOT / "content" / "ml-engineer")
    migrate(folder / "migrated.db")
    messages = await _ready_made(folder, pack)
    figures: dict[str, list[float]] = {name: [] for name in WORKS}
    beside: dict[str, list[float]] = {name: [] for name in WORKS}
    same: dict[str, list[float]] = {name: [] for name in messages}
    for _ in range(effort.rounds):
        for name, (_, work, _) in WORKS.items():
            beside[name].append(await _milliseconds(_bare(), effort.calls))
            if name in messages:
                same[name].append(await _milliseconds(_bare(cycle(messages[name])), effort.calls))
            figures[name].append(await _milliseconds(_ours(folder, pack, work), effort.calls))
    rows = [
        Row(f"CPU: {name}", workload, "ms", figures[name], BASELINE, beside[name], most_times=most)
        for name, (workload, _, most) in WORKS.items()
    ]
    return rows + [
        Row(f"CPU: {name}", WORKS[name][0], "ms", figures[name], SAME_MESSAGE, same[name]) for name in messages
    ]


async def _ready_made(folder: Path, pack: Pack) -> dict[str, list[Reply]]:
    """Return the messages that the bot answers with, so that a bare bot can send the very same."""
    async with _fresh(folder, pack) as bot:
        await _mark_some(bot, GUILD, USER)
        page = await bot.services.roadmap.page(GUILD, USER)
        await _earn_some(bot, GUILD, USER)
        standings = await bot.services.board.members(GUILD, USER, Ask())
        card = board_card.member_card(standings, USER, "Alice")
        png = await bot.services.pictures.leaderboard(card) if card else None
        found = [await bot.services.faq.ask(GUILD, entry.phrasings[0]) for entry in pack.entries.values()]
    return {
        "/roadmap": [roadmap.home(page, USER, "Alice")],
        "/leaderboard": [board_card.pictured(board.member_page(standings, USER), card, png)],
        "/faq question": [faq.finding(one, pack) for one in found],
    }


async def _milliseconds(prepared: AbstractAsyncContextManager[Call], calls: int) -> float:
    """Return the CPU time of a call, in ms, over all threads of the process."""
    async with prepared as call:
        for _ in range(WARM_UP):
            await call()
        gc.collect()
        gc.freeze()  # as the bot does once it has started: the collector does not walk through what stays
        before = process_time()
        for _ in range(calls):
            await call()
        spent = process_time() - before
        gc.unfreeze()
        return spent * 1000 / calls


@asynccontextmanager
async def _bare(answers: Iterator[Reply] | None = None) -> AsyncGenerator[Call, None]:
    async with BareBot(sync=True, answers=answers) as bot:
        env = simcord.Env(bot)
        await env.start()
        try:
            guild = env.create_guild("Study group")
            hall, alice = guild.create_text_channel("study-hall"), guild.add_member(env.create_user("alice"))
            yield lambda: alice.slash(hall, "nothing")
            env.raise_errors()
        finally:
            await env.shutdown()


@asynccontextmanager
async def _ours(folder: Path, pack: Pack, work: Work) -> AsyncGenerator[Call, None]:
    async with _fresh(folder, pack) as bot:
        env = simcord.Env(bot)
        await env.start()
        try:
            world = make_world(env, bot)
            await _mark_some(bot, world.guild.id, world.alice.id)
            yield await work(world, pack)
            env.raise_errors()
        finally:
            await env.shutdown()


@asynccontextmanager
async def _fresh(folder: Path, pack: Pack) -> AsyncGenerator[Syllabot, None]:
    """Yield the bot on an empty database of its own."""
    fresh = Path(tempfile.mkdtemp(dir=folder)) / "syllabot.db"
    shutil.copy(folder / "migrated.db", fresh)
    async with assembled(fresh, pack, FakeClock(), scheduler=DrivenScheduler(timezone="UTC"), paced=False) as bot:
        yield bot


async def _earn_some(bot: Syllabot, guild_id: int, user_id: int) -> None:
    """Let members have points, the given one among them, all of them seen today."""
    now = FakeClock().now()

    def write(tx: Connection) -> None:
        for one in (user_id, *range(1000, 1000 + ON_BOARD - 1)):
            give(tx, one, 1 + one % 97, guild_id=guild_id)
            call(tx, {one: f"Member {one % 97}"}, now, guild_id=guild_id)

    await bot.database.write(write)


async def _mark_some(bot: Syllabot, guild_id: int, user_id: int) -> None:
    for topic_id in list(bot.services.packs.shipped.topics)[:MARKED]:
        await bot.services.roadmap.mark(guild_id, user_id, topic_id, State.DONE, confirmed=True)
