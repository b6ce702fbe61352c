"""The write-ahead log beside a database whose process was killed: gone, cut short, spoiled, left behind."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage import bot_state
from bot.storage.backup import backup
from bot.storage.database import Database
from bot.storage.restore import check, restore
from bot.storage.upgrade import prepare
from tests.storage.test_upgrade import NOW, digest, dump

WRITES = 20


async def left_behind(database_path: Path, folder: Path) -> Path:
    """Copy a database to a folder as a killed process leaves it: all of what it wrote stands in the log."""
    database = await Database.open(database_path)
    for number in range(WRITES):
        await database.write(lambda tx, number=number: bot_state.put(tx, f"n{number:02}", "x" * 3000))
    for end in ("", "-wal", "-shm"):
        shutil.copy(f"{database_path}{end}", folder)
    await database.close()
    return folder / database_path.name


@pytest.fixture
async def hot(database_path: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "killed"
    folder.mkdir()
    return await left_behind(database_path, folder)


def log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


async def names(path: Path) -> list[str]:
    """Return what is kept, by the bot's own way in."""
    database = await Database.open(path)
    kept = [f"n{number:02}" for number in range(WRITES)]
    found = [one for one in kept if await database.read(lambda tx, one=one: bot_state.get(tx, one))]
    await database.close()
    return found


async def test_f42_what_stands_in_the_log_is_there_after_a_kill(hot: Path) -> None:
    assert "up to date" in prepare(hot, NOW)
    assert len(await names(hot)) == WRITES


async def test_f42_a_log_that_is_gone_is_refused_untouched_and_the_backup_named(hot: Path, database_path: Path) -> None:
    saved = backup(database_path, "nightly", NOW, hot.parent / "backups")
    taken = log_of(hot).rename(hot.with_name("elsewhere"))
    before = digest(hot)
    for refuses in (lambda: prepare(hot, NOW), lambda: check(hot)):
        with pytest.raises(StorageError, match="what was saved last stood in it") as refused:
            refuses()
        assert str(saved) in refused.value.sentence
        assert f"delete {hot}-shm" in refused.value.sentence
    assert digest(hot) == before
    taken.rename(log_of(hot))
    assert "up to date" in prepare(hot, NOW)
    assert len(await names(hot)) == WRITES


async def test_f42_without_log_and_index_it_goes_on_with_what_the_file_itself_holds(hot: Path) -> None:
    log_of(hot).unlink()
    hot.with_name(f"{hot.name}-shm").unlink()
    assert "up to date" in prepare(hot, NOW)
    check(hot)
    assert await names(hot) == [], "nobody can tell that there was more"


@pytest.mark.parametrize("bytes_left", [0, 100, 40_000])
async def test_f42_a_log_cut_short_leaves_the_first_things_that_were_saved(hot: Path, bytes_left: int) -> None:
    log_of(hot).write_bytes(log_of(hot).read_bytes()[:bytes_left])
    assert "up to date" in prepare(hot, NOW)
    check(hot)
    found = await names(hot)
    assert found == [f"n{number:02}" for number in range(len(found))]
    assert (0 < len(found) < WRITES) == (bytes_left == 40_000)


async def test_f42_a_log_that_is_none_is_ignored(hot: Path) -> None:
    log_of(hot).write_bytes(b"no log, whatever its name says" * 2000)
    assert "up to date" in prepare(hot, NOW)
    check(hot)
    assert await names(hot) == []


async def test_f42_restoring_leaves_no_log_of_the_old_file_beside_the_new_one(
    hot: Path, migrated: Path, tmp_path: Path
) -> None:
    made = backup(migrated, "manual", NOW, tmp_path / "copies")
    before = dump(made)
    kept = restore(hot, made, NOW)
    assert dump(hot) == before
    assert kept is not None
    assert any("'n19'" in line for line in dump(kept)), "the old file has kept its log"


async def test_f42_a_log_of_another_database_is_taken_for_its_own_but_by_restore(
    hot: Path, migrated: Path, tmp_path: Path
) -> None:
    """SQLite can't tell; docs/reliability.md says so, and names the command that takes the old log away."""
    by_hand, by_command = tmp_path / "by hand", tmp_path / "by command"
    for folder in (by_hand, by_command):
        shutil.copytree(hot.parent, folder)
    shutil.copy(migrated, by_hand / hot.name)
    assert "up to date" in prepare(by_hand / hot.name, NOW)
    assert await names(by_hand / hot.name) != []
    restore(by_command / hot.name, migrated, NOW)
    assert await names(by_command / hot.name) == []
