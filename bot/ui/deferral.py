"""A deferral that begins by itself when work takes longer than a first answer may."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeVar

import discord

T = TypeVar("T")

DEFER_AFTER: Final = 1.2
"""Seconds. Discord takes a first answer within 3 s; this leaves the rest to a slow network."""


class Deferral:
    """A deferral that begins by itself when work takes longer than a first answer may."""

    def __init__(self, interaction: discord.Interaction[Any], defer: Callable[[], Coroutine[Any, Any, object]]) -> None:
        self._interaction = interaction
        self._defer = defer
        self._task: asyncio.Task[object] | None = None

    @property
    def begun(self) -> bool:
        """Whether the interaction was deferred."""
        return self._task is not None or self._interaction.response.is_done()

    async def within_patience(self, work: Awaitable[T]) -> T:
        """Return the outcome of ``work``; by then the interaction is deferred, if it had to be."""
        # A timer costs far less than a task around work that is nearly always quick.
        timer = asyncio.get_running_loop().call_later(DEFER_AFTER, self._begin)
        try:
            return await work
        finally:
            timer.cancel()
            if self._task is not None:
                await self._task

    def _begin(self) -> None:
        if not self._interaction.response.is_done():
            self._task = asyncio.ensure_future(self._defer())
