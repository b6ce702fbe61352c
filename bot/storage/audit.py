"""What moderators did, one row an act; only ever added to. Never a text that a member wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, Integer, Text, func, select

from bot.domain.frozen import frozen
from bot.storage.schema import Instant, Snowflake, guild_key, table
from bot.storage.upsert import insert

audit: Final = table(
    "audit",
    guild_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor_id", Snowflake, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    without_rowid=True,
)


@frozen
class Entry:
    """One act: when, who, what (such as ``content.load``), and on what (such as ``load 12``)."""

    number: int
    at: datetime
    actor_id: int
    act: str
    subject: str


def add(tx: Connection, guild_id: int, actor_id: int, act: str, subject: str, now: datetime) -> None:
    """Record an act."""
    number = select(func.coalesce(func.max(audit.c.number), 0) + 1).where(audit.c.guild_id == guild_id)
    values = {"guild_id": guild_id, "at": now, "actor_id": actor_id, "act": act, "subject": subject}
    tx.execute(insert(audit).values(number=number.scalar_subquery(), **values))


def recent(tx: Connection, guild_id: int, most: int) -> list[Entry]:
    """Return a guild's acts, the newest first."""
    rows = tx.execute(select(audit).where(audit.c.guild_id == guild_id).order_by(audit.c.number.desc()).limit(most))
    return [Entry(row.number, row.at, row.actor_id, row.act, row.subject) for row in rows]
