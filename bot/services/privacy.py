"""What is kept about a member in a server: shown, handed out as files, deleted."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.frozen import frozen
from bot.domain.guard import guarded
from bot.log import get_logger
from bot.services.group import take_out
from bot.services.names import NamesService
from bot.storage import group as group_store
from bot.storage import privacy as store
from bot.storage.database import Database

SAFE_NUMBER: Final = 2**53
"""From here on many readers of JSON round: ids are written as texts."""

log = get_logger(__name__)


@frozen
class Export:
    """Everything about a member in a server, as files. ``rows``: how many there are."""

    as_json: bytes
    as_csv: bytes
    rows: int


class PrivacyService:
    """Use-cases of **My data**. All of it is about whoever asks, in the server where it is asked."""

    def __init__(self, database: Database, names: NamesService, clock: Clock) -> None:
        self._database = database
        self._names = names
        self._clock = clock

    async def kept(self, guild_id: int, user_id: int) -> Mapping[str, int]:
        """Return how much is kept about a member, by what it is."""
        return await self._database.read(lambda tx: store.counts(tx, guild_id, user_id))

    async def export(self, guild_id: int, user_id: int) -> Export:
        """Return everything that is kept about a member; the ids of others are left out."""
        tables = await self._database.read(lambda tx: store.rows(tx, guild_id, user_id))
        plain = {
            name: [{column: _plain(value) for column, value in row.items()} for row in rows]
            for name, rows in tables.items()
        }
        about = {"server": str(guild_id), "member": str(user_id), "made_at": self._clock.now().isoformat()}
        text = json.dumps({**about, "kept": plain}, ensure_ascii=False, indent=1)
        return Export(text.encode(), _csv(plain), sum(map(len, plain.values())))

    async def delete(self, guild_id: int, user_id: int) -> None:
        """Delete what is kept about a member, for good. A study group is left first, as if by hand.

        Raises:
            StorageError: where nothing was deleted.
        """
        now = self._clock.now()

        def write(tx: Connection) -> None:
            mine = group_store.group_of(tx, guild_id, user_id)
            group = None if mine is None else group_store.get(tx, guild_id, mine)
            if group is not None:
                take_out(tx, group, user_id, now)
            store.erase(tx, guild_id, user_id, now)

        await self._database.write(write)
        # the press that asked for it was noted too, and would be written in a moment
        self._names.forget(guild_id, user_id)
        log.info("member_data_deleted", guild_id=guild_id)


def _plain(value: object) -> Any:  # noqa: ANN401  (what JSON takes)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, int) and abs(value) >= SAFE_NUMBER:
        return str(value)
    return value


def _csv(tables: Mapping[str, list[dict[str, Any]]]) -> bytes:
    """Return the rows with one value a line, since every table has columns of its own."""
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(("table", "row", "column", "value"))
    for name, rows in tables.items():
        for number, row in enumerate(rows, start=1):
            for column, value in row.items():
                lines.writerow((name, number, column, guarded("" if value is None else str(value))))
    # spreadsheets take UTF-8 for what it is by this mark
    return written.getvalue().encode("utf-8-sig")
