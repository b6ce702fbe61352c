"""Boards are read off their index alone: reading the rows behind it takes thirty times as long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from sqlalchemy import Connection, event

from bot.storage import board, board_place
from bot.storage.database import Database

READS: Final[dict[str, Callable[[Connection], object]]] = {
    "top": lambda tx: board.top(tx, 1, 10, 50),
    "size": lambda tx: board.size(tx, 1),
    "above": lambda tx: board.above(tx, 1, 5),
    "level": lambda tx: board.level(tx, 1, 5),
    "around": lambda tx: board.around(tx, 1, 2, 5, (5, 5)),
    "place": lambda tx: board_place.place(tx, 1, 1, 2),
}

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize("name", READS)
async def test_a_board_is_read_off_its_index(database: Database, name: str) -> None:
    def plan(tx: Connection) -> list[str]:
        said: list[tuple[str, tuple[object, ...]]] = []

        def note(_c: object, _u: object, statement: str, parameters: tuple[object, ...], *_: object) -> None:
            said.append((statement, parameters))

        event.listen(tx, "before_cursor_execute", note)
        READS[name](tx)
        event.remove(tx, "before_cursor_execute", note)
        return [str(tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", given).all()) for asked, given in said]

    plans = await database.read(plan)
    assert plans
    assert all("USING COVERING INDEX ix_standing_rank (board_id=? AND shown=?" in found for found in plans)
    assert not any("TEMP B-TREE" in found for found in plans)
