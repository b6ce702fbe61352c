"""Where one member stands on a board, by one question; what it counts, it counts on the index as ``board`` does."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Connection, FromClause, and_, bindparam, func, literal_column, select

from bot.domain.frozen import frozen
from bot.storage.board import standing
from bot.storage.member import member

_OWN, _HIGHER, _LEVEL = standing.alias("own"), standing.alias("higher"), standing.alias("level")


def _shown(others: FromClause) -> tuple[ColumnElement[bool], ...]:
    return others.c.board_id == _OWN.c.board_id, others.c.shown == 1


_ABOVE: Final = *_shown(_HIGHER), _HIGHER.c.score > _OWN.c.score
_NEXT_UP: Final = (
    select(_HIGHER.c.score)
    .where(*_ABOVE)
    .order_by(_HIGHER.c.score.asc())
    .limit(literal_column("1"))
    .correlate(_OWN)
    .scalar_subquery()
)
_PLACE: Final = (
    select(
        _OWN.c.score,
        select(func.count()).where(*_ABOVE).scalar_subquery(),
        _NEXT_UP,
        select(func.count()).where(*_shown(_LEVEL), _LEVEL.c.score == _NEXT_UP).scalar_subquery(),
        member.c.hidden,
        member.c.left_off_reason,
    )
    .outerjoin(member, and_(member.c.guild_id == bindparam("guild"), member.c.user_id == _OWN.c.user_id))
    .where(_OWN.c.board_id == bindparam("board"), _OWN.c.user_id == bindparam("user"), _OWN.c.score > 0)
)


@frozen
class OwnPlace:
    """A member's place on a board.

    Attributes:
        score: points, more than 0.
        above: how many members have more.
        next_up: the nearest higher score; None for the highest.
        level: how many members have that.
        off_boards: whether the member is left off the boards.
    """

    score: int
    above: int
    next_up: int | None
    level: int
    off_boards: bool


def place(tx: Connection, guild_id: int, board_id: int, user_id: int) -> OwnPlace | None:
    """Return where a member of a guild stands on one of its boards, or would stand; None for who has no points."""
    row = tx.execute(_PLACE, {"guild": guild_id, "board": board_id, "user": user_id}).one_or_none()
    if row is None:
        return None
    score, above, next_up, level, hidden, reason = tuple(row)
    return OwnPlace(score, above, next_up, level, bool(hidden) or reason is not None)
