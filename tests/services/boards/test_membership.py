"""Who is still here: asked once a day, in batches, and never believed without a witness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.services.board import BoardService
from bot.services.board_lines import Ask
from bot.services.membership import AT_ONCE, MembershipService, note_seen
from bot.storage import board as board_store
from bot.storage import member as member_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.boards.ledger import GUILD, call, give

ME = 999
BOARD = range(1, 31)


class Door:
    """A roster that says who it is told."""

    def __init__(self) -> None:
        self.names_here: dict[int, str] = {user_id: f"Member {user_id}" for user_id in (*BOARD, ME)}
        self.closed = False
        self.asked: list[list[int]] = []

    async def names(self, guild_id: int, user_ids: Sequence[int]) -> Mapping[int, str] | None:
        """Return who is here."""
        assert guild_id == GUILD
        self.asked.append(list(user_ids))
        if self.closed:
            return None
        return {user_id: self.names_here[user_id] for user_id in user_ids if user_id in self.names_here}


@pytest.fixture
def door() -> Door:
    """The roster."""
    return Door()


@pytest.fixture
async def membership(database: Database, clock: FakeClock, door: Door) -> MembershipService:
    """The service, in a guild with a board."""
    await database.write(lambda tx: [give(tx, user_id, 100 - user_id) for user_id in BOARD])
    return MembershipService(database, clock, door)


async def shown(database: Database, clock: FakeClock) -> list[tuple[int, int, str | None]]:
    """Return the first page."""
    page = await BoardService(database, clock).members(GUILD, ME, Ask())
    return [(line.rank, line.user_id, line.name) for line in page.lines]


async def test_names_come_and_who_left_leaves_no_gap(
    database: Database, clock: FakeClock, door: Door, membership: MembershipService
) -> None:
    page = await BoardService(database, clock).members(GUILD, ME, Ask())
    assert page.unsure
    nearby = await BoardService(database, clock).nearby(GUILD, page)
    assert nearby == list(BOARD)
    del door.names_here[3], door.names_here[5]
    assert await membership.check(GUILD, nearby, ME)
    ranked = [user_id for user_id in BOARD if user_id not in {3, 5}][:10]
    assert await shown(database, clock) == [(rank, one, f"Member {one}") for rank, one in enumerate(ranked, 1)]
    page = await BoardService(database, clock).members(GUILD, ME, Ask())
    assert not page.unsure
    assert len(door.asked) == 1


async def test_nobody_is_asked_about_twice_a_day(clock: FakeClock, door: Door, membership: MembershipService) -> None:
    assert await membership.check(GUILD, [1, 2], ME)
    clock.move(hours=23)
    assert not await membership.check(GUILD, [1, 2], ME)
    clock.move(hours=1)
    assert not await membership.check(GUILD, [1, 2], ME), "nothing changed"
    door.names_here[2] = "Bo"
    clock.move(hours=24)
    assert await membership.check(GUILD, [1, 2, 3], ME)
    assert door.asked == [[1, 2, ME], [1, 2, ME], [1, 2, 3, ME]]


async def test_an_answer_without_the_witness_or_none_takes_nobody_away(
    database: Database, clock: FakeClock, door: Door, membership: MembershipService
) -> None:
    before = await shown(database, clock)
    door.names_here.clear()
    assert not await membership.check(GUILD, [1, 2, 3], ME)
    door.closed = True
    assert not await membership.check(GUILD, [1, 2, 3], ME)
    assert await shown(database, clock) == before


async def test_one_question_is_about_a_hundred_at_most(door: Door, membership: MembershipService) -> None:
    await membership.check(GUILD, range(1, 300), ME)
    assert [len(asked) for asked in door.asked] == [AT_ONCE]
    assert door.asked[0] == [*range(1, AT_ONCE), ME]


async def test_who_comes_back_is_on_the_boards_again_unless_hidden(
    database: Database, clock: FakeClock, door: Door, membership: MembershipService
) -> None:
    del door.names_here[1], door.names_here[2]

    def hide(tx: Connection) -> None:
        call(tx, {2: "Two"})
        person = member_store.get(tx, GUILD, 2)
        assert person
        member_store.put_profile(tx, replace(person, hidden=True))
        board_store.show(tx, GUILD, 2, shown=False)

    await database.write(hide)
    clock.move(days=1)
    assert await membership.check(GUILD, [1, 2, 3], ME)
    assert [user_id for _, user_id, _ in await shown(database, clock)][:2] == [3, 4]
    assert await database.write(lambda tx: note_seen(tx, GUILD, 1, "One", clock.now()))
    assert not await database.write(lambda tx: note_seen(tx, GUILD, 2, "Two", clock.now()))
    assert [user_id for _, user_id, _ in await shown(database, clock)][:2] == [1, 3]
