"""Forgetting in time: servers that the bot was removed from, and records that have served their purpose."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.log import get_logger
from bot.storage import retention as store
from bot.storage.database import Database

KEPT_AFTER_REMOVAL: Final = timedelta(days=30)
"""Whoever invites the bot back within this time finds everything as it was."""

log = get_logger(__name__)


class RetentionService:
    """Notes where the bot is, and deletes what is kept no longer."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def note_removed(self, guild_id: int) -> None:
        """Take note that the bot was removed from a server; its data goes 30 days later."""
        now = self._clock.now()
        await self._database.write(lambda tx: store.put_removed(tx, guild_id, now))
        log.info("guild_removed", guild_id=guild_id)

    async def note_back(self, guild_id: int) -> None:
        """Take note that the bot is in a server (again)."""
        await self._database.write(lambda tx: store.put_back(tx, guild_id))

    async def compare(self, here: Collection[int]) -> None:
        """Note what happened while the bot was away: ``here`` are the ids of all servers that it is in."""
        now = self._clock.now()
        known, removed = await self._database.read(lambda tx: (store.known_guilds(tx), store.removed(tx)))
        gone, back = known - set(here) - removed.keys(), removed.keys() & set(here)
        if not gone and not back:
            return

        def write(tx: Connection) -> None:
            for guild_id in gone:
                store.put_removed(tx, guild_id, now)
            for guild_id in back:
                store.put_back(tx, guild_id)

        await self._database.write(write)
        log.info("guilds_compared", gone=len(gone), back=len(back))

    async def tick(self) -> None:
        """Delete the servers whose time is over, one a transaction, and old records."""
        now = self._clock.now()
        before = now - KEPT_AFTER_REMOVAL
        removed = await self._database.read(store.removed)
        for guild_id in [one for one, since in removed.items() if since <= before]:
            if await self._database.write(partial(_purged, guild_id=guild_id, before=before)):
                log.info("guild_purged", guild_id=guild_id)
        forgotten = await self._database.write(lambda tx: store.forget_old(tx, now))
        if forgotten:
            log.info("old_records_deleted", count=forgotten)


def _purged(tx: Connection, guild_id: int, before: datetime) -> bool:
    """Delete a server, unless the bot came back to it meanwhile."""
    since = store.removed_at(tx, guild_id)
    if since is None or since > before:
        return False
    store.purge(tx, guild_id)
    return True
