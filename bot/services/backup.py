"""The nightly backup: made while the bot runs, proved by restoring it, kept for days and weeks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Final

from bot.clock import Clock
from bot.domain.frozen import frozen
from bot.errors import StorageError
from bot.log import get_logger
from bot.storage import backup as store
from bot.storage.backup import Status
from bot.storage.restore import Checked, proved_backup

HOUR: Final = 3
"""Hour of the day, in UTC, from which on a day's backup is due."""

log = get_logger(__name__)


@frozen
class Keeping:
    """Where backups go, and of how many days and weeks one is kept."""

    folder: Path
    days: int = 7
    weeks: int = 4


class BackupService:
    """Makes backups of a database file. It works on files, in a thread, and never on the bot's own connections."""

    def __init__(
        self, path: Path, keeping: Keeping, clock: Clock, tell: Callable[[str], Awaitable[object]] | None = None
    ) -> None:
        """Take the file, where its backups go, the clock, and what tells the bot's owner of one that failed."""
        self._tell = tell
        self._path = path
        self._keeping = keeping
        self._clock = clock
        self._stopping = Event()

    async def tick(self) -> None:
        """Make the day's backup where it is due; one that failed is tried again at the next turn.

        Cancelled, it has what is under way given up, leaves nothing of it, and returns.
        """
        now = self._clock.now()
        last = await asyncio.to_thread(store.last_nightly, self._path, self._keeping.folder)
        status = await asyncio.to_thread(store.status_of, self._keeping.folder)
        failed = status is not None and status.trouble
        if last is not None and last >= _due(now) and not failed:
            return
        try:
            await asyncio.to_thread(self.make, store.NIGHTLY)
        except asyncio.CancelledError:
            # the process waits for its threads before it ends; the scheduler would log a cancelled job as a failed one
            self._stopping.set()
            log.info("backup_stopped")
        except StorageError as error:
            log.error("backup_failed", reason=error.sentence)  # noqa: TRY400  (the sentence says it all)
            if self._tell is not None:
                await self._tell(f"Last night's backup failed: {error.sentence} It is tried again every 20 minutes.")

    def make(self, label: str) -> Checked:
        """Make a backup, prove it, note how it went, and delete those that are kept no longer.

        Raises:
            BackupStoppedError: where ``tick`` was cancelled meanwhile; nothing is noted.
            StorageError: where it can't be made or is not whole. It is noted too, and no older one is deleted.
        """
        now, folder = self._clock.now(), self._keeping.folder
        try:
            proved = proved_backup(self._path, label, now, folder, self._stopping.is_set)
        except StorageError as error:
            self._note(Status(now.isoformat(), "", error.sentence))
            raise
        self._note(Status(now.isoformat(), proved.path.name, ""))
        gone = store.prune(self._path, folder, now, self._keeping.days, self._keeping.weeks)
        log.info("backup_made", rows=proved.rows, deleted=len(gone))
        return proved

    def _note(self, status: Status) -> None:
        try:
            store.put_status(self._keeping.folder, status)
        except OSError as error:
            log.warning("backup_status_not_noted", error=type(error).__name__)


def _due(now: datetime) -> datetime:
    """Return the instant from which on a backup counts for now."""
    today = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return today if now >= today else today - timedelta(days=1)
