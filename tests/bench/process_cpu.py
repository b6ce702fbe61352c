"""CPU per command of a real bot process over the wire: what an operator pays, without any simulator in the figure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle
from pathlib import Path
from typing import Any, Final

import psutil

from bot.domain.pack import Pack
from bot.packs.load import load_pack
from bot.settings import ROOT
from bot.ui.topic import TopicPress, TopicVerb
from tests.bench.row import Effort, Row
from tests.bench.start import BARE
from tests.fakes.wire.process import BotProcess
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Person

BASELINE: Final = "bare discord.py bot, one no-op slash command, alike"
WARM_UP: Final = 20
MARKED: Final = 15
"""Topics that the member has behind them."""


PROMISED: Final = {"roadmap": 3.0, "faq question": 3.0}
"""At most so many times the bare bot's CPU."""


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return one row for each command.

    Args:
        effort: rounds and calls; at least 100, because the clock of another process ticks in hundredths of a second.
        folder: an empty one, for databases.
    """
    pack = load_pack(ROOT / "content" / "ml-engineer")
    alice = Person("alice")
    calls = max(effort.calls, 100)
    works: dict[str, Iterable[dict[str, Any]]] = {
        "roadmap": cycle([{}]),
        "roadmap topic": cycle({"topic": topic_id} for topic_id in pack.topics),
        "faq question": cycle({"question": entry.phrasings[0]} for entry in pack.entries.values()),
        "help": cycle([{}]),
    }
    ours: dict[str, list[float]] = {name: [] for name in works}
    beside: list[float] = []
    async with Wire.serving() as wire, BotProcess.running(wire, folder) as bot:
        await wire.identified()
        await _seed(wire, alice, pack)
        async with Wire.serving() as bare_wire, BotProcess.running(bare_wire, folder, BARE) as bare:
            await bare_wire.identified()
            for _ in range(effort.rounds):
                beside.append(await _milliseconds(bare_wire, bare, alice, "nothing", cycle([{}]), calls))
                for name, options in works.items():
                    ours[name].append(await _milliseconds(wire, bot, alice, name.split()[0], options, calls))
    return [
        Row(
            f"Process CPU: /{name}",
            f"a member with {MARKED} topics done",
            "ms",
            figures,
            BASELINE,
            beside,
            most_times=PROMISED.get(name),
        )
        for name, figures in ours.items()
    ]


async def _seed(wire: Wire, person: Person, pack: Pack) -> None:
    for topic_id in list(pack.topics)[:MARKED]:
        press = TopicPress(verb=TopicVerb.DONE_ANYWAY, topic_id=topic_id, owner=person.id)
        await (await wire.press(person, press.custom_id)).answer()


async def _milliseconds(
    wire: Wire, bot: BotProcess, person: Person, command: str, options: Iterable[dict[str, Any]], calls: int
) -> float:
    """Return the CPU time that one command takes of the bot's process, in ms."""
    process = psutil.Process(bot.pid)
    before = 0.0
    for number, given in zip(range(-WARM_UP, calls), options, strict=False):
        if number == 0:
            before = _spent(process)
        answer = await (await wire.command(person, command, **given)).answer()
        assert answer.type == 4, answer
    return (_spent(process) - before) * 1000 / calls


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
