"""The log of study days. ``streak_day`` only grows: a row that is taken back is named by a later one.

A row says what one study day was to a member, and what made it so. The day is the study day by the rule the member had
when it was written; changing the zone later rewrites nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    Integer,
    Row,
    Select,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    exists,
    func,
    select,
)

from bot.domain.frozen import frozen
from bot.domain.streak import DayKind
from bot.storage.schema import Instant, Snowflake, guild_key, table, user_key

streak_day: Final = table(
    "streak_day",
    guild_key(),
    user_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("day", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("reason", Text),
    Column("by_user_id", Snowflake),
    Column("withdraws", Integer),
    Column("at", Instant, nullable=False),
    UniqueConstraint("guild_id", "user_id", "withdraws"),
    without_rowid=True,
)


KINDS: Final = {kind.value: kind for kind in DayKind}


@frozen
class DayRow:
    """One standing row of the log.

    Attributes:
        number: counts a member's rows from 1.
        day: the study day it is about.
        kind: kept, rest, vacation or repaired.
        source: what made it so: ``prompt:<occurrence>``, ``topic:<id>``, ``rest:<day>``, ``vacation``,
            ``repair:<day>``.
        reason: what a moderator gave as the reason of a repair.
        by_user_id: the moderator who repaired it.
        at: when it was written.
    """

    number: int
    day: date
    kind: DayKind
    source: str
    reason: str | None
    by_user_id: int | None
    at: datetime


@frozen
class NewDay:
    """A row to write; the fields are those of ``DayRow``."""

    day: date
    kind: DayKind
    source: str
    reason: str | None = None
    by_user_id: int | None = None


def standing(tx: Connection, guild_id: int, user_id: int) -> list[DayRow]:
    """Return a member's rows that were not taken back, in the order they were written."""
    return [_day_row(row) for row in tx.execute(_STANDING, {"guild": guild_id, "user": user_id})]


def days_of(tx: Connection, guild_id: int, user_id: int, source: str) -> set[date]:
    """Return the days that rows of a source were ever about, standing or taken back."""
    rows = tx.execute(_DAYS_OF, {"guild": guild_id, "user": user_id, "what": source}).all()
    return {date.fromisoformat(row.day) for row in rows}


def is_kept(tx: Connection, guild_id: int, user_id: int, day: date) -> bool:
    """Return whether a standing row says that an act kept a day."""
    values = {"guild": guild_id, "user": user_id, "on": day.isoformat()}
    return tx.execute(_KEPT, values).first() is not None


def days(tx: Connection, guild_id: int, user_id: int) -> list[tuple[date, DayKind]]:
    """Return what a member's days were by the rows that were not taken back, in the order they were written.

    That is all a streak is reckoned from, and reads a year in a fraction of the time that whole rows take.
    """
    rows = tx.execute(_DAYS, {"guild": guild_id, "user": user_id}).all()
    return [(date.fromisoformat(row.day), KINDS[row.kind]) for row in rows]


def add(tx: Connection, guild_id: int, user_id: int, what: NewDay, now: datetime) -> bool:
    """Write what a day was; False where a standing row says the same of the same source, on any day.

    A rest, a vacation and a repair are about a day, so there the day counts too.
    """
    values = {"guild": guild_id, "user": user_id, "as": what.kind, "what": what.source, "on": what.day.isoformat()}
    if tx.execute(_SAME if what.kind is DayKind.KEPT else _SAME_DAY, values).first() is not None:
        return False
    _append(tx, guild_id, user_id, what, now)
    return True


def withdraw(
    tx: Connection,
    guild_id: int,
    user_id: int,
    source: str,
    now: datetime,
    *,
    since: date | None = None,
    by_user_id: int | None = None,
) -> int:
    """Take back the standing rows of a source, from the day ``since`` on where it is given; return how many."""
    first_day = (since or date.min).isoformat()
    rows = tx.execute(_OF_SOURCE, {"guild": guild_id, "user": user_id, "what": source, "since": first_day})
    return _withdraw(tx, guild_id, user_id, rows, now, by_user_id)


def withdraw_written(
    tx: Connection, guild_id: int, user_id: int, source: str, written_at: datetime, now: datetime
) -> int:
    """Take back the standing rows of a source that one act wrote, known by its instant; return how many."""
    written = _standing(guild_id, user_id).where(streak_day.c.source == source, streak_day.c.at == written_at)
    return _withdraw(tx, guild_id, user_id, tx.execute(written), now, None)


