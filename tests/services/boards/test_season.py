"""Seasons: what they make of the board, and taking them back; held against the ledger row by row."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.domain.board import Window
from bot.errors import BadInputError, NotFoundError
from bot.services.points import rebuild
from bot.services.season import SeasonPage, SeasonService
from bot.storage import board as board_store
from bot.storage import group as group_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.boards.ledger import GUILD, TODAY, ago, found, give

ANA, BEN = 21, 22


@pytest.fixture
def seasons(database: Database, clock: FakeClock) -> SeasonService:
    """The service."""
    return SeasonService(database, clock)


async def scores(database: Database, first_day: date) -> dict[int, int] | None:
    """Return the board of the season that begins on a day."""

    def read(tx: Connection) -> dict[int, int] | None:
        board_id = board_store.find(tx, GUILD, Window.SEASON, first_day)
        return None if board_id is None else {one.who: one.score for one in board_store.top(tx, board_id, 99)}

    return await database.read(read)


def number(page: SeasonPage) -> int:
    """Return the number of the season that runs."""
    assert page.running
    return page.running.number


def _earned(tx: Connection) -> None:
    group = found(tx, "Owls", ANA, BEN)
    for days, points in ((9, 5), (3, 10), (1, 20), (0, 40)):
        give(tx, ANA, points, ago(days))
    group_store.leave(tx, GUILD, BEN)
    give(tx, BEN, 7)
    assert group


async def test_a_season_counts_from_its_first_day_and_both_ends_are_taken_back(
    database: Database, seasons: SeasonService
) -> None:
    await database.write(_earned)
    page = await seasons.begin(GUILD, "  Autumn   2026 ", str(ago(3)))
    assert page.running
    assert page.running.name == "Autumn 2026"
    assert await scores(database, ago(3)) == {ANA: 70, BEN: 7}
    await seasons.end(GUILD, number(page), "yesterday")
    assert await scores(database, ago(3)) == {ANA: 30}
    page = await seasons.resume(GUILD, number(page))
    assert await scores(database, ago(3)) == {ANA: 70, BEN: 7}
    await database.write(lambda tx: give(tx, BEN, 3))
    assert await scores(database, ago(3)) == {ANA: 70, BEN: 10}
    assert await database.write(lambda tx: rebuild(tx, GUILD))
    page = await seasons.unbegin(GUILD, number(page))
    assert page.running is None
    assert await scores(database, ago(3)) is None
    assert await database.write(lambda tx: rebuild(tx, GUILD))


async def test_after_a_week_nothing_is_taken_back(seasons: SeasonService, clock: FakeClock) -> None:
    page = await seasons.begin(GUILD, "Autumn", "")
    clock.move(days=7, seconds=1)
    with pytest.raises(NotFoundError, match="7 days"):
        await seasons.unbegin(GUILD, number(page))
    ended = await seasons.end(GUILD, number(page), "")
    assert ended.may_continue == number(page)
    clock.move(days=7, seconds=1)
    with pytest.raises(NotFoundError, match="7 days"):
        await seasons.resume(GUILD, number(page))


async def test_one_runs_at_a_time_and_none_shares_a_day(seasons: SeasonService, clock: FakeClock) -> None:
    page = await seasons.begin(GUILD, "Autumn", "")
    with pytest.raises(BadInputError, match="not over"):
        await seasons.begin(GUILD, "Winter", "tomorrow")
    await seasons.end(GUILD, number(page), "today")
    with pytest.raises(BadInputError, match="on 2026-11-24 at the earliest"):
        await seasons.begin(GUILD, "Winter", "today")
    later = await seasons.begin(GUILD, "Winter", "tomorrow")
    with pytest.raises(BadInputError, match="between its first, 2026-11-24, and today, 2026-11-23"):
        await seasons.end(GUILD, number(later), "today")
    with pytest.raises(NotFoundError, match="no other season"):
        await seasons.resume(GUILD, number(page))
    with pytest.raises(NotFoundError, match="does not run"):
        await seasons.end(GUILD, number(page), "today")
    await seasons.unbegin(GUILD, number(later))
    clock.move(days=1)
    await seasons.resume(GUILD, number(page))


@pytest.mark.parametrize(
    ("name", "first", "said"),
    [
        ("A", "", "2 to 32"),
        ("A" * 33, "", "2 to 32"),
        ("Far", str(TODAY + timedelta(days=400)), "a year ahead"),
        ("Old", "1999-01-01", "younger"),
        ("Soon", "soon", "no date"),
    ],
)
async def test_a_season_that_can_not_be_is_refused(seasons: SeasonService, name: str, first: str, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        await seasons.begin(GUILD, name, first)
    assert not (await seasons.page(GUILD)).seasons


guilds = count(GUILD + 1)
acts = st.lists(
    st.tuples(st.integers(1, 5), st.integers(0, 3), st.integers(0, 12), st.sampled_from([0, 3, 3, 8])), max_size=25
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=acts, first=st.integers(0, 12), length=st.integers(0, 12))
async def test_the_sum_in_the_database_is_what_the_ledger_gives_row_by_row(
    database: Database, clock: FakeClock, acts: list[tuple[int, int, int, int]], first: int, length: int
) -> None:
    seasons = SeasonService(database, clock)
    guild_id = next(guilds)

    def write(tx: Connection) -> None:
        groups = [found(tx, f"Group {name}", 90 + name, guild_id=guild_id) for name in range(3)]
        for user_id, group, days, points in acts:
            group_store.leave(tx, guild_id, user_id)
            if group:
                group_store.join(tx, guild_id, user_id, groups[group - 1], clock.now())
            give(tx, user_id, points, ago(days), guild_id=guild_id)

    await database.write(write)
    page = await seasons.begin(guild_id, "Any", str(ago(first)))
    await seasons.end(guild_id, number(page), str(min(TODAY, ago(first) + timedelta(days=length))))
    assert await database.write(lambda tx: rebuild(tx, guild_id))
