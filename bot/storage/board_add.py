"""What an act adds to the boards: which ones its day counts for, and the points, for the member and for a group."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy import Connection, Integer, Text, and_, bindparam, case, literal_column, select, union_all

from bot.domain.board import Window, window_start
from bot.storage.board import board, find, group_share, group_standing, standing
from bot.storage.schema import Snowflake
from bot.storage.season import FIRST_DAY_ON
from bot.storage.upsert import insert

_NEW: Final = board.insert().returning(board.c.board_id)
_STARTS: Final = union_all(
    *(select(literal_column(f"'{one}'", Text).label("kind"), bindparam(one, type_=Text).label("first"))
      for one in Window if one is not Window.SEASON),
    select(literal_column(f"'{Window.SEASON}'", Text), FIRST_DAY_ON.subquery().c.first_day),
).subquery()  # fmt: skip
"""The windows that a study day is in, each with its first day."""
_OF_DAY: Final = select(_STARTS.c.kind, _STARTS.c.first, board.c.board_id).select_from(
    _STARTS.outerjoin(
        board,
        and_(
            board.c.guild_id == bindparam("guild"),
            board.c.window == _STARTS.c.kind,
            board.c.starts_on == _STARTS.c.first,
        ),
    )
)
_ADD: Final = insert(standing).values(
    board_id=bindparam("board"), user_id=bindparam("user"), score=bindparam("delta"), shown=bindparam("seen")
)
_ADD_UP: Final = _ADD.on_conflict_do_update(
    index_elements=["board_id", "user_id"], set_={"score": standing.c.score + _ADD.excluded.score}
)
_DELTA: Final = bindparam("delta", type_=Integer)
_SHARE: Final = insert(group_share).values(
    board_id=bindparam("board"), group_id=bindparam("circle"), user_id=bindparam("user"), score=_DELTA
)
_SHARE_UP: Final = _SHARE.on_conflict_do_update(
    index_elements=["board_id", "group_id", "user_id"], set_={"score": group_share.c.score + _SHARE.excluded.score}
)
_MORE: Final = (
    select(case((group_share.c.score > 0, 1), else_=0) - case((group_share.c.score > _DELTA, 1), else_=0))
    .where(
        group_share.c.board_id == bindparam("board", type_=Integer),
        group_share.c.group_id == bindparam("circle", type_=Integer),
        group_share.c.user_id == bindparam("user", type_=Snowflake),
    )
    .scalar_subquery()
)
"""By how many a member's new share makes those more who earned for the group; it held ``delta`` less before."""
_GROUP: Final = insert(group_standing).values(
    board_id=bindparam("board", type_=Integer),
    group_id=bindparam("circle", type_=Integer),
    total=_DELTA,
    active=_MORE,
)
_GROUP_UP: Final = _GROUP.on_conflict_do_update(
    index_elements=["board_id", "group_id"],
    set_={
        "total": group_standing.c.total + _GROUP.excluded.total,
        "active": group_standing.c.active + _GROUP.excluded.active,
    },
)


def ensure(tx: Connection, guild_id: int, window: Window, starts_on: date) -> int:
    """Return the board of a guild's window, made where there is none."""
    found = find(tx, guild_id, window, starts_on)
    return _new(tx, guild_id, window, starts_on.isoformat()) if found is None else found


def of_day(tx: Connection, guild_id: int, day: date) -> list[int]:
    """Return the boards that a study day of a guild counts for, made where there are none."""
    starts = {window: str(start) for window in Window if (start := window_start(window, day, None)) is not None}
    rows = tx.execute(_OF_DAY, {"guild": guild_id, "day": str(day), **starts}).all()
    return [
        _new(tx, guild_id, window, first_day) if board_id is None else board_id for window, first_day, board_id in rows
    ]


def _new(tx: Connection, guild_id: int, window: str, starts_on: str) -> int:
    return tx.execute(_NEW, {"guild_id": guild_id, "window": window, "starts_on": starts_on}).scalar_one()


def add(tx: Connection, board_ids: Iterable[int], user_id: int, delta: int, *, shown: bool) -> None:
    """Add points to a member's standings. ``shown`` counts for one who was not on a board yet."""
    values = {"user": user_id, "delta": delta, "seen": int(shown)}
    tx.execute(_ADD_UP, [{"board": board_id, **values} for board_id in board_ids])


def add_for_group(tx: Connection, board_ids: Iterable[int], group_id: int, user_id: int, delta: int) -> None:
    """Add points to what a member earned for a group, and to the group's totals."""
    values = {"circle": group_id, "user": user_id, "delta": delta}
    rows = [{"board": board_id, **values} for board_id in board_ids]
    tx.execute(_SHARE_UP, rows)
    tx.execute(_GROUP_UP, rows)
