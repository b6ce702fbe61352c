"""What members report, one row for a person and a thing, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, Text, func, select

from bot.domain.report import Reported, Ruling, Thing
from bot.storage.schema import Instant, Snowflake, guild_key, table, user_key
from bot.storage.upsert import insert

REASONS: Final = 5
"""Reasons shown of one thing."""

report: Final = table(
    "report",
    guild_key(),
    user_key(),
    Column("thing", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("ruling", Text, nullable=False),
    Column("actor_id", Snowflake, nullable=True),
    Column("ruled_at", Instant, nullable=True),
    without_rowid=True,
)


def ruling_of(tx: Connection, guild_id: int, user_id: int, thing: Thing) -> tuple[Ruling, datetime] | None:
    """Return what became of a member's report of a thing, and when it was made; None where there is none."""
    row = report.c
    where = row.guild_id == guild_id, row.user_id == user_id, row.thing == thing.key
    found = tx.execute(select(row.ruling, row.at).where(*where)).one_or_none()
    return None if found is None else (Ruling(found.ruling), found.at)


def put(tx: Connection, guild_id: int, user_id: int, thing: Thing, reason: str, now: datetime) -> None:
    """Keep a member's report of a thing, in the place of one the member made before."""
    statement = insert(report).values(
        guild_id=guild_id, user_id=user_id, thing=thing.key, reason=reason, at=now, ruling=Ruling.OPEN
    )
    new = {"reason": reason, "at": now, "ruling": Ruling.OPEN, "actor_id": None, "ruled_at": None}
    tx.execute(statement.on_conflict_do_update(index_elements=["guild_id", "user_id", "thing"], set_=new))


def count_since(tx: Connection, guild_id: int, user_id: int, since: datetime) -> int:
    """Return how much a member has reported since then."""
    where = report.c.guild_id == guild_id, report.c.user_id == user_id, report.c.at > since
    return tx.execute(select(func.count()).select_from(report).where(*where)).scalar_one()


def count_waiting(tx: Connection, guild_id: int) -> int:
    """Return how many things wait for a ruling."""
    where = report.c.guild_id == guild_id, report.c.ruling == Ruling.OPEN
    return tx.execute(select(func.count(report.c.thing.distinct())).where(*where)).scalar_one()


def waiting(tx: Connection, guild_id: int, most: int, after: int = 0) -> list[Reported]:
    """Return the things that wait for a ruling: the most reported first, without the first ``after``."""
    row = report.c
    where = row.guild_id == guild_id, row.ruling == Ruling.OPEN
    times, last = func.count().label("times"), func.max(row.at).label("last_at")
    rows = tx.execute(
        select(row.thing, times, last)
        .where(*where)
        .group_by(row.thing)
        .order_by(times.desc(), last.desc(), row.thing)
        .limit(most)
        .offset(after)
    ).all()
    return [
        Reported(Thing.of_key(one.thing), one.times, one.last_at, _reasons(tx, guild_id, one.thing)) for one in rows
    ]


def one(tx: Connection, guild_id: int, thing: Thing) -> Reported | None:
    """Return a thing that waits for a ruling; None where it does not (any more)."""
    row = report.c
    where = row.guild_id == guild_id, row.ruling == Ruling.OPEN, row.thing == thing.key
    times, last = tx.execute(select(func.count(), func.max(row.at)).where(*where)).one()
    return Reported(thing, times, last, _reasons(tx, guild_id, thing.key)) if times else None


def rule(tx: Connection, guild_id: int, thing: Thing, actor_id: int, ruling: Ruling, now: datetime) -> bool:
    """Settle every open report of a thing; False where there is none."""
    row = report.c
    where = row.guild_id == guild_id, row.thing == thing.key, row.ruling == Ruling.OPEN
    values = {"ruling": ruling, "actor_id": actor_id, "ruled_at": now}
    return tx.execute(report.update().where(*where).values(**values)).rowcount > 0


def _reasons(tx: Connection, guild_id: int, key: str) -> tuple[str, ...]:
    row = report.c
    where = row.guild_id == guild_id, row.ruling == Ruling.OPEN, row.thing == key, row.reason != ""
    return tuple(tx.execute(select(row.reason).where(*where).order_by(row.at.desc()).limit(REASONS)).scalars())
