"""The ledger of points. It only grows: what is taken back gets a counter-row, an adjustment a row with its reason.

A row carries the study day it counts for and the group the member was in at that moment, so that everything derived
from it (``bot.storage.board``) can be computed anew from the ledger alone. ``turn`` lets one source count, be taken
back and count again, and never twice at once: even turns earn, odd ones take back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from sqlalchemy import Column, Connection, Index, Integer, Row, Text, UniqueConstraint, bindparam, exists, func, select

from bot.domain.frozen import frozen
from bot.domain.points import Override, Reason
from bot.storage.schema import Instant, Snowflake, guild_key, table
from bot.storage.upsert import insert

points: Final = table(
    "points",
    guild_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("user_id", Snowflake, nullable=False),
    Column("group_id", Integer),
    Column("delta", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("day", Text, nullable=False),
    Column("note", Text),
    Column("by_user_id", Snowflake),
    Column("at", Instant, nullable=False),
    UniqueConstraint("guild_id", "user_id", "reason", "source", "turn"),
    without_rowid=True,
)
Index("ix_points_guild_id_user_id", points.c.guild_id, points.c.user_id, points.c.day, points.c.reason, points.c.delta)

points_rule: Final = table(
    "points_rule",
    guild_key(),
    Column("reason", Text, primary_key=True),
    Column("points", Integer, nullable=False),
    Column("daily_most", Integer, nullable=False),
    without_rowid=True,
)


@frozen
class Entry:
    """A row of the ledger.

    Attributes:
        user_id: whose.
        group_id: the member's group at that moment; None for none.
        delta: points, negative where they were taken.
        reason: why.
        source: what for, an id that makes it count once.
        day: the guild's study day it counts for.
        at: when it was written.
        note: what a moderator gave as the reason.
        by_user_id: the moderator.
        turn: even where it earns, odd where it takes back.
        number: counts a guild's rows from 1; 0 for one that was not written yet.
    """

    user_id: int
    group_id: int | None
    delta: int
    reason: Reason
    source: str
    day: date
    at: datetime
    note: str | None = None
    by_user_id: int | None = None
    turn: int = 0
    number: int = 0


_SOURCE: Final = (
    select(points)
    .where(
        points.c.guild_id == bindparam("guild"),
        points.c.user_id == bindparam("user"),
        points.c.reason == bindparam("why"),
        points.c.source == bindparam("what"),
    )
    .order_by(points.c.turn.desc())
    .limit(1)
)
_NEWEST: Final = select(func.max(points.c.number)).where(points.c.guild_id == bindparam("guild"))
_OF_DAY: Final = select(func.coalesce(func.sum(points.c.delta), 0)).where(
    points.c.guild_id == bindparam("guild"),
    points.c.user_id == bindparam("user"),
    points.c.day == bindparam("on"),
    points.c.reason == bindparam("why"),
)
_OVERRIDES: Final = select(points_rule).where(points_rule.c.guild_id == bindparam("guild"))
_ADD: Final = insert(points).on_conflict_do_nothing()


def latest(tx: Connection, guild_id: int, user_id: int, reason: Reason, source: str) -> Entry | None:
    """Return the last row of a source; None where it never counted."""
    row = tx.execute(_SOURCE, {"guild": guild_id, "user": user_id, "why": reason, "what": source}).one_or_none()
    return None if row is None else _entry(row)


def earned(tx: Connection, guild_id: int, user_id: int, reason: Reason, day: date) -> int:
    """Return what a member has for a reason on a study day."""
    values = {"guild": guild_id, "user": user_id, "on": day.isoformat(), "why": reason}
    return tx.execute(_OF_DAY, values).scalar_one()


def append(tx: Connection, guild_id: int, what: Entry) -> bool:
    """Write a row; False where the same turn of the same source stands already."""
    newest = tx.execute(_NEWEST, {"guild": guild_id}).scalar()
    row = {
        "guild_id": guild_id,
        "number": (newest or 0) + 1,
        "user_id": what.user_id,
        "group_id": what.group_id,
        "delta": what.delta,
        "reason": what.reason,
        "source": what.source,
        "turn": what.turn,
        "day": what.day.isoformat(),
        "note": what.note,
        "by_user_id": what.by_user_id,
        "at": what.at,
    }
    return tx.execute(_ADD, row).rowcount > 0


def of_member(tx: Connection, guild_id: int, user_id: int, most: int, after: int = 0) -> list[Entry]:
    """Return a member's rows, the latest first: up to ``most``, without the first ``after``."""
    mine = points.c.guild_id == guild_id, points.c.user_id == user_id
    rows = tx.execute(select(points).where(*mine).order_by(points.c.number.desc()).limit(most).offset(after))
    return [_entry(row) for row in rows]


def count_of_member(tx: Connection, guild_id: int, user_id: int) -> int:
    """Return how many rows a member has."""
    mine = points.c.guild_id == guild_id, points.c.user_id == user_id
    return tx.execute(select(func.count()).where(*mine)).scalar_one()


def adjustments(tx: Connection, guild_id: int, user_id: int) -> list[Entry]:
    """Return the adjustments of a member that were not taken back, the latest first."""
    counter = points.alias()
    taken_back = exists().where(
        counter.c.guild_id == points.c.guild_id,
        counter.c.user_id == points.c.user_id,
        counter.c.reason == points.c.reason,
        counter.c.source == points.c.source,
        counter.c.turn > points.c.turn,
    )
    rows = tx.execute(
        select(points)
        .where(
            points.c.guild_id == guild_id,
            points.c.user_id == user_id,
            points.c.reason == Reason.ADJUSTMENT,
            points.c.turn % 2 == 0,
            ~taken_back,
        )
        .order_by(points.c.number.desc())
    )
    return [_entry(row) for row in rows]


def every(tx: Connection, guild_id: int) -> Iterator[Entry]:
    """Yield a guild's whole ledger, the oldest row first."""
    for row in tx.execute(select(points).where(points.c.guild_id == guild_id).order_by(points.c.number)):
        yield _entry(row)


def guilds(tx: Connection) -> list[int]:
    """Return the ids of all guilds that have a ledger."""
    return list(tx.execute(select(points.c.guild_id).distinct()).scalars())


def overrides(tx: Connection, guild_id: int) -> dict[Reason, Override]:
    """Return a guild's own figures, by reason."""
    rows = tx.execute(_OVERRIDES, {"guild": guild_id})
    return {Reason(row.reason): Override(row.points, row.daily_most) for row in rows}


def put_override(tx: Connection, guild_id: int, reason: Reason, own: Override | None) -> None:
    """Set a guild's own figures for a reason; None for the pack's."""
    where = points_rule.c.guild_id == guild_id, points_rule.c.reason == reason
    tx.execute(points_rule.delete().where(*where))
    if own is not None:
        tx.execute(
            points_rule.insert().values(guild_id=guild_id, reason=reason, points=own.points, daily_most=own.daily_most)
        )


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    return Entry(
        user_id=row.user_id,
        group_id=row.group_id,
        delta=row.delta,
        reason=Reason(row.reason),
        source=row.source,
        day=date.fromisoformat(row.day),
        at=row.at,
        note=row.note,
        by_user_id=row.by_user_id,
        turn=row.turn,
        number=row.number,
    )
