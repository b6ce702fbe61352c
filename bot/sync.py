"""Brings the commands to Discord: only when they changed, and again later where Discord did not take them."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp
import discord
from discord import app_commands

from bot.clock import Clock
from bot.domain.cluster import Share, whole
from bot.domain.frozen import frozen
from bot.log import get_logger
from bot.services.trouble import Trouble
from bot.storage import bot_state
from bot.storage.database import Database

COMMANDS: Final = "commands"
"""The name under which the bot remembers what it last synced, and what kept it from syncing."""
AGAIN: Final = timedelta(minutes=15)
WITHIN: Final = 60.0
"""Seconds for one try: discord.py would wait out a limit of a day, and the bot with it."""
FAILURES: Final = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)

log = get_logger(__name__)


@frozen
class SyncFailure:
    """When Discord last did not take the commands, and why."""

    at: datetime
    why: str


def failure_in(kept: str | None) -> SyncFailure | None:
    """Return what kept the commands from being synced, by what the database holds under ``COMMANDS``."""
    failed: dict[str, str] | None = json.loads(kept).get("failed") if kept else None
    return None if failed is None else SyncFailure(datetime.fromisoformat(failed["at"]), failed["why"])


class CommandSync:
    """The commands of one bot.

    Attributes:
        ids: the commands' ids at Discord, as far as they are known.
    """

    def __init__(
        self,
        tree: app_commands.CommandTree[Any],
        database: Database,
        clock: Clock,
        share: Callable[[], Share] = whole,
    ) -> None:
        self.ids: dict[str, int] = {}
        self._tree = tree
        self._database = database
        self._clock = clock
        self._share = share
        self._failed = False

    async def sync(self) -> None:
        """Sync the commands unless they are what was last synced: Discord allows few changes a day.

        Where Discord does not take them, the bot goes on with those of before. Of several processes the first one
        does it; the others take from it what the commands' ids are.
        """
        wanted = self._hash()
        kept = await self._database.read(lambda tx: bot_state.get(tx, COMMANDS))
        known: dict[str, Any] = json.loads(kept) if kept else {}
        known.pop("failed", None)
        if known.get("hash") == wanted:
            self._failed = False
        elif not self._share().leads:
            self._failed = True
        else:
            known = await self._synced(wanted, known)
        self.ids = known.get("ids", {})
        value = json.dumps(known)
        if value != kept and self._share().leads:
            await self._database.write(lambda tx: bot_state.put(tx, COMMANDS, value))

    async def try_again(self, tell: Callable[[Trouble, str], Awaitable[object]]) -> None:
        """Sync again where the last try failed, and tell whoever runs the bot where this one does too.

        A process that leaves it to another looks whether that one has done so.
        """
        if not self._failed:
            return
        await self.sync()
        if self._failed and self._share().leads:
            await tell(
                Trouble.COMMANDS,
                "Discord does not take the commands of this version, so new ones are missing and old ones may fail. "
                f"The bot tries again every {AGAIN // timedelta(minutes=1)} minutes. *python -m bot doctor* says why.",
            )

    async def _synced(self, wanted: str, known: dict[str, Any]) -> dict[str, Any]:
        """Have Discord take the commands, and return what is then known of them."""
        try:
            async with asyncio.timeout(WITHIN):
                synced = await self._tree.sync()
        except FAILURES as error:
            self._failed = True
            why = _why(error)
            log.warning("commands_not_synced", why=why, again_in=AGAIN.total_seconds())
            return known | {"failed": {"at": self._clock.now().isoformat(), "why": why}}
        self._failed = False
        log.info("commands_synced", count=len(synced))
        return {"hash": wanted, "ids": {command.name: command.id for command in synced}}

    def _hash(self) -> str:
        declared = [command.to_dict(self._tree) for command in self._tree.get_commands()]
        text = json.dumps([self._tree.client.application_id, declared], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def _why(error: discord.HTTPException | aiohttp.ClientError | OSError) -> str:
    if isinstance(error, discord.HTTPException):
        return f"status {error.status}, code {error.code}"
    return f"no answer ({type(error).__name__})"
