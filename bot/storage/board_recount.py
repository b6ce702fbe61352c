"""Adding up a board anew from the ledger, in the database: what beginning or ending a season makes of its board.

Row by row, as ``bot.services.points.rebuild`` does, it gives the same; this way it takes no longer than reading the
guild's ledger once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection, Integer, Text, and_, bindparam, case, cast, func, or_, select

from bot.domain.board import Window
from bot.storage import board as store
from bot.storage.board import board, group_share, group_standing, standing
from bot.storage.board_add import ensure
from bot.storage.member import member
from bot.storage.points import points

_DERIVED: Final = (standing, group_share, group_standing)
_WITHIN: Final = (
    points.c.guild_id == bindparam("guild"),
    points.c.day >= bindparam("first"),
    or_(bindparam("last", type_=Text).is_(None), points.c.day <= bindparam("last", type_=Text)),
)
_BOARD: Final = cast(bindparam("board"), Integer)
_OFF: Final = or_(member.c.hidden == 1, member.c.left_off_reason.is_not(None), member.c.left_at.is_not(None))
_STAND: Final = standing.insert().from_select(
    ["board_id", "user_id", "score", "shown"],
    select(_BOARD, points.c.user_id, func.sum(points.c.delta), func.min(case((_OFF, 0), else_=1)))
    .select_from(points)
    .outerjoin(member, and_(member.c.guild_id == points.c.guild_id, member.c.user_id == points.c.user_id))
    .where(*_WITHIN)
    .group_by(points.c.user_id),
)
_SHARE: Final = group_share.insert().from_select(
    ["board_id", "group_id", "user_id", "score"],
    select(_BOARD, points.c.group_id, points.c.user_id, func.sum(points.c.delta))
    .where(*_WITHIN, points.c.group_id.is_not(None))
    .group_by(points.c.group_id, points.c.user_id),
)
_TOTAL: Final = group_standing.insert().from_select(
    ["board_id", "group_id", "total", "active"],
    select(
        group_share.c.board_id,
        group_share.c.group_id,
        func.sum(group_share.c.score),
        func.sum(case((group_share.c.score > 0, 1), else_=0)),
    )
    .where(group_share.c.board_id == bindparam("board"))
    .group_by(group_share.c.board_id, group_share.c.group_id),
)


def contents(tx: Connection, guild_id: int) -> dict[str, Sequence[tuple[object, ...]]]:
    """Return everything derived of a guild, to compare: boards by window and first day, standings without ``shown``."""
    key = board.c.window, board.c.starts_on
    mine = board.c.guild_id == guild_id
    parts = {
        "standing": select(*key, standing.c.user_id, standing.c.score).join_from(
            board, standing, board.c.board_id == standing.c.board_id
        ),
        "share": select(*key, group_share.c.group_id, group_share.c.user_id, group_share.c.score).join_from(
            board, group_share, board.c.board_id == group_share.c.board_id
        ),
        "group": select(*key, group_standing.c.group_id, group_standing.c.total, group_standing.c.active).join_from(
            board, group_standing, board.c.board_id == group_standing.c.board_id
        ),
    }
    return {name: sorted(tuple(row) for row in tx.execute(part.where(mine))) for name, part in parts.items()}


def recount(tx: Connection, guild_id: int, window: Window, first_day: date, last_day: date | None) -> None:
    """Add up a guild's board of a window anew, from the study day it starts with to its last one; None for no end."""
    board_id = ensure(tx, guild_id, window, first_day)
    _empty(tx, board_id)
    last = None if last_day is None else last_day.isoformat()
    values = {"guild": guild_id, "board": board_id, "first": first_day.isoformat(), "last": last}
    for statement in (_STAND, _SHARE, _TOTAL):
        tx.execute(statement, values)


def remove(tx: Connection, guild_id: int, window: Window, first_day: date) -> None:
    """Take a guild's board of a window away."""
    board_id = store.find(tx, guild_id, window, first_day)
    if board_id is not None:
        _empty(tx, board_id)
        tx.execute(board.delete().where(board.c.board_id == board_id))


def _empty(tx: Connection, board_id: int) -> None:
    for derived in _DERIVED:
        tx.execute(derived.delete().where(derived.c.board_id == board_id))


def clear(tx: Connection, guild_id: int) -> None:
    """Take everything derived of a guild away, before it is computed anew."""
    of_guild = select(board.c.board_id).where(board.c.guild_id == guild_id)
    for one in _DERIVED:
        tx.execute(one.delete().where(one.c.board_id.in_(of_guild)))
