"""A year of a guild in Berlin, beside the heartbeats of that year alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Final

from bot.packs.load import load_pack
from bot.services.outage import OutageService
from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.upgrade import migrate
from tests.bench.row import Effort, Row
from tests.fakes.clock import FakeClock
from tests.fakes.hasty import hasty
from tests.services.posting.test_year import hold
from tests.services.posting.year import EVERY, live

DAYS: Final = 365
SHORT: Final = 10
"""Days where the effort is small: the row is then only shown to work."""
MOST_SECONDS: Final = 10.0


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return the row of a simulated year; that its posts and its streak are right is asserted.

    Args:
        effort: its rounds; few calls mean few days.
        folder: an empty one, for databases.
    """
    days = DAYS if effort.calls > SHORT else SHORT
    pack = load_pack(ROOT / "content" / "ml-engineer")
    ours: list[float] = []
    beats: list[float] = []
    for number in range(effort.rounds):
        path = folder / f"year{number}.db"
        migrate(path)
        async with hasty(path) as database:
            before = perf_counter()
            life = await live(database, pack, days)
            ours.append(perf_counter() - before)
            hold(life)
            beats.append(await _beats(database, days))
    workload = f"{days} days in Berlin: posts, heartbeats, a member, an outage; not waiting for the disk"
    return [Row("Simulated year", workload, "s", ours, "the heartbeats alone", beats, MOST_SECONDS)]


async def _beats(database: Database, days: int) -> float:
    clock = FakeClock()
    service = OutageService(database, clock)
    before = perf_counter()
    for _ in range(timedelta(days=days) // EVERY):
        clock.move(seconds=EVERY.total_seconds())
        await service.beat()
    return perf_counter() - before
