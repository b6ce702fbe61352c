"""What holds of PostgreSQL alone: the schema's changes, a server that restarts, is locked or full, and its clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Connection, inspect, text

from bot.domain.schedule import Slot
from bot.errors import StorageError
from bot.storage import bot_state, occurrence, postgresql, server
from bot.storage.database import Database
from bot.storage.migrations import REVISIONS
from bot.storage.occurrence import Plan
from bot.storage.tables import metadata
from tests.fakes.postgresql import Ground, Server, fresh, own_server

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def put(name: str, value: str = "x") -> Callable[[Connection], None]:
    return lambda tx: bot_state.put(tx, name, value)


def count_up(tx: Connection) -> None:
    """Read, then write: what is lost where two of these overlap and both end."""
    bot_state.put(tx, "count", str(int(bot_state.get(tx, "count") or 0) + 1))


async def kept(database: Database, name: str) -> str | None:
    return await database.read(lambda tx: bot_state.get(tx, name))


@pytest.fixture
async def empty(ground: Ground) -> URL:
    """A database without a table."""
    return await fresh(ground.url, f"{ground.url.database}_empty")


@pytest.fixture(scope="module")
def own() -> Iterator[Server]:
    """A server of these tests' own, which they restart; it takes few connections."""
    with own_server("max_connections=15", "synchronous_commit=on") as running:
        asyncio.run(server.prepare(running.url()))
        yield running


@pytest.fixture
async def database(own: Server) -> AsyncIterator[Database]:
    """A database that goes by the server's clock."""
    opened = await Database.open(own.url())
    await opened.write(lambda tx: tx.execute(bot_state.bot_state.delete()))
    yield opened
    await opened.close()


def shape(tx: Connection) -> dict[str, object]:
    """Return every table with its columns, keys and indexes."""
    there = inspect(tx)
    return {
        name: (
            [(one["name"], str(one["type"]), one["nullable"], one["default"]) for one in there.get_columns(name)],
            there.get_pk_constraint(name),
            there.get_foreign_keys(name),
            sorted(map(str, there.get_unique_constraints(name))),
            sorted(map(str, there.get_indexes(name))),
        )
        for name in there.get_table_names()
        if name != "alembic_version"
    }


async def test_every_migration_goes_up_and_down_and_leads_to_the_tables_of_the_code(empty: URL) -> None:
    shapes = [await server.look(empty, shape)]
    for one in REVISIONS:
        await server.migrate(empty, one)
        shapes.append(await server.look(empty, shape))
        assert shapes[-1] != shapes[-2], f"{one} changes nothing"
    differences = await server.look(
        empty, lambda tx: compare_metadata(MigrationContext.configure(tx, opts={"compare_type": True}), metadata)
    )
    assert differences == []
    for place in reversed(range(len(REVISIONS))):
        await server.take_down(empty, REVISIONS[place - 1] if place else "base")
        assert await server.look(empty, shape) == shapes[place], f"{REVISIONS[place]} does not take back what it did"
    # columns that came by a migration stand last; whatever else was made is the same
    assert "made" in await server.prepare(await _without_tables(empty))
    assert {*await server.look(empty, shape)} == {*shapes[-1]}


async def _without_tables(url: URL) -> URL:
    assert url.database is not None
    return await fresh(url.set(database="postgres"), url.database)


async def test_of_many_starts_at_once_one_migrates_and_the_others_wait(empty: URL) -> None:
    await server.migrate(empty, REVISIONS[-2])
    said = await asyncio.gather(*(server.prepare(empty) for _ in range(4)))
    assert sorted("upgraded" in one for one in said) == [False, False, False, True]
    assert await server.revision(empty) == REVISIONS[-1]
    assert "up to date" in await server.prepare_apart(empty)


