"""Balanced groups are made as they were shown, through the service and a real database."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection

from bot.domain.pack import Pack
from bot.errors import BadInputError, NotAllowedError
from bot.services.group import GroupService
from bot.services.group_balance import GroupBalanceService, Proposal
from bot.services.packs import Packs
from bot.storage import audit
from bot.storage import group as store
from bot.storage import member as member_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.groups import ANA, GUILD, MO, made


@pytest.fixture
async def service(database: Database, pack: Pack, clock: FakeClock) -> GroupBalanceService:
    """The service, and twelve people of whom one has left."""

    def arrive(tx: Connection) -> None:
        for i in range(12):
            member_store.put_seen(tx, GUILD, 100 + i, f"P{i}", clock.now())
        member_store.put_left(tx, GUILD, 111, clock.now())

    await database.write(arrive)
    return GroupBalanceService(database, Packs(database, pack), clock)


def ids(found: Proposal) -> list[set[int]]:
    """Return who is in each proposed group."""
    return [{one.user_id for one in group} for group in found.groups]


async def test_what_is_made_is_what_was_shown(
    service: GroupBalanceService, database: Database, clock: FakeClock
) -> None:
    groups = GroupService(database, clock)
    await made(groups, ANA, name="STUDY group 1")
    found = await service.propose(GUILD, MO, 4, 1)
    assert sorted(map(len, found.groups)) == [3, 4, 4]
    assert await service.propose(GUILD, MO, 4, 1) == found
    both = await asyncio.gather(
        *(service.make(GUILD, MO, (4, 1, found.mark)) for _ in range(2)), return_exceptions=True
    )
    (first,) = [one for one in both if isinstance(one, list)]
    (second,) = [one for one in both if not isinstance(one, list)]
    assert isinstance(second, BadInputError), "a double press makes them once"
    assert [group.name for group in first] == ["Study group 2", "Study group 3", "Study group 4"]
    members = await database.read(lambda tx: [set(store.members(tx, GUILD, one.group_id)) for one in first])
    assert members == ids(found)
    assert all(group.captain_id == shown[0].user_id for group, shown in zip(first, found.groups, strict=True))
    (entry,) = await database.read(lambda tx: audit.recent(tx, GUILD, 9))
    assert (entry.act, entry.subject) == ("group.balance", "3 groups")


async def test_a_change_in_between_shows_it_anew(
    service: GroupBalanceService, database: Database, clock: FakeClock
) -> None:
    found = await service.propose(GUILD, MO, 4, 1)
    await database.write(lambda tx: member_store.put_left(tx, GUILD, 100, clock.now()))
    again = await service.make(GUILD, MO, (4, 1, found.mark))
    assert isinstance(again, Proposal)
    assert again.mark != found.mark
    assert await database.read(lambda tx: store.all_of(tx, GUILD)) == []


async def test_moderators_alone_and_two_people_at_least(service: GroupBalanceService) -> None:
    with pytest.raises(NotAllowedError):
        await service.propose(GUILD, ANA, 4, 1)
    with pytest.raises(NotAllowedError):
        await service.make(GUILD, ANA, (4, 1, 0))
    with pytest.raises(BadInputError, match="fewer than two"):
        await service.propose(GUILD + 1, MO, 4, 1)
    for size in (0, 1, 51, 2**63 - 1):
        with pytest.raises(BadInputError, match="2 to 50"):
            await service.propose(GUILD, MO, size, 1)
