"""Brings a PostgreSQL database to the schema of this code: one process changes it, the others wait for that one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from sqlalchemy import URL, Connection, inspect, text

from bot.errors import StorageError
from bot.log import get_logger
from bot.storage.migrations import REVISIONS
from bot.storage.postgresql import TROUBLE, engine_of, said
from bot.storage.upgrade import make_all, run_alembic

T = TypeVar("T")

CHANGING: Final = 0x53796C6C61626F74
"""The advisory lock of whoever changes the schema."""
_LOCK: Final = text("SELECT pg_advisory_xact_lock(:key)")

_MEND: Final = "See that the server runs, and that DATABASE_URL names it, a database and a user who may use it."

log = get_logger(__name__)


async def prepare(url: URL) -> str:
    """Make the database at ``url`` usable by this code and return what was done, in a sentence.

    Raises:
        StorageError: where the server can't be reached, or the database was written by newer code or isn't ours.
    """
    return await _change(url, partial(_prepared, url))


def _prepared(url: URL, tx: Connection) -> str:
    found = _revision(url, tx)
    if found == REVISIONS[-1]:
        return f"The database {url} is up to date (schema {found})."
    if found is None:
        make_all(tx)
        return f"The tables were made in the database {url}."
    if found not in REVISIONS:
        raise StorageError(
            f"The database {url} has schema {found}; this version of Syllabot knows only up to {REVISIONS[-1]}. Run "
            "the newer version again, or restore a dump from before the upgrade."
        )
    run_alembic(tx, "upgrade", "head")
    log.info("database_upgraded", was=found, now=REVISIONS[-1])
    return f"The database was upgraded from schema {found} to {REVISIONS[-1]}."


async def prepare_apart(url: URL) -> str:
    """Do as ``prepare``, in a process of its own where there is something to migrate.

    Alembic is needed for a moment and would stay in memory for good.

    Raises:
        StorageError: as ``prepare``.
    """
    found = await revision(url)
    if found not in REVISIONS[:-1]:
        return await prepare(url)
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  (a megabyte, for few starts)
    from multiprocessing import get_context  # noqa: PLC0415

    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        return await asyncio.get_running_loop().run_in_executor(process, prepare_now, url)


def prepare_now(url: URL) -> str:
    """Do as ``prepare``, for whoever has no event loop."""
    return asyncio.run(prepare(url))


async def revision(url: URL) -> str | None:
    """Return the schema revision of a database; None for one without tables.

    Raises:
        StorageError: where the server can't be reached, or the database isn't ours.
    """
    return await look(url, partial(_revision, url))


async def look(url: URL, work: Callable[[Connection], T]) -> T:
    """Return what ``work`` reads in a database, whether or not the bot is running.

    Raises:
        StorageError: where it can't be read.
    """
    engine = engine_of(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(work)
    except TROUBLE as error:
        raise StorageError(f"The database {url} can't be read ({said(error)}). {_MEND}") from None
    finally:
        await engine.dispose()


async def migrate(url: URL, to: str = "head") -> None:
    """Run the migrations on a database, forward to ``to`` ("head": the newest).

    Raises:
        StorageError: where the database does not take them; it is then as it was.
    """
    await _change(url, lambda tx: run_alembic(tx, "upgrade", to))


async def take_down(url: URL, to: str) -> None:
    """Run the migrations on a database backward to ``to`` ("base": no tables)."""
    await _change(url, lambda tx: run_alembic(tx, "downgrade", to))


async def _change(url: URL, work: Callable[[Connection], T]) -> T:
    """Return what ``work`` comes to, in one transaction, while nobody else changes the schema."""
    engine = engine_of(url, patient=True)
    try:
        async with engine.begin() as connection:
            await connection.execute(_LOCK, {"key": CHANGING})
            return await connection.run_sync(work)
    except TROUBLE as error:
        raise StorageError(
            f"The database {url} can't be made ready ({said(error)}). Nothing was changed. {_MEND}"
        ) from None
    finally:
        await engine.dispose()


def _revision(url: URL, tx: Connection) -> str | None:
    tables = inspect(tx).get_table_names()
    if "alembic_version" not in tables:
        if tables:
            raise StorageError(f"{url} is a database, but not one of Syllabot's. Name an empty one.")
        return None
    return tx.execute(text("SELECT version_num FROM alembic_version")).scalar()
