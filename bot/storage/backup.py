"""Copies of the database file: made while the bot runs, kept for a while, found again."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias

from bot.domain.frozen import frozen
from bot.errors import StorageError, SyllabotError

STAMP: Final = "%Y%m%dT%H%M%SZ"
NIGHTLY: Final = "nightly"
OTHERS_KEPT: Final = timedelta(days=30)
"""Copies from before an upgrade or made by hand, and files that a restore replaced."""
_NAME: Final = re.compile(r"-(\d{8}T\d{6}Z)-([\w.]+)\.db$")
_REPLACED: Final = re.compile(r"\.before-restore-(\d{8}T\d{6}Z)(-wal|-shm)?$")
_STATUS: Final = "last.json"
_BEGUN: Final = re.compile(r"-(\d{8}T\d{6}Z)-[\w.]+\.unfinished(-journal)?$|-(\d{8}T\d{6}Z)-[\w.]+-proof-")
"""What a backup under way writes: where its process was killed, it stays behind."""
_PAGES: Final = 256
"""Pages that are copied before it is asked whether to go on: a megabyte, a few milliseconds."""

Stop: TypeAlias = Callable[[], bool]
"""Says that the process is about to end."""


class BackupStoppedError(SyllabotError):
    """The process is about to end; what there was of a copy is deleted."""

    def __init__(self) -> None:
        super().__init__("The backup was stopped, because the bot was. It is made after the next start.")


def never() -> bool:
    """Go on, whatever happens."""
    return False


@frozen
class Status:
    """How the last backup went.

    Attributes:
        at: when, in ISO form, UTC.
        file: the name of the copy; empty where none was made.
        trouble: what went wrong; empty where the copy was restored into a temporary file and found whole.
    """

    at: str
    file: str
    trouble: str


def beside(path: Path) -> Path:
    """Return the folder of a database's copies where no other is set."""
    return path.parent / "backups"


def backup(path: Path, label: str, now: datetime, folder: Path | None = None, stop: Stop = never) -> Path:
    """Copy a database, consistent even under writes, and return the copy's path.

    Args:
        path: the database file.
        label: says in the copy's name what it is for.
        now: stands in the copy's name.
        folder: where to; ``backups/`` beside the database by default.
        stop: asked again and again whether to give up.

    Raises:
        BackupStoppedError: where it was given up; no part of a copy is left.
        OSError, sqlite3.Error: where it can't be read or written; no part of a copy is left.
    """
    folder = folder or beside(path)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{path.stem}-{now.astimezone(UTC):{STAMP}}-{label}{path.suffix}"
    # a copy that was cut short must never look like a backup
    unfinished = target.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        copy(path, unfinished, stop)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return unfinished.replace(target)


def copy(path: Path, target: Path, stop: Stop = never) -> None:
    """Copy a database as of one moment to a file, which is on disk when this returns.

    A copy stands alone: it is in no WAL mode, so that whoever reads it leaves no log or index beside it.

    Raises:
        BackupStoppedError: where ``stop`` says so; a part of the copy is there.
    """

    def go_on(_status: int, _remaining: int, _total: int) -> None:
        if stop():
            raise BackupStoppedError

    here = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(here, uri=True, timeout=5)) as source, closing(sqlite3.connect(target)) as copied:
        # one moment for all pages, whoever writes meanwhile
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master")
        source.backup(copied, pages=_PAGES, progress=go_on)
        source.rollback()
        copied.execute("PRAGMA journal_mode=DELETE")
    with target.open("rb+") as written:
        os.fsync(written.fileno())


def copies(path: Path, folder: Path | None = None) -> list[Path]:
    """Return a database's copies, the oldest first."""
    found = (folder or beside(path)).glob(f"{path.stem}-*{path.suffix}")
    return sorted((one for one in found if _NAME.search(one.name)), key=lambda one: one.name)


def made_at(copied: Path) -> datetime:
    """Return when a copy was made, by its name."""
    found = _NAME.search(copied.name)
    if found is None:
        raise StorageError(f"{copied} is no backup by its name. Name a file of the backup folder.")
    return datetime.strptime(found[1], STAMP).replace(tzinfo=UTC)


def prune(path: Path, folder: Path, now: datetime, days: int, weeks: int) -> list[Path]:
    """Delete what is kept no longer, and return it.

    Of the nightly copies stay the last of each of the newest ``days`` days and ``weeks`` weeks that have one; others
    stay 30 days. The newest copy of all stays whatever its age.
    """
    found = copies(path, folder)
    nightly = [one for one in found if _label(one) == NIGHTLY]
    of_day = {made_at(one).date(): one for one in nightly}
    of_week = {made_at(one).isocalendar()[:2]: one for one in nightly}
    kept = {*list(of_day.values())[-days:], *(list(of_week.values())[-weeks:] if weeks else ()), *found[-1:]}
    kept |= {one for one in found if one not in nightly and made_at(one) > now - OTHERS_KEPT}
    gone = [one for one in found if one not in kept]
    for one in path.parent.glob(f"{path.name}.before-restore-*"):
        stamp = _REPLACED.search(one.name)
        if stamp and datetime.strptime(stamp[1], STAMP).replace(tzinfo=UTC) <= now - OTHERS_KEPT:
            gone.append(one)
    _clear_up(path, folder, now)
    for one in gone:
        for end in ("", "-wal", "-shm"):
            one.with_name(f"{one.name}{end}").unlink(missing_ok=True)
    return gone


def _clear_up(path: Path, folder: Path, now: datetime) -> None:
    """Delete what backups of other days have left behind where their process was killed."""
    for one in folder.glob(f"{path.stem}-*"):
        begun = _BEGUN.search(one.name)
        stamp = begun and (begun[1] or begun[3])
        if stamp and datetime.strptime(stamp, STAMP).replace(tzinfo=UTC) < now - timedelta(days=1):
            shutil.rmtree(one) if one.is_dir() else one.unlink(missing_ok=True)


def last_nightly(path: Path, folder: Path) -> datetime | None:
    """Return when the last nightly copy was made; None for never."""
    times = [made_at(one) for one in copies(path, folder) if _label(one) == NIGHTLY]
    return times[-1] if times else None


def put_status(folder: Path, status: Status) -> None:
    """Note how the last backup went, beside the copies: it can be read where the database can't."""
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / f"{_STATUS}.unfinished"
    written.write_text(json.dumps(asdict(status)), encoding="utf-8")
    written.replace(folder / _STATUS)


def status_of(folder: Path) -> Status | None:
    """Return how the last backup went; None where none was tried, or where the note can't be read."""
    try:
        return Status(**json.loads((folder / _STATUS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def restore_hint(path: Path, folder: Path | None = None) -> str:
    """Return what to do where a database can't be used: which copy to put back, and how."""
    found = copies(path, folder)
    if not found:
        return "There is no backup beside it; if you keep one elsewhere, put it back first."
    return f"The newest backup is {found[-1]}: stop the bot and run *python -m bot db restore {found[-1]}*."


def _label(copied: Path) -> str:
    found = _NAME.search(copied.name)
    return found[2] if found else ""
