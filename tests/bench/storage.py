"""Units of work a second on each engine, beside the same statements on plain sqlite3 with SQLite's same settings.

The engines are those of ``tests.bench.engine``; the baseline is the same for all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.domain.roadmap import Act, Change, Mark, State
from bot.packs.load import load_pack
from bot.settings import ROOT
from bot.storage import member, roadmap
from bot.storage.database import Database
from bot.storage.sqlite import PRAGMAS
from bot.storage.upgrade import migrate
from tests.bench.engine import ENGINES, opened
from tests.bench.row import Effort, Row
from tests.fakes.clock import FakeClock

BASELINE: Final = "plain sqlite3 in the caller's thread, same statements"
GUILD, USER = 1, 2
OTHER_USER: Final = 3
KNOWN: Final = 15
"""Topics that a read finds."""

ENSURE = "INSERT INTO member (guild_id, user_id, first_seen_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
NEWEST = "SELECT max(number) FROM progress_act WHERE guild_id = ? AND user_id = ?"
ACT = "INSERT INTO progress_act (guild_id, user_id, number, act, undoes, at) VALUES (?, ?, ?, 'mark', NULL, ?)"
CHANGE = (
    "INSERT INTO progress_change (guild_id, user_id, number, topic_id, state_before, state_after) "
    "VALUES (?, ?, ?, ?, 'not_started', 'done')"
)
MARK = (
    "INSERT INTO topic_mark (guild_id, user_id, topic_id, state, evidence, since) VALUES (?, ?, ?, 'done', NULL, ?) "
    "ON CONFLICT DO UPDATE SET state = excluded.state, evidence = excluded.evidence, since = excluded.since"
)
MARKS = "SELECT topic_id, state, evidence FROM topic_mark WHERE guild_id = ? AND user_id = ?"


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return the rows of reading a member's marks and of writing one.

    Args:
        effort: rounds and calls.
        folder: an empty one, for databases.
    """
    return [row for engine in ENGINES for row in await _on(engine, effort, folder)]


async def _on(engine: str, effort: Effort, folder: Path) -> list[Row]:
    own = folder / engine
    own.mkdir()
    migrate(own / "plain.db")
    topics = list(load_pack(ROOT / "content" / "ml-engineer").topics)
    async with opened(engine, own) as database:
        with closing(sqlite3.connect(own / "plain.db", isolation_level=None)) as plain:
            reads, writes = await _beside_plain(effort, database, plain, topics)
    return [
        Row("Storage: read", f"{engine}: a member's {KNOWN} marks", "1/s", *_beside(reads)),
        Row("Storage: write", f"{engine}: a mark: act, change, standing; on disk", "1/s", *_beside(writes)),
    ]


Pairs: TypeAlias = list[tuple[float, float]]
"""Units a second, ours and the baseline's, of each round."""


async def _beside_plain(
    effort: Effort, database: Database, plain: sqlite3.Connection, topics: list[str]
) -> tuple[Pairs, Pairs]:
    """Fill both alike, and measure reads and writes by turns."""
    for pragma in PRAGMAS:
        plain.execute(pragma)
    for topic_id in topics[:KNOWN]:
        await _mark(database, USER, topic_id)
        _plain_mark(plain, USER, topic_id)
    return await _by_turns(effort, database, plain, topics)


def _beside(figures: Pairs) -> tuple[list[float], str, list[float]]:
    return [ours for ours, _ in figures], BASELINE, [plain for _, plain in figures]


async def _by_turns(
    effort: Effort, database: Database, plain: sqlite3.Connection, topics: list[str]
) -> tuple[Pairs, Pairs]:
    marks, plain_marks = cycle(topics), cycle(topics)

    async def plain_read() -> None:
        plain.execute(MARKS, (GUILD, USER)).fetchall()

    async def plain_write() -> None:
        _plain_mark(plain, OTHER_USER, next(plain_marks))

    reads: Pairs = []
    writes: Pairs = []
    for _ in range(effort.rounds):
        ours = await _a_second(lambda: database.read(lambda tx: roadmap.marks(tx, GUILD, USER)), effort.calls)
        reads.append((ours, await _a_second(plain_read, effort.calls)))
        ours = await _a_second(lambda: _mark(database, OTHER_USER, next(marks)), effort.calls)
        writes.append((ours, await _a_second(plain_write, effort.calls)))
    return reads, writes


async def _a_second(unit: Callable[[], Awaitable[object]], times: int) -> float:
    before = perf_counter()
    for _ in range(times):
        await unit()
    return times / (perf_counter() - before)


async def _mark(database: Database, user_id: int, topic_id: str) -> None:
    now = FakeClock().now()

    def write(tx: Connection) -> None:
        member.ensure(tx, GUILD, user_id, now)
        roadmap.record(tx, GUILD, user_id, Act.MARK, [Change(topic_id, Mark(), Mark(State.DONE))], now)

    await database.write(write)


def _plain_mark(plain: sqlite3.Connection, user_id: int, topic_id: str) -> None:
    plain.execute("BEGIN IMMEDIATE")
    plain.execute(ENSURE, (GUILD, user_id, 0))
    number = (plain.execute(NEWEST, (GUILD, user_id)).fetchone()[0] or 0) + 1
    plain.execute(ACT, (GUILD, user_id, number, 0))
    plain.execute(CHANGE, (GUILD, user_id, number, topic_id))
    plain.execute(MARK, (GUILD, user_id, topic_id, 0))
    plain.execute("COMMIT")
