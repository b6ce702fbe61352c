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
    rows = tx.execute(_DAYS_OF, {"guild": guild_id, "user": user_id, "what": source})
    return {date.fromisoformat(day) for day in rows.scalars()}


def kept_of(tx: Connection, guild_id: int, user_id: int, source: str) -> dict[date, bool]:
    """Return the days that ``days_of`` does, each with whether a standing row says that an act kept it."""
    rows = tx.execute(_KEPT_OF, {"guild": guild_id, "user": user_id, "what": source})
    return {date.fromisoformat(day): bool(kept) for day, kept in rows}


def days(tx: Connection, guild_id: int, user_id: int) -> list[tuple[date, DayKind]]:
    """Return what a member's days were by the rows that were not taken back, in the order they were written.

    That is all a streak is reckoned from, and reads a year in a fraction of the time that whole rows take.
    """
    rows = tx.execute(_DAYS, {"guild": guild_id, "user": user_id}).all()
    return [(date.fromisoformat(day), KINDS[kind]) for day, kind in map(tuple, rows)]


def add(tx: Connection, guild_id: int, user_id: int, what: NewDay, now: datetime) -> bool:
    """Write what a day was; False where a standing row says the same of the same source, on any day.

    A rest, a vacation and a repair are about a day, so there the day counts too.
    """
    add = _ADD_ONCE if what.kind is DayKind.KEPT else _ADD_ONCE_A_DAY
    return tx.execute(add, _values(guild_id, user_id, what, now)).rowcount > 0


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
    found = [_day_row(row) for row in rows]
    again = [(NewDay(row.day, row.kind, row.source, row.reason, row.by_user_id), row.at) for row in found]
    return _append(tx, [_values(guild_id, user_id, what, at) for what, at in again])


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
_ONE: Final = _standing(*_WHOSE, streak_day.c.number)
_DAY_OF: Final = _DAYS_OF.subquery()
_KEPT: Final = _ONE.where(streak_day.c.kind == DayKind.KEPT.value, streak_day.c.day == _DAY_OF.c.day)
_KEPT_OF: Final = select(_DAY_OF.c.day, _KEPT.exists())
_SAME: Final = _ONE.where(
    streak_day.c.kind == bindparam("as", type_=Text), streak_day.c.source == bindparam("what", type_=Text)
)
_SAME_DAY: Final = _SAME.where(streak_day.c.day == bindparam("on", type_=Text))
_NEXT: Final = (
    select(func.coalesce(func.max(streak_day.c.number), 0) + 1)
    .where(streak_day.c.guild_id == _WHOSE[0], streak_day.c.user_id == _WHOSE[1])
    .scalar_subquery()
)
_NEW: Final[dict[str, Any]] = {
    "guild_id": _WHOSE[0],
    "user_id": _WHOSE[1],
    "number": _NEXT,
    "day": bindparam("on", type_=Text),
    "kind": bindparam("as", type_=Text),
    "source": bindparam("what", type_=Text),
    "reason": bindparam("why", type_=Text),
    "by_user_id": bindparam("by", type_=Snowflake),
    "withdraws": bindparam("taken", type_=Integer),
    "at": bindparam("now", type_=Instant),
}
_ADD: Final = streak_day.insert().values(_NEW)
_ADD_ONCE: Final = streak_day.insert().from_select(list(_NEW), select(*_NEW.values()).where(~_SAME.exists()))
_ADD_ONCE_A_DAY: Final = streak_day.insert().from_select(list(_NEW), select(*_NEW.values()).where(~_SAME_DAY.exists()))


def _withdraw(
    tx: Connection,
    guild_id: int,
    user_id: int,
    found: Iterable[Row[Any]],
    now: datetime,
    by_user_id: int | None,
) -> int:
    taken = [
        (NewDay(date.fromisoformat(row.day), DayKind(row.kind), row.source, by_user_id=by_user_id), row.number)
        for row in found
    ]
    return _append(tx, [_values(guild_id, user_id, what, now, number) for what, number in taken])


def _day_row(row: Row[Any]) -> DayRow:
    return DayRow(
        row.number, date.fromisoformat(row.day), KINDS[row.kind], row.source, row.reason, row.by_user_id, row.at
    )


def _append(tx: Connection, rows: list[dict[str, Any]]) -> int:
    """Write rows, each under the number after the newest; return how many."""
    if rows:
        tx.execute(_ADD, rows)
    return len(rows)


def _values(guild_id: int, user_id: int, what: NewDay, now: datetime, withdraws: int | None = None) -> dict[str, Any]:
    return {
        "guild": guild_id,
        "user": user_id,
        "on": what.day.isoformat(),
        "as": what.kind,
        "what": what.source,
        "why": what.reason,
        "by": what.by_user_id,
        "taken": withdraws,
        "now": now,
    }
