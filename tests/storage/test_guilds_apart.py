"""What is kept for one guild never shows in another, nor for another member: every function of every repository."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import ModuleType
from typing import Final, TypeAlias

import pytest
from sqlalchemy import Connection, select

from bot.domain.occurrence import FollowUp, Occurrence, OccurrenceState
from bot.domain.roadmap import Act, Change, Mark, State
from bot.domain.schedule import BALANCED, Slot
from bot.storage import (
    acting,
    bot_state,
    by_hand,
    feed,
    follow_up,
    guild,
    interaction,
    member,
    occurrence,
    outage,
    privacy,
    roadmap,
    schedule,
    supply,
    vector,
)
from bot.storage.database import Database
from bot.storage.guild import Guild
from bot.storage.schema import metadata
from bot.storage.tables import FEATURES
from tests.storage import (
    board_units,
    content_units,
    day_units,
    faq_units,
    look_back_units,
    pace_units,
    privacy_units,
    queue_units,
    quiz_units,
    review_units,
)
from tests.storage.conftest import opened

HERE, THERE, ANA, BEN = 11, 12, 21, 22
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
LINK = "https://example.org/a"
DONE: Final = Change("a", Mark(), Mark(State.DONE, LINK))
KNOWN: Final = Change("b", Mark(), Mark(State.KNOWN))

Unit: TypeAlias = Callable[[Connection, int, int], object]
UNITS: Final = (
    board_units,
    content_units,
    day_units,
    faq_units,
    look_back_units,
    pace_units,
    privacy_units,
    queue_units,
    quiz_units,
    review_units,
)
"""The functions of a family of repositories each: what reads, what writes, what takes back."""

READS: Final[dict[str, Unit]] = {
    "guild.get": lambda tx, guild_id, _user: guild.get(tx, guild_id),
    "guild.day_rule": lambda tx, guild_id, _user: guild.day_rule(tx, guild_id),
    "guild.moderator_channel": lambda tx, guild_id, _user: guild.moderator_channel(tx, guild_id),
    "member.get": member.get,
    "roadmap.marks": roadmap.marks,
    "roadmap.states": roadmap.states,
    "roadmap.rebuilt_marks": roadmap.rebuilt_marks,
    "roadmap.last_act": roadmap.last_act,
    "roadmap.note": lambda tx, guild_id, user_id: roadmap.note(tx, guild_id, user_id, "a"),
    "roadmap.guild_marks": lambda tx, guild_id, _user: roadmap.guild_marks(tx, guild_id),
    "schedule.get": lambda tx, guild_id, _user: schedule.get(tx, guild_id, 1),
    "schedule.options_of": lambda tx, guild_id, _user: schedule.options_of(tx, guild_id, 1),
    "schedule.all_of": lambda tx, guild_id, _user: schedule.all_of(tx, guild_id),
    "supply.used": lambda tx, guild_id, _user: supply.used(tx, guild_id, ["one"]),
    "follow_up.last_refusal": lambda tx, guild_id, _user: follow_up.last_refusal(tx, guild_id, 1, 99),
    "occurrence.recent": lambda tx, guild_id, _user: occurrence.recent(tx, guild_id, 1, 9),
    **{name: unit for units in UNITS for name, unit in units.READS.items()},
}
OF_A_GUILD: Final = (
    {"guild.get", "guild.day_rule", "guild.moderator_channel", "roadmap.guild_marks", "follow_up.last_refusal"}
    | {name for units in UNITS for name in units.OF_A_GUILD}
    | {name for name in READS if name.startswith(("schedule.", "occurrence."))}
)
"""What is asked for a guild, not for a member."""


def _settle(tx: Connection, guild_id: int, _user: int) -> None:
    guild.put(tx, Guild(guild_id, "Europe/Berlin", time(5), 1, 2, 3, NOW, NOW))


def _take_back(tx: Connection, guild_id: int, user_id: int) -> None:
    last = roadmap.last_act(tx, guild_id, user_id)
    assert last is not None
    roadmap.take_back(tx, guild_id, user_id, last, NOW)


def _plan(tx: Connection, guild_id: int, _user: int) -> None:
    day = TODAY + timedelta(days=len(occurrence.recent(tx, guild_id, 1, 99)))
    occurrence.plan(tx, occurrence.Plan(guild_id, 1, day, Slot.PRACTICE, "one", 5, NOW))


def _sent(tx: Connection, guild_id: int) -> Occurrence:
    """Plan one more post, as if this process were sending it."""
    _plan(tx, guild_id, 0)
    number = len(occurrence.recent(tx, guild_id, 1, 99))
    row = occurrence.occurrence
    mine = row.c.guild_id == guild_id, row.c.number == number
    tx.execute(row.update().where(*mine).values(state=OccurrenceState.SENDING, owner="me", lease_until=NOW))
    return Occurrence(guild_id, number, 1, TODAY, Slot.PRACTICE, "one", 5, NOW, 1, 1, NOW)


def _settle_post(tx: Connection, guild_id: int, _user: int) -> None:
    one = _sent(tx, guild_id)
    assert occurrence.settle(tx, one, "me", OccurrenceState.POSTED, message_id=7, posted_at=NOW)


def _swap(tx: Connection, guild_id: int, _user: int) -> None:
    assert occurrence.swap_exercise(tx, _sent(tx, guild_id), "me", "another")


def _put_next(tx: Connection, guild_id: int, _user: int) -> None:
    one = schedule.get(tx, guild_id, 1)
    assert one is not None
    schedule.put_next(tx, one, (TODAY, NOW + timedelta(days=9)))


WRITES: Final[dict[str, Unit]] = {
    "guild.put": _settle,
    "member.ensure": lambda tx, guild_id, user_id: member.ensure(tx, guild_id, user_id, NOW),
    "member.place": lambda tx, guild_id, user_id: member.place(tx, guild_id, user_id, "developer", NOW),
    "roadmap.record": lambda tx, guild_id, user_id: roadmap.record(
        tx, guild_id, user_id, Act.PLACEMENT, [DONE, KNOWN], NOW
    ),
    "roadmap.put_note": lambda tx, guild_id, user_id: roadmap.put_note(tx, guild_id, user_id, "a", "mine", NOW),
    "roadmap.take_back": _take_back,
    "schedule.add": lambda tx, guild_id, _user: schedule.add(tx, guild_id, 5, time(9), BALANCED, NOW),
    "schedule.put_next": _put_next,
    "schedule.put_state": lambda tx, guild_id, _user: schedule.put_state(
        tx, guild_id, 1, schedule.ScheduleState.BROKEN, "gone"
    ),
    "schedule.put_skip": lambda tx, guild_id, _user: schedule.put_skip(tx, guild_id, 1, TODAY),
    "schedule.reschedule": lambda tx, guild_id, _user: schedule.reschedule(tx, guild_id, NOW),
    "occurrence.plan": _plan,
    "occurrence.settle": _settle_post,
    "occurrence.swap_exercise": _swap,
    "occurrence.postpone": lambda tx, guild_id, _user: occurrence.postpone(tx, _sent(tx, guild_id), "me", NOW),
    **{name: unit for units in UNITS for name, unit in units.WRITES.items()},
    "follow_up.begin": lambda tx, guild_id, _user: follow_up.begin(tx, guild_id, 1),
    "follow_up.put_thread": lambda tx, guild_id, _user: follow_up.put_thread(tx, guild_id, 1, 8),
    "follow_up.close": lambda tx, guild_id, _user: follow_up.close(tx, guild_id, 1, FollowUp.REFUSED, "no right"),
}
OF_ALL_GUILDS: Final = {"schedule.due", "occurrence.claim", "follow_up.claim"} | {
    name for units in UNITS for name in units.OF_ALL_GUILDS
}
"""What the bot does for all guilds at once: each row goes back to its own guild by its id."""
TAKES_BACK: Final = {"roadmap.take_back"} | {name for units in UNITS for name in units.TAKES_BACK}
OF_NO_GUILD: Final = {bot_state, feed, interaction, outage, vector}


def read_all(tx: Connection, guild_id: int, user_id: int) -> dict[str, object]:
    """Return what every reading function finds."""
    return {name: read(tx, guild_id, user_id) for name, read in READS.items()}


def fill(tx: Connection, guild_id: int, user_id: int) -> None:
    """Write something of everything, and leave something to take back."""
    for name, write in WRITES.items():
        if name not in TAKES_BACK:
            write(tx, guild_id, user_id)


def _public_functions(module: ModuleType) -> set[str]:
    stem = module.__name__.rpartition(".")[2]
    return {
        f"{stem}.{name}"
        for name, value in inspect.getmembers(module, inspect.isfunction)
        if value.__module__ == module.__name__ and not name.startswith("_")
    }


def test_every_function_of_every_repository_is_tried_here() -> None:
    parts = {acting, by_hand, follow_up, privacy, *board_units.WITHOUT_TABLES}
    functions = set[str]().union(*(_public_functions(module) for module in {*FEATURES, *parts} - OF_NO_GUILD))
    assert functions == {*READS, *WRITES, *OF_ALL_GUILDS, *board_units.OF_A_BOARD, *privacy_units.OF_THE_SCHEMA}, (
        "What to do: add the new functions to READS or WRITES above."
    )


async def test_everything_that_is_written_is_read(database: Database) -> None:
    nothing = await database.read(lambda tx: read_all(tx, HERE, ANA))
    await database.write(lambda tx: fill(tx, HERE, ANA))
    found = await database.read(lambda tx: read_all(tx, HERE, ANA))
    assert [name for name in READS if found[name] == nothing[name]] == []
    assert found["roadmap.marks"] == {"a": DONE.after, "b": KNOWN.after}
    assert found["guild.get"] == Guild(HERE, "Europe/Berlin", time(5), 1, 2, 3, NOW, NOW)
    assert found["member.get"] == member.Member(
        HERE,
        ANA,
        NOW,
        "developer",
        NOW,
        "Asia/Tokyo",
        time(3),
        time(18),
        NOW,
        NOW,
        left_off_reason="copied",
        left_off_by=9,
        name="Ana",
        seen_at=NOW,
        left_at=NOW,
    )


def kept(tx: Connection) -> tuple[dict[str, list[tuple[object, ...]]], dict[str, object]]:
    """Return all rows of the guild ``THERE``, and what every reading function finds in it."""
    rows = {
        table.name: [tuple(row) for row in tx.execute(select(table).where(table.c.guild_id == THERE))]
        for table in metadata.sorted_tables
        if "guild_id" in table.c
    }
    return rows, read_all(tx, THERE, ANA)


@pytest.fixture(scope="module")
def filled(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A database that holds something of everything for one member of one guild."""
    path = tmp_path_factory.mktemp("filled") / "syllabot.db"
    shutil.copy(migrated, path)
    with opened(path) as tx, tx.begin():
        fill(tx, HERE, ANA)
        yield tx


