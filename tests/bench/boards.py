"""Boards: time in SQL and through the repository, beside what bots usually do: RANK(), and sorting in Python.

A tenth of the size by default, said in each row; ``FULL=1`` in the environment measures a guild of 1,000 members among
1,000 such guilds, and one of 500,000.
"""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, event

from bot.domain.board import Window
from bot.storage import board, group
from bot.storage.database import Database
from bot.storage.sqlite import PRAGMAS
from bot.storage.upgrade import migrate
from tests.bench.row import Effort, Row

Statement: TypeAlias = tuple[str, Any]

RANKED: Final = "RANK() over the board"
SORTED: Final = "all members read and sorted in Python"
PLAIN: Final = "the same statements, in SQL"
START: Final = date(2026, 11, 23)
LINES, PAGE, AROUND = 10, 5000, 5
GROUPS, IN_A_GROUP = 200, 50
HIGHEST_SCORE: Final = 20_000
MEMBERS_ASKED: Final = 40
"""Members whose rank is asked for; their points are drawn, so they stand anywhere."""
MANY, FEW = 10_000, 5
"""Above so many members, what takes long is asked a few times a round."""

RANK = (
    "SELECT place FROM (SELECT user_id, RANK() OVER (ORDER BY score DESC) AS place FROM standing "
    "WHERE board_id = ? AND shown = 1 AND score > 0) WHERE user_id = ?"
)
ALL_MEMBERS = "SELECT user_id, score FROM standing WHERE board_id = ? AND shown = 1 AND score > 0"


@dataclass(frozen=True, slots=True)
class Guild:
    """A generated guild: its board, size, and how long one question may take in SQL, in ms."""

    guild_id: int
    board_id: int
    size: int
    workload: str
    most: float
    most_at_the_top: float


def _top(tx: Connection, one: Guild) -> object:
    return board.top(tx, one.board_id, LINES)


def _rank(tx: Connection, one: Guild, user_id: int) -> int:
    score = board.score_of(tx, one.board_id, user_id)
    return board.above(tx, one.board_id, score or 0) + 1


def _around(tx: Connection, one: Guild, user_id: int) -> object:
    score = board.score_of(tx, one.board_id, user_id) or 0
    position = board.position(tx, one.board_id, user_id, score)
    found = position, board.around(tx, one.board_id, user_id, score, (AROUND, AROUND))
    return found, board.level(tx, one.board_id, found[1][0].score, found[1][0].who)


def _page(tx: Connection, one: Guild) -> object:
    found = board.top(tx, one.board_id, LINES, min(PAGE * LINES, one.size) - LINES)
    return found, board.level(tx, one.board_id, found[0].score, found[0].who)


