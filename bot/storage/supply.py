"""What a guild has had of its exercises, and which shortages its moderators were told of: one row for each time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, Integer, Text, bindparam, func, select

from bot.domain.occurrence import OPEN, OccurrenceState
from bot.domain.schedule import Slot
from bot.storage.occurrence import occurrence
from bot.storage.schema import Instant, guild_key, table
from bot.storage.upsert import insert

supply_warning: Final = table(
    "supply_warning",
    guild_key(),
    Column("slot", Text, primary_key=True),
    Column("passed", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)
"""``passed`` is how often everything in the part had been used by then."""


_OUT: Final = occurrence.c.state.in_([*OPEN, OccurrenceState.POSTED, OccurrenceState.UNKNOWN])
_USED: Final = (
    select(occurrence.c.exercise_id, func.count().label("times"))
    .where(
        occurrence.c.guild_id == bindparam("guild"),
        occurrence.c.exercise_id.in_(bindparam("among", expanding=True)),
        _OUT,
    )
    .group_by(occurrence.c.exercise_id)
)
_LATEST: Final = (
    select(occurrence.c.exercise_id)
    .where(occurrence.c.guild_id == bindparam("guild"), occurrence.c.slot == bindparam("slot"), _OUT)
    .order_by(occurrence.c.due_at.desc(), occurrence.c.number.desc())
    .limit(1)
)


def warn_once(tx: Connection, guild_id: int, slot: Slot, passed: int, now: datetime) -> bool:
    """Record that a guild is told that a part runs low; False where it was told in this round before."""
    statement = insert(supply_warning).values(guild_id=guild_id, slot=slot, passed=passed, at=now)
    return tx.execute(statement.on_conflict_do_nothing()).rowcount > 0


def used(tx: Connection, guild_id: int, among: Collection[str]) -> dict[str, int]:
    """Return how often each of these exercises was posted or planned in a guild; what never was is absent."""
    rows = tx.execute(_USED, {"guild": guild_id, "among": list(among)})
    return {row.exercise_id: row.times for row in rows}


def latest_exercise(tx: Connection, guild_id: int, slot: Slot) -> str | None:
    """Return the exercise of a guild's last post of a kind of day, sent or on its way; None where there was none."""
    return tx.execute(_LATEST, {"guild": guild_id, "slot": slot}).scalar()