@pytest.fixture(scope="module")
def both(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Connection, object]]:
    """A database that holds something of everything for a member of two guilds, and what is kept for the second."""
    path = tmp_path_factory.mktemp("both") / "syllabot.db"
    shutil.copy(migrated, path)
    with opened(path) as tx, tx.begin():
        fill(tx, HERE, ANA)
        fill(tx, THERE, ANA)
        before = kept(tx)
        assert all(before[0].values())
        yield tx, before


@pytest.fixture(scope="module")
def empty(migrated: Path) -> Iterator[Connection]:
    """A database that holds nothing."""
    with opened(migrated) as tx, tx.begin():
        yield tx


@pytest.mark.parametrize("name", READS)
def test_one_guilds_data_never_shows_in_another(empty: Connection, filled: Connection, name: str) -> None:
    assert READS[name](filled, THERE, ANA) == READS[name](empty, THERE, ANA)


@pytest.mark.parametrize("name", [name for name in READS if name not in OF_A_GUILD])
def test_one_members_data_never_shows_for_another(empty: Connection, filled: Connection, name: str) -> None:
    assert READS[name](filled, HERE, BEN) == READS[name](empty, HERE, BEN)


@pytest.mark.parametrize("name", WRITES)
def test_a_write_in_one_guild_changes_nothing_in_another(both: tuple[Connection, object], name: str) -> None:
    tx, before = both
    with tx.begin_nested() as step:
        WRITES[name](tx, HERE, ANA)
        assert kept(tx) == before
        step.rollback()


async def test_every_write_runs_on_either_engine(database: Database) -> None:
    def unit(tx: Connection) -> None:
        fill(tx, HERE, ANA)
        for write in WRITES.values():
            with tx.begin_nested() as step:
                write(tx, HERE, ANA)
                step.rollback()

    await database.write(unit)
