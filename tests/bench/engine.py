"""Which database engine is measured. The one place of the benchmarks that knows how each is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.storage.database import Database

SQLITE: Final = "SQLite"
ENGINES: Final = (SQLITE,)
"""Every group that measures units of work does so on each of these."""


async def opened(path: Path, engine: str = SQLITE) -> Database:
    """Open a database that is at the current schema.

    Args:
        path: where it lies, made by ``migrate``.
        engine: one of ``ENGINES``.

    Raises:
        KeyError: for an engine that is not among them.
    """
    return await {SQLITE: Database.open}[engine](path)