def restore(tx: Connection, guild_id: int, user_id: int, source: str, taken_back_at: datetime) -> int:
    """Write again the rows of a source that one act took back, known by its instant; return how many.

    They carry the day and the instant they had, so that undoing what first wrote them finds them.
    """
    taking = streak_day.alias()
    rows = tx.execute(
        select(streak_day).join(
            taking,
            and_(
                taking.c.guild_id == streak_day.c.guild_id,
                taking.c.user_id == streak_day.c.user_id,
                taking.c.withdraws == streak_day.c.number,
            ),
        )
        .where(
            streak_day.c.guild_id == guild_id,
            streak_day.c.user_id == user_id,
            streak_day.c.source == source,
            taking.c.at == taken_back_at,
        )
    )  # fmt: skip
    restored = [_day_row(row) for row in rows]
    for row in restored:
        again = NewDay(row.day, row.kind, row.source, row.reason, row.by_user_id)
        _append(tx, guild_id, user_id, again, row.at)
    return len(restored)


def _standing(
    guild_id: int | BindParameter[int], user_id: int | BindParameter[int], *columns: Column[Any]
) -> Select[Any]:
    """Return the query of a member's rows that were not taken back: these columns of them, or all."""
    later = streak_day.alias()
    taken_back = exists().where(
        later.c.guild_id == guild_id, later.c.user_id == user_id, later.c.withdraws == streak_day.c.number
    )
    return select(*(columns or streak_day.c)).where(
        streak_day.c.guild_id == guild_id,
        streak_day.c.user_id == user_id,
        streak_day.c.withdraws.is_(None),
        ~taken_back,
    )


_WHOSE: Final = bindparam("guild", type_=Snowflake), bindparam("user", type_=Snowflake)
_DAYS: Final = _standing(*_WHOSE, streak_day.c.day, streak_day.c.kind).order_by(streak_day.c.number)
"""This and the others are built once: building it takes as long as asking for a month of days."""
_STANDING: Final = _standing(*_WHOSE).order_by(streak_day.c.number)
_DAYS_OF: Final = (
    select(streak_day.c.day)
    .where(
        streak_day.c.guild_id == bindparam("guild"),
        streak_day.c.user_id == bindparam("user"),
        streak_day.c.source == bindparam("what"),
    )
    .distinct()
)
_OF_SOURCE: Final = _standing(*_WHOSE).where(
    streak_day.c.source == bindparam("what"), streak_day.c.day >= bindparam("since")
)
_ONE: Final = _standing(*_WHOSE, streak_day.c.number).limit(1)
_KEPT: Final = _ONE.where(streak_day.c.kind == DayKind.KEPT, streak_day.c.day == bindparam("on"))
_SAME: Final = _ONE.where(streak_day.c.kind == bindparam("as"), streak_day.c.source == bindparam("what"))
_SAME_DAY: Final = _SAME.where(streak_day.c.day == bindparam("on"))
_NEWEST: Final = select(func.max(streak_day.c.number)).where(
    streak_day.c.guild_id == bindparam("guild"), streak_day.c.user_id == bindparam("user")
)
_ADD: Final = streak_day.insert()


def _withdraw(
    tx: Connection,
    guild_id: int,
    user_id: int,
    found: Iterable[Row[Any]],
    now: datetime,
    by_user_id: int | None,
) -> int:
    rows = [_day_row(row) for row in found]
    for row in rows:
        taken = NewDay(row.day, row.kind, row.source, by_user_id=by_user_id)
        _append(tx, guild_id, user_id, taken, now, withdraws=row.number)
    return len(rows)


def _day_row(row: Row[Any]) -> DayRow:
    return DayRow(
        row.number, date.fromisoformat(row.day), DayKind(row.kind), row.source, row.reason, row.by_user_id, row.at
    )


def _append(
    tx: Connection, guild_id: int, user_id: int, what: NewDay, now: datetime, withdraws: int | None = None
) -> None:
    newest = tx.execute(_NEWEST, {"guild": guild_id, "user": user_id}).scalar()
    row = {
        "guild_id": guild_id,
        "user_id": user_id,
        "number": (newest or 0) + 1,
        "day": what.day.isoformat(),
        "kind": what.kind,
        "source": what.source,
        "reason": what.reason,
        "by_user_id": what.by_user_id,
        "withdraws": withdraws,
        "at": now,
    }
    tx.execute(_ADD, row)
