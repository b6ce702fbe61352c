"""The bot's memory, whichever engine keeps it: a SQLite file of this machine, or a PostgreSQL server.

A unit of work is a plain function of a SQLAlchemy connection. It changes nothing but the database, and reads nothing
that a second run would find otherwise: where a server ends a transaction for the sake of another one, it is run again.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import SettingsError

T = TypeVar("T")
Place = Path | URL
"""Where a database is: a SQLite file, or a PostgreSQL server. The text of a URL shows no password."""

DRIVER: Final = "postgresql+asyncpg"
CANT_READ: Final = "That can't be read just now: the database is busy. Try again in a minute."
NOT_SAVED: Final = "That wasn't saved: the database is busy. Nothing is lost; press again in a minute."


class Database(ABC):
    """The bot's memory. Open it with ``Database.open``; close it when done. ``errors`` counts its failures.

    Attributes:
        path: the SQLite file; None where a server keeps the database.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.errors = 0

    @staticmethod
    async def open(place: Place) -> Database:
        """Open a database that is at the current schema (see ``bot.storage.upgrade`` and ``bot.storage.server``).

        Raises:
            StorageError: where it can't be opened.
            SettingsError: where it is a server's, and what speaks to one is not installed.
        """
        # each engine's drivers are in memory only where it is used
        if isinstance(place, URL):
            from bot.storage.postgresql import PostgreSQL  # noqa: PLC0415

            return await PostgreSQL.connected(place)
        from bot.storage.sqlite import SQLite  # noqa: PLC0415

        return await SQLite.connected(place)

    @abstractmethod
    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` in a read transaction, which sees the database as of one moment, and return its result.

        Raises:
            StorageError: where the database can't be read now.
        """

    @abstractmethod
    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` as if no other write ran at the same time; it is on disk when this returns.

        Raises:
            StorageError: where nothing was saved, or where nobody can say; its sentence tells which.
        """

    @abstractmethod
    async def close(self) -> None:
        """Close every connection; what was acknowledged is on disk already."""


def place_of(path: Path, url: str | None) -> Place:
    """Return where the database is: at ``url`` where one is set, else the SQLite file.

    Raises:
        SettingsError: where the address is none of PostgreSQL's.
    """
    if url is None:
        return path
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.drivername not in {DRIVER, "postgresql", "postgres"} or not parsed.database:
        raise SettingsError(
            f"DATABASE_URL: expected {DRIVER}://user:password@host:5432/database, or nothing for a SQLite file."
        )
    return parsed.set(drivername=DRIVER)
