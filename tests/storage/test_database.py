"""One writer, two readers: what a unit of work may rely on."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import StatementError

from bot.errors import NotFoundError, StorageError
from bot.storage import bot_state, guild, member, roadmap
from bot.storage.database import Database, Place
from bot.storage.guild import Guild

GUILD, ANA = 11, 21
BIG = 2**63 - 1
"""The largest id that a signed 64-bit column holds; Discord's ids are past 2**53 already."""
NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
IN_PLACE = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


def put(name: str, value: str = "x") -> Callable[[Connection], None]:
    """Return a unit that keeps one text."""
    return lambda tx: bot_state.put(tx, name, value)


async def kept(database: Database, name: str) -> str | None:
    return await database.read(lambda tx: bot_state.get(tx, name))


@contextmanager
def held(path: Path) -> Generator[None]:
    """Hold the write lock of a database from another connection."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def impatient(database: Database) -> None:
    """Let the writer wait for a lock no longer than a few milliseconds."""
    await database.write(lambda tx: tx.exec_driver_sql("PRAGMA busy_timeout=5"))


async def test_what_is_written_is_read_by_both_readers(database: Database) -> None:
    await database.write(put("a", "1"))
    assert [await kept(database, "a") for _ in range(3)] == ["1", "1", "1"]


async def test_what_is_written_is_there_after_the_next_start(database: Database, place: Place) -> None:
    await database.write(put("a", "1"))
    await database.close()
    again = await Database.open(place)
    found = await kept(again, "a")
    await again.close()
    assert found == "1"


async def test_no_reader_writes(database: Database) -> None:
    for _ in range(3):  # every reader has its turn
        with pytest.raises(StorageError):
            await database.read(put("a"))
    assert await kept(database, "a") is None
    await database.write(put("a"))
    assert await kept(database, "a") == "x"


@pytest.mark.sqlite
async def test_the_connections_are_set_up_as_designed(database: Database) -> None:
    def pragmas(tx: Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "query_only")
        return {name: tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}

    full = {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000, "foreign_keys": 1}
    assert await database.write(pragmas) == {**full, "query_only": 0}
    assert [await database.read(pragmas) for _ in range(2)] == [{**full, "query_only": 1}] * 2


async def test_a_write_holds_the_lock_from_its_first_moment(database: Database, database_path: Path) -> None:
    def lock_is_taken(_tx: Connection) -> bool:
        with closing(sqlite3.connect(database_path, timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            return False

    assert await database.write(lock_is_taken)
    assert not await database.read(lock_is_taken)


@pytest.mark.parametrize("error", [NotFoundError("gone"), ValueError("ours")])
async def test_a_unit_that_raises_leaves_nothing(database: Database, error: BaseException) -> None:
    def unit(tx: Connection) -> None:
        bot_state.put(tx, "a", "1")
        member.ensure(tx, GUILD, ANA, NOW)
        raise error

    with pytest.raises(type(error)):
        await database.write(unit)
    assert await kept(database, "a") is None
    assert await database.read(lambda tx: member.get(tx, GUILD, ANA)) is None
    await database.write(put("a", "2"))
    assert await kept(database, "a") == "2"


async def test_a_statement_that_fails_takes_the_whole_unit_back(database: Database) -> None:
    def unit(tx: Connection) -> None:
        bot_state.put(tx, "a", "1")
        tx.execute(insert(member.member).values(guild_id=GUILD, user_id=ANA, first_seen_at=NOW))
        tx.execute(insert(member.member).values(guild_id=GUILD, user_id=ANA, first_seen_at=NOW))

    with pytest.raises(StorageError, match="wasn't saved"):
        await database.write(unit)
    assert await kept(database, "a") is None


async def test_a_change_without_its_act_is_refused(database: Database) -> None:
    row = {"guild_id": GUILD, "user_id": ANA, "number": 1, "topic_id": "t", "state_before": "a", "state_after": "b"}
    with pytest.raises(StorageError):
        await database.write(lambda tx: tx.execute(insert(roadmap.progress_change).values(row)))


def _pair(begun: threading.Event, go_on: threading.Event) -> Callable[[Connection], None]:
    """Return a unit that writes two texts and waits between them."""

    def unit(tx: Connection) -> None:
        bot_state.put(tx, "first", "1")
        begun.set()
        assert go_on.wait(10)
        bot_state.put(tx, "second", "1")

    return unit


@pytest.mark.sqlite
async def test_a_caller_cancelled_while_its_unit_is_at_work_leaves_it_whole(database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()
    caller = asyncio.create_task(database.write(_pair(begun, go_on)))
    await asyncio.to_thread(begun.wait, 10)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await kept(database, "first") is None
    go_on.set()
    await database.write(put("later"))
    assert [await kept(database, name) for name in ("first", "second", "later")] == ["1", "1", "x"]


@pytest.mark.sqlite
async def test_a_caller_cancelled_in_the_queue_leaves_its_unit_whole(database: Database) -> None:
    go_on = threading.Event()
    before = asyncio.create_task(database.write(lambda _tx: go_on.wait(10)))
    caller = asyncio.create_task(database.write(_pair(threading.Event(), go_on)))
    await kept(database, "first")
    caller.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await before
    await database.write(put("later"))
    assert await kept(database, "first") == await kept(database, "second")
    assert await kept(database, "later") == "x"


async def test_increments_at_once_lose_none(database: Database) -> None:
    def increment(tx: Connection) -> None:
        bot_state.put(tx, "count", str(int(bot_state.get(tx, "count") or 0) + 1))

    async def one_task() -> None:
        for _ in range(20):
            await database.write(increment)
            await kept(database, "count")

    await asyncio.gather(*(one_task() for _ in range(50)))
    assert await kept(database, "count") == "1000"


@pytest.mark.sqlite
async def test_a_reader_sees_one_moment_while_writes_go_on(database: Database) -> None:
    looked, written = threading.Event(), threading.Event()

    def look_twice(tx: Connection) -> tuple[str | None, str | None]:
        before = bot_state.get(tx, "a")
        looked.set()
        assert written.wait(10)
        return before, bot_state.get(tx, "a")

    await database.write(put("a", "old"))
    reading = asyncio.create_task(database.read(look_twice))
    await asyncio.to_thread(looked.wait, 10)
    await database.write(put("a", "new"))
    written.set()
    assert await reading == ("old", "old")
    assert await kept(database, "a") == "new"


async def test_a_locked_database_is_told_in_a_sentence_and_reading_goes_on(
    database: Database, database_path: Path
) -> None:
    await database.write(put("a", "1"))
    await impatient(database)
    with held(database_path):
        with pytest.raises(StorageError) as refused:
            await database.write(put("a", "2"))
        assert [await kept(database, "a") for _ in range(2)] == ["1", "1"]
    assert refused.value.sentence == (
        "That wasn't saved: the database is busy. Nothing is lost; press again in a minute."
    )
    await database.write(put("a", "3"))
    assert await kept(database, "a") == "3"


async def test_a_read_that_fails_is_told_in_a_sentence(database: Database) -> None:
    await database.write(lambda tx: tx.exec_driver_sql("DROP TABLE topic_note"))
    with pytest.raises(StorageError, match="can't be read just now"):
        await database.read(lambda tx: roadmap.note(tx, GUILD, ANA, "t"))


async def test_what_a_member_wrote_stays_out_of_the_log(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    thought = "my-secret-" + "thought" * 2
    await database.write(lambda tx: tx.exec_driver_sql("DROP TABLE topic_note"))
    with pytest.raises(StorageError):
        await database.write(lambda tx: roadmap.put_note(tx, GUILD, ANA, "t", thought, NOW))
    assert "database_write_failed" in caplog.text
    assert thought not in caplog.text


@given(
    st.datetimes(
        datetime(1970, 1, 1),  # noqa: DTZ001  (hypothesis wants naive bounds)
        datetime(9999, 12, 30),  # noqa: DTZ001
        timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    )
)
@IN_PLACE
async def test_an_instant_comes_back_equal_and_in_utc(database: Database, instant: datetime) -> None:
    def there_and_back(tx: Connection) -> datetime | None:
        guild.put(tx, Guild(GUILD, greeted_at=instant))
        return guild.get(tx, GUILD).greeted_at

    found = await database.write(there_and_back)
    assert found is not None
    assert (found, found.tzinfo) == (instant, UTC)


async def test_an_instant_is_kept_as_whole_microseconds(database: Database) -> None:
    await database.write(lambda tx: guild.put(tx, Guild(GUILD, greeted_at=NOW)))
    kept_as = await database.read(lambda tx: tx.exec_driver_sql("SELECT greeted_at FROM guild").scalar())
    assert kept_as == 1_795_424_400_123_456


async def test_an_instant_without_a_zone_is_refused_and_nothing_is_kept(database: Database) -> None:
    def unit(tx: Connection) -> None:
        bot_state.put(tx, "a", "1")
        guild.put(tx, Guild(GUILD, greeted_at=NOW.replace(tzinfo=None)))

    with pytest.raises(StatementError, match="an instant needs a time zone"):
        await database.write(unit)
    assert await kept(database, "a") is None


@pytest.mark.parametrize("number", [2**53 + 1, 1_456_789_012_345_678_901, BIG])
async def test_an_id_of_discords_survives(database: Database, number: int) -> None:
    def unit(tx: Connection) -> None:
        member.ensure(tx, number, number - 1, NOW)
        guild.put(tx, Guild(number, moderator_role_id=number - 2, moderator_channel_id=number - 3))

    await database.write(unit)
    settled = await database.read(lambda tx: guild.get(tx, number))
    assert (settled.id, settled.moderator_role_id, settled.moderator_channel_id) == (number, number - 2, number - 3)
    keys = await database.read(lambda tx: tx.execute(select(member.member.c.guild_id, member.member.c.user_id)).all())
    assert [tuple(key) for key in keys] == [(number, number - 1)]


async def test_a_table_takes_no_value_of_another_type(database: Database) -> None:
    with pytest.raises(StorageError):
        await database.write(lambda tx: tx.exec_driver_sql("INSERT INTO guild (guild_id) VALUES ('eleven')"))


async def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"nowhere.*can't be opened"):
        await Database.open(tmp_path / "nowhere" / "syllabot.db")
    # the thread of the connection that was not made still speaks to this loop
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join, 10)
