"""A database file on its way to the schema of the code: what is taken, what is refused, what is kept safe."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.errors import StorageError
from bot.storage import bot_state, member
from bot.storage.backup import backup
from bot.storage.database import Database
from bot.storage.migrations import REVISIONS
from bot.storage.upgrade import migrate, prepare, revision, take_down

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def dump(path: Path) -> list[str]:
    """Return everything in a database as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def backups(path: Path) -> list[Path]:
    return sorted((path.parent / "backups").glob("*"))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def keep(path: Path, name: str, value: str) -> None:
    database = await Database.open(path)
    try:
        await database.write(lambda tx: bot_state.put(tx, name, value))
    finally:
        await database.close()


@pytest.fixture
def older(database_path: Path) -> Path:
    """A database from before the first table."""
    take_down(database_path, "base")
    return database_path


async def test_a_first_start_makes_a_database_that_works(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "syllabot.db"
    assert prepare(path, NOW) == f"A new database was made at {path}."
    assert revision(path) == REVISIONS[-1]
    assert backups(path) == []
    await keep(path, "a", "1")


async def test_what_is_up_to_date_stays_as_it_is(database_path: Path) -> None:
    await keep(database_path, "a", "1")
    before = dump(database_path)
    for _ in range(2):
        assert prepare(database_path, NOW) == f"The database {database_path} is up to date (schema {REVISIONS[-1]})."
    assert dump(database_path) == before
    assert backups(database_path) == []


def test_an_older_schema_is_backed_up_and_then_migrated(older: Path) -> None:
    before = dump(older)
    said = prepare(older, NOW)
    (saved,) = backups(older)
    assert str(saved) in said
    assert "20261123T090000Z" in saved.name
    assert dump(saved) == before
    assert revision(older) == REVISIONS[-1]
    assert "up to date" in prepare(older, LATER)
    assert backups(older) == [saved]


def test_a_newer_schema_is_refused_and_untouched(database_path: Path) -> None:
    change(database_path, "UPDATE alembic_version SET version_num = '9999'", "CREATE TABLE of_the_future (a)")
    before = digest(database_path)
    with pytest.raises(StorageError, match=rf"schema 9999.*only up to {REVISIONS[-1]}.*no backup"):
        prepare(database_path, NOW)
    assert digest(database_path) == before
    assert backups(database_path) == []


def test_a_newer_schema_names_the_backup_from_before_it(database_path: Path) -> None:
    saved = backup(database_path, REVISIONS[-1], NOW)
    change(database_path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError) as refused:
        prepare(database_path, LATER)
    assert str(saved) in refused.value.sentence


def test_a_foreign_database_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "syllabot.db"
    change(path, "CREATE TABLE invoices (a)", "INSERT INTO invoices VALUES (1)")
    before = digest(path)
    with pytest.raises(StorageError, match="not one of Syllabot's"):
        prepare(path, NOW)
    assert digest(path) == before


def _no_database(path: Path) -> None:
    path.write_bytes(b"this is no database, whatever its name says " * 100)


def _cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _scribbled_over(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 200] = b"\xff" * 200
    path.write_bytes(data)


def _last_page_emptied(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096] + bytes(4096))


@pytest.mark.parametrize("spoil", [_no_database, _cut_off, _scribbled_over, _last_page_emptied])
def test_a_damaged_file_is_refused_untouched_and_its_newest_backup_named(
    database_path: Path, spoil: Callable[[Path], None]
) -> None:
    old, new = backup(database_path, REVISIONS[-1], NOW), backup(database_path, REVISIONS[-1], LATER)
    spoil(database_path)
    before = digest(database_path)
    with pytest.raises(StorageError) as refused:
        prepare(database_path, LATER)
    assert str(database_path) in refused.value.sentence
    assert str(new) in refused.value.sentence
    assert str(old) not in refused.value.sentence
    assert digest(database_path) == before


def test_the_backup_that_is_named_can_be_put_back(database_path: Path) -> None:
    prepare(database_path, NOW)
    before = dump(database_path)
    saved = backup(database_path, REVISIONS[-1], NOW)
    _no_database(database_path)
    with pytest.raises(StorageError):
        prepare(database_path, NOW)
    shutil.copy(saved, database_path)
    assert "up to date" in prepare(database_path, NOW)
    assert dump(database_path) == before


@pytest.mark.parametrize("how", ["gone", "emptied"])
def test_a_database_that_vanished_is_not_replaced_by_an_empty_one(tmp_path: Path, how: str) -> None:
    path = tmp_path / "syllabot.db"
    prepare(path, NOW)
    saved = backup(path, REVISIONS[-1], NOW)
    path.unlink() if how == "gone" else path.write_bytes(b"")
    with pytest.raises(StorageError) as refused:
        prepare(path, NOW)
    marker = path.with_name("syllabot.db.exists")
    assert str(saved) in refused.value.sentence
    assert f"delete {marker}" in refused.value.sentence
    assert path.exists() == (how == "emptied")
    marker.unlink()
    prepare(path, NOW)
    assert revision(path) == REVISIONS[-1]
    assert marker.exists()


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "syllabot.db"
    change(path, "CREATE TABLE progress_change (in_the_way)")
    before = dump(path)
    with pytest.raises(StorageError, match=r"progress_change already exists.*Nothing was changed"):
        migrate(path)
    assert dump(path) == before


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="BOT_DATA_DIR"):
        prepare(tmp_path / "file" / "syllabot.db", NOW)


def test_a_backup_that_cannot_be_written_stops_the_upgrade(older: Path) -> None:
    before = dump(older)
    (older.parent / "backups").write_text("in the way")
    with pytest.raises(StorageError, match="can't be made ready"):
        prepare(older, NOW)
    assert dump(older) == before


async def test_a_backup_holds_what_is_not_yet_in_the_main_file(database: Database, database_path: Path) -> None:
    await database.write(lambda tx: bot_state.put(tx, "a", "1"))
    assert database_path.with_name("syllabot.db-wal").stat().st_size > 0
    saved = backup(database_path, "now", NOW)
    assert dump(saved) == dump(database_path)
    assert any("'a','1'" in line for line in dump(saved))


async def test_a_backup_under_writes_is_one_moment_of_the_source(database: Database, database_path: Path) -> None:
    stopped, written = asyncio.Event(), asyncio.Event()

    def write(number: int) -> Callable[[Connection], None]:
        def unit(tx: Connection) -> None:
            bot_state.put(tx, "written", str(number))
            member.ensure(tx, 1, number, NOW)

        return unit

    async def write_on() -> int:
        number = 0
        while not stopped.is_set():
            number += 1
            await database.write(write(number))
            written.set()
        return number

    def of(path: Path) -> tuple[int, int]:
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            row = connection.execute("SELECT (SELECT value FROM bot_state), count(*) FROM member").fetchone()
            return int(row[0]), int(row[1])

    await database.write(write(0))
    writing = asyncio.create_task(write_on())
    saved: list[Path] = []
    for i in range(5):
        written.clear()
        await written.wait()
        saved.append(await asyncio.to_thread(backup, database_path, str(i), NOW))
    stopped.set()
    last = await writing
    moments = [of(path) for path in saved]
    assert all(members == written + 1 for written, members in moments)
    assert moments == sorted(moments)
    assert of(database_path) == (last, last + 1)
    assert moments[-1][0] > moments[0][0]
