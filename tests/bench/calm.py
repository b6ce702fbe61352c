"""Waits until the machine's cores are calm, so that what is measured is the program's own and not a neighbor's.

Where another machine of the same host works on the other half of a core, everything on it takes about twice its CPU
time, for seconds, and what has the larger working set more than that: the ratio of two programs is not spared. The
books of the system say nothing of it. So a fixed piece of work is timed on every core before a round and after it.
"""

from __future__ import annotations

import asyncio
import os
import time
from typing import Final

DISTURBED: Final = 1.4
"""Times the least that the fixed work ever took, from which on somebody else is at work: calm is 1.0 to 1.25."""
PATIENCE, FOR_LONG = 45.0, 600.0
"""Seconds in all that a process waits, and with ``FULL=1``; after that it measures whatever there is."""
EVERY: Final = 0.2
TRIES: Final = 3
AT_FIRST: Final = 100

_NUMBERS: Final = tuple(range(1_000))


class Calm:
    """What is known of the machine's cores. ``waited`` is how many seconds were waited for them, in all."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.waited = 0.0
        self._patience = patience
        self._least: dict[int, float] = {}

    def disturbed(self) -> bool:
        """Whether somebody else is at work on one of the cores now; a system that can't tell a core says no."""
        if not hasattr(os, "sched_setaffinity"):
            return False
        ours = os.sched_getaffinity(0)
        try:
            return any([self._took(core) > DISTURBED for core in sorted(ours)])  # noqa: C419  (each core is looked at)
        finally:
            os.sched_setaffinity(0, ours)

    async def wait(self) -> None:
        """Return once no core is disturbed, or patience is at its end."""
        while self.waited < self._patience and self.disturbed():
            await asyncio.sleep(EVERY)
            self.waited += EVERY

    def _took(self, core: int) -> float:
        """Return how long the fixed work takes on a core, as times the least it ever took there."""
        os.sched_setaffinity(0, {core})
        tries = TRIES if core in self._least else AT_FIRST
        took = min(_work() for _ in range(tries))
        self._least[core] = min(took, self._least.get(core, took))
        return took / self._least[core]


def _work() -> float:
    """Do the fixed work; return the CPU seconds of this thread that it took, about a tenth of a millisecond."""
    began, total = time.thread_time(), 0
    for _ in range(10):
        for number in _NUMBERS:
            total += number
    return time.thread_time() - began


MACHINE: Final = Calm(FOR_LONG if os.environ.get("FULL") else PATIENCE)
"""The machine that this process runs on."""
