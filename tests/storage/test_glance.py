"""Short readings are done in place, long ones on a thread, and neither is seen from outside."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text

from bot.errors import StorageError
from bot.storage import bot_state, glance
from bot.storage.database import Database
from bot.storage.glance import FORGETS, LONG, OUTWEIGHS, SHORT, TIMES, Glances
from bot.storage.sqlite import AT_A_STRETCH, SQLite

pytestmark = pytest.mark.sqlite


def short(_tx: Connection) -> int:
    """Tell on which thread it is run."""
    return threading.get_ident()


def long(_tx: Connection) -> int:
    """Tell the same, as another kind of unit."""
    return threading.get_ident()


class Nameless:
    """A unit that is an object."""

    def __call__(self, tx: Connection) -> None:
        """Do nothing."""


class Stopped:
    """A clock that goes as far as it is told at each look."""

    def __init__(self) -> None:
        self.at, self.step = 0.0, 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        self.at += self.step
        return self.at


@pytest.fixture
def clock(database: Database, monkeypatch: pytest.MonkeyPatch) -> Stopped:
    found = Stopped()
    monkeypatch.setattr(database, "_now", found)
    return found


async def here(database: Database, work: Callable[[Connection], int]) -> bool:
    """Return whether a unit was run on the loop's own thread."""
    return await database.read(work) == threading.get_ident()


async def test_what_is_short_each_time_is_done_in_place(database: Database, clock: Stopped) -> None:
    assert [await here(database, short) for _ in range(TIMES + 2)] == [False] * TIMES + [True] * 2
    clock.step = 2 * SHORT
    assert not any([await here(database, long) for _ in range(2 * TIMES)])
    assert await here(database, short), "the one says nothing of the other"


async def test_what_once_takes_long_goes_back_to_a_thread_and_is_trusted_ever_more_slowly(
    database: Database, clock: Stopped
) -> None:
    for runs in (TIMES, 4 * TIMES, 16 * TIMES):
        assert not any([await here(database, short) for _ in range(runs)])
        clock.step = 2 * LONG
        assert await here(database, short)
        clock.step = 0.0


async def test_many_short_runs_outweigh_a_long_one_and_more_of_them_let_it_be_forgotten(
    database: Database, clock: Stopped
) -> None:
    async def long_one() -> bool:
        clock.step = 2 * LONG
        in_place = await here(database, short)
        clock.step = 0.0
        return in_place

    async def trusted_after() -> int:
        runs = 1
        while not await here(database, short):
            runs += 1
        return runs - 1

    assert await trusted_after() == TIMES
    for _ in range(OUTWEIGHS):
        assert await here(database, short)
    assert await long_one()
    assert await here(database, short), "the machine stood still for a moment"
    assert await long_one()
    assert await trusted_after() == 4 * TIMES, "that was one too many"
    for _ in range(FORGETS + 2 * OUTWEIGHS):
        assert await here(database, short)
    for _ in range(FORGETS // OUTWEIGHS + 1):
        assert await long_one()
    assert await trusted_after() == 4 * TIMES, "what was long ago no longer counts"


def test_one_slow_run_on_a_thread_begins_the_count_anew() -> None:
    seen = Glances()
    for _ in range(3):
        for _ in range(TIMES - 1):
            seen.on_thread(short, 0.0)
        seen.on_thread(short, 2 * SHORT)
    assert not seen.trusts(short)


def test_units_of_one_code_are_one_kind() -> None:
    def made(number: int) -> Callable[[Connection], int]:
        return lambda _tx: number

    seen = Glances()
    for number in range(TIMES):
        seen.on_thread(made(number), 0.0)
    assert seen.trusts(made(99))
    assert not seen.trusts(short)
    for _ in range(2 * TIMES):
        seen.on_thread(Nameless(), 0.0)
    assert not seen.trusts(Nameless()), "what has no code of its own can't be told from others"


async def test_in_place_it_sees_what_was_written_writes_nothing_and_tells_failures(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glance, "TIMES", 0)
    await database.write(lambda tx: bot_state.put(tx, "a", "1"))
    assert await database.read(lambda tx: bot_state.get(tx, "a")) == "1"
    await database.write(lambda tx: bot_state.put(tx, "a", "2"))
    assert await database.read(lambda tx: bot_state.get(tx, "a")) == "2"
    with pytest.raises(StorageError):
        await database.read(lambda tx: bot_state.put(tx, "a", "3"))
    with pytest.raises(StorageError):
        await database.read(lambda tx: tx.execute(text("SELECT nothing FROM nowhere")).all())
    assert await database.read(lambda tx: bot_state.get(tx, "a")) == "2"


async def test_whoever_reads_in_a_loop_lets_others_come_to_their_turn(
    database: Database, clock: Stopped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glance, "TIMES", 0)
    clock.step = 0.6 * AT_A_STRETCH
    turns: list[str] = []

    async def reading(name: str) -> None:
        for _ in range(4):
            await database.read(short)
            turns.append(name)

    await asyncio.gather(reading("a"), reading("b"))
    assert "".join(turns) == "aabbaabb"


async def test_where_it_would_have_to_wait_a_thread_waits_for_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glance, "TIMES", 0)
    assert await here(database, short)
    assert isinstance(database, SQLite)
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY

    def refuse(_work: object) -> None:
        raise busy

    with monkeypatch.context() as patched:
        patched.setattr(database._glance, "run", refuse)  # pyright: ignore[reportPrivateUsage]
        assert not await here(database, short)
    assert await here(database, short)
