"""Members: one row for each person in each guild who has used the bot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, Text, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from bot.storage.schema import Instant, guild_key, table, user_key

member: Final = table(
    "member",
    guild_key(),
    user_key(),
    Column("background", Text),
    Column("placed_at", Instant),
    Column("first_seen_at", Instant, nullable=False),
    without_rowid=True,
)


_ONE: Final = select(member).where(member.c.guild_id == bindparam("guild"), member.c.user_id == bindparam("user"))


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a guild. ``placed_at`` is when the placement was finished or waved off."""

    guild_id: int
    user_id: int
    first_seen_at: datetime
    background: str | None = None
    placed_at: datetime | None = None


def get(tx: Connection, guild_id: int, user_id: int) -> Member | None:
    """Return the member's row, if there is one."""
    row = tx.execute(_ONE, {"guild": guild_id, "user": user_id}).one_or_none()
    return None if row is None else Member(row.guild_id, row.user_id, row.first_seen_at, row.background, row.placed_at)


def ensure(tx: Connection, guild_id: int, user_id: int, now: datetime) -> None:
    """Make the member's row where there is none."""
    tx.execute(insert(member).values(guild_id=guild_id, user_id=user_id, first_seen_at=now).on_conflict_do_nothing())


def place(tx: Connection, guild_id: int, user_id: int, background: str | None, now: datetime) -> None:
    """Record where the member comes from (None: not said) and that the placement is over with."""
    ensure(tx, guild_id, user_id, now)
    tx.execute(
        member.update()
        .where(member.c.guild_id == guild_id, member.c.user_id == user_id)
        .values(placed_at=now, **({} if background is None else {"background": background}))
    )
