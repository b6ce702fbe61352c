"""What reckoning a streak costs after a year of it, beside reading the log of its days alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import thread_time
from typing import Final

from sqlalchemy import Connection

from bot.services.streak import keep, streak_of
from bot.storage import guild as guild_store
from bot.storage import streak as store
from bot.storage.guild import Guild
from bot.storage.upgrade import migrate
from tests.bench.row import Effort, Row
from tests.fakes.hasty import hasty
from tests.services.streaks import posted

GUILD, MEMBER = 1, 2
DAYS: Final = 365
END: Final = datetime(2026, 12, 31, 12, tzinfo=UTC)


async def measure(effort: Effort, folder: Path) -> Row:
    """Return the row of a streak of a year, missed on every ninth day.

    Args:
        effort: its rounds and calls.
        folder: an empty one, for databases.
    """
    path = folder / "streak.db"
    migrate(path)
    rounds = range(effort.rounds)
    async with hasty(path) as database:
        await database.write(_fill)
        now = END + timedelta(hours=1)
        ours = [
            await database.read(lambda tx: _took(lambda: streak_of(tx, GUILD, MEMBER, now), effort.calls))
            for _ in rounds
        ]
        log = [
            await database.read(lambda tx: _took(lambda: store.days(tx, GUILD, MEMBER), effort.calls)) for _ in rounds
        ]
    return Row("Streak of a year", "324 days kept, 365 posts; CPU time", "ms", ours, "its log alone", log)


def _fill(tx: Connection) -> None:
    guild_store.put(tx, Guild(GUILD, zone="Europe/Berlin"))
    for number in range(DAYS):
        at = END - timedelta(days=DAYS - 1 - number)
        posted(tx, GUILD, at)
        if number % 9 != 5:
            keep(tx, GUILD, MEMBER, f"prompt:{number}", at)


def _took(work: Callable[[], object], calls: int) -> float:
    before = thread_time()
    for _ in range(calls):
        work()
    return (thread_time() - before) * 1000 / calls
