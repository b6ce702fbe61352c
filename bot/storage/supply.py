"""Which shortages of exercises the moderators of a guild were told of: one row for each time a part ran low."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, Integer, Text
from sqlalchemy.dialects.sqlite import insert

from bot.domain.schedule import Slot
from bot.storage.schema import Instant, guild_key, table

supply_warning: Final = table(
    "supply_warning",
    guild_key(),
    Column("slot", Text, primary_key=True),
    Column("passed", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)
"""``passed`` is how often everything in the part had been used by then."""


def warn_once(tx: Connection, guild_id: int, slot: Slot, passed: int, now: datetime) -> bool:
    """Record that a guild is told that a part runs low; False where it was told in this round before."""
    statement = insert(supply_warning).values(guild_id=guild_id, slot=slot, passed=passed, at=now)
    return tx.execute(statement.on_conflict_do_nothing()).rowcount > 0
