"""How cost grows at one, ten and a hundred times the size: the exponent, fitted on logarithmic scales.

1 is growth in step with the size, 0 none at all. Times are those of the work alone, on the thread that does it, with
what does not grow in them. The baseline is the exponent that the logarithm of the size has over the same sizes; what
may grow faster is named in ``LINEAR``, and ``docs/scale.md`` says why it may.
"""

from __future__ import annotations

import math
import os
import random
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count, cycle
from pathlib import Path
from statistics import linear_regression, median
from time import perf_counter
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.domain.roadmap import Act, Change, Mark, State
from bot.packs.load import load_pack
from bot.search.index import SearchIndex
from bot.settings import ROOT
from bot.storage import board, board_add, occurrence, roadmap, schedule
from bot.storage.database import Database
from bot.storage.upgrade import migrate
from tests.bench.apart import FEW
from tests.bench.boards import HIGHEST_SCORE, fill
from tests.bench.faq import made_up
from tests.bench.row import Effort, Row
from tests.bench.seeded import seed
from tests.fakes.hasty import hasty
from tests.fakes.wire.world import Guild
from tests.wire.place import added

Work: TypeAlias = Callable[[], object]
Units: TypeAlias = Mapping[str, Work]
Unit: TypeAlias = Callable[[Connection], object]

TIMES: Final = (1, 10, 100)
BASELINE: Final = "logarithmic growth over the same sizes"
MORE_THAN_LOG: Final = 0.1
"""By so much an exponent may stand above the logarithm's: caches become too small, and clocks are coarse."""
LINEAR: Final[Mapping[str, float]] = {
    "boards: my rank": 1.05,
    "boards: around me": 1.05,
    "search: a question": 1.05,
    "search: a keystroke": 1.05,
    "search: the index": 1.15,
}
"""What may grow faster than the logarithm, and its largest exponent."""
BOARD_MEMBERS, ENTRIES, SCHEDULES, GUILDS = 1_000, 100, 100, 10
DUE: Final = 20
MEMBERS_EACH: Final = 2
BOARD: Final = 1


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return a row for each kind of work.

    Args:
        effort: rounds, and calls in one; with few calls the sizes are small.
        folder: an empty one, for databases.
    """
    least = 10 if effort.calls < FEW else 1
    rows: list[Row] = []
    scale = 5 if os.environ.get("FULL") else 1
    rows += await _of("boards", "members", [BOARD_MEMBERS * scale * n // least for n in TIMES], _boards, effort, folder)
    rows += await _of("search", "entries", [ENTRIES * n // least for n in TIMES], _search, effort, folder)
    rows += await _of("schedules", "schedules", [SCHEDULES * n // least for n in TIMES], _schedules, effort, folder)
    return rows + await _of("guilds", "servers", [GUILDS * n // least for n in TIMES], _guilds, effort, folder)


Measured: TypeAlias = dict[str, list[float]]
"""The median of each round, in ms, by what was done."""


async def _of(
    name: str,
    what: str,
    sizes: Sequence[int],
    measured: Callable[[int, Effort, Path], Awaitable[Measured]],
    effort: Effort,
    folder: Path,
) -> list[Row]:
    """Measure every size and fit the exponents, a row for each kind of work."""
    found: list[Measured] = []
    for size in sizes:
        data = folder / f"{name}{size}"
        data.mkdir()
        found.append(await measured(size, effort, data))
    rows: list[Row] = []
    for work in found[0]:
        rounds = list(zip(*(one[work] for one in found), strict=True))
        ours = [exponent(sizes, one) for one in rounds]
        middle = ", ".join(f"{median(one[work]):.3g}" for one in found)
        over = f"{', '.join(f'{size:,}' for size in sizes)} {what}: {middle} ms"
        beside = [exponent(sizes, [math.log(max(size, 2)) for size in sizes])] * len(ours)
        title, most = f"{name}: {work}", LINEAR.get(f"{name}: {work}")
        most_over = MORE_THAN_LOG if most is None else None
        row = Row(f"Growth of {title}", over, "exponent", ours, BASELINE, beside, most=most, most_over=most_over)
        rows.append(row)
    return rows


def exponent(sizes: Sequence[int], figures: Sequence[float]) -> float:
    """Return the slope of a line through the figures over the sizes, both as logarithms; 0 at the least."""
    slope, _ = linear_regression([math.log(size) for size in sizes], [math.log(max(one, 1e-6)) for one in figures])
    return max(slope, 0.0)


async def _timed(effort: Effort, database: Database, reads: Mapping[str, Unit], writes: Mapping[str, Unit]) -> Measured:
    """Return what units of work take on the database's own thread."""
    found: Measured = {name: [] for name in (*reads, *writes)}
    for _ in range(effort.rounds):
        for run, units in ((database.read, reads), (database.write, writes)):
            for name, unit in units.items():
                took = [await run(lambda tx, unit=unit: _took(lambda: unit(tx))) for _ in range(effort.calls)]
                found[name].append(median(took))
    return found


