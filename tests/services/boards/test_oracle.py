"""Boards against brute force: ranks, pages, around me, the next place up and groups, on boards with many ties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.domain.board import Measure, Rivals
from bot.services.board import LINES, BoardService, MemberBoard
from bot.services.board_lines import Ask
from bot.services.membership import note_left
from bot.storage import board as board_store
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.boards.ledger import ago, found, give

guilds = count(1000)


@dataclass(frozen=True, slots=True)
class Person:
    """What one member did, and whether the member shows."""

    now: int
    before: int
    group: int
    hidden: bool
    left: bool


people = st.lists(
    st.builds(
        Person,
        now=st.sampled_from([0, 0, 1, 1, 1, 2, 2, 3, 50]),
        before=st.sampled_from([0, 0, 1, 2, 2]),
        group=st.integers(0, 3),
        hidden=st.sampled_from([False, False, False, True]),
        left=st.sampled_from([False, False, False, True]),
    ),
    min_size=1,
    max_size=34,
)


def write(tx: Connection, guild_id: int, everybody: Mapping[int, Person], clock: FakeClock) -> None:
    """Make the guild."""
    for group in (1, 2, 3):
        mine = [user_id for user_id, one in everybody.items() if one.group == group]
        if mine:
            found(tx, f"Group {group}", *mine, guild_id=guild_id)
    for user_id, one in everybody.items():
        if one.before:
            give(tx, user_id, one.before, ago(7), guild_id=guild_id)
        if one.hidden:
            member_store.ensure(tx, guild_id, user_id, clock.now())
            person = member_store.get(tx, guild_id, user_id)
            assert person
            member_store.put_profile(tx, replace(person, hidden=True))
            board_store.show(tx, guild_id, user_id, shown=False)
        if one.now:
            give(tx, user_id, one.now, guild_id=guild_id)
        if one.left:
            note_left(tx, guild_id, user_id, clock.now())


def ranks(scores: Mapping[int, int]) -> dict[int, int]:
    """Rank by counting who has more, one by one."""
    return {user_id: 1 + sum(other > score for other in scores.values()) for user_id, score in scores.items()}


def expected(everybody: Mapping[int, Person]) -> list[tuple[int, int, int, int | None]]:
    """Return the lines of the whole board: rank, member, points, places won since the week before."""
    shown = {user_id: one for user_id, one in everybody.items() if not (one.hidden or one.left)}
    now = ranks({user_id: one.now for user_id, one in shown.items() if one.now})
    before = ranks({user_id: one.before for user_id, one in shown.items() if one.before})
    return [
        (now[user_id], user_id, shown[user_id].now, before[user_id] - now[user_id] if user_id in before else None)
        for user_id in sorted(now, key=lambda user_id: (now[user_id], user_id))
    ]


def lines(page: MemberBoard) -> list[tuple[int, int, int, int | None]]:
    """Return the lines of a page."""
    return [(line.rank, line.user_id, line.score, line.moved) for line in page.lines]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=people, asker=st.integers(0, 33), measure=st.sampled_from(Measure), least=st.integers(1, 4))
async def test_a_board_is_what_counting_by_hand_gives(
    database: Database, clock: FakeClock, people: list[Person], asker: int, measure: Measure, least: int
) -> None:
    guild_id, everybody = next(guilds), dict(enumerate(people, 1))
    me = asker % len(people) + 1
    service = BoardService(database, clock)
    rules = guild_store.Guild(guild_id, group_measure=measure, group_least=least)
    await database.write(lambda tx: (write(tx, guild_id, everybody, clock), guild_store.put(tx, rules)))
    whole = expected(everybody)
    for page in range(max(len(whole) - 1, 0) // LINES + 1):
        found = await service.members(guild_id, me, Ask(page=page))
        assert lines(found) == whole[page * LINES : (page + 1) * LINES]
        assert found.size == len(whole)
    await _check_me(service, guild_id, me, everybody[me], whole)
    await _check_groups(service, guild_id, everybody, measure, least)


async def _check_me(
    service: BoardService, guild_id: int, me: int, one: Person, whole: list[tuple[int, int, int, int | None]]
) -> None:
    page = await service.members(guild_id, me, Ask(around_me=True))
    if any(user_id == me for _, user_id, _, _ in whole):
        assert any(line.user_id == me for line in page.lines)
    assert (page.mine is None) == (one.now == 0)
    if page.mine is not None:
        higher = [(score, rank) for rank, _, score, _ in whole if score > one.now]
        assert page.mine.rank == len(higher) + 1
        nearest = min(higher, default=None)
        assert (page.mine.next_rank, page.mine.to_next) == (
            (nearest[1], nearest[0] - one.now) if nearest else (None, 0)
        )


async def _check_groups(
    service: BoardService, guild_id: int, everybody: Mapping[int, Person], measure: Measure, least: int
) -> None:
    groups: dict[str, tuple[float, float]] = {}
    for group in (1, 2, 3):
        mine = [one for one in everybody.values() if one.group == group]
        earned = [one.now for one in mine if one.now]
        if earned and len(mine) >= least:
            mean, share = sum(earned) / len(earned), len(earned) / len(mine)
            groups[f"Group {group}"] = (mean, share) if measure is Measure.MEAN else (share, mean)
    page = await service.groups(guild_id, 1, Ask(Rivals.GROUPS))
    place = {name: 1 + sum(other > figures for other in groups.values()) for name, figures in groups.items()}
    assert {line.name: line.rank for line in page.lines} == place
    assert [line.rank for line in page.lines] == sorted(place.values())
