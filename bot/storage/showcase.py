"""What members show of their projects: one row for each member and topic, with the message that shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, Text, delete, select, update

from bot.domain.frozen import frozen
from bot.storage.schema import Instant, Snowflake, guild_key, table, user_key
from bot.storage.upsert import insert

showcase: Final = table(
    "showcase",
    guild_key(),
    user_key(),
    Column("topic_id", Text, primary_key=True),
    Column("link", Text, nullable=False),
    Column("channel_id", Snowflake, nullable=False),
    Column("message_id", Snowflake),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)


@frozen
class Shown:
    """A row. ``message_id`` is None while it is on its way, since ``at``."""

    link: str
    channel_id: int
    message_id: int | None
    at: datetime


def get(tx: Connection, guild_id: int, user_id: int, topic_id: str) -> Shown | None:
    """Return how a member shows a topic; None where the member does not."""
    mine = showcase.c.guild_id == guild_id, showcase.c.user_id == user_id, showcase.c.topic_id == topic_id
    row = tx.execute(select(showcase).where(*mine)).one_or_none()
    return None if row is None else Shown(row.link, row.channel_id, row.message_id, row.at)


def put(tx: Connection, guild_id: int, user_id: int, topic_id: str, what: Shown) -> None:
    """Record how a member shows a topic, in place of what was recorded before."""
    values = {"link": what.link, "channel_id": what.channel_id, "message_id": what.message_id, "at": what.at}
    statement = insert(showcase).values(guild_id=guild_id, user_id=user_id, topic_id=topic_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["guild_id", "user_id", "topic_id"], set_=values))


def put_message(tx: Connection, guild_id: int, user_id: int, topic_id: str, message_id: int) -> None:
    """Record the message that shows a topic."""
    mine = showcase.c.guild_id == guild_id, showcase.c.user_id == user_id, showcase.c.topic_id == topic_id
    tx.execute(update(showcase).where(*mine).values(message_id=message_id))


def remove(tx: Connection, guild_id: int, user_id: int, topic_id: str) -> bool:
    """Take away how a member shows a topic; False where the member does not."""
    mine = showcase.c.guild_id == guild_id, showcase.c.user_id == user_id, showcase.c.topic_id == topic_id
    return tx.execute(delete(showcase).where(*mine)).rowcount > 0
