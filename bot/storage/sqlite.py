"""The engine of one SQLite file: a single writer and two readers, each a thread of its own, and a glance in place.

A unit of work is a plain function of a SQLAlchemy connection. It runs in one hop on aiosqlite's thread, inside one
transaction: no await of Discord or HTTP can sit in it, and a cancelled caller can't tear it. That hop uses two private
names of aiosqlite (``_execute`` and ``_conn``), asserted when the database is opened; going statement by statement
through its public methods costs a thread switch each, about seven times as much. A reading that is short time and
again does without the hop (``glance.py``), on a connection that waits for nobody.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final, Self, TypeVar, cast

import aiosqlite
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from bot.errors import StorageError, SyllabotError
from bot.log import get_logger
from bot.storage.database import CANT_READ, NOT_SAVED, Database
from bot.storage.glance import Glances
from bot.storage.prepared import PreparedConnection

T = TypeVar("T")

READERS: Final = 2
BEGIN: Final = "BEGIN"
AT_A_STRETCH: Final = 0.002
"""Seconds of reading in place after which the next to read lets others come to their turn first."""
_KIND: Final = 0xFF
"""The part of SQLite's extended error codes that says of which kind an error is."""
LOG_PAGES: Final = 4_000
"""Pages in the log before they are moved into the database and it begins anew; 16 MiB.

Until the log has once been as long, each commit makes its file longer, and to have that on the disk too makes the
commit two thirds dearer. With 1,000 pages, what is moved is moved so often that a write costs 7 % more.
"""
PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA wal_autocheckpoint={LOG_PAGES}",
    "PRAGMA temp_store=MEMORY",
)

log = get_logger(__name__)


@dataclass(slots=True)
class _Lane:
    """One aiosqlite connection, its thread, and SQLAlchemy's connection over it, used on that thread only.

    SQLAlchemy's stays open: taking one from a pool for each unit costs as much as a small question.
    """

    connection: aiosqlite.Connection
    raw: sqlite3.Connection
    begin: str
    tx: Connection

    @classmethod
    async def open(cls, path: Path, begin: str, pragmas: tuple[str, ...]) -> Self:
        connection = await aiosqlite.connect(path, isolation_level=None)
        for pragma in pragmas:
            await connection.execute(pragma)
        raw: object = getattr(connection, "_conn", None)
        if not isinstance(raw, sqlite3.Connection) or not callable(getattr(connection, "_execute", None)):
            await connection.close()
            raise StorageError(
                "This version of aiosqlite has moved the names _conn or _execute that the storage rests on: "
                "install the version that requirements/bot.txt locks."
            )
        return cls(connection, raw, begin, await _on_thread(connection, partial(_connection, raw)))

    async def run(self, work: Callable[[Connection], T]) -> T:
        return await _on_thread(self.connection, lambda: _transaction(self.raw, self.tx, self.begin, work))

    async def close(self) -> None:
        if not self.tx.closed:
            await _on_thread(self.connection, self.tx.close)
        await self.connection.close()


def _transaction(raw: sqlite3.Connection, tx: Connection, begin: str, work: Callable[[Connection], T]) -> T:
    """Run a unit within a transaction of SQLite's; SQLAlchemy's lasts as long as its connection, and does nothing."""
    raw.execute(begin)
    try:
        done = work(tx)
        raw.commit()
        return done
    finally:
        if raw.in_transaction:
            raw.rollback()  # a COMMIT that failed leaves its transaction open