def _took(work: Work) -> float:
    before = perf_counter()
    work()
    return (perf_counter() - before) * 1000


async def _boards(size: int, effort: Effort, folder: Path) -> Measured:
    path = folder / "syllabot.db"
    migrate(path)
    chance = random.Random(size)  # noqa: S311  (figures, not secrets)
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("BEGIN")
        fill(plain, chance, BOARD, size, HIGHEST_SCORE)
        plain.execute("COMMIT")
        plain.execute("ANALYZE")
    asked = cycle([1 + size * place // 40 for place in range(40)])

    def rank(tx: Connection) -> object:
        return board.above(tx, BOARD, board.score_of(tx, BOARD, next(asked)) or 0)

    def around(tx: Connection) -> object:
        user_id = next(asked)
        score = board.score_of(tx, BOARD, user_id) or 0
        return board.position(tx, BOARD, user_id, score), board.around(tx, BOARD, user_id, score, (5, 5))

    reads: dict[str, Unit] = {
        "top page": lambda tx: board.top(tx, BOARD, 10),
        "my rank": rank,
        "around me": around,
    }
    writes: dict[str, Unit] = {"a scored act": lambda tx: board_add.add(tx, [BOARD], next(asked), 1, shown=True)}
    async with hasty(path) as database:
        return await _timed(effort, database, reads, writes)


async def _search(size: int, effort: Effort, _folder: Path) -> Measured:
    documents, questions = made_up(size)
    found: Measured = {"the index": [], "a question": [], "a keystroke": []}
    for _ in range(effort.rounds):
        before = perf_counter()
        index = SearchIndex(documents)
        found["the index"].append((perf_counter() - before) * 1000)
        asked = questions[: effort.calls]
        typed = [one[: 1 + number % len(one)] for number, one in enumerate(asked)]
        found["a question"].append(median(_took(partial(index.search, one)) for one in asked))
        found["a keystroke"].append(median(_took(partial(index.complete, one, 25)) for one in typed))
    return found


async def _schedules(size: int, effort: Effort, folder: Path) -> Measured:
    path, now = folder / "syllabot.db", datetime.now(UTC)
    migrate(path)
    guilds = [Guild("", id=1_000_000 + number * 1_000) for number in range(size + DUE)]
    async with hasty(path) as database:
        await added(database, guilds[:size], now + timedelta(hours=6), told=False)
        early = now - timedelta(minutes=1)
        reads: dict[str, Unit] = {"a look, nothing due": lambda tx: schedule.due(tx, early, DUE)}
        nothing = await _timed(effort, database, reads, {"a claim, nothing due": lambda tx: _claimed(tx, early)})
        await added(database, guilds[size:], now, told=False)
        due = await _timed(effort, database, {f"a look, {DUE} due": lambda tx: schedule.due(tx, now, DUE)}, {})
    return nothing | due


def _claimed(tx: Connection, now: datetime) -> object:
    return occurrence.claim(tx, "bench", now, DUE)


async def _guilds(size: int, effort: Effort, folder: Path) -> Measured:
    path, pack = folder / "syllabot.db", load_pack(ROOT / "content" / "ml-engineer")
    ids = [1_000_000 + number * 1_000 for number in range(size)]
    there = await seed(path, ids, MEMBERS_EACH, pack)
    members, topics, turns = cycle(there.members), cycle(pack.topics), count()
    now = datetime.now(UTC)

    def marks(tx: Connection) -> object:
        one = next(members)
        return roadmap.marks(tx, ids[one.guild], one.user_id)

    def mark(tx: Connection) -> object:
        one, state = next(members), State.DONE if next(turns) % 2 else State.LEARNING
        change = Change(next(topics), Mark(), Mark(state))
        return roadmap.record(tx, ids[one.guild], one.user_id, Act.MARK, [change], now)

    async with hasty(path) as database:
        return await _timed(effort, database, {"a member's marks": marks}, {"a mark": mark})
