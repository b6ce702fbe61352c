"""A database goes over to the other engine and back, whole, and goes on where it was broken off."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Column, Connection, LargeBinary, Text, select
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.errors import StorageError
from bot.storage import board, bot_state, copy, server
from bot.storage.copy import copied, ready, sum_of
from bot.storage.database import Database
from bot.storage.restore import check
from bot.storage.schema import Instant
from bot.storage.tables import metadata
from tests.fakes.postgresql import Ground, fresh

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
MANY = bot_state.bot_state
BIG = 2**62


@pytest.fixture
async def over(ground: Ground) -> URL:
    """A database on a server, of this version and without a row."""
    url = await fresh(ground.url, f"{ground.url.database}_copy")
    await server.prepare(url)
    return url


def value(column: Column[Any], number: int) -> object:
    """Return a value of a column's kind, one for each number; upper and lower case, and what is not ASCII."""
    if isinstance(column.type, Instant):
        return NOW + timedelta(microseconds=number)
    if isinstance(column.type, Text):
        return ["Zoé", "anna", "Ärger", 'bob\'s \\ "%" 🦉'][number % 4] + str(number)
    if isinstance(column.type, LargeBinary):
        return bytes([number % 256, 0, 255])
    kind = column.type.python_type
    if kind is float:
        return number + 1 / 3
    return number + (BIG if column.name.endswith("_id") and "BIGINT" in str(column.type.compile()) else 0)


def fill(tx: Connection) -> None:
    """Put rows into every table; one has more than go over at once."""
    for table in metadata.sorted_tables:
        numbers = range(1, copy.AT_ONCE + 300 if table is MANY else 8)
        rows = [{one.name: value(one, number) for one in table.columns} for number in numbers]
        rows[0] |= {one.name: None for one in table.columns if one.nullable}
        tx.execute(table.insert(), rows)


async def sums(database: Database) -> dict[str, copy.Sum]:
    return {table.name: await sum_of(database, table) for table in metadata.sorted_tables}


async def test_there_and_back_every_row_of_every_table_is_the_same(
    database_path: Path, over: URL, tmp_path: Path
) -> None:
    back = tmp_path / "back.db"
    database = await Database.open(database_path)
    await database.write(fill)
    wanted = await sums(database)
    await database.close()
    assert all(one.rows for one in wanted.values())
    for source, target in ((database_path, over), (over, back)):
        done = await asyncio.to_thread(
            CliRunner().invoke, app, ["db", "copy", "--from", _said(source), "--to", _said(target)]
        )
        assert done.exit_code == 0, done.output
        assert f"{sum(one.rows for one in wanted.values())} rows in {len(wanted)} tables" in done.output
        opened = await Database.open(target)
        assert await sums(opened) == wanted
        await opened.close()
    check(back)
    opened = await Database.open(over)
    new = await opened.write(
        lambda tx: tx.execute(board.board.insert().values(_board()).returning(board.board.c.board_id)).scalar_one()
    )
    assert new == wanted["board"].rows + 1, "its own numbers go on"
    await opened.close()


def _said(place: Path | URL) -> str:
    return place.render_as_string(hide_password=False) if isinstance(place, URL) else str(place)


def _board() -> dict[str, object]:
    return {"guild_id": 1, "window": "week", "starts_on": "2026-11-23"}


async def test_a_copy_that_was_broken_off_goes_on_and_one_that_differs_is_refused(
    database_path: Path, over: URL
) -> None:
    source = await Database.open(database_path)
    await source.write(fill)
    target = await Database.open(over)
    steps = copied(source, target)
    while (await anext(steps)).table != MANY.name:
        pass
    await steps.aclose()
    assert (await sum_of(target, MANY)).rows == copy.AT_ONCE
    seen = [step.rows async for step in copied(source, target) if step.table == MANY.name]
    assert seen == [copy.AT_ONCE + 299] * 2, "what is there is not copied again"
    assert await sums(target) == await sums(source)
    changed = MANY.update().where(MANY.c.name == "anna1").values(value="x")
    await target.write(lambda tx: tx.execute(changed))
    with pytest.raises(StorageError, match=r"bot_state has 1299 rows here and 1299 there, and they differ"):
        [step async for step in copied(source, target)]
    await target.write(lambda tx: tx.execute(MANY.delete().where(MANY.c.name == "anna1")))
    with pytest.raises(StorageError, match="no copy that was broken off"):
        [step async for step in copied(source, target)]
    await target.close()
    await source.close()


async def test_a_database_that_is_in_use_or_of_another_version_is_not_copied(
    database_path: Path, tmp_path: Path, over: URL
) -> None:
    with pytest.raises(StorageError, match="There is no file"):
        await ready(tmp_path / "none.db", over, NOW)
    database = await Database.open(database_path)
    with pytest.raises(StorageError, match="A bot has the database"):
        await ready(database_path, over, NOW)
    await database.close()
    await server.take_down(over, "0009")
    with pytest.raises(StorageError, match="schema 0009"):
        await ready(over, database_path, NOW)
    assert (await server.look(over, lambda tx: tx.execute(select(MANY)).all())) == []
