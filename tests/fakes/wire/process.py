"""A bot in a real process, against the stand-in."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Final, Protocol

from bot.settings import ROOT

TOKEN: Final = ".".join(("stand" * 5, "in-wre", "o" * 27))
"""Nobody's token, in the form of one."""
SYLLABOT: Final = "tests.fakes.wire.run_bot"
AS_SHIPPED: Final = ("-OO",)
"""How the image starts the interpreter: without docstrings and assertions, which take five megabytes."""


class Somewhere(Protocol):
    """A stand-in that serves, here or in a process of its own."""

    @property
    def base(self) -> str:
        """Its address."""
        ...


class BotProcess:
    """A running bot. ``started_at`` is the moment before its process was made, on ``time.perf_counter``."""

    def __init__(self, inner: asyncio.subprocess.Process, log: Path, started_at: float) -> None:
        self.inner = inner
        self.log = log
        self.started_at = started_at

    @classmethod
    @asynccontextmanager
    async def running(
        cls,
        wire: Somewhere,
        data_dir: Path,
        module: str = SYLLABOT,
        arguments: Sequence[str] = (),
        within: Sequence[str] = (),
        flags: Sequence[str] = (),
    ) -> AsyncGenerator[BotProcess, None]:
        """Start a bot; kill it at the end if it still runs.

        Args:
            wire: the Discord it comes to.
            data_dir: an existing folder where its database lies or will lie; its log is ``log.txt`` there.
            module: the launcher; it gets the stand-in's address as its first argument.
            arguments: what it gets besides.
            within: a command that runs the one behind it, in its own process.
            flags: of the interpreter.
        """
        log = data_dir / "log.txt"
        with open(log, "ab") as sink:  # noqa: ASYNC230, PTH123  (opened once, before anything runs)
            started_at = perf_counter()
            inner = await asyncio.create_subprocess_exec(
                *within,
                *(sys.executable, *flags),
                *("-m", module, wire.base, *arguments),
                stdout=sink,
                stderr=sink,
                # a developer's own .env lies in the project's folder and must not be read
                cwd=data_dir,
                env=_environment({"DISCORD_TOKEN": TOKEN, "BOT_DATA_DIR": str(data_dir)}),
            )
        bot = cls(inner, log, started_at)
        try:
            yield bot
        finally:
            await bot.kill()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self.inner.pid

    async def kill(self) -> None:
        """Kill the process by SIGKILL, if it lives, and wait until it is gone."""
        if self.inner.returncode is None:
            self.inner.kill()
        await self.inner.wait()


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "DISCORD_"))}
    return {**kept, "PYTHONPATH": str(ROOT), **own}
