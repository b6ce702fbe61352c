"""What the tables share: the metadata, names of constraints, and the column type of an instant."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, cast

from sqlalchemy import (
    REAL,
    BigInteger,
    Column,
    Dialect,
    Double,
    Index,
    Integer,
    MetaData,
    Table,
    TypeDecorator,
    literal_column,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

WHERE: Final = "where"
Snowflake: Final = BigInteger().with_variant(Integer(), "sqlite")
"""A Discord id."""

Real: Final = cast("TypeEngine[float]", REAL()).with_variant(Double(), "postgresql")
"""A number of 64 bits with a point; PostgreSQL's own REAL has 32."""

ONE_ROW: Final = select(literal_column("1", Integer).label("one")).subquery()
"""A row to which what there is gets joined, so that one question is answered be there any of it or not."""


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as integer microseconds since 1970 in UTC."""

    impl = BigInteger().with_variant(Integer(), "sqlite")
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return microseconds; a naive datetime is a mistake of ours and raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the aware datetime, in UTC."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


def microseconds(instant: datetime) -> int:
    """Return how an instant, aware, is kept: microseconds since 1970 in UTC."""
    return (instant - EPOCH) // timedelta(microseconds=1)


def time_of(minutes: int) -> time:
    """Return a time of day that is kept as minutes since midnight."""
    return time(minutes // 60, minutes % 60)


def minutes_of(at: time) -> int:
    """Return how a time of day is kept: as minutes since midnight."""
    return at.hour * 60 + at.minute


def table(name: str, *parts: Any, without_rowid: bool = False) -> Table:  # noqa: ANN401  (columns and constraints)
    """Declare a STRICT table of ours."""
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=not without_rowid)


def partial_index(name: str, column: Column[Any], where: str) -> Index:
    """Declare an index of the rows for which the SQL of ``where`` holds, on either engine.

    PostgreSQL's option is set where its tables are made: to name it here would load that dialect at every start.
    """
    return Index(name, column, sqlite_where=text(where), info={WHERE: where})


def guild_key() -> Column[int]:
    """Return the column every key begins with."""
    return Column("guild_id", Snowflake, primary_key=True, autoincrement=False)


def user_key() -> Column[int]:
    """Return the member's part of a key."""
    return Column("user_id", Snowflake, primary_key=True, autoincrement=False)
