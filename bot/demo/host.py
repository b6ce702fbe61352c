"""The bot's process, as it were: builds the real bot on one database file, and replaces it by a fresh one."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import simcord

from bot.app import assembled
from bot.client import Syllabot
from bot.demo.clock import DemoClock, DrivenScheduler
from bot.domain.pack import Pack
from bot.services.outage import HEARTBEAT
from bot.storage import bot_state
from bot.storage.database import Database
from bot.storage.due import next_due

SETTLE_WITHIN: Final = 15.0
"""Seconds a handler may take before SimCord calls its outcome uncertain; on Discord a deferred one has 15 minutes."""


class Host:
    """Holds a world and the bot in it. Enter it to start both.

    Attributes:
        database: the demo's own way into the bot's database.
    """

    def __init__(self, database_path: Path, pack: Pack, clock: DemoClock) -> None:
        self._path = database_path
        self._pack = pack
        self._clock = clock
        self._running = AsyncExitStack()
        self._closing = AsyncExitStack()
        self.restarts = 0
        self.bot: Syllabot
        self.scheduler: DrivenScheduler
        self.env: simcord.Env
        self.database: Database

    async def __aenter__(self) -> Self:
        self.database = await Database.open(self._path)
        self._closing.push_async_callback(self.database.close)
        self.bot = await self._build(self._running)
        self.env = simcord.Env(self.bot, check_errors=False, settle_timeout=SETTLE_WITHIN)
        self._clock.follow(self.env)
        try:
            await self.env.start()
        except BaseException:
            await self._running.aclose()
            await self._closing.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.env.shutdown()
        finally:
            await self._running.aclose()
            await self._closing.aclose()

    async def next_due(self) -> datetime | None:
        """Return when the bot has something to do next that stands in its database."""
        return await self.database.read(next_due)

    async def note_alive(self, until: datetime) -> None:
        """Note that the bot was alive until an instant, as its job of every minute would have on the way there."""
        await self.database.write(lambda tx: bot_state.put(tx, HEARTBEAT, until.isoformat()))

    async def restart(self) -> None:
        """End the bot and start a fresh one on the same database, as after a new release."""
        following = AsyncExitStack()
        bot = await self._build(following)
        await self.env.restart_bot(bot)
        await self._running.aclose()
        self.bot, self._running = bot, following
        self.restarts += 1

    async def _build(self, stack: AsyncExitStack) -> Syllabot:
        self.scheduler = DrivenScheduler()
        return await stack.enter_async_context(
            assembled(self._path, self._pack, self._clock, scheduler=self.scheduler, paced=False)
        )
