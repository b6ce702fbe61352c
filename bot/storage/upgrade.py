"""Brings a database file to the schema of this code: refuses what it can't trust, backs up, then migrates."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from bot.errors import StorageError
from bot.log import get_logger
from bot.storage.backup import backup, restore_hint
from bot.storage.database import Place
from bot.storage.migrations import REVISIONS
from bot.storage.schema import WHERE
from bot.storage.tables import metadata

T = TypeVar("T")

MIGRATIONS: Final = Path(__file__).parent / "migrations"

log = get_logger(__name__)


def prepare(path: Path, now: datetime, backups: Path | None = None) -> str:
    """Make the database at ``path`` usable by this code and return what was done, in a sentence.

    Args:
        path: the database file; made where there never was one.
        now: names the backup that is taken before an upgrade.
        backups: the folder of backups; the one beside the database by default.

    Raises:
        StorageError: where the file is corrupt, has vanished or been emptied, was written by newer code, or can't be
            written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return _prepared(path, now, backups)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(
            f"The database {path} can't be made ready ({error}). Give the bot a folder it may write in, with room on "
            "the disk, that no other bot is using: BOT_DATA_DIR names it."
        ) from error


def _prepared(path: Path, now: datetime, backups: Path | None) -> str:
    found = revision(path, backups) if path.exists() else None
    if found is None and _marker(path).exists():
        raise StorageError(
            f"The database {path} is gone, though there was one. {restore_hint(path, backups)} "
            f"To begin with an empty one on purpose, delete {_marker(path)}."
        )
    if not path.exists():
        _make_new(path)
        mark(path)
        return f"A new database was made at {path}."
    if found == REVISIONS[-1]:
        mark(path)
        return f"The database {path} is up to date (schema {found})."
    if found is not None and found not in REVISIONS:
        raise StorageError(
            f"The database {path} has schema {found}; this version of Syllabot knows only up to {REVISIONS[-1]}. "
            f"Run the newer version again, or restore a backup from before the upgrade. {restore_hint(path, backups)}"
        )
    was = found or "empty"
    saved = backup(path, was, now, backups)
    migrate(path)
    mark(path)
    log.info("database_upgraded", was=was, now=REVISIONS[-1])
    return f"The database was upgraded from schema {was} to {REVISIONS[-1]}; the file from before is {saved}."


def prepare_apart(path: Path, now: datetime, backups: Path | None = None) -> str:
    """Do as ``prepare``, in a process of its own where there is something to migrate.

    Alembic is needed for a moment and would stay in memory for good.

    Raises:
        StorageError: as ``prepare``.
    """
    if not path.exists() or not path.stat().st_size or revision(path, backups) == REVISIONS[-1]:
        return prepare(path, now, backups)
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  (a megabyte, for few starts)
    from multiprocessing import get_context  # noqa: PLC0415

    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        return process.submit(prepare, path, now, backups).result()


def revision(path: Path, backups: Path | None = None) -> str | None:
    """Return the schema revision of a database file; None for one without tables.

    Raises:
        StorageError: where the file is no sound SQLite database of ours, or its write-ahead log was taken from it.
    """
    _require_log(path, backups)
    try:
        with closing(sqlite3.connect(path, timeout=5)) as connection:
            problems = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if problems != "ok":
                raise StorageError(f"The database {path} is damaged ({problems}). {restore_hint(path, backups)}")
            if "alembic_version" not in tables:
                if tables:
                    raise StorageError(f"{path} is a database, but not one of Syllabot's. Name another file.")
                return None
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            return None if row is None else str(row[0])
    except sqlite3.Error as error:
        raise StorageError(f"The database {path} can't be read ({error}). {restore_hint(path, backups)}") from error