def _groups(tx: Connection, one: Guild) -> object:
    return group.sizes(tx, one.guild_id), board.group_totals(tx, one.board_id)


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return the rows of both guilds.

    Args:
        effort: rounds, and calls of each question in one.
        folder: an empty one, for the database.
    """
    path = folder / "boards.db"
    migrate(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        for pragma in PRAGMAS:
            plain.execute(pragma)
        guilds = _generated(plain, full=bool(os.environ.get("FULL")))
        database = await Database.open(path)
        try:
            return [row for one in guilds for row in await _of_guild(effort, database, plain, one)]
        finally:
            await database.close()


async def _of_guild(effort: Effort, database: Database, plain: sqlite3.Connection, one: Guild) -> list[Row]:
    asked = [1 + one.size * place // MEMBERS_ASKED for place in range(MEMBERS_ASKED)]
    calls = min(effort.calls, MEMBERS_ASKED) if one.size > MANY else effort.calls
    units: dict[str, tuple[Callable[[Connection, int], object], float]] = {
        "top page": (lambda tx, _: _top(tx, one), one.most_at_the_top),
        "my rank": (lambda tx, user_id: _rank(tx, one, user_id), one.most),
        "around me": (lambda tx, user_id: _around(tx, one, user_id), one.most),
        f"page {min(PAGE, one.size // LINES):,}": (lambda tx, _: _page(tx, one), one.most),
        f"board of {GROUPS} groups": (lambda tx, _: _groups(tx, one), one.most_at_the_top),
    }
    rows: list[Row] = []
    for name, (unit, most) in units.items():
        statements = [await database.read(lambda tx, who=who, do=unit: _recorded(tx, do, who)) for who in asked]
        in_sql: list[float] = []
        through: list[float] = []
        for _ in range(effort.rounds):
            plainly, whole = await _by_turns(database, plain, unit, list(zip(asked, statements, strict=True)), calls)
            in_sql.append(plainly)
            through.append(whole)
        rows.append(Row(f"Board in SQL: {name}", one.workload, "ms", in_sql, "", [1.0] * len(in_sql), most=most))
        rows.append(Row(f"Board: {name}", one.workload, "ms", through, PLAIN, in_sql, most_over=0.5))
        if name == "my rank":
            rows += _habits(effort, plain, one, asked, in_sql)
    return rows


def _habits(
    effort: Effort, plain: sqlite3.Connection, one: Guild, asked: Sequence[int], ours: Sequence[float]
) -> list[Row]:
    """Return my rank beside what other bots do for it."""

    def ranked(user_id: int) -> object:
        return plain.execute(RANK, (one.board_id, user_id)).fetchone()[0]

    def in_python(user_id: int) -> object:
        everybody = plain.execute(ALL_MEMBERS, (one.board_id,)).fetchall()
        everybody.sort(key=lambda row: -row[1])
        return next(place for place, row in enumerate(everybody, 1) if row[0] == user_id)

    calls = min(effort.calls, FEW if one.size > MANY else effort.calls)
    rows: list[Row] = []
    for habit, ask in ((RANKED, ranked), (SORTED, in_python)):
        beside = [_asked(ask, asked, calls) for _ in ours]
        rows.append(Row("Board in SQL: my rank", one.workload, "ms", ours, habit, beside))
    return rows


def _asked(ask: Callable[[int], object], whom: Sequence[int], calls: int) -> float:
    turns = cycle(whom)
    return median(_milliseconds(lambda: ask(next(turns))) for _ in range(calls))


def _recorded(tx: Connection, do: Callable[[Connection, int], object], who: int) -> list[Statement]:
    """Return what a unit of work asks of SQLite, so that the very same can be asked without anything between."""
    said: list[Statement] = []

    def note(_c: object, _u: object, statement: str, parameters: object, *_: object) -> None:
        said.append((statement, parameters))

    event.listen(tx, "before_cursor_execute", note)
    try:
        do(tx, who)
    finally:
        event.remove(tx, "before_cursor_execute", note)
    return said


async def _by_turns(
    database: Database,
    plain: sqlite3.Connection,
    unit: Callable[[Connection, int], object],
    asked: Sequence[tuple[int, list[Statement]]],
    calls: int,
) -> tuple[float, float]:
    """Return the medians, in ms, of the same question in SQL alone and through the repository, asked by turns."""
    in_sql: list[float] = []
    through: list[float] = []
    turns = cycle(asked)
    for _ in range(calls):
        who, statements = next(turns)
        before = perf_counter()
        for statement, parameters in statements:
            plain.execute(statement, parameters).fetchall()
        between = perf_counter()
        await database.read(lambda tx, user_id=who: unit(tx, user_id))
        through.append((perf_counter() - between) * 1000)
        in_sql.append((between - before) * 1000)
    return median(in_sql), median(through)


def _milliseconds(do: Callable[[], object]) -> float:
    before = perf_counter()
    do()
    return (perf_counter() - before) * 1000


def _generated(plain: sqlite3.Connection, *, full: bool) -> list[Guild]:
    """Write the guilds and return the two that are asked."""
    share, said = (1, "") if full else (10, ", a tenth of the size (FULL=1 for all)")
    many, large = 1000 // share, 500_000 // share
    rng = random.Random(20261123)  # noqa: S311  (figures, not secrets)
    plain.execute("BEGIN")
    for number in range(1, many + 1):
        fill(plain, rng, number, 1000, HIGHEST_SCORE // 100)
    fill(plain, rng, many + 1, large, HIGHEST_SCORE)
    plain.execute("COMMIT")
    plain.execute("ANALYZE")
    return [
        Guild(many // 2, many // 2, 1000, f"1,000 members, one of {many:,} guilds{said}", 0.2, 0.2),
        Guild(many + 1, many + 1, large, f"{large:,} members{said}", 15.0, 1.0),
    ]


def fill(plain: sqlite3.Connection, rng: random.Random, number: int, size: int, highest: int) -> None:
    """Write one guild with its week's board; guild and board have the same number."""
    plain.execute("INSERT INTO board VALUES (?, ?, ?, ?)", (number, number, Window.WEEK, START.isoformat()))

    def standings() -> Iterator[tuple[int, int, int]]:
        # most have little and a few have much, as on real boards
        for user_id in range(1, size + 1):
            yield number, user_id, 1 + int(highest * rng.random() ** 3)

    plain.executemany("INSERT INTO standing VALUES (?, ?, ?, 1)", standings())
    groups = min(GROUPS, size // IN_A_GROUP)
    members = [(number, user_id, 1 + user_id % groups) for user_id in range(1, groups * IN_A_GROUP + 1)]
    plain.executemany("INSERT INTO group_member VALUES (?, ?, ?, 0, 1)", members)
    totals = [(number, 1 + place, rng.randrange(50, 5000), rng.randrange(2, IN_A_GROUP)) for place in range(groups)]
    plain.executemany("INSERT INTO group_standing VALUES (?, ?, ?, ?)", totals)
