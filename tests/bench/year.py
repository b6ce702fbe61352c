"""A year of a guild in Berlin, the real bot on SimCord's clock."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter, process_time
from typing import Final

import simcord

from bot.packs.load import load_pack
from bot.settings import ROOT
from bot.storage.upgrade import migrate
from tests.bench.row import Effort, Row
from tests.bench.streak import measure as measure_streak
from tests.year.test_year import hold
from tests.year.year import live

DAYS: Final = 365
SHORT: Final = 10
"""Days where the effort is small: the row is then only shown to work."""
MOST_SECONDS: Final = 10.0


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return the row of a simulated year, and what a streak of a year costs; posts and streak are asserted to be right.

    Args:
        effort: its rounds; few calls mean few days.
        folder: an empty one, for databases.
    """
    defaults = simcord.Env._settle_internal.__kwdefaults__  # pyright: ignore[reportPrivateUsage]
    assert defaults is not None
    defaults["idle"] = 0.0005  # as in the tests: SimCord sleeps 50 ms after each action
    days = DAYS if effort.calls > SHORT else SHORT
    pack = load_pack(ROOT / "content" / "ml-engineer")
    ours: list[float] = []
    busy: list[float] = []
    for number in range(effort.rounds):
        path = folder / f"year{number}.db"
        migrate(path)
        before, worked = perf_counter(), process_time()
        life = await live(path, pack, days)
        ours.append(perf_counter() - before)
        busy.append(process_time() - worked)
        hold(life)
    workload = f"{days} days in Berlin: posts, a member's presses, an outage; not waiting for the disk"
    year = Row("Simulated year, in SimCord", workload, "s", ours, "its CPU time", busy, MOST_SECONDS)
    return [year, await measure_streak(effort, folder)]
