"""CPU and latency of every command of a real bot over sockets, beside a bot that does nothing but answer.

Each bot and each stand-in of Discord is a process of its own, three of each. The bots are called by turns, in rounds,
and each round is compared within itself, while nobody disturbs the machine (``calm``). With ``BENCH_PROFILE`` in the
environment, a folder, each kind of call is made once more under cProfile, whose figures are left there.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import product
from math import ceil
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from bot.domain.pack import Pack
from bot.packs.load import load_pack
from bot.settings import ROOT
from tests.bench import profiled
from tests.bench.apart import BARE, DRAWN, FEW, SEARCH_READY, Bot, Discord
from tests.bench.calm import MACHINE
from tests.bench.command_kinds import FIRST, NOTHING, PICTURED, READS, WRITES, Kind, Scene
from tests.bench.row import Effort, Row
from tests.bench.seeded import Population, members_of, seed
from tests.bench.start import BY_WORDS

BASELINE: Final = "bare discord.py bot, one no-op slash command, alike"
GUILDS: Final = (1, 100, 1_000)
FEW_GUILDS: Final = (3,)
WARM_UP: Final = PICTURED
STARTS: Final = 3
"""Processes of each bot that are called by turns: which memory one happens to get moves its figures by a tenth."""
SPARE: Final = 12
"""Rounds, of all kinds together, that may be measured anew where somebody disturbed the machine."""
LEAST_MEMBERS: Final = 5
"""Members of each guild."""
AFTERWARDS: Final = 0.3
"""Seconds of rest after which what a first answer leaves to be done has been done, and is counted with it."""
FIRST_OVER: Final = "asked first once the bot has settled after its start; the bot's own process"
FIRSTS: Final = ("/roadmap", "/faq question", "/today", "/leaderboard", "Start, Done on a topic")


@dataclass(frozen=True, slots=True)
class Round:
    """What one round took of one bot: CPU in ms a call, and how long each answer took, in ms."""

    cpu: float
    answers: Sequence[float]


@dataclass(frozen=True, slots=True)
class Side:
    """What a kind of call took of one bot: CPU in ms, for each round; and how long each answer took, in ms."""

    cpu: list[float] = field(default_factory=list[float])
    answers: list[float] = field(default_factory=list[float])

    def add(self, measured: Round) -> None:
        """Take the figures of a round."""
        self.cpu.append(measured.cpu)
        self.answers.extend(measured.answers)


@dataclass(frozen=True, slots=True)
class Pair:
    """Our bot and the bare one, with as many guilds."""

    ours: Bot
    bare: Bot
    scene: Scene
    bare_scene: Scene


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return one row for each kind of call and number of guilds, and those of first answers.

    Args:
        effort: rounds, and calls of each kind in one.
        folder: an empty one, for databases.
    """
    pack = load_pack(ROOT / "content" / "ml-engineer")
    rows: list[Row] = []
    shown = effort.calls < FEW
    starts = 1 if shown else STARTS
    wanted = ceil((effort.rounds + SPARE) / starts) * (effort.calls + WARM_UP) + effort.calls
    for guilds in FEW_GUILDS if shown else GUILDS:
        each = max(ceil(wanted / guilds), LEAST_MEMBERS)
        async with AsyncExitStack() as running:
            pairs: list[Pair] = []
            for start in range(starts):
                data = folder / f"guilds{guilds}-{start}"
                data.mkdir()
                pairs.append(await running.enter_async_context(pair(data, guilds, each, pack, patient=not shown)))
            await asyncio.gather(*(bot.at_rest() for both in pairs for bot in (both.ours, both.bare)))
            rows += await _with_guilds(pairs, effort, guilds)
    data = folder / "first"
    data.mkdir()
    return rows + await _first_answers(data, max(effort.rounds // 4, 1), pack, patient=not shown)


@asynccontextmanager
async def pair(folder: Path, guilds: int, each: int, pack: Pack, *, patient: bool) -> AsyncGenerator[Pair]:
    """Start both bots at stand-ins of their own, ours on a seeded database.

    Args:
        folder: an empty one.
        guilds: how many both are in.
        each: members of each guild.
        pack: the content.
        patient: whether the rest of both is waited for, when that is asked for.
    """
    launcher = profiled.MODULE if os.environ.get(profiled.FOLDER) else BY_WORDS
    async with Discord.standing(guilds) as ours_at, Discord.standing(guilds) as bare_at:
        there = await seed(folder / "syllabot.db", ours_at.guilds, each, pack)
        nobody = Population(members_of(guilds, each), 0, ())
        async with (
            Bot.running(ours_at, folder, launcher, patient=patient) as ours,
            Bot.running(bare_at, folder, BARE, patient=patient) as bare,
        ):
            yield Pair(ours, bare, Scene(pack, there), Scene(pack, nobody))


async def _with_guilds(pairs: Sequence[Pair], effort: Effort, guilds: int) -> list[Row]:
    kinds = (*READS, *WRITES)
    ours, beside = {one.name: Side() for one in kinds}, {one.name: Side() for one in kinds}
    # each belongs to one kind alone: who has answered a post has it done
    spare = iter(range(effort.rounds, effort.rounds + SPARE))
    for number, kind in product(range(effort.rounds), kinds):
        bare, mine = await _calm_round(pairs, kind, effort.calls, number)
        while pairs[0].ours.patient and MACHINE.disturbed() and (number := next(spare, -1)) >= 0:
            bare, mine = await _calm_round(pairs, kind, effort.calls, number)
        beside[kind.name].add(bare)
        ours[kind.name].add(mine)
    if os.environ.get(profiled.FOLDER):
        both, after = pairs[0], ceil((effort.rounds + SPARE) / len(pairs)) * (effort.calls + WARM_UP)
        for kind in kinds:
            with profiled.watching(both.ours.process.pid, f"{kind.name} {guilds}"):
                await both.ours.discord.do(kind.acts(both.scene, after, effort.calls))
    said = "1 server" if guilds == 1 else f"{guilds:,} servers"
    return [_row(kind, said, ours[kind.name], beside[kind.name]) for kind in kinds]


async def _calm_round(pairs: Sequence[Pair], kind: Kind, calls: int, number: int) -> tuple[Round, Round]:
    """Return what a round took of the bare bot and of ours, begun when nobody disturbs the machine."""
    turn, which = divmod(number, len(pairs))
    both = pairs[which]
    await _calm(both.ours)
    bare = await _round(both.bare, NOTHING, both.bare_scene, calls, turn)
    return bare, await _round(both.ours, kind, both.scene, calls, turn)


async def _calm(bot: Bot) -> None:
    if bot.patient:
        await MACHINE.wait()


async def _round(bot: Bot, kind: Kind, scene: Scene, calls: int, turn: int) -> Round:
    first = turn * (calls + WARM_UP)
    await bot.discord.do(kind.acts(scene, first, WARM_UP))
    if kind.pictured:
        await bot.at_rest(0, DRAWN)
    acts = kind.acts(scene, first + WARM_UP, calls)
    before = bot.cpu()
    answers = await bot.discord.do(acts)
    return Round((bot.cpu() - before) * 1000 / calls, answers)


def _row(kind: Kind, guilds: str, ours: Side, beside: Side) -> Row:
    also = {f"p{number} ms": (_at(ours.answers, number), _at(beside.answers, number)) for number in (50, 99)}
    over = f"{guilds}; {kind.workload}"
    name = f"CPU: {kind.name}"
    return Row(name, over, "ms", ours.cpu, BASELINE, beside.cpu, most_times=kind.most_times, also=also)


def _at(figures: Sequence[float], percent: int) -> float:
    return quantiles(figures, n=100, method="inclusive")[percent - 1]


async def _first_answers(folder: Path, rounds: int, pack: Pack, *, patient: bool) -> list[Row]:
    """Return what the first answer after a start costs, each of a process of its own."""
    kinds = [one for one in (*READS, *WRITES) if one.name in (FIRSTS if patient else FIRSTS[:1])]
    nobody = Scene(pack, Population(members_of(1, 1), 0, ()))
    ours: dict[str, list[_First]] = {one.name: [] for one in kinds}
    async with Discord.standing(1) as bare_at:
        beside = [await _first(bare_at, folder, BARE, NOTHING, nobody, patient) for _ in range(rounds)]
    for number, kind in ((number, kind) for number in range(rounds) for kind in kinds):
        data = folder / f"{kinds.index(kind)}-{number}"
        data.mkdir()
        async with Discord.standing(1) as ours_at:
            there = await seed(data / "syllabot.db", ours_at.guilds, LEAST_MEMBERS, pack)
            ours[kind.name].append(await _first(ours_at, data, BY_WORDS, kind, Scene(pack, there), patient))
    return [_first_row(kind, ours[kind.name], beside) for kind in kinds]


@dataclass(frozen=True, slots=True)
class _First:
    """CPU of a first answer with all that it leaves to be done, in ms: of the bot's process, and of what draws."""

    own: float
    drawing: float


def _first_row(kind: Kind, ours: Sequence[_First], beside: Sequence[_First]) -> Row:
    """Return the row of a kind's first answers.

    What draws is started at the first picture and lasts; no answer but that of a picture alone waits for it. It is
    told beside.
    """
    alike = "the bare bot's first answer after its start"
    drawing = median(one.drawing for one in ours)
    also = {"ms of the process that draws, its start with it": (drawing, 0.0)} if drawing else {}
    sides = [one.own for one in ours], alike, [one.own for one in beside]
    return Row(f"CPU: first answer, {kind.name}", FIRST_OVER, "ms", *sides, most_times=FIRST, also=also)


async def _first(discord: Discord, folder: Path, module: str, kind: Kind, scene: Scene, patient: bool) -> _First:
    async with Bot.running(discord, folder, module, patient=patient) as bot:
        await bot.at_rest(SEARCH_READY)
        await _calm(bot)
        own, drawing = bot.own_cpu(), bot.children_cpu()
        await discord.do(kind.acts(scene, 0, 1))
        await bot.at_rest(0, AFTERWARDS)
        return _First((bot.own_cpu() - own) * 1000, (bot.children_cpu() - drawing) * 1000)
