"""Points: once for each source, capped, taken back, done again; and everything derived rebuilt to the same."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import StaticPool

from bot.domain.board import ALWAYS, Window, window_start
from bot.domain.points import EARNED, USUAL, Override, Reason
from bot.services import points
from bot.services.points import NOTHING, Earning, Gain
from bot.storage import board as board_store
from bot.storage import board_recount
from bot.storage import group as group_store
from bot.storage import member as member_store
from bot.storage import points as store
from bot.storage import season as season_store
from bot.storage.database import Database
from bot.storage.group import Group
from bot.storage.tables import metadata
from tests.fakes.clock import FakeClock

GUILD, ANA, BEN = 11, 21, 22
MONDAY: Final = date(2026, 11, 23)
TOPIC: Final = Earning(Reason.TOPIC, "cross-validation", 3)


async def earned(database: Database, clock: FakeClock, what: Earning = TOPIC, user_id: int = ANA) -> Gain:
    """Record an act now."""
    return await database.write(lambda tx: points.earn(tx, USUAL, GUILD, user_id, what, clock.now()))


async def taken(database: Database, clock: FakeClock, what: Earning = TOPIC) -> int:
    """Take an act back now."""
    return await database.write(lambda tx: points.take_back(tx, GUILD, ANA, what.reason, what.source, clock.now()))


async def score(database: Database, window: Window, start: date, user_id: int = ANA) -> int:
    """Return what a member has in a window."""

    def read(tx: Connection) -> int:
        board_id = board_store.find(tx, GUILD, window, start)
        return 0 if board_id is None else board_store.score_of(tx, board_id, user_id) or 0

    return await database.read(read)


async def test_an_act_counts_once_and_in_every_window(database: Database, clock: FakeClock) -> None:
    assert await earned(database, clock) == Gain(60)
    assert await earned(database, clock) == NOTHING
    assert await score(database, Window.WEEK, MONDAY) == 60
    assert await score(database, Window.MONTH, date(2026, 11, 1)) == 60
    assert await score(database, Window.ALL, ALWAYS) == 60


async def test_the_same_act_twenty_times_at_once_counts_once(database: Database, clock: FakeClock) -> None:
    gains = await asyncio.gather(*(earned(database, clock) for _ in range(20)))
    assert sorted(gain.points for gain in gains) == [0] * 19 + [60]
    assert len(await database.read(lambda tx: list(store.every(tx, GUILD)))) == 1


async def test_a_thousand_acts_from_fifty_tasks_lose_none(database: Database, clock: FakeClock) -> None:
    members = range(100, 150)

    async def learns(user_id: int) -> None:
        for number in range(20):
            await earned(database, clock, Earning(Reason.TOPIC, f"t{number}", 0.5), user_id)

    await asyncio.gather(*map(learns, members))
    assert len(await database.read(lambda tx: list(store.every(tx, GUILD)))) == 1000
    assert {await score(database, Window.ALL, ALWAYS, user_id) for user_id in members} == {200}
    assert await database.write(partial(points.rebuild, guild_id=GUILD))


async def test_a_day_counts_no_more_than_its_most(database: Database, clock: FakeClock) -> None:
    gains = [await earned(database, clock, Earning(Reason.PROMPT, str(number))) for number in range(3)]
    assert gains == [Gain(10), Gain(10), Gain(0, capped=True)]
    assert await earned(database, clock, Earning(Reason.TOPIC, "a", 20)) == Gain(400)
    assert await earned(database, clock, Earning(Reason.TOPIC, "b", 5)) == Gain(80, capped=True)
    clock.move(days=1)
    assert await earned(database, clock, Earning(Reason.PROMPT, "3")) == Gain(10)
    assert await earned(database, clock, Earning(Reason.PROMPT, "2")) == NOTHING, "a source counts once, capped or not"


async def test_a_guild_has_figures_of_its_own(database: Database, clock: FakeClock) -> None:
    await database.write(lambda tx: store.put_override(tx, GUILD, Reason.PROMPT, Override(7, 9)))
    assert await earned(database, clock, Earning(Reason.PROMPT, "1")) == Gain(7)
    assert await earned(database, clock, Earning(Reason.PROMPT, "2")) == Gain(2, capped=True)


async def test_what_is_taken_back_on_its_day_may_be_earned_on_a_later_one(database: Database, clock: FakeClock) -> None:
    await earned(database, clock)
    assert await taken(database, clock) == 60
    assert await taken(database, clock) == 0
    assert await score(database, Window.ALL, ALWAYS) == 0
    clock.move(days=7)
    assert await earned(database, clock) == Gain(60)
    assert await score(database, Window.WEEK, MONDAY) == 0
    assert await score(database, Window.WEEK, MONDAY + timedelta(days=7)) == 60


async def test_undoing_and_redoing_carries_no_points_into_a_new_week_or_group(
    database: Database, clock: FakeClock
) -> None:
    def found(tx: Connection, user_id: int, name: str) -> None:
        made = group_store.add(tx, Group(GUILD, 0, name, None, 8, True, user_id, None, None, clock.now()))
        group_store.leave(tx, GUILD, ANA)
        group_store.join(tx, GUILD, ANA, made.group_id, clock.now())

    await database.write(lambda tx: found(tx, ANA, "Owls"))
    await earned(database, clock)
    clock.move(days=7)
    await database.write(lambda tx: found(tx, BEN, "Larks"))
    assert await taken(database, clock) == 60
    assert await score(database, Window.WEEK, MONDAY) == 0
    assert await earned(database, clock) == Gain(60)
    assert await score(database, Window.WEEK, MONDAY) == 60
    assert await score(database, Window.WEEK, MONDAY + timedelta(days=7)) == 0
    board_id = await database.read(lambda tx: board_store.find(tx, GUILD, Window.ALL, ALWAYS))
    assert board_id is not None
    totals = await database.read(lambda tx: board_store.group_totals(tx, board_id))
    assert [(one.group_id, one.total, one.active) for one in totals] == [(1, 60, 1)]


async def test_adjustments_of_one_instant_all_count_and_can_be_taken_back(database: Database, clock: FakeClock) -> None:
    for delta in (5, -2):
        row = await database.write(partial(_adjust, delta, clock))
    assert (row.delta, row.note, row.by_user_id, row.at) == (-2, "Fair is fair", BEN, clock.now())
    assert await score(database, Window.ALL, ALWAYS) == 3
    standing = await database.read(lambda tx: store.adjustments(tx, GUILD, ANA))
    assert [one.delta for one in standing] == [-2, 5]
    source = standing[0].source
    back = await database.write(
        lambda tx: points.take_back(tx, GUILD, ANA, Reason.ADJUSTMENT, source, clock.now(), by_user_id=77)
    )
    assert back == -2
    assert await score(database, Window.ALL, ALWAYS) == 5
    newest = (await database.read(lambda tx: store.of_member(tx, GUILD, ANA, 1)))[0]
    assert (newest.delta, newest.by_user_id, newest.note) == (2, 77, "Fair is fair")


def _adjust(delta: int, clock: FakeClock, tx: Connection) -> store.Entry:
    return points.adjust(tx, GUILD, ANA, delta, "Fair is fair", BEN, clock.now())


SOURCES: Final = st.sampled_from(["a", "b", "c", "d"])
WHO: Final = st.sampled_from([21, 22, 23])
ACTS: Final = st.one_of(
    st.tuples(st.just("earn"), WHO, st.sampled_from(EARNED), SOURCES, st.integers(1, 24)),
    st.tuples(st.just("take"), WHO, st.sampled_from(EARNED), SOURCES),
    st.tuples(st.just("adjust"), WHO, st.integers(-50, 50)),
    st.tuples(st.just("group"), WHO, st.sampled_from([None, 1, 2])),
    st.tuples(st.just("hide"), WHO, st.booleans()),
    st.tuples(st.just("season"), st.integers(0, 5)),
    st.tuples(st.just("days"), st.integers(1, 20)),
)
GUILDS: Final = count(1000)


@pytest.fixture(scope="module")
def engine() -> Engine:
    """A database in memory, for many guilds; no thread and no disk between."""
    made = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(made)
    return made


def act(tx: Connection, guild_id: int, clock: FakeClock, what: tuple[Any, ...]) -> None:
    """Do what was drawn."""
    now = clock.now()
    match what:
        case "earn", user_id, reason, source, effort:
            points.earn(tx, USUAL, guild_id, user_id, Earning(reason, source, effort), now)
        case "take", user_id, reason, source:
            points.take_back(tx, guild_id, user_id, reason, source, now)
        case "adjust", user_id, delta:
            points.adjust(tx, guild_id, user_id, delta, "Because", 99, now)
        case "group", user_id, group_id:
            group_store.leave(tx, guild_id, user_id)
            if group_id is not None:
                group_store.join(tx, guild_id, user_id, group_id, now)
        case "hide", user_id, hidden:
            board_store.show(tx, guild_id, user_id, shown=not hidden)
            member_store.put_profile(tx, member_store.Member(guild_id, user_id, now, hidden=hidden))
        case "season", ago:
            for one in season_store.all_of(tx, guild_id)[:1]:
                season_store.put_end(tx, guild_id, one.number, max(one.first_day, now.date()), now)
            season_store.begin(tx, guild_id, "Next", now.date() - timedelta(days=ago), now)
            points.rebuild(tx, guild_id)
        case _:
            clock.move(days=what[1])


def windows(tx: Connection, guild_id: int, day: date) -> dict[Window, date]:
    """Return the first day of every window that a study day of a guild is in."""
    seasons = season_store.all_of(tx, guild_id)
    there = (one.first_day for one in seasons if one.first_day <= day and (not one.last_day or day <= one.last_day))
    season = next(there, None)
    starts = {window: window_start(window, day, season) for window in Window}
    return {window: start for window, start in starts.items() if start is not None}


@settings(max_examples=50, deadline=None)
@given(acts=st.lists(ACTS, max_size=40))
def test_boards_are_what_the_ledger_adds_up_to(engine: Engine, acts: list[tuple[Any, ...]]) -> None:
    clock, guild_id = FakeClock(), next(GUILDS)
    for one in acts:
        with engine.begin() as tx:
            act(tx, guild_id, clock, one)
    with engine.begin() as tx:
        found = board_recount.contents(tx, guild_id)
        ledger = list(store.every(tx, guild_id))
        starts = {row.day: windows(tx, guild_id, row.day) for row in ledger}
        sums: defaultdict[tuple[str, str, int], int] = defaultdict(int)
        capped: defaultdict[tuple[int, Reason, date], int] = defaultdict(int)
        for row in ledger:
            capped[row.user_id, row.reason, row.day] += row.delta
            for window, start in starts[row.day].items():
                sums[window.value, start.isoformat(), row.user_id] += row.delta
        assert {(window, start, who): score for window, start, who, score in found["standing"]} == sums
        for (_, reason, _), total in capped.items():
            assert reason is Reason.ADJUSTMENT or 0 <= total <= USUAL.rule(reason).daily_most
        assert points.rebuild(tx, guild_id), "boards are what the ledger adds up to"


async def test_a_tampered_board_is_mended(database: Database, clock: FakeClock) -> None:
    await earned(database, clock)
    await earned(database, clock, TOPIC, BEN)
    right = await database.read(lambda tx: board_recount.contents(tx, GUILD))
    forged = board_store.standing.update().where(board_store.standing.c.user_id == ANA).values(score=999)
    dropped = board_store.standing.delete().where(board_store.standing.c.user_id == BEN)
    for tampering in (forged, dropped):
        await database.write(partial(Connection.execute, statement=tampering))
        assert [one.same async for one in points.rebuild_all(database)] == [False]
        assert await database.read(lambda tx: board_recount.contents(tx, GUILD)) == right
    assert [one.same async for one in points.rebuild_all(database)] == [True]
