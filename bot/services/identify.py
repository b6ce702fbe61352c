"""One IDENTIFY at a time from each bucket of shards, however many processes there are.

Whose turn it is stands in a row for each bucket, with the instant: nobody holds a lock that dies with a process, so the
pause is kept after a process that was killed right behind its IDENTIFY, too.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.cluster import IDENTIFY_EVERY, Turn, bucket_of, wait_for_turn
from bot.errors import StorageError
from bot.log import get_logger
from bot.storage import bot_state
from bot.storage.database import Database
from bot.storage.lease import lease_clock

BUCKET: Final = "identify {}"
"""The name under which a bucket's last turn is kept."""
LONGEST_NAP: Final = timedelta(seconds=1)
"""Between two looks at whose turn it is: a clock may be moved meanwhile."""

log = get_logger(__name__)


class IdentifyService:
    """Gives out the turns of one process.

    Attributes:
        max_concurrency: how many buckets Discord counts in.
    """

    def __init__(
        self, database: Database, clock: Clock, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self.max_concurrency = 1
        self._database = database
        self._clock = clock
        self._sleep = sleep
        self._turns: dict[int, str] = {}

    async def wait(self, shard_id: int) -> None:
        """Return once it is this shard's turn; it keeps the turn until somebody else takes it."""
        bucket = BUCKET.format(bucket_of(shard_id, self.max_concurrency))
        by = self._turns.setdefault(shard_id, token_hex(8))
        while (left := await self._left(bucket, by)) > timedelta():
            await self._sleep(min(left, LONGEST_NAP).total_seconds())

    async def use(self, shard_id: int) -> None:
        """Return at the instant at which this shard is to send its IDENTIFY; others of its bucket wait from now on."""
        await self.wait(shard_id)
        self._turns.pop(shard_id, None)

    async def _left(self, bucket: str, by: str) -> timedelta:
        """Take the turn, or return how long to wait for it."""
        try:
            return await self._database.write(lambda tx: _taken(tx, bucket, by, self._clock.now()))
        except StorageError:
            # without the rows nobody knows when the others began, and a bot without its database answers nothing
            log.warning("turn_not_taken", bucket=bucket)
            return IDENTIFY_EVERY


def _taken(tx: Connection, bucket: str, by: str, now: datetime) -> timedelta:
    # of several machines' clocks it is the server's that counts
    now, kept = lease_clock(tx, now), bot_state.get(tx, bucket)
    last = None if kept is None else _turn(kept)
    left = wait_for_turn(last, by, now)
    if not left:
        bot_state.put(tx, bucket, json.dumps({"by": by, "at": now.isoformat()}))
    return left


def _turn(kept: str) -> Turn:
    said: dict[str, str] = json.loads(kept)
    return Turn(said["by"], datetime.fromisoformat(said["at"]))
