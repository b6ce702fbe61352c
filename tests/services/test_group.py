"""Making, joining, leaving and looking after study groups, through the services and a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.domain.board import ALWAYS, Window
from bot.domain.group import MOST_INVITED, GroupMakers
from bot.domain.points import Reason
from bot.errors import BadInputError, NotAllowedError, NotFoundError
from bot.services.group import GroupList, GroupService, Person
from bot.services.group_care import GroupCareService
from bot.services.membership import note_left, note_seen
from bot.services.points import adjust
from bot.storage import audit, board, points
from bot.storage import group as store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.groups import ANA, BEN, CARA, DAN, GUILD, MO, made, wish


@pytest.fixture
def service(database: Database, clock: FakeClock) -> GroupService:
    """What everybody may do."""
    return GroupService(database, clock)


@pytest.fixture
def care(database: Database, clock: FakeClock) -> GroupCareService:
    """What captains and moderators may do."""
    return GroupCareService(database, clock)


async def members(database: Database, group_id: int) -> list[int]:
    """Return a group's members, the longest first."""
    return list(await database.read(lambda tx: store.members(tx, GUILD, group_id)))


async def captain(database: Database, group_id: int) -> int:
    """Return who looks after a group."""
    group = await database.read(lambda tx: store.get(tx, GUILD, group_id))
    assert group is not None
    return group.captain_id


async def listing(service: GroupService, person: Person, page: int = 0) -> GroupList:
    """Return the groups as somebody sees them."""
    return await service.listing(GUILD, person.user_id, lambda _role_id: person.moderates, page)


async def test_moderators_decide_who_makes_groups(service: GroupService) -> None:
    with pytest.raises(NotAllowedError, match="Moderators make"):
        await service.make(GUILD, ANA, wish())
    assert not (await listing(service, ANA)).may_make
    assert (await listing(service, MO)).may_make
    await service.put_makers(GUILD, GroupMakers.EVERYBODY)
    group = await service.make(GUILD, ANA, wish())
    assert (group.captain_id, (await listing(service, ANA)).mine) == (ANA.user_id, group.group_id)
    with pytest.raises(NotAllowedError, match="one group at a time"):
        await service.make(GUILD, ANA, wish("Others"))
    with pytest.raises(BadInputError, match="called that"):
        await service.make(GUILD, BEN, wish("  OWLS "))
    assert not await service.may_make(GUILD + 1, ANA), "another server decides for itself"


async def test_one_of_many_wins_the_last_place(service: GroupService, database: Database) -> None:
    group_id = await made(service, ANA, size=2)
    people = [Person(100 + i, f"P{i}") for i in range(12)]
    results = await asyncio.gather(*(service.join(GUILD, group_id, one) for one in people), return_exceptions=True)
    assert sum(isinstance(one, NotAllowedError) for one in results) == 11
    assert len(await members(database, group_id)) == 2


async def test_a_double_press_joins_one_group(service: GroupService, database: Database) -> None:
    groups = [await made(service, one, name=one.name) for one in (ANA, BEN, CARA)]
    joins = (service.join(GUILD, group_id, DAN) for group_id in groups * 4)
    results = await asyncio.gather(*joins, return_exceptions=True)
    assert sum(isinstance(one, NotAllowedError) for one in results) == 11
    assert sum([DAN.user_id in await members(database, group_id) for group_id in groups]) == 1


async def test_captains_follow_one_another_and_the_last_one_out_archives(
    service: GroupService, database: Database, clock: FakeClock
) -> None:
    group_id = await made(service, ANA)
    for one in (BEN, CARA):
        clock.move(minutes=1)
        await service.join(GUILD, group_id, one)
    left = await service.leave(GUILD, group_id, ANA.user_id)
    assert left.captain_id == BEN.user_id == await captain(database, group_id)
    assert (await service.leave(GUILD, group_id, CARA.user_id)).captain_id is None
    with pytest.raises(NotFoundError, match="not in this group"):
        await service.leave(GUILD, group_id, CARA.user_id)
    assert (await service.leave(GUILD, group_id, BEN.user_id)).archived
    with pytest.raises(NotFoundError, match="does not exist any more"):
        await service.join(GUILD, group_id, ANA)
    assert (await listing(service, ANA)).total == 0
    assert await made(service, ANA, name="owls"), "the name is free again"


