"""Credit for helping: one row for each message that a member said had helped."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, Index, Integer, bindparam, func, select

from bot.storage.schema import Instant, Snowflake, guild_key, table, user_key
from bot.storage.upsert import insert

thanks: Final = table(
    "thanks",
    guild_key(),
    user_key(),
    Column("message_id", Snowflake, primary_key=True, autoincrement=False),
    Column("author_id", Snowflake, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)
Index("ix_thanks_guild_id_author_id", thanks.c.guild_id, thanks.c.author_id, thanks.c.at)

_RECEIVED: Final = select(func.count()).where(
    thanks.c.guild_id == bindparam("guild"), thanks.c.author_id == bindparam("author"), thanks.c.counted == 1
)


def add(
    tx: Connection, guild_id: int, user_id: int, message_id: int, author_id: int, *, counted: bool, now: datetime
) -> bool:
    """Record that a message helped ``user_id``; False where the member said so before."""
    statement = insert(thanks).values(
        guild_id=guild_id, user_id=user_id, message_id=message_id, author_id=author_id, counted=int(counted), at=now
    )
    return tx.execute(statement.on_conflict_do_nothing()).rowcount > 0


def author_of(tx: Connection, guild_id: int, user_id: int, message_id: int) -> int | None:
    """Return whose message it was that ``user_id`` said had helped; None where the member said no such thing."""
    where = thanks.c.guild_id == guild_id, thanks.c.user_id == user_id, thanks.c.message_id == message_id
    return tx.execute(select(thanks.c.author_id).where(*where)).scalar()


def counted_since(tx: Connection, guild_id: int, author_id: int, since: datetime, giver_id: int | None = None) -> int:
    """Return how many thanks counted for an author since then, from one giver or from everybody."""
    where = [
        thanks.c.guild_id == guild_id,
        thanks.c.author_id == author_id,
        thanks.c.at >= since,
        thanks.c.counted == 1,
    ]
    if giver_id is not None:
        where.append(thanks.c.user_id == giver_id)
    return tx.execute(select(func.count()).where(*where)).scalar_one()


def received(tx: Connection, guild_id: int, author_id: int) -> int:
    """Return how many thanks ever counted for an author."""
    return tx.execute(_RECEIVED, {"guild": guild_id, "author": author_id}).scalar_one()
