"""From process start to the first answered command, and the memory then: a real process at the stand-in of Discord."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from tests.bench.apart import BARE, flags_of
from tests.bench.row import Effort, Row
from tests.fakes.wire.process import SYLLABOT, BotProcess
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Person

BASELINE: Final = "bare discord.py bot with a no-op command, started alike"
BY_WORDS: Final = "tests.bench.by_words"
"""The bot without the extra ``semantic``: what the promises for its start were made for."""
MOST_SECONDS, MOST_MIB, MOST_MIB_SEMANTIC = 1.5, 90.0, 330.0


@dataclass(frozen=True, slots=True)
class Started:
    """One start: seconds until the first answer, and the main process's memory at that moment, in MiB."""

    seconds: float
    mib: float


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return the rows of the first start and of later ones.

    Args:
        effort: its rounds; every start is one call.
        folder: an empty one, for databases.
    """
    first: list[Started] = []
    first_bare: list[Started] = []
    later: list[Started] = []
    later_bare: list[Started] = []
    by_meaning: list[Started] = []
    for number in range(effort.rounds):
        data = folder / f"start{number}"
        data.mkdir()
        first_bare.append(await _start(data, BARE, "nothing", "sync"))
        first.append(await _start(data, BY_WORDS, "roadmap"))
        later_bare.append(await _start(data, BARE, "nothing"))
        later.append(await _start(data, BY_WORDS, "roadmap"))
        by_meaning.append(await _start(data, SYLLABOT, "roadmap"))
        shutil.rmtree(data)
    fresh, known = "new database, commands to sync", "existing database, commands synced"
    return [
        _seconds("Start to first answer", known, later, later_bare, MOST_SECONDS),
        _mib("Memory at first answer", known, later, later_bare, MOST_MIB),
        _seconds("First start to first answer", fresh, first, first_bare),
        _mib("Memory at first start's answer", fresh, first, first_bare),
        _seconds("Start with the extra semantic", known, by_meaning, later_bare),
        _mib("Memory with the extra semantic", known, by_meaning, later_bare, MOST_MIB_SEMANTIC),
    ]


def _seconds(name: str, workload: str, ours: list[Started], bare: list[Started], most: float | None = None) -> Row:
    return Row(name, workload, "s", [one.seconds for one in ours], BASELINE, [one.seconds for one in bare], most)


def _mib(name: str, workload: str, ours: list[Started], bare: list[Started], most: float | None = None) -> Row:
    return Row(name, workload, "MiB", [one.mib for one in ours], BASELINE, [one.mib for one in bare], most)


async def _start(data: Path, module: str, command: str, *arguments: str) -> Started:
    """Start a bot, use a command as soon as it is at the gateway, and return what it took."""
    flags = flags_of(module)
    async with Wire.serving() as wire, BotProcess.running(wire, data, module, arguments, flags=flags) as bot:
        await wire.identified()
        answer = await (await wire.command(Person("alice"), command)).answer()
        memory = psutil.Process(bot.pid).memory_info().rss
        return Started(answer.at - bot.started_at, memory / 2**20)
