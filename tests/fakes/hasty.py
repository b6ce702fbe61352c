"""A database for tests that write thousands of times."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from unittest.mock import patch

from bot.storage import sqlite as sqlite_module
from bot.storage.database import Database


@contextmanager
def hurried() -> Generator[None]:
    """Let no database that is opened meanwhile wait for the disk."""
    usual = sqlite_module.PRAGMAS
    pragmas = tuple(one.replace("synchronous=FULL", "synchronous=OFF") for one in usual)
    assert pragmas != usual
    with patch.object(sqlite_module, "PRAGMAS", pragmas):
        yield


@asynccontextmanager
async def hasty(path: Path) -> AsyncGenerator[Database]:
    """Open a database that does not wait for the disk: thousands of durable writes would measure the disk alone."""
    with hurried():
        database = await Database.open(path)
    try:
        yield database
    finally:
        await database.close()