def _require_log(path: Path, backups: Path | None) -> None:
    """Refuse where the write-ahead log was taken from a database that was not closed.

    SQLite makes the log before its index (``-shm``) and deletes it after; an index alone is left by nobody but whoever
    deleted or moved the log. SQLite itself would go on without the last things that were saved, and say nothing.
    """
    log_file, index = (path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm"))
    if index.exists() and not log_file.exists():
        raise StorageError(
            f"{log_file} is gone, and what was saved last stood in it. Put it back beside {path.name}. "
            f"{restore_hint(path, backups)} To go on without it on purpose, delete {index}."
        )


def revision_of(place: Place) -> str | None:
    """Return the schema revision of a database, file or server's; for whoever has no event loop.

    Raises:
        StorageError: where it is none of ours or can't be read.
    """
    if isinstance(place, Path):
        return revision(place)
    from bot.storage import server  # noqa: PLC0415  (an extra)

    return asyncio.run(server.revision(place))


def look_at(place: Place, work: Callable[[Connection], T]) -> T:
    """Return what ``work`` reads in a database, file or server's; for whoever has no event loop.

    Raises:
        StorageError: where it can't be read.
    """
    if isinstance(place, Path):
        return look(place, work)
    from bot.storage import server  # noqa: PLC0415  (an extra)

    return asyncio.run(server.look(place, work))


def look(path: Path, work: Callable[[Connection], T]) -> T:
    """Return what ``work`` reads in a database file at the current schema, whether or not the bot is running.

    Raises:
        StorageError: where the file can't be read.
    """
    engine = create_engine(f"sqlite:///file:{quote(str(path.resolve()))}?mode=ro&uri=true")
    try:
        with engine.connect() as connection:
            return work(connection)
    except DBAPIError as error:
        raise StorageError(f"The database {path} can't be read ({error.orig}). {restore_hint(path)}") from error
    finally:
        engine.dispose()


def migrate(path: Path, to: str = "head") -> None:
    """Run the migrations on a database file, forward to ``to`` ("head": the newest).

    Raises:
        StorageError: where the file does not take them; it is then as it was.
    """
    _run_alembic(path, "upgrade", to)


def take_down(path: Path, to: str) -> None:
    """Run the migrations on a database file backward to ``to`` ("base": no tables)."""
    _run_alembic(path, "downgrade", to)


def _make_new(path: Path) -> None:
    with _schema_change(path) as connection:
        make_all(connection)


def _run_alembic(path: Path, direction: str, to: str) -> None:
    with _schema_change(path) as connection:
        run_alembic(connection, direction, to)


def make_all(connection: Connection) -> None:
    """Make the tables of the newest schema; a test proves them equal to what the migrations make."""
    if connection.dialect.name == "postgresql":
        for index in (one for table in metadata.sorted_tables for one in table.indexes if WHERE in one.info):
            index.dialect_kwargs["postgresql_where"] = text(str(index.info[WHERE]))
    metadata.create_all(connection)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": REVISIONS[-1]})


def run_alembic(connection: Connection, direction: str, to: str) -> None:
    """Run the migrations in the transaction of a connection: ``upgrade`` or ``downgrade``, to a revision."""
    # Alembic costs memory and start-up time, and is needed on few starts.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    getattr(command, direction)(config, to)


@contextmanager
def _schema_change(path: Path) -> Generator[Connection]:
    """Give a connection in one transaction, so that a change that is killed leaves nothing behind.

    Raises:
        StorageError: where the file does not take the change; it is then as it was.
    """
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            # sqlite3 by itself begins no transaction before DDL
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
    except DBAPIError as error:
        raise StorageError(
            f"The schema of {path} can't be changed now ({error.orig}). Nothing was changed: stop whatever else uses "
            "the file, and try again."
        ) from error
    finally:
        engine.dispose()


def mark(path: Path) -> None:
    """Note that there is a database: a start that finds none then refuses to begin with an empty one."""
    _marker(path).touch()


def _marker(path: Path) -> Path:
    """Return the file whose presence says that there was a database once."""
    return path.with_name(f"{path.name}.exists")