async def test_what_is_newer_or_not_ours_is_refused(empty: URL) -> None:
    def newer(tx: Connection) -> None:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        tx.commit()

    await server.prepare(empty)
    await server.look(empty, newer)
    with pytest.raises(StorageError, match="schema 9999; this version"):
        await server.prepare(empty)

    def theirs(tx: Connection) -> None:
        tx.execute(text("DROP TABLE alembic_version"))
        tx.commit()

    await server.look(empty, theirs)
    with pytest.raises(StorageError, match="not one of Syllabot's"):
        await server.prepare(empty)


async def test_an_address_that_leads_nowhere_is_told_without_its_password(ground: Ground) -> None:
    nowhere = ground.url.set(username="ana", password="hunter2hunter2", query={"host": "/nowhere"})  # noqa: S106
    for attempt in (Database.open(nowhere), server.prepare(nowhere), server.revision(nowhere)):
        with pytest.raises(StorageError) as refused:
            await attempt
        assert "hunter2" not in refused.value.sentence
        assert "database" in refused.value.sentence


async def test_a_caller_that_is_cancelled_leaves_its_unit_whole(database: Database) -> None:
    begun = asyncio.Event()

    def unit(tx: Connection) -> None:
        bot_state.put(tx, "first", "1")
        begun.set()
        tx.execute(text("SELECT pg_sleep(0.05)"))
        bot_state.put(tx, "second", "1")

    caller = asyncio.create_task(database.write(unit))
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await database.close()
    assert (await kept(database, "first"), await kept(database, "second")) == ("1", "1")


async def test_no_reader_sees_half_of_a_unit_or_two_moments(database: Database) -> None:
    looked, written = asyncio.Event(), asyncio.Event()

    def look_twice(tx: Connection) -> list[str | None]:
        before = bot_state.get(tx, "a")
        looked.set()
        while not written.is_set():
            tx.execute(text("SELECT pg_sleep(0.005)"))
        return [before, bot_state.get(tx, "a")]

    await database.write(put("a", "old"))
    reading = asyncio.create_task(database.read(look_twice))
    await looked.wait()
    await database.write(put("a", "new"))
    written.set()
    assert await reading == ["old", "old"]
    assert await kept(database, "a") == "new"


async def test_two_processes_lose_no_step_and_take_no_row_twice(own: Server, database: Database) -> None:
    other = await Database.open(own.url())
    await asyncio.gather(*(one.write(count_up) for one in [database, other] * 40))
    assert await kept(database, "count") == "80"
    await other.close()


async def test_a_lease_runs_out_by_the_servers_clock_whatever_a_process_thinks(database: Database) -> None:
    def planned(tx: Connection) -> None:
        due = datetime.now(UTC) - timedelta(minutes=1)
        tx.execute(occurrence.occurrence.delete())
        assert occurrence.plan(tx, Plan(11, 1, NOW.date(), Slot.PRACTICE, "e", 12, due))

    await database.write(planned)
    claim = occurrence.claim
    ahead, behind = datetime.now(UTC) + timedelta(hours=1), datetime.now(UTC) - timedelta(hours=1)
    (taken,) = await database.write(lambda tx: claim(tx, "behind", behind, 5))
    assert taken.lease_until - behind == occurrence.LEASE, "what is left is told by the clock of whoever asked"
    assert await database.write(lambda tx: claim(tx, "ahead", ahead, 5)) == []
    await database.write(lambda tx: tx.execute(text("UPDATE occurrence SET lease_until = lease_until - 121000000")))
    assert [one.tries for one in await database.write(lambda tx: claim(tx, "ahead", ahead, 5))] == [2]


async def test_a_row_that_another_process_is_taking_is_passed_over(own: Server, database: Database) -> None:
    def planned(tx: Connection) -> None:
        tx.execute(occurrence.occurrence.delete())
        for schedule_id in (1, 2):
            due = datetime.now(UTC) - timedelta(minutes=3 - schedule_id)
            assert occurrence.plan(tx, Plan(11, schedule_id, NOW.date(), Slot.PRACTICE, "e", 12, due))

    await database.write(planned)
    engine = postgresql.engine_of(own.url())
    async with engine.begin() as held:
        await held.execute(text("SELECT 1 FROM occurrence WHERE schedule_id = 1 FOR UPDATE"))
        taken = await database.write(lambda tx: occurrence.claim(tx, "one", datetime.now(UTC), 5))
    await engine.dispose()
    assert [one.schedule_id for one in taken] == [2]


