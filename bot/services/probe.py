"""Whether the bot can do its work right now, for whoever watches over the process."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.domain.frozen import frozen
from bot.errors import StorageError
from bot.services.tally import Tally
from bot.storage import bot_state
from bot.storage.database import Database

WITHIN: Final = 2.0
"""Seconds that the database may take for one small write."""
LOOKED_WITHIN: Final = timedelta(seconds=60)
"""How long ago posts that are due were last looked for at most."""
PROBED: Final = "probe"
"""The name under which the database is written to."""


@frozen
class Figures:
    """What the process has counted since its start.

    Attributes:
        tally: what the posts came to.
        database_errors: how often the database failed.
        backup_age: how old the newest backup is; None where there is none.
    """

    tally: Tally
    database_errors: int
    backup_age: timedelta | None


class ProbeService:
    """Looks at the database and at the clockwork of the posts."""

    def __init__(self, database: Database, clock: Clock, tally: Tally, backups: Path) -> None:
        """Take what is looked at; ``backups`` is the folder that backups are put into."""
        self._database = database
        self._clock = clock
        self._tally = tally
        self._backups = backups

    async def faults(self) -> dict[str, str]:
        """Return what keeps the bot from its work, by a short word for each; nothing where all is well."""
        found: dict[str, str] = {}
        now = self._clock.now()
        try:
            async with asyncio.timeout(WITHIN):
                await self._database.write(lambda tx: bot_state.put(tx, PROBED, now.isoformat()))
        except TimeoutError:
            found["database"] = f"no write within {WITHIN:g} s"
        except StorageError:
            found["database"] = "takes no writes"
        looked_at = self._tally.looked_at
        if looked_at is None:
            found["posts"] = "not looked for yet"
        elif (ago := now - looked_at) > LOOKED_WITHIN:
            found["posts"] = f"last looked for {ago.total_seconds():.0f} s ago"
        return found

    async def figures(self) -> Figures:
        """Return what was counted."""
        # the bot backs up a file; a server's backups are its operator's
        at_a_file = self._database.path is not None
        newest = await asyncio.to_thread(_newest, self._backups) if at_a_file else None
        age = None if newest is None else self._clock.now() - newest
        return Figures(self._tally, self._database.errors, age)


def _newest(folder: Path) -> datetime | None:
    """Return when the newest backup in a folder was written, in UTC."""
    times = [one.stat().st_mtime for one in folder.glob("*.db")] if folder.is_dir() else []
    return datetime.fromtimestamp(max(times), tz=UTC) if times else None
