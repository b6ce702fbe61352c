"""A bot and its Discord, each in a process of its own, so that what is measured is the bot's alone."""

from __future__ import annotations

import asyncio
import compileall
import sys
import sysconfig
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import aiohttp
import psutil

from bot.settings import ROOT
from bot.ui.text import TROUBLE
from tests.fakes.wire.process import AS_SHIPPED, BotProcess

Act: TypeAlias = dict[str, Any]
"""What somebody does, as ``tests.fakes.wire.control`` takes it."""

BARE: Final = "tests.bench.bare"
FEW: Final = 20
"""Calls below which a run is only shown to work."""
QUIET_FOR, QUIET, QUIET_WITHIN = 0.5, 0.02, 40.0
"""A bot is at rest when it used less than a fiftieth of half a second's CPU; waited for so long at most."""
DRAWN: Final = 0.2
"""Seconds of rest after which what draws has nothing more to draw: at work it takes all the CPU that there is."""
SEARCH_READY, FIRST_TICK = 3.5, 12.0
"""Seconds after its start by which the bot has begun to measure its search, and had its first look for due posts."""


@dataclass(frozen=True, slots=True)
class Discord:
    """A stand-in of Discord in a process of its own. ``base`` is its address, ``guilds`` the ids of its guilds."""

    base: str
    guilds: Sequence[int]
    session: aiohttp.ClientSession

    @classmethod
    @asynccontextmanager
    async def standing(cls, guilds: int, more: int = 0) -> AsyncGenerator[Discord]:
        """Start one with so many guilds, each with ``more`` channels and roles than a few; it ends with the block."""
        command = (sys.executable, "-m", "tests.fakes.wire", str(guilds), str(more))
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        try:
            base = (await process.stdout.readline()).decode().strip()
            no_hurry = aiohttp.ClientTimeout(total=None)
            async with aiohttp.ClientSession(base, timeout=no_hurry) as session:
                state = await (await session.get("/stand-in/state")).json()
                yield cls(base, state["guilds"], session)
        finally:
            process.kill()
            await process.wait()

    async def identified(self) -> None:
        """Return once a bot has come to the gateway and was told of its guilds."""
        (await self.session.get("/stand-in/identified")).raise_for_status()

    async def do(self, acts: Sequence[Act]) -> list[float]:
        """Have things done one after the other, each when the one before was answered.

        Returns:
            How long each answer took, in ms, measured where Discord would.

        Raises:
            AssertionError: where the answer is an error's.
        """
        response = await self.session.post("/stand-in/burst", json={"acts": list(acts)})
        response.raise_for_status()
        took = await response.json()
        for act, one in zip(acts, took, strict=True):
            embeds: list[dict[str, Any]] = one["data"].get("embeds") or []
            assert not any(embed.get("color") == TROUBLE.value for embed in embeds), f"{act} was answered by {embeds}"
        return [one["ms"] for one in took]


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot at its stand-in.

    Attributes:
        patient: whether its rest is waited for; not where a run is only shown to work.
    """

    discord: Discord
    process: BotProcess
    patient: bool

    @classmethod
    @asynccontextmanager
    async def running(cls, discord: Discord, folder: Path, module: str, *, patient: bool = True) -> AsyncGenerator[Bot]:
        """Start one on the data of a folder, and wait until it has come to the gateway."""
        async with BotProcess.running(discord, folder, module, flags=flags_of(module)) as process:
            await discord.identified()
            yield cls(discord, process, patient)

    def cpu(self) -> float:
        """Return the CPU seconds used so far by the bot's process, all its threads, and its children's, in ns steps.

        The clock is that of the process itself: psutil's figures tick in hundredths of a second.
        """
        return self.own_cpu() + self.children_cpu()

    def own_cpu(self) -> float:
        """Return the CPU seconds used so far by the bot's process alone, all its threads."""
        return _used(self.process.pid)

    def children_cpu(self) -> float:
        """Return the CPU seconds used so far by the bot's children: what draws pictures."""
        return sum(_used(one.pid) for one in psutil.Process(self.process.pid).children(recursive=True))

    def mib(self) -> float:
        """Return the resident memory of the bot's process, without its children, in MiB."""
        return psutil.Process(self.process.pid).memory_info().rss / 2**20

    async def at_rest(self, begun: float = FIRST_TICK, quiet_for: float = QUIET_FOR) -> None:
        """Return once the bot has done what it begins within so many seconds of its start.

        Args:
            begun: the seconds; 0 for what it has begun by now.
            quiet_for: seconds of rest that show it.
        """
        if not self.patient:
            return
        until = time.perf_counter() + QUIET_WITHIN
        await asyncio.sleep(max(self.process.started_at + begun - time.perf_counter(), 0))
        while time.perf_counter() < until:
            before = self.cpu()
            await asyncio.sleep(quiet_for)
            if self.cpu() - before < QUIET * quiet_for:
                return


def flags_of(module: str) -> Sequence[str]:
    """Return how a bot's interpreter is started: ours as the image starts it, the bare one as it comes."""
    return () if module == BARE else AS_SHIPPED


def compiled() -> None:
    """Compile what a bot imports, as the image does when it is built: no start is to be measured that compiles."""
    for folder in (ROOT / "bot", ROOT / "cogs", ROOT / "tests" / "fakes", Path(sysconfig.get_path("purelib"))):
        compileall.compile_dir(folder, quiet=2, optimize=2, workers=0)


def _used(pid: int) -> float:
    with suppress(OSError):
        # the number that clock_getcpuclockid(3) makes of a process
        return time.clock_gettime((~pid << 3) | 2)
    return 0.0
