"""One scored act, as it is written: the ledger's row, four windows, and the group's totals, in one transaction."""

from __future__ import annotations

from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Final

from sqlalchemy import Connection

from bot.domain.points import USUAL, Reason
from bot.domain.roadmap import Act, Change, Mark, State
from bot.services.points import Earning, earn
from bot.storage import group, member, roadmap, season
from bot.storage.database import Database
from bot.storage.group import Group
from tests.bench.engine import ENGINES, opened
from tests.bench.row import Effort, Row
from tests.fakes.clock import FakeClock

GUILD: Final = 1
MEMBERS: Final = 200
BASELINE: Final = "a mark alone, without points"


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return a row for each engine of one scored act: how long it takes on top of a mark, until it is on disk.

    Args:
        effort: rounds and calls.
        folder: an empty one, for a database.
    """
    rows: list[Row] = []
    for engine in ENGINES:
        async with opened(engine, folder) as database:
            over = f"{engine}: a mark, ledger, 4 windows, group totals; on disk"
            rows.append(Row("Points: one scored act", over, "ms", *await _by_turns(database, effort)))
    return rows


async def _by_turns(database: Database, effort: Effort) -> tuple[list[float], str, list[float]]:
    clock, number = FakeClock(), count()
    ours: list[float] = []
    beside: list[float] = []
    await database.write(lambda tx: _prepare(tx, clock))
    for _ in range(effort.rounds):
        for figures, scored in ((ours, True), (beside, False)):
            before = perf_counter()
            for _ in range(effort.calls):
                await database.write(partial(_act, number=next(number), clock=clock, scored=scored))
            figures.append((perf_counter() - before) / effort.calls * 1000)
    return ours, BASELINE, beside


def _prepare(tx: Connection, clock: FakeClock) -> None:
    now = clock.now()
    season.begin(tx, GUILD, "Autumn", now.date(), now)
    group.add(tx, Group(GUILD, 0, "Owls", None, MEMBERS, True, 1, None, None, now))
    for user_id in range(1, MEMBERS + 1):
        group.join(tx, GUILD, user_id, 1, now)


def _act(tx: Connection, number: int, clock: FakeClock, *, scored: bool) -> None:
    user_id, topic_id, now = number % MEMBERS + 1, f"t{number}", clock.now()
    member.ensure(tx, GUILD, user_id, now)
    roadmap.record(tx, GUILD, user_id, Act.MARK, [Change(topic_id, Mark(), Mark(State.DONE))], now)
    if scored:
        earn(tx, USUAL, GUILD, user_id, Earning(Reason.TOPIC, topic_id, 0.1), now)
