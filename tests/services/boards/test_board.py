"""Boards as members see them: windows, ranks, changes, groups, and the past."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.domain.board import Measure, Rivals, Window
from bot.services.board import BoardService
from bot.services.board_history import BoardHistoryService
from bot.services.board_lines import Ask
from bot.services.season import SeasonService
from bot.storage import board as board_store
from bot.storage import group as group_store
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.boards.ledger import GUILD, OTHER, TODAY, ago, call, found, give

ANA, BEN, CARL, DORA = 21, 22, 23, 24
GROUPS = Ask(Rivals.GROUPS)


@pytest.fixture
def boards(database: Database, clock: FakeClock) -> BoardService:
    """The service."""
    return BoardService(database, clock)


@pytest.fixture
def history(database: Database, clock: FakeClock) -> BoardHistoryService:
    """The past."""
    return BoardHistoryService(database, clock)


def _week(tx: Connection) -> None:
    call(tx, {ANA: "Ana", BEN: "Ben", CARL: "Carl"})
    for user_id, points in ((ANA, 30), (BEN, 30), (CARL, 20), (DORA, 5)):
        give(tx, user_id, points)
    give(tx, CARL, 50, ago(7))
    give(tx, ANA, 40, ago(7))
    give(tx, ANA, 99, guild_id=OTHER)


async def test_equal_points_share_a_place_and_the_next_is_left_out(database: Database, boards: BoardService) -> None:
    await database.write(_week)
    page = await boards.members(GUILD, CARL, Ask())
    assert [(line.rank, line.user_id, line.name, line.score) for line in page.lines] == [
        (1, ANA, "Ana", 30), (1, BEN, "Ben", 30), (3, CARL, "Carl", 20), (4, DORA, None, 5),
    ]  # fmt: skip
    assert page.mine
    assert (page.mine.rank, page.mine.next_rank, page.mine.to_next) == (3, 1, 10)
    assert [line.moved for line in page.lines] == [1, None, -2, None]


async def test_other_windows_say_what_this_week_brought(database: Database, boards: BoardService) -> None:
    await database.write(_week)
    page = await boards.members(GUILD, ANA, Ask(window=Window.MONTH))
    assert [(line.user_id, line.score, line.lately) for line in page.lines] == [
        (ANA, 70, 30), (CARL, 70, 20), (BEN, 30, 30), (DORA, 5, 5),
    ]  # fmt: skip
    everything = await boards.members(GUILD, ANA, Ask(window=Window.ALL))
    assert [line.score for line in everything.lines] == [70, 70, 30, 5]
    season = await boards.members(GUILD, ANA, Ask(window=Window.SEASON))
    assert (season.lines, season.stretch.start, season.stretch.seasons) == ((), None, False)


async def test_who_is_hidden_or_left_takes_no_place(database: Database, boards: BoardService) -> None:
    def hide(tx: Connection) -> None:
        _week(tx)
        person = member_store.get(tx, GUILD, BEN)
        assert person
        member_store.put_profile(tx, replace(person, hidden=True))
        board_store.show(tx, GUILD, BEN, shown=False)

    await database.write(hide)
    page = await boards.members(GUILD, BEN, Ask())
    assert [(line.rank, line.user_id) for line in page.lines] == [(1, ANA), (2, CARL), (3, DORA)]
    assert page.size == 3
    assert page.mine
    assert (page.mine.hidden, page.mine.rank) == (True, 1)


async def test_a_page_too_far_is_the_last_and_one_can_jump_to_oneself(database: Database, boards: BoardService) -> None:
    await database.write(lambda tx: [give(tx, user_id, 100 - user_id) for user_id in range(1, 36)])
    last = await boards.members(GUILD, 99, Ask(page=99))
    assert (last.ask.page, [line.rank for line in last.lines]) == (3, [31, 32, 33, 34, 35])
    mine = await boards.members(GUILD, 23, Ask(around_me=True))
    assert (mine.ask.page, [line.user_id for line in mine.lines]) == (2, list(range(21, 31)))
    assert not mine.ask.around_me
    assert last.mine is None


async def test_a_small_steady_group_can_win(database: Database, boards: BoardService) -> None:
    def write(tx: Connection) -> None:
        found(tx, "Owls", ANA, BEN)
        found(tx, "Bears", *range(31, 36))
        found(tx, "Alone", CARL)
        for user_id, points in ((ANA, 30), (BEN, 20), (31, 40), (32, 30), (33, 5), (34, 5), (CARL, 90)):
            give(tx, user_id, points)

    await database.write(write)
    page = await boards.groups(GUILD, BEN, GROUPS)
    assert [(one.rank, one.name, one.figures.mean, one.figures.size) for one in page.lines] == [
        (1, "Owls", 25.0, 2), (2, "Bears", 20.0, 5),
    ]  # fmt: skip
    assert page.small == 1
    assert page.mine == page.lines[0]
    settings = replace(guild_store.Guild(GUILD), group_measure=Measure.SHARE, group_least=1)
    await database.write(lambda tx: guild_store.put(tx, settings))
    page = await boards.groups(GUILD, 31, GROUPS)
    assert [(one.rank, one.name, one.figures.share) for one in page.lines] == [
        (1, "Alone", 1.0), (2, "Owls", 1.0), (3, "Bears", 0.8),
    ]  # fmt: skip


async def test_the_past_has_its_winners_and_opens(
    database: Database, boards: BoardService, history: BoardHistoryService
) -> None:
    await database.write(_week)
    past = await history.page(GUILD, Ask())
    (week,) = past.pasts
    assert (week.stretch.start, week.stretch.end) == (ago(7), ago(1))
    assert [(one.rank, one.name, one.score) for one in week.winners] == [(1, "Carl", 50), (2, "Ana", 40)]
    opened = await boards.members(GUILD, BEN, Ask(start=week.stretch.start))
    assert opened.stretch.over
    assert [(line.user_id, line.moved, line.lately) for line in opened.lines] == [(CARL, None, None), (ANA, None, None)]
    assert opened.mine is None


async def test_many_on_one_place_of_the_past_are_counted(
    database: Database, history: BoardHistoryService, clock: FakeClock
) -> None:
    await database.write(lambda tx: [give(tx, user_id, 10) for user_id in range(1, 10)])
    clock.move(days=7)
    (week,) = (await history.page(GUILD, Ask())).pasts
    assert [one.rank for one in week.winners] == [1] * 5
    assert week.more == 4


async def test_a_group_of_the_past_keeps_its_place_after_it_dissolved(
    database: Database, history: BoardHistoryService, clock: FakeClock
) -> None:
    def write(tx: Connection) -> None:
        found(tx, "Owls", ANA, BEN)
        give(tx, ANA, 30)
        give(tx, BEN, 10)
        group_store.leave(tx, GUILD, ANA)
        group_store.leave(tx, GUILD, BEN)

    await database.write(write)
    clock.move(days=7)
    (week,) = (await history.page(GUILD, GROUPS)).pasts
    assert [(one.rank, one.name, one.score) for one in week.winners] == [(1, "🦉 Owls", 20.0)]


async def test_a_past_season_keeps_its_board(database: Database, boards: BoardService, clock: FakeClock) -> None:
    await database.write(_week)
    seasons = SeasonService(database, clock)
    begun = await seasons.begin(GUILD, "Autumn", str(ago(10)))
    assert begun.running
    await seasons.end(GUILD, begun.running.number, "yesterday")
    now = await boards.members(GUILD, ANA, Ask(window=Window.SEASON))
    assert now.stretch.start is None
    past = await boards.members(GUILD, ANA, Ask(window=Window.SEASON, start=ago(10)))
    assert (past.stretch.name, past.stretch.over, past.stretch.end) == ("Autumn", True, ago(1))
    assert [(line.user_id, line.score) for line in past.lines] == [(CARL, 50), (ANA, 40)]
    assert ago(1) < TODAY
