"""Copies one database to another, of either engine, table by table, and proves that the two are equal.

The copy goes on where it was broken off: rows go over in the order of their keys, a thousand in a transaction, and
the next begins after the last key that is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, Text, func, literal, select, tuple_

from bot.domain.frozen import frozen
from bot.errors import StorageError
from bot.storage import server
from bot.storage.database import Database, Place
from bot.storage.migrations import REVISIONS
from bot.storage.restore import require_nobody_in
from bot.storage.tables import metadata
from bot.storage.upgrade import prepare, revision

AT_ONCE: Final = 1000
"""Rows of one transaction."""


@frozen
class Step:
    """How far a table is.

    Attributes:
        table: its name.
        rows: how many of its rows are over.
        of: how many the source has.
        proved: whether both sides were compared and found equal.
    """

    table: str
    rows: int
    of: int
    proved: bool = False


@frozen
class Sum:
    """What a table comes to: its number of rows, and a checksum over all of them in the order of their keys."""

    rows: int
    checksum: str


async def ready(source: Place, target: Place, now: datetime) -> None:
    """See that the source can be copied from, and make the target's tables where there are none.

    Raises:
        StorageError: where either is in use or not of this version.
    """
    for place in (source, target):
        if isinstance(place, Path):
            require_nobody_in(place)
    if isinstance(source, Path) and not source.is_file():
        raise StorageError(f"There is no file {source}. Name a database.")
    found = revision(source) if isinstance(source, Path) else await server.revision(source)
    if found != REVISIONS[-1]:
        raise StorageError(f"The database {source} has schema {found}. Run *python -m bot db upgrade* on it first.")
    if isinstance(target, Path):
        prepare(target, now)
    else:
        await server.prepare(target)


async def copied(source: Database, target: Database) -> AsyncGenerator[Step]:
    """Copy every row, and yield how far each table is; the last step of each says that it was proved equal.

    Both are at the current schema, and nobody writes to either meanwhile.

    Raises:
        StorageError: where the target holds rows that the source has not, or the two differ in the end.
    """
    tables = metadata.sorted_tables
    for table in tables:
        of = await source.read(partial(_count, table))
        there = await target.read(partial(_count, table))
        last = await target.read(partial(_last_key, table))
        await _require_begun(source, target, table, last)
        while there < of:
            rows = await source.read(partial(_after, table, last))
            if not rows:
                break
            await target.write(partial(_put, table, rows))
            there, last = there + len(rows), _key(table, rows[-1])
            yield Step(table.name, there, of)
        here, over = await sum_of(source, table), await sum_of(target, table)
        if here != over:
            raise StorageError(
                f"{table.name} has {here.rows} rows here and {over.rows} there, and they differ. Empty the target's "
                "database and copy again, with the bot stopped."
            )
        yield Step(table.name, over.rows, here.rows, proved=True)
    await target.write(_counters)


async def sum_of(database: Database, table: Table) -> Sum:
    """Return what a table comes to; equal sums mean equal rows, whichever engine keeps them."""
    digest, rows, last = hashlib.sha256(), 0, None
    while found := await database.read(partial(_after, table, last)):
        for row in found:
            digest.update(repr(tuple(row.values())).encode())
        rows, last = rows + len(found), _key(table, found[-1])
    return Sum(rows, digest.hexdigest())


async def _require_begun(source: Database, target: Database, table: Table, last: Sequence[Any] | None) -> None:
    """Refuse a target that holds anything but the first rows of the source."""
    if last is None:
        return
    here, there = await source.read(partial(_up_to, table, last)), await target.read(partial(_count, table))
    if here != there:
        raise StorageError(
            f"The target has {there} rows of {table.name} where the source has {here}: it is no copy that was broken "
            "off. Name an empty database."
        )


def _count(table: Table, tx: Connection) -> int:
    return tx.execute(select(func.count()).select_from(table)).scalar_one()


def _keys(table: Table, tx: Connection) -> list[ColumnElement[Any]]:
    """Return the columns of a key, compared byte by byte as SQLite does, whatever the language of the server."""
    by_bytes = tx.dialect.name == "postgresql"
    return [
        one.collate("C") if by_bytes and isinstance(one.type, Text) else one.expression for one in table.primary_key
    ]


def _key(table: Table, row: RowMapping) -> tuple[Any, ...]:
    return tuple(row[one] for one in table.primary_key)


def _bound(table: Table, last: Sequence[Any]) -> ColumnElement[Any]:
    return tuple_(*(literal(value, one.type) for value, one in zip(last, table.primary_key, strict=True)))


def _up_to(table: Table, last: Sequence[Any], tx: Connection) -> int:
    where = tuple_(*_keys(table, tx)) <= _bound(table, last)
    return tx.execute(select(func.count()).select_from(table).where(where)).scalar_one()


def _after(table: Table, last: Sequence[Any] | None, tx: Connection) -> Sequence[RowMapping]:
    """Return the rows that come next after a key."""
    keys = _keys(table, tx)
    query = select(table).order_by(*keys).limit(AT_ONCE)
    return tx.execute(query if last is None else query.where(tuple_(*keys) > _bound(table, last))).mappings().all()


def _last_key(table: Table, tx: Connection) -> tuple[Any, ...] | None:
    newest = select(*table.primary_key).order_by(*(one.desc() for one in _keys(table, tx))).limit(1)
    row = tx.execute(newest).one_or_none()
    return None if row is None else tuple(row)


def _put(table: Table, rows: Sequence[RowMapping], tx: Connection) -> None:
    tx.execute(table.insert(), [dict(row) for row in rows])


def _counters(tx: Connection) -> None:
    """Let PostgreSQL's own numbers go on after the highest that came over; SQLite does so by itself."""
    if tx.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        numbered = table.autoincrement_column
        if numbered is not None:
            newest = select(func.max(numbered)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, numbered.name)
            tx.execute(select(func.setval(sequence, func.coalesce(newest, 1), newest.is_not(None))))
