"""Notices when the bot itself was away: a heartbeat in the database, and an outage where it stood still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.cluster import Share, whole
from bot.domain.outage import AWAY_FROM
from bot.errors import StorageError
from bot.log import get_logger
from bot.storage import bot_state
from bot.storage import outage as store
from bot.storage.database import Database

HEARTBEAT: Final = "heartbeat"
"""The name under which the bot remembers when it was last alive."""

log = get_logger(__name__)


class OutageService:
    """Keeps the heartbeat, and records every absence that is more than a restart: those of a day are added up."""

    def __init__(self, database: Database, clock: Clock, share: Callable[[], Share] = whole) -> None:
        self._database = database
        self._clock = clock
        self._share = share

    async def beat(self) -> None:
        """Note that the bot is alive; where the last note is five minutes old or more, record the outage until now.

        A clock that was set back cuts what was recorded after it: nobody was away in a time that has not come yet.
        Nothing is raised: it is logged, and the next beat finds the same gap.
        """
        now, share = self._clock.now(), self._share()
        try:
            began = await self._database.write(lambda tx: _noted(tx, now, share))
        except StorageError:
            log.exception("heartbeat_not_saved")
            return
        if began is not None:
            log.warning("outage_recorded", cluster=share.label, began_at=began.isoformat(), ended_at=now.isoformat())


def _noted(tx: Connection, now: datetime, share: Share) -> datetime | None:
    """Write the heartbeat of a process; return since when it was away, None where it was not."""
    name = f"{HEARTBEAT} {share.label}".strip()
    kept = bot_state.get(tx, name)
    last = None if kept is None else datetime.fromisoformat(kept)
    bot_state.put(tx, name, now.isoformat())
    if last is None:
        return None
    if last > now:
        store.cut(tx, now, share)
        return None
    if now - last < AWAY_FROM:
        return None
    store.add(tx, last, now, share)
    return last