async def test_points_stay_with_the_group_they_were_earned_in(
    service: GroupService, database: Database, clock: FakeClock
) -> None:
    first, second = await made(service, ANA, BEN), await made(service, CARA, name="Larks")

    def score(tx: Connection) -> None:
        adjust(tx, GUILD, BEN.user_id, 10, "for the talk", MO.user_id, clock.now())

    await database.write(score)
    await service.leave(GUILD, first, BEN.user_id)
    await service.join(GUILD, second, BEN)
    clock.move(minutes=1)
    await database.write(score)

    def earned(tx: Connection) -> list[tuple[int, int]]:
        ever = board.find(tx, GUILD, Window.ALL, ALWAYS)
        return sorted((one.group_id, one.total) for one in board.group_totals(tx, ever or 0))

    assert await database.read(earned) == [(first, 10), (second, 10)]
    rows = await database.read(lambda tx: points.of_member(tx, GUILD, BEN.user_id, 9))
    assert [(row.group_id, row.reason) for row in rows] == [(second, Reason.ADJUSTMENT), (first, Reason.ADJUSTMENT)]


async def test_by_invitation(service: GroupService, care: GroupCareService) -> None:
    group_id = await made(service, ANA)
    await care.edit(GUILD, group_id, ANA, wish(is_open=False))
    with pytest.raises(NotAllowedError, match="whom it invites"):
        await service.join(GUILD, group_id, BEN)
    await care.invite(GUILD, group_id, ANA, BEN.user_id)
    with pytest.raises(BadInputError, match="invited before"):
        await care.invite(GUILD, group_id, ANA, BEN.user_id)
    (line,) = (await listing(service, BEN)).lines
    assert (line.invited, line.joinable) == (True, True)
    await service.decline(GUILD, group_id, BEN.user_id)
    with pytest.raises(NotAllowedError, match="whom it invites"):
        await service.join(GUILD, group_id, BEN)
    await care.invite(GUILD, group_id, ANA, BEN.user_id)
    await service.join(GUILD, group_id, BEN)
    with pytest.raises(BadInputError, match="already"):
        await care.invite(GUILD, group_id, ANA, BEN.user_id)
    for i in range(MOST_INVITED):
        await care.invite(GUILD, group_id, ANA, 500 + i)
    with pytest.raises(BadInputError, match="invitations are open"):
        await care.invite(GUILD, group_id, ANA, 999)


Act = Callable[[GroupCareService, int, Person], Coroutine[Any, Any, object]]
ACTS: dict[str, Act] = {
    "read": lambda care, group_id, who: care.group(GUILD, group_id, who),
    "edit": lambda care, group_id, who: care.edit(GUILD, group_id, who, wish(f"New {group_id}", size=3)),
    "role": lambda care, group_id, who: care.link_role(GUILD, group_id, who, 7),
    "channel": lambda care, group_id, who: care.link_channel(GUILD, group_id, who, 8),
    "invite": lambda care, group_id, who: care.invite(GUILD, group_id, who, 99),
    "remove": lambda care, group_id, who: care.remove(GUILD, group_id, who, CARA.user_id),
    "hand over": lambda care, group_id, who: care.hand_over(GUILD, group_id, who, BEN.user_id),
    "archive": lambda care, group_id, who: care.archive(GUILD, group_id, who),
}


@pytest.mark.parametrize("name", ACTS)
async def test_captain_and_moderators_alone_look_after_a_group(
    service: GroupService, care: GroupCareService, name: str
) -> None:
    group_id = await made(service, ANA, BEN, CARA)
    for stranger in (BEN, DAN):
        with pytest.raises(NotAllowedError, match="captain"):
            await ACTS[name](care, group_id, stranger)
    await ACTS[name](care, group_id, ANA)
    second = await made(service, DAN, name="Larks")
    if name not in {"remove", "hand over"}:
        await ACTS[name](care, second, MO)
    with pytest.raises(NotFoundError):
        await ACTS[name](care, 77, MO)


