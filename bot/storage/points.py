"""The ledger of points. It only grows: what is taken back gets a counter-row, an adjustment a row with its reason.

A row carries the study day it counts for and the group the member was in at that moment, so that everything derived
from it (``bot.storage.board``) can be computed anew from the ledger alone. ``turn`` lets one source count, be taken
back and count again, and never twice at once: even turns earn, odd ones take back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    Row,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    true,
)

from bot.domain.frozen import frozen
from bot.domain.points import Override, Reason
from bot.storage.schema import ONE_ROW, Instant, Snowflake, guild_key, table
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


@frozen
class Before:
    """What there is before an act scores.

    Attributes:
        latest: the last row of its source; None where it never counted.
        own: the guild's own figures for its reason; None for the pack's.
        earned: what the member has for the reason on the study day.
    """

    latest: Entry | None
    own: Override | None
    earned: int


_GUILD: Final = bindparam("guild", type_=Snowflake)
_USER: Final = bindparam("user", type_=Snowflake)
_WHY: Final = bindparam("why", type_=Text)
_SOURCE: Final = (
    select(points)
    .where(
        points.c.guild_id == _GUILD,
        points.c.user_id == _USER,
        points.c.reason == _WHY,
        points.c.source == bindparam("what", type_=Text),
    )
    .order_by(points.c.turn.desc())
    .limit(literal_column("1"))
)
_OF_DAY: Final = select(func.coalesce(func.sum(points.c.delta), 0)).where(
    points.c.guild_id == _GUILD,
    points.c.user_id == _USER,
    points.c.day == bindparam("on", type_=Text),
    points.c.reason == _WHY,
)
_LATEST: Final = _SOURCE.subquery()
_BEFORE: Final = select(
    points_rule.c.points, points_rule.c.daily_most, _OF_DAY.scalar_subquery(), *_LATEST.c
).select_from(
    ONE_ROW
    .outerjoin(points_rule, and_(points_rule.c.guild_id == _GUILD, points_rule.c.reason == _WHY))
    .outerjoin(_LATEST, true())
)  # fmt: skip
_NEXT: Final = (
    select(func.coalesce(func.max(points.c.number), 0) + 1).where(points.c.guild_id == _GUILD).scalar_subquery()
)
_OVERRIDES: Final = select(points_rule).where(points_rule.c.guild_id == bindparam("guild"))
_ADD: Final = (
    insert(points)
    .values(
        guild_id=_GUILD,
        number=_NEXT,
        user_id=_USER,
        group_id=bindparam("circle"),
        delta=bindparam("gained"),
        reason=_WHY,
        source=bindparam("what"),
        turn=bindparam("nth"),
        day=bindparam("on"),
        note=bindparam("words"),
        by_user_id=bindparam("moderator"),
        at=bindparam("now"),
    )
    .on_conflict_do_nothing()
)


def latest(tx: Connection, guild_id: int, user_id: int, reason: Reason, source: str) -> Entry | None:
    """Return the last row of a source; None where it never counted."""
    row = tx.execute(_SOURCE, {"guild": guild_id, "user": user_id, "why": reason, "what": source}).one_or_none()
    return None if row is None else _entry(row)


def before(tx: Connection, guild_id: int, user_id: int, reason: Reason, source: str, day: date) -> Before:
    """Return what there is before a source scores on a study day, in one question."""
    values = {"guild": guild_id, "user": user_id, "why": reason, "what": source, "on": day.isoformat()}
    row: tuple[Any, ...] = tuple(tx.execute(_BEFORE, values).one())
    own, most, earned, *latest = row
    return Before(None if latest[0] is None else _entry(latest), None if own is None else Override(own, most), earned)


def append(tx: Connection, guild_id: int, what: Entry) -> bool:
    """Write a row; False where the same turn of the same source stands already."""
    row = {
        "guild": guild_id,
        "user": what.user_id,
        "circle": what.group_id,
        "gained": what.delta,
        "why": what.reason,
        "what": what.source,
        "nth": what.turn,
        "on": what.day.isoformat(),
        "words": what.note,
        "moderator": what.by_user_id,
        "now": what.at,
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


def _entry(row: Row[Any] | Sequence[Any]) -> Entry:
    # by their places: to look up a dozen columns by name costs more than the question itself
    values: tuple[Any, ...] = tuple(row)
    _guild_id, number, user_id, group_id, delta, reason, source, turn, day, note, by_user_id, at = values
    return Entry(
        user_id, group_id, delta, Reason(reason), source, date.fromisoformat(day), at, note, by_user_id, turn, number
    )
