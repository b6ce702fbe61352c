"""How fast we may call Discord."""

from __future__ import annotations

import asyncio
from types import TracebackType

from aiolimiter import AsyncLimiter


class Pace:
    """A limiter to be entered by every call; who comes first goes first.

    The limiter's own waiters are overtaken by whoever comes when there is room, so only one at a time waits in it.
    """

    def __init__(self, a_second: float, burst: float) -> None:
        """Take how many calls may go in a second, and how many, one at least, at once after a pause."""
        self._limiter = AsyncLimiter(burst, burst / a_second)
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> None:
        async with self._turn:
            await self._limiter.acquire()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return
