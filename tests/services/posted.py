"""A post in a guild, for the tests of what members do with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from bot.storage.database import Database
from bot.storage.occurrence import occurrence
from tests.cogs.posted import EXERCISE, record, sent_as
from tests.fakes.clock import FakeClock

GUILD: Final = 11
ANA: Final = 21
BEN: Final = 22


async def posted(database: Database, clock: FakeClock, exercise_id: str = EXERCISE, guild_id: int = GUILD) -> int:
    """Post an exercise now, on a date of its own; return its number."""
    known = await database.read(
        lambda tx: tx.scalar(select(func.count()).where(occurrence.c.guild_id == guild_id)) or 0
    )
    plan = sent_as(guild_id, clock, exercise_id, clock.now().date() + timedelta(days=known))
    return await database.write(lambda tx: record(tx, plan, 100 + known))
