"""Looking a database file over, proving that a copy can be put back, and putting it back."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.domain.frozen import frozen
from bot.errors import StorageError
from bot.storage.backup import STAMP, BackupStoppedError, Stop, backup, copy, never
from bot.storage.migrations import REVISIONS
from bot.storage.upgrade import mark, revision

_BESIDE: Final = ("", "-wal", "-shm")
_STEPS: Final = 100_000
"""Of SQLite's virtual machine, from one question whether to go on to the next: some milliseconds."""


@frozen
class Checked:
    """A database file that was found whole: its schema, and how many rows its tables have in all."""

    path: Path
    schema: str
    rows: int


def check(path: Path, stop: Stop = never) -> Checked:
    """Look a database file over: every page, every index, every reference, and the schema.

    Raises:
        BackupStoppedError: where ``stop``, which is asked again and again, says so.
        StorageError: naming what is wrong with it.
    """
    if not path.is_file():
        raise StorageError(f"There is no file {path}. Name a database, or a file of the backup folder.")
    found = revision(path)
    if found is None:
        raise StorageError(f"The database {path} is empty. Restore a backup with python -m bot db restore.")
    if found not in REVISIONS:
        raise StorageError(
            f"{path} has schema {found}; this version of Syllabot knows only up to {REVISIONS[-1]}. Use the newer "
            "version, or another backup."
        )
    try:
        with closing(sqlite3.connect(path, timeout=5)) as connection:
            connection.set_progress_handler(stop, _STEPS)
            wrong = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            loose = connection.execute("PRAGMA foreign_key_check").fetchall()
            rows = _rows(connection)
    except sqlite3.Error as error:
        if stop():
            raise BackupStoppedError from error
        raise StorageError(f"{path} can't be read ({error}). Use another backup.") from error
    if wrong != "ok":
        raise StorageError(f"{path} is damaged ({wrong}). Use another backup.")
    if loose:
        raise StorageError(f"{path} has {len(loose)} rows without what they refer to, in {loose[0][0]}. Use another.")
    return Checked(path, found, rows)


def prove(copied: Path, stop: Stop = never) -> Checked:
    """Restore a copy into a temporary file, check that one, and delete it again.

    Raises:
        StorageError: where the copy can't be put back, or is not whole.
    """
    try:
        with tempfile.TemporaryDirectory(dir=copied.parent, prefix=f"{copied.stem}-proof-") as folder:
            restored = Path(folder) / "restored.db"
            copy(copied, restored, stop)
            found = check(restored, stop)
            with closing(sqlite3.connect(f"{copied.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                rows = _rows(connection)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"The backup {copied} can't be put back ({error}). Make another one.") from error
    if found.rows != rows:
        raise StorageError(f"The backup {copied} has {rows} rows, and {found.rows} after it is put back. Make another.")
    return Checked(copied, found.schema, rows)


def proved_backup(path: Path, label: str, now: datetime, folder: Path, stop: Stop = never) -> Checked:
    """Make a backup and prove it; one that can't be proved is not kept.

    Raises:
        BackupStoppedError: where ``stop`` says so.
        StorageError: where it can't be made or is not whole.
    """
    copied: Path | None = None
    try:
        copied = backup(path, label, now, folder, stop)
        return prove(copied, stop)
    except BackupStoppedError:
        if copied is not None:
            copied.unlink(missing_ok=True)
        raise
    except (OSError, sqlite3.Error, StorageError) as error:
        if copied is not None:
            copied.unlink(missing_ok=True)
        said = error.sentence if isinstance(error, StorageError) else str(error)
        raise StorageError(
            f"The backup of {path} into {folder} failed: {said.rstrip('.')}. See that the folder can be written "
            "and has room (BOT_BACKUP_DIR names it), and that python -m bot db check finds the database whole."
        ) from error


def restore(path: Path, copied: Path, now: datetime) -> Path | None:
    """Put a copy in the place of the database; return where the file from before is kept, if there was one.

    Raises:
        StorageError: where the copy is not whole or from newer code, or a bot has the database open; nothing was
            changed.
    """
    check(copied)
    require_nobody_in(path)
    fresh = path.with_name(f"{path.name}.restoring")
    kept = path.with_name(f"{path.name}.before-restore-{now.astimezone(UTC):{STAMP}}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        copy(copied, fresh)
        # from here on a start without the file refuses, and names a backup
        mark(path)
        had_one = path.exists()
        for end in _BESIDE:
            old = path.with_name(f"{path.name}{end}")
            if old.exists():
                old.replace(path.with_name(f"{kept.name}{end}"))
        fresh.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(
            f"{copied} can't be put in the place of {path} ({error}). The file from before is {path}, or {kept} where "
            "that is there. Make room on the disk and try again."
        ) from error
    return kept if had_one else None


def require_nobody_in(path: Path) -> None:
    """Refuse where another process has the database open; a damaged file is open to nobody."""
    if not path.exists():
        return
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path, timeout=0.2, isolation_level=None)) as one:
        try:
            # every connection in WAL mode holds a shared lock on the file; this asks for it alone
            one.execute("PRAGMA locking_mode=EXCLUSIVE")
            one.execute("BEGIN EXCLUSIVE")
            one.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise StorageError(f"A bot has the database {path} open. Stop it first, then restore.") from error


def _rows(connection: sqlite3.Connection) -> int:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return sum(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables)  # noqa: S608
