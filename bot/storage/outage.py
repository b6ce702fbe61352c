"""When the bot itself was away. It belongs to no guild: an outage excuses everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeAlias

from sqlalchemy import Column, Connection, bindparam, delete, select, update

from bot.storage.schema import Instant, table
from bot.storage.upsert import insert

Span: TypeAlias = tuple[datetime, datetime]
"""From when to when, both aware and in UTC."""

outage: Final = table(
    "outage",
    Column("began_at", Instant, primary_key=True, autoincrement=False),
    Column("ended_at", Instant, nullable=False),
)


_SINCE: Final = (
    select(outage).where(outage.c.ended_at > bindparam("instant", type_=Instant)).order_by(outage.c.began_at)
)


def add(tx: Connection, began_at: datetime, ended_at: datetime) -> None:
    """Record an outage, once."""
    tx.execute(insert(outage).values(began_at=began_at, ended_at=ended_at).on_conflict_do_nothing())


def since(tx: Connection, instant: datetime) -> Sequence[Span]:
    """Return the outages that ended after ``instant``, the oldest first."""
    rows = tx.execute(_SINCE, {"instant": instant})
    return [(row.began_at, row.ended_at) for row in rows]


def cut(tx: Connection, now: datetime) -> None:
    """Let no outage reach beyond ``now``: what began later goes, what ended later ends now."""
    tx.execute(delete(outage).where(outage.c.began_at >= now))
    tx.execute(update(outage).where(outage.c.ended_at > now).values(ended_at=now))
