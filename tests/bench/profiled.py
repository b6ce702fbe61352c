"""Starts the bot so that cProfile can be switched on and off from outside; nothing of it is in the bot.

``BENCH_PROFILE`` names the folder. The first SIGUSR2 switches it on, the next one off; what was found, CPU time of the
event loop's thread, is written to the file that ``next`` in that folder names. Beside it lie the profile of the
database's units of work (``.units``) and the CPU time of each thread, from Linux's own books (``.threads``).
"""

from __future__ import annotations

import cProfile
import os
import pstats
import re
import runpy
import signal
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bot.storage import sqlite

FOLDER: Final = "BENCH_PROFILE"
MODULE: Final = "tests.bench.profiled"
WRITTEN_WITHIN: Final = 10.0


@contextmanager
def watching(pid: int, name: str) -> Generator[None]:
    """Profile the event loop's thread of a bot that this module started, and time all its threads, in the block.

    Args:
        pid: the bot's.
        name: what the file is called, without its suffix; what can't stand in a name becomes a hyphen.

    Raises:
        TimeoutError: where the bot does not write the file.
    """
    folder = Path(os.environ[FOLDER])
    file = folder / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}.prof"
    file.unlink(missing_ok=True)
    (folder / "next").write_text(str(file), encoding="utf-8")
    before = _threads(pid)
    os.kill(pid, signal.SIGUSR2)
    yield
    spent = {name: (after - before.get(name, 0.0)) * 1000 for name, after in _threads(pid).items()}
    os.kill(pid, signal.SIGUSR2)
    lines = [f"{spent[name]:10.2f} ms  {name}" for name in sorted(spent, key=lambda name: -spent[name])]
    file.with_suffix(".threads").write_text("\n".join(lines) + "\n", encoding="utf-8")
    until = time.monotonic() + WRITTEN_WITHIN
    while not file.exists():
        if time.monotonic() > until:
            raise TimeoutError(f"{file} was not written.")
        time.sleep(0.05)


def _threads(pid: int) -> dict[str, float]:
    """Return the CPU seconds of each thread of a process; the first is the event loop's."""
    books = sorted(Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return {one.parent.name: int(one.read_text(encoding="ascii").split()[0]) / 1e9 for one in books}


class Watch:
    """The profiles: the event loop's, and that of the database's units of work, which run on threads of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loop: cProfile.Profile | None = None
        self._units: list[cProfile.Profile] = []
        self._mine = threading.local()

    def ready(self) -> None:
        """Let SIGUSR2 switch both on and off."""
        sqlite._transaction = self._watched(sqlite._transaction)  # pyright: ignore[reportPrivateUsage]
        signal.signal(signal.SIGUSR2, self._toggle)

    def _toggle(self, _number: int, _frame: object) -> None:
        if self._loop is None:
            self._loop = cProfile.Profile(time.thread_time)
            self._loop.enable()
            return
        self._loop.disable()
        file = Path((self._folder / "next").read_text(encoding="utf-8"))
        if self._units:
            pstats.Stats(*self._units).dump_stats(file.with_suffix(".units"))
        self._loop.dump_stats(file.with_suffix(".new"))
        self._loop = None
        self._units.clear()
        file.with_suffix(".new").replace(file)

    def _watched(self, transaction: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: object) -> object:
            # what is read in place stands in the event loop's own profile
            if self._loop is None or threading.current_thread() is threading.main_thread():
                return transaction(*arguments)
            profile = self._of_thread(self._loop)
            profile.enable()
            try:
                return transaction(*arguments)
            finally:
                profile.disable()

        return watched

    def _of_thread(self, loop: cProfile.Profile) -> cProfile.Profile:
        """Return this thread's own profile, a new one after each switching on."""
        if getattr(self._mine, "of", None) is not loop:
            self._mine.of, self._mine.profile = loop, cProfile.Profile(time.thread_time)
            self._units.append(self._mine.profile)
        return self._mine.profile


if __name__ == "__main__":
    Watch(Path(os.environ[FOLDER])).ready()
    runpy.run_module("tests.bench.by_words", run_name="__main__")