class _Glance:
    """A connection of the event loop's own thread, made at the first need. It reads, and waits for no lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: tuple[sqlite3.Connection, Connection] | None = None

    def run(self, work: Callable[[Connection], T]) -> T:
        if self._open is None:
            raw = sqlite3.connect(self._path, isolation_level=None)
            for pragma in (*PRAGMAS, "PRAGMA query_only=ON", "PRAGMA busy_timeout=0"):
                raw.execute(pragma)
            self._open = raw, _connection(raw)
        return _transaction(*self._open, BEGIN, work)

    def close(self) -> None:
        if self._open is not None:
            raw, tx = self._open
            self._open = None
            tx.close()
            raw.close()


async def _on_thread(connection: aiosqlite.Connection, work: Callable[[], T]) -> T:
    return cast("T", await connection._execute(work))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType]


_handed: Final = threading.local()


@cache
def _engine() -> Engine:
    """Return the one engine of this process: what it has compiled once serves every connection of every database."""
    # an error of the driver goes to the log, and its parameters are what members wrote
    return create_engine("sqlite://", creator=lambda: _handed.raw, poolclass=NullPool, hide_parameters=True)


def _connection(raw: sqlite3.Connection) -> Connection:
    """Return SQLAlchemy's connection over SQLite's."""
    _handed.raw = raw
    tx = PreparedConnection(_engine(), raw)
    tx.begin()
    return tx


def _cause(error: DBAPIError | sqlite3.Error) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _is_busy(error: DBAPIError | sqlite3.Error) -> bool:
    cause = _cause(error)
    return isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode & _KIND == sqlite3.SQLITE_BUSY


def _not_saved(cause: BaseException | None) -> str:
    """Return the sentence for whoever wanted something saved."""
    code = cause.sqlite_errorcode if isinstance(cause, sqlite3.Error) else sqlite3.SQLITE_BUSY
    if code & _KIND in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}:
        return (
            "That wasn't saved: the bot's disk is full or can't be written. What was saved before is safe; tell a "
            "moderator, and press again when there is room."
        )
    return NOT_SAVED


class SQLite(Database):
    """A database in a file of this machine."""

    def __init__(self, path: Path, writer: _Lane, readers: list[_Lane]) -> None:
        super().__init__(path)
        self._writer = writer
        self._readers = readers
        self._turn = 0
        self._glances, self._glance = Glances(), _Glance(path)
        self._now = asyncio.get_running_loop().time
        self._held = 0.0

    @classmethod
    async def connected(cls, path: Path) -> Self:
        """Open a database file that is at the current schema (see ``bot.storage.upgrade``).

        Raises:
            StorageError: where the file can't be opened.
        """
        lanes: list[_Lane] = []
        try:
            lanes.append(await _Lane.open(path, "BEGIN IMMEDIATE", PRAGMAS))
            while len(lanes) <= READERS:
                lanes.append(await _Lane.open(path, BEGIN, (*PRAGMAS, "PRAGMA query_only=ON")))
        except sqlite3.Error as error:
            for lane in lanes:
                await lane.close()
            raise StorageError(f"The database {path} can't be opened: {error}.") from error
        return cls(path, lanes[0], lanes[1:])

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` on a reader's thread; see ``Database.read``."""
        try:
            if self._glances.trusts(work):
                if self._held > AT_A_STRETCH:
                    self._held = 0.0
                    await asyncio.sleep(0)  # whoever reads in a loop lets others come to their turn, as on a thread
                try:
                    return self._in_place(work)
                except (DBAPIError, sqlite3.Error) as error:
                    if not _is_busy(error):
                        raise
            self._turn = (self._turn + 1) % len(self._readers)
            return await self._readers[self._turn].run(partial(self._timed, work))
        except (DBAPIError, sqlite3.Error) as error:
            self.errors += 1
            log.exception("database_read_failed", error=type(_cause(error)).__name__)
            raise StorageError(CANT_READ) from error

    def _in_place(self, work: Callable[[Connection], T]) -> T:
        began = self._now()
        try:
            return self._glance.run(work)
        finally:
            took = self._now() - began
            self._held += took
            self._glances.in_place(work, took)

    def _timed(self, work: Callable[[Connection], T], tx: Connection) -> T:
        began = self._now()
        try:
            return work(tx)
        finally:
            self._glances.on_thread(work, self._now() - began)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` on the writer's thread; see ``Database.write``."""
        try:
            return await self._writer.run(work)
        except SyllabotError:
            raise
        except (DBAPIError, sqlite3.Error) as error:
            self.errors += 1
            log.exception("database_write_failed", error=type(_cause(error)).__name__)
            raise StorageError(_not_saved(_cause(error))) from error

    async def close(self) -> None:
        """Close every connection; what was acknowledged is on disk already."""
        self._glance.close()
        for lane in [*self._readers, self._writer]:
            await lane.close()