@pytest.mark.parametrize("end", [Server.stop, Server.kill], ids=["stopped", "killed"])
async def test_f46_a_restart_in_mid_load_loses_nothing(
    own: Server, database: Database, end: Callable[[Server], None]
) -> None:
    acknowledged: list[int] = []
    enough = asyncio.Event()
    told: list[str] = []

    async def member(first: int) -> None:
        for number in range(first, first + 25):
            try:
                await database.write(put(f"row {number}"))
                acknowledged.append(number)
                if len(acknowledged) == 60:
                    enough.set()
            except StorageError as error:
                told.append(error.sentence)

    load = asyncio.gather(*(member(first) for first in range(0, 400, 25)))
    await enough.wait()
    await asyncio.to_thread(end, own)
    await asyncio.to_thread(own.start)
    await load
    names = await database.read(lambda tx: set(tx.execute(text("SELECT name FROM bot_state")).scalars()))
    assert {f"row {number}" for number in acknowledged} <= names, "what was acknowledged is there"
    assert len(acknowledged) + len(told) == 400
    assert all("known whether that was saved" in one for one in told), told
    assert len(told) <= postgresql.WRITERS, "only what was being handed in is in doubt; the rest waited"


async def test_f46_a_lock_that_lasts_is_told_reading_goes_on_and_it_recovers(own: Server) -> None:
    with patch.dict(postgresql.SESSION, {"lock_timeout": "50ms"}):
        database = await Database.open(own.url())
        await database.write(put("a", "1"))
        engine = postgresql.engine_of(own.url())
        async with engine.begin() as holder:
            await holder.execute(text("LOCK TABLE bot_state IN EXCLUSIVE MODE"))
            with pytest.raises(StorageError, match=r"wasn't saved: the database is busy\. Nothing is lost"):
                await database.write(put("a", "2"))
            assert await kept(database, "a") == "1"
            assert database.errors == 1
        await database.write(put("a", "3"))
        assert await kept(database, "a") == "3"
        await engine.dispose()
        await database.close()


async def test_f46_where_connections_are_used_up_it_waits_and_goes_on(own: Server) -> None:
    engine = postgresql.engine_of(own.url())
    database = await Database.open(own.url())
    await database.close()
    held = [await engine.connect() for _ in range(8)]
    more = postgresql.engine_of(own.url())
    held += [await more.connect() for _ in range(7)]
    with pytest.raises(postgresql.TROUBLE) as full:
        await more.connect()
    assert postgresql.code_of(full.value) == "53300"
    with patch.object(postgresql, "PATIENCE", 0.1), pytest.raises(StorageError, match="busy"):
        await database.write(put("a", "1"))
    waiting = asyncio.create_task(database.write(put("a", "2")))
    await asyncio.sleep(0)
    for one in held:
        await one.close()
    await engine.dispose()
    await more.dispose()
    await waiting
    assert await kept(database, "a") == "2"
    await database.close()


async def test_f46_a_standby_is_waited_for_until_it_is_promoted(own: Server, database: Database) -> None:
    async def read_only(setting: str) -> None:
        engine = postgresql.engine_of(own.url()).execution_options(isolation_level="AUTOCOMMIT")
        async with engine.connect() as alone:
            await alone.execute(text(f"ALTER SYSTEM SET default_transaction_read_only = {setting}"))
            await alone.execute(text("SELECT pg_reload_conf()"))
            while await alone.scalar(text("SHOW default_transaction_read_only")) != setting:
                pass
        await engine.dispose()

    await read_only("on")
    with patch.object(postgresql, "PATIENCE", 0.1), pytest.raises(StorageError, match="the database is busy"):
        await database.write(put("a", "1"))
    waiting = asyncio.create_task(database.write(put("a", "2")))
    await read_only("off")
    await waiting
    assert await kept(database, "a") == "2"
