"""Which database engines are measured. The one place of the benchmarks that knows how each is made ready.

SQLite is a file in the folder of the run. PostgreSQL is a server of our own, durable as usual, or the one
that ``TEST_DATABASE_URL`` names, in a database that is made anew.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from bot.storage.database import DRIVER, Database
from bot.storage.server import prepare
from bot.storage.upgrade import migrate
from tests.fakes.postgresql import fresh, own_server

SQLITE: Final = "SQLite"
POSTGRESQL: Final = "PostgreSQL"
ENGINES: Final = (SQLITE, POSTGRESQL)
"""Every group that measures units of work does so on each of these."""
_DURABLE: Final = ("fsync=on", "full_page_writes=on", "synchronous_commit=on", "autovacuum=on")
_NAME: Final = "syllabot_bench"


@asynccontextmanager
async def opened(engine: str, folder: Path) -> AsyncGenerator[Database]:
    """Open an empty database of an engine, at the current schema; it ends with the block.

    Args:
        engine: one of ``ENGINES``.
        folder: where a file may lie; no other of these lies there.
    """
    with ExitStack() as standing:
        if engine == SQLITE:
            place = folder / "syllabot.db"
            migrate(place)
        else:
            given = os.environ.get("TEST_DATABASE_URL")
            server = make_url(given) if given else standing.enter_context(own_server(*_DURABLE)).url()
            place = await fresh(server.set(drivername=DRIVER), _NAME)
            await prepare(place)
        database = await Database.open(place)
        try:
            yield database
        finally:
            await database.close()
