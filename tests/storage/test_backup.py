"""Backups: made under writes, proved, kept, put back; and a disk that is full."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.errors import StorageError
from bot.services.backup import BackupService, Keeping
from bot.storage import backup as store
from bot.storage import bot_state
from bot.storage.database import Database
from bot.storage.migrations import REVISIONS
from bot.storage.restore import check, prove, proved_backup, restore
from bot.storage.upgrade import migrate, prepare, revision, take_down
from tests.fakes.clock import FakeClock
from tests.storage.test_guilds_apart import fill
from tests.storage.test_upgrade import change, dump

NOW, pytestmark = datetime(2026, 11, 23, 9, 0, tzinfo=UTC), pytest.mark.sqlite


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere"


@pytest.fixture
def service(database_path: Path, folder: Path, clock: FakeClock) -> BackupService:
    return BackupService(database_path, Keeping(folder), clock)


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if one.suffix == ".db")


def everything(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()} if folder.exists() else set()


async def test_a_backup_is_made_once_a_night_whenever_the_bot_runs(
    service: BackupService, folder: Path, clock: FakeClock
) -> None:
    for _ in range(3):
        await service.tick()
        clock.move(hours=1)
    assert names(folder) == ["syllabot-20261123T090000Z-nightly.db"]
    clock.move(hours=14, minutes=59)  # 02:59
    await service.tick()
    assert len(names(folder)) == 1
    clock.move(minutes=1)
    await service.tick()
    assert names(folder)[1:] == ["syllabot-20261124T030000Z-nightly.db"]
    status = store.status_of(folder)
    assert status is not None
    assert (status.file, status.trouble) == (names(folder)[1], "")


async def test_nights_of_backups_leave_nothing_in_the_folder_but_copies_and_their_note(
    service: BackupService, database: Database, folder: Path, clock: FakeClock
) -> None:
    for number in range(30):
        await database.write(lambda tx, number=number: bot_state.put(tx, "night", str(number)))
        await service.tick()
        clock.move(days=1)
    assert everything(folder) == {*names(folder), "last.json"}
    assert len(names(folder)) <= 7 + 4


async def test_f49_a_backup_that_is_stopped_is_none_and_the_next_start_makes_it(
    service: BackupService, database_path: Path, folder: Path, clock: FakeClock
) -> None:
    database = await Database.open(database_path)
    await database.write(lambda tx: bot_state.put(tx, "large", "x" * 30_000_000))
    await database.close()
    loop, threads = asyncio.get_running_loop(), ThreadPoolExecutor()
    loop.set_default_executor(threads)
    making = asyncio.create_task(service.tick())
    while not any(name.endswith(".unfinished") for name in everything(folder)):  # noqa: ASYNC110
        await asyncio.sleep(0)
    making.cancel()
    await making
    threads.shutdown()
    assert everything(folder) == set()
    loop.set_default_executor(ThreadPoolExecutor())
    await BackupService(database_path, Keeping(folder), clock).tick()
    assert len(names(folder)) == 1


def test_a_proof_that_is_stopped_keeps_no_copy(database_path: Path, folder: Path) -> None:
    with pytest.raises(store.BackupStoppedError):
        proved_backup(database_path, "nightly", NOW, folder, lambda: bool(names(folder)))
    assert everything(folder) == set()


async def test_what_killed_backups_left_behind_goes_after_a_day(
    service: BackupService, folder: Path, clock: FakeClock
) -> None:
    left = ["syllabot-20261122T030000Z-nightly.unfinished", "syllabot-20261122T030000Z-nightly-proof-a1b2"]
    (folder / left[1]).mkdir(parents=True)
    (folder / left[1] / "restored.db").touch()
    (folder / left[0]).touch()
    under_way = "syllabot-20261123T080000Z-manual.unfinished"
    (folder / under_way).touch()
    await service.tick()
    assert everything(folder) == {*names(folder), "last.json", under_way}
    assert len(names(folder)) == 1
    clock.move(days=2)
    await service.tick()
    assert everything(folder) == {*names(folder), "last.json"}


def spoil(path: Path) -> bytes:
    """Overwrite a database and return what it held."""
    good = path.read_bytes()
    path.write_bytes(b"no database, whatever its name says" * 200)
    return good


def put_back(path: Path, good: bytes) -> None:
    path.write_bytes(good)


async def test_one_that_fails_is_told_leaves_nothing_and_is_tried_again(
    folder: Path, database_path: Path, clock: FakeClock
) -> None:
    told: list[str] = []

    async def tell(sentence: str) -> None:
        told.append(sentence)

    service = BackupService(database_path, Keeping(folder), clock, tell)
    good = spoil(database_path)
    await service.tick()
    assert names(folder) == []
    assert "not a database" in told[0]
    status = store.status_of(folder)
    assert status is not None
    assert "not a database" in status.trouble
    put_back(database_path, good)
    await service.tick()
    assert len(names(folder)) == 1
    status = store.status_of(folder)
    assert status is not None
    assert status.trouble == ""
    assert len(told) == 1


def test_a_copy_that_is_damaged_is_not_proved(database_path: Path, folder: Path) -> None:
    made = store.backup(database_path, "nightly", NOW, folder)
    prove(made)
    data = bytearray(made.read_bytes())
    for start in range(8192, len(data), 4096):
        data[start : start + 300] = b"\xff" * 300
    made.write_bytes(data)
    with pytest.raises(StorageError):
        prove(made)
    assert [one.name for one in folder.iterdir()] == [made.name]


def test_a_backup_that_cannot_be_proved_is_not_kept(service: BackupService, folder: Path, database_path: Path) -> None:
    change(database_path, "INSERT INTO progress_change VALUES (1, 2, 3, 'a', 'open', 'done', NULL, NULL)")
    with pytest.raises(StorageError, match=r"without what they refer to.*BOT_BACKUP_DIR"):
        service.make("nightly")
    assert names(folder) == []


def test_rows_without_what_they_refer_to_are_found(database_path: Path) -> None:
    assert check(database_path).schema == REVISIONS[-1]
    change(database_path, "INSERT INTO progress_change VALUES (1, 2, 3, 'a', 'open', 'done', NULL, NULL)")
    with pytest.raises(StorageError, match="progress_change"):
        check(database_path)


def test_days_and_weeks_are_kept_and_the_rest_goes(database_path: Path, folder: Path) -> None:
    folder.mkdir()
    for day in range(60):
        (folder / f"syllabot-{NOW + timedelta(days=day):%Y%m%dT%H%M%SZ}-nightly.db").touch()
    last = NOW + timedelta(days=59)  # a Thursday
    for age in (29, 31):
        (folder / f"syllabot-{last - timedelta(days=age):%Y%m%dT%H%M%SZ}-0003.db").touch()
        database_path.with_name(
            f"{database_path.name}.before-restore-{last - timedelta(days=age):%Y%m%dT%H%M%SZ}"
        ).touch()
    (folder / "notes.txt").touch()
    store.prune(database_path, folder, last, 7, 4)
    kept = [store.made_at(folder / name).date() for name in names(folder) if "nightly" in name]
    days = [(last - timedelta(days=age)).date() for age in range(7)]
    sundays = [(last - timedelta(days=age)).date() for age in (4, 11, 18)]
    assert kept == sorted({*days, *sundays})
    assert [name for name in names(folder) if "0003" in name] == [
        f"syllabot-{last - timedelta(days=29):%Y%m%dT%H%M%SZ}-0003.db"
    ]
    assert len(list(database_path.parent.glob("*.before-restore-*"))) == 1
    assert (folder / "notes.txt").exists()


def test_the_newest_copy_stays_whatever_its_age(database_path: Path, folder: Path) -> None:
    store.backup(database_path, "manual", NOW, folder)
    assert store.prune(database_path, folder, NOW + timedelta(days=400), 7, 4) == []


async def test_what_is_put_back_is_what_was_copied_and_the_old_file_stays(database_path: Path, folder: Path) -> None:
    database = await Database.open(database_path)
    await database.write(lambda tx: fill(tx, 11, 21))
    made = store.backup(database_path, "manual", NOW, folder)
    before = dump(made)
    await database.write(lambda tx: bot_state.put(tx, "after", "1"))
    with pytest.raises(StorageError, match=r"has the database .* open"):
        restore(database_path, made, NOW)
    await database.close()
    kept = restore(database_path, made, NOW)
    assert kept is not None
    assert dump(database_path) == before == dump(made)
    assert any("'after','1'" in line for line in dump(kept))
    assert "up to date" in prepare(database_path, NOW)


@pytest.mark.parametrize("how", ["damaged", "gone"])
def test_a_damaged_or_vanished_file_is_replaced_and_kept(database_path: Path, folder: Path, how: str) -> None:
    prepare(database_path, NOW)
    made = store.backup(database_path, "nightly", NOW, folder)
    if how == "gone":
        database_path.unlink()
    else:
        database_path.write_bytes(b"no database at all " * 500)
    with pytest.raises(StorageError) as refused:
        prepare(database_path, NOW, folder)
    assert f"python -m bot db restore {made}" in refused.value.sentence
    kept = restore(database_path, made, NOW)
    assert "up to date" in prepare(database_path, NOW, folder)
    assert (kept is None) == (how == "gone")


def test_a_copy_of_newer_code_is_refused_and_nothing_changed(database_path: Path, folder: Path) -> None:
    made = store.backup(database_path, "manual", NOW, folder)
    change(made, "UPDATE alembic_version SET version_num = '9999'")
    before = dump(database_path)
    with pytest.raises(StorageError, match="schema 9999"):
        restore(database_path, made, NOW)
    assert dump(database_path) == before


async def test_on_a_full_disk_nothing_is_saved_reading_goes_on_and_room_mends_it(database: Database) -> None:
    def limit(tx: Connection, pages: int) -> None:
        tx.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    await database.write(lambda tx: bot_state.put(tx, "before", "1"))
    await database.write(lambda tx: limit(tx, 1))  # no fewer than there are
    with pytest.raises(StorageError, match="wasn't saved: the bot's disk is full"):
        await database.write(lambda tx: bot_state.put(tx, "large", "x" * 500_000))
    assert await database.read(lambda tx: bot_state.get(tx, "before")) == "1"
    assert await database.read(lambda tx: bot_state.get(tx, "large")) is None
    await database.write(lambda tx: limit(tx, 2**30))
    await database.write(lambda tx: bot_state.put(tx, "large", "x" * 500_000))
    assert len(await database.read(lambda tx: bot_state.get(tx, "large")) or "") == 500_000
    assert check(database.path or Path()).schema == REVISIONS[-1]


async def test_every_migration_goes_down_and_up_on_a_filled_database(database_path: Path) -> None:
    database = await Database.open(database_path)
    await database.write(lambda tx: fill(tx, 11, 21))
    await database.write(lambda tx: fill(tx, 12, 22))
    await database.close()
    whole = _counts(database_path)
    for place in range(len(REVISIONS) - 1, 0, -1):
        take_down(database_path, REVISIONS[place - 1])
        older = _counts(database_path)
        assert {name: rows for name, rows in whole.items() if name in older} == older, REVISIONS[place]
        assert _loose(database_path) == []
    for one in REVISIONS[1:]:
        before = _counts(database_path)
        migrate(database_path, one)
        after = _counts(database_path)
        assert {name: rows for name, rows in after.items() if name in before} == before, one
        assert _loose(database_path) == []
    assert revision(database_path) == REVISIONS[-1]
    assert whole["member"] >= 2
    check(database_path)


def _counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


def _loose(path: Path) -> list[object]:
    with closing(sqlite3.connect(path)) as connection:
        return [*connection.execute("PRAGMA foreign_key_check"), *connection.execute("PRAGMA quick_check").fetchall()][
            :-1
        ]
