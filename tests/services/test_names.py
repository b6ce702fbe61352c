"""How members are called: noted once a day, written by a job, never waited for."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from bot.domain.board import Window
from bot.domain.points import USUAL, Reason
from bot.errors import StorageError
from bot.services.names import NamesService
from bot.services.points import Earning, earn
from bot.storage import board as board_store
from bot.storage import board_add
from bot.storage import member as store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

GUILD, ANA, BEN = 11, 21, 22


async def called(database: Database, user_id: int = ANA) -> str | None:
    """Return how a member is called, as it is kept."""
    person = await database.read(lambda tx: store.get(tx, GUILD, user_id))
    return person and person.name


async def writes(database: Database) -> int:
    """Return how many rows the writer has changed."""
    return await database.write(lambda tx: tx.exec_driver_sql("SELECT total_changes()").scalar_one())


@pytest.mark.sqlite
async def test_a_name_is_written_once_a_day_and_when_it_changes(database: Database, clock: FakeClock) -> None:
    names = NamesService(database, clock)
    names.note(GUILD, ANA, "Ana")
    assert await called(database) is None, "nobody waits for the database"
    await names.write()
    assert await called(database) == "Ana"
    before = await writes(database)
    names.note(GUILD, ANA, "Ana")
    await names.write()
    assert await writes(database) == before
    names.note(GUILD, ANA, "Ana of the owls")
    await names.write()
    assert await called(database) == "Ana of the owls"
    clock.move(days=1)
    names.note(GUILD, ANA, "Ana of the owls")
    await names.write()
    person = await database.read(lambda tx: store.get(tx, GUILD, ANA))
    assert person is not None
    assert person.seen_at == clock.now()


async def test_what_is_remembered_is_bounded(database: Database, clock: FakeClock) -> None:
    names = NamesService(database, clock, most=10)
    for user_id in range(100):
        names.note(GUILD, user_id, "Somebody")
    assert len(names._noted) == 10  # pyright: ignore[reportPrivateUsage]
    await names.write()
    assert await called(database, 0) == "Somebody", "what is forgotten is written all the same"


async def test_who_had_left_stands_on_the_boards_again(database: Database, clock: FakeClock) -> None:
    def leave(tx: Connection) -> int:
        earn(tx, USUAL, GUILD, ANA, Earning(Reason.PROMPT, "1"), clock.now())
        earn(tx, USUAL, GUILD, BEN, Earning(Reason.PROMPT, "1"), clock.now())
        for user_id in (ANA, BEN):
            store.put_left(tx, GUILD, user_id, clock.now())
            board_store.show(tx, GUILD, user_id, shown=False)
        store.put_profile(tx, store.Member(GUILD, BEN, clock.now(), hidden=True))
        return board_add.ensure(tx, GUILD, Window.WEEK, clock.now().date())

    board_id = await database.write(leave)
    assert await database.read(lambda tx: board_store.size(tx, board_id)) == 0
    names = NamesService(database, clock)
    names.note(GUILD, ANA, "Ana")
    names.note(GUILD, BEN, "Ben")
    await names.write()
    shown = await database.read(lambda tx: board_store.top(tx, board_id, 10))
    assert [one.who for one in shown] == [ANA], "who hides stays hidden"


async def test_what_could_not_be_written_is_tried_again(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(_unit: object) -> None:
        raise StorageError("The database is busy.")

    names = NamesService(database, clock)
    names.note(GUILD, ANA, "Ana")
    with monkeypatch.context() as patch:
        patch.setattr(database, "write", busy)
        with pytest.raises(StorageError):
            await names.write()
    await names.write()
    assert await called(database) == "Ana"
