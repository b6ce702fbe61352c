"""Seasons: stretches of time that moderators begin and end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import Column, Connection, Integer, Text, bindparam, func, literal_column, select, update

from bot.domain.frozen import frozen
from bot.storage.schema import Instant, guild_key, table

season: Final = table(
    "season",
    guild_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("first_day", Text, nullable=False),
    Column("last_day", Text),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
    without_rowid=True,
)


_ALL: Final = select(season).where(season.c.guild_id == bindparam("guild")).order_by(season.c.number.desc())
FIRST_DAY_ON: Final = (
    select(season.c.first_day)
    .where(
        season.c.guild_id == bindparam("guild"),
        season.c.first_day <= bindparam("day"),
        func.coalesce(season.c.last_day, bindparam("day", type_=Text)) >= bindparam("day", type_=Text),
    )
    .order_by(season.c.number.desc())
    .limit(literal_column("1"))
)
"""The first day of the season that a study day is in; none where it is in none."""


@frozen
class Season:
    """A season. ``last_day`` is None while it runs; both days are study days of the guild."""

    number: int
    name: str
    first_day: date
    last_day: date | None
    begun_at: datetime
    ended_at: datetime | None


def all_of(tx: Connection, guild_id: int) -> list[Season]:
    """Return a guild's seasons, the latest first."""
    rows = tx.execute(_ALL, {"guild": guild_id})
    return [
        Season(
            row.number,
            row.name,
            date.fromisoformat(row.first_day),
            None if row.last_day is None else date.fromisoformat(row.last_day),
            row.begun_at,
            row.ended_at,
        )
        for row in rows
    ]


def begin(tx: Connection, guild_id: int, name: str, first_day: date, now: datetime) -> Season:
    """Begin a season."""
    newest = tx.execute(select(func.max(season.c.number)).where(season.c.guild_id == guild_id)).scalar()
    begun = Season((newest or 0) + 1, name, first_day, None, now, None)
    tx.execute(
        season.insert().values(
            guild_id=guild_id, number=begun.number, name=name, first_day=first_day.isoformat(), begun_at=now
        )
    )
    return begun


def put_end(tx: Connection, guild_id: int, number: int, last_day: date | None, ended_at: datetime | None) -> None:
    """End a season with a study day; None lets it run on."""
    where = season.c.guild_id == guild_id, season.c.number == number
    tx.execute(update(season).where(*where).values(last_day=last_day and last_day.isoformat(), ended_at=ended_at))


def remove(tx: Connection, guild_id: int, number: int) -> None:
    """Take back the beginning of a season."""
    tx.execute(season.delete().where(season.c.guild_id == guild_id, season.c.number == number))