async def test_a_moderators_act_on_anothers_group_is_recorded(
    service: GroupService, care: GroupCareService, database: Database
) -> None:
    group_id = await made(service, ANA, BEN)
    await care.edit(GUILD, group_id, ANA, wish())
    assert await database.read(lambda tx: audit.recent(tx, GUILD, 9)) == []
    await care.remove(GUILD, group_id, MO, ANA.user_id)
    (entry,) = await database.read(lambda tx: audit.recent(tx, GUILD, 9))
    assert (entry.actor_id, entry.act, entry.subject) == (MO.user_id, "group.remove", f"group {group_id}")
    assert await captain(database, group_id) == BEN.user_id, "a captain who is removed is followed too"


async def test_an_archived_group_frees_its_members(
    service: GroupService, care: GroupCareService, database: Database
) -> None:
    group_id = await made(service, ANA, BEN)
    await care.invite(GUILD, group_id, ANA, CARA.user_id)
    await care.archive(GUILD, group_id, ANA)
    assert (await listing(service, BEN)).mine is None
    assert await database.read(lambda tx: store.invites(tx, GUILD, CARA.user_id)) == []
    with pytest.raises(NotFoundError):
        await care.archive(GUILD, group_id, ANA)


async def test_another_servers_group_is_none_of_ours(service: GroupService, care: GroupCareService) -> None:
    group_id = await made(service, ANA)
    other = Person(ANA.user_id, "Ana", moderates=True)
    for attempt in (service.join(GUILD + 1, group_id, BEN), care.archive(GUILD + 1, group_id, other)):
        with pytest.raises(NotFoundError):
            await attempt


async def test_who_left_the_server_takes_no_place_and_no_captaincy(
    service: GroupService, care: GroupCareService, database: Database, clock: FakeClock
) -> None:
    group_id = await made(service, ANA, BEN, size=2)
    await database.write(lambda tx: note_left(tx, GUILD, ANA.user_id, clock.now()))
    await care.group(GUILD, group_id, BEN)
    await service.join(GUILD, group_id, CARA)
    assert sorted(await members(database, group_id)) == [BEN.user_id, CARA.user_id]
    assert await database.read(lambda tx: store.sizes(tx, GUILD)) == {group_id: 2}


async def test_who_comes_back_is_in_the_group_again(
    service: GroupService, database: Database, clock: FakeClock
) -> None:
    group_id = await made(service, ANA, BEN)
    await database.write(lambda tx: note_left(tx, GUILD, BEN.user_id, clock.now()))
    assert await database.read(lambda tx: store.sizes(tx, GUILD)) == {group_id: 1}
    await database.write(lambda tx: note_seen(tx, GUILD, BEN.user_id, "Ben", clock.now()))
    assert await database.read(lambda tx: store.sizes(tx, GUILD)) == {group_id: 2}


async def test_a_moderator_makes_groups_for_others(service: GroupService, database: Database) -> None:
    await made(service, MO)
    empty = await service.make(GUILD, MO, wish("Larks"))
    assert await members(database, empty.group_id) == []
    await service.join(GUILD, empty.group_id, ANA)
    assert await captain(database, empty.group_id) == ANA.user_id


async def test_lists_have_pages_and_put_first_what_one_can_join(service: GroupService, care: GroupCareService) -> None:
    ids = [await made(service, Person(200 + i, "C"), size=2, name=f"Group {i:02}") for i in range(13)]
    await service.join(GUILD, ids[0], Person(300, "F"))
    await care.edit(GUILD, ids[12], MO, wish("Group 12", is_open=False))
    await care.invite(GUILD, ids[12], MO, ANA.user_id)
    first, last = await listing(service, ANA), await listing(service, ANA, 99)
    assert (first.lines[0].group.group_id, len(first.lines), first.pages) == (ids[12], 10, 2)
    assert [line.group.group_id for line in last.lines] == [ids[10], ids[11], ids[0]]
    assert (last.page, last.lines[-1].full) == (1, True)
