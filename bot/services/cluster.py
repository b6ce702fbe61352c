"""Which part of the bot this process is: its number is set, the number of shards is agreed on in the database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from bot.domain.cluster import ALL, Part, Share, shards_for
from bot.log import get_logger
from bot.storage import bot_state
from bot.storage.database import Database

SHARDS: Final = "shards"
"""The name under which the number of shards is kept."""

log = get_logger(__name__)


class ClusterService:
    """Knows this process's share, and settles how many shards there are.

    All processes must have the same number: with another one Discord sends a server's events to somebody else.
    """

    def __init__(self, database: Database, part: Part = ALL) -> None:
        """Take which process this is, as it is set."""
        self._database = database
        self._wanted = part.shards
        self._share = Share(part.cluster, part.clusters, shards_for(part.shards, 1, part.clusters))

    def share(self) -> Share:
        """Return this process's share, as far as it is settled."""
        return self._share

    @property
    def is_sharded(self) -> bool:
        """Whether the bot needs more than one connection."""
        return self._share.shards > 1

    async def recall(self) -> Share:
        """Take the number of shards that was kept, where none is set, and return the share.

        Raises:
            StorageError: where the database can't be read.
        """
        kept = await self._database.read(_kept)
        if kept is not None:
            self._take(self._wanted or kept)
        return self._share

    async def settle(self, recommended: Callable[[], Awaitable[int]]) -> Share:
        """Agree with the other processes on the number of shards, and return the share.

        Args:
            recommended: asks Discord; called where no number is set or kept, by the first process that comes.

        Raises:
            StorageError: where the database can't be used.
        """
        kept = await self._database.read(_kept)
        said = 0 if self._wanted or kept else await recommended()
        wanted = shards_for(self._wanted, said, self._share.clusters)
        is_set = bool(self._wanted)
        self._take(await self._database.write(lambda tx: _agreed(tx, wanted, is_set=is_set)))
        log.info("shards_settled", cluster=self._share.label, shards=self._share.shards)
        return self._share

    async def outgrown(self, recommended: int) -> bool:
        """Note how many shards Discord recommends now; return whether one process must start over with them.

        Where there are several processes, or a number is set, only the operator can change it: it is logged.

        Raises:
            StorageError: where the database can't be used.
        """
        if recommended <= self._share.shards:
            return False
        log.warning("more_shards_recommended", recommended=recommended, shards=self._share.shards)
        if self._wanted or not self._share.is_whole:
            return False
        await self._database.write(lambda tx: _agreed(tx, recommended, is_set=True))
        return True

    def _take(self, shards: int) -> None:
        self._share = replace(self._share, shards=shards_for(shards, 1, self._share.clusters))


def _kept(tx: Connection) -> int | None:
    kept = bot_state.get(tx, SHARDS)
    return None if kept is None else int(kept)


def _agreed(tx: Connection, wanted: int, *, is_set: bool) -> int:
    """Keep a number of shards and return which one holds: the one that is set, else the first one that came."""
    kept = _kept(tx)
    if kept is not None and (kept == wanted or not is_set):
        return kept
    bot_state.put(tx, SHARDS, str(wanted))
    return wanted
