"""Waiting for something to have happened, without looking at a clock again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE = 15.0
"""Seconds after which what did not happen counts as a failure."""


class Signal:
    """Wakes those who wait for a condition whenever something has changed."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[None], Callable[[], bool]] = {}

    def changed(self) -> None:
        """Say that something has changed."""
        for future, condition in list(self._waiting.items()):
            if not future.done() and condition():
                future.set_result(None)

    async def until(self, condition: Callable[[], bool], within: float = PATIENCE) -> None:
        """Return once ``condition`` holds.

        Raises:
            TimeoutError: where it does not within so many seconds.
        """
        if condition():
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[future] = condition
        try:
            async with asyncio.timeout(within):
                await future
        finally:
            del self._waiting[future]
