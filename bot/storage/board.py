"""Boards: what the ledger adds up to, for each window of time, member and group.

One board for each guild, window and first day: a new week is a new board, nothing is reset or copied. Ranks are counted
on the covering index; every column a count names must stand in it, and but one bound on the score in the question.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    Select,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    select,
    update,
)

from bot.domain.board import Score, Window
from bot.domain.frozen import frozen
from bot.storage.schema import Snowflake, table

board: Final = table(
    "board",
    Column("board_id", Integer, primary_key=True),
    Column("guild_id", Snowflake, nullable=False),
    Column("window", Text, nullable=False),
    Column("starts_on", Text, nullable=False),
    UniqueConstraint("guild_id", "window", "starts_on"),
)

standing: Final = table(
    "standing",
    Column("board_id", Integer, primary_key=True, autoincrement=False),
    Column("user_id", Snowflake, primary_key=True, autoincrement=False),
    Column("score", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    without_rowid=True,
)
Index("ix_standing_rank", standing.c.board_id, standing.c.shown, standing.c.score.desc(), standing.c.user_id)

group_share: Final = table(
    "group_share",
    Column("board_id", Integer, primary_key=True, autoincrement=False),
    Column("group_id", Integer, primary_key=True, autoincrement=False),
    Column("user_id", Snowflake, primary_key=True, autoincrement=False),
    Column("score", Integer, nullable=False),
    without_rowid=True,
)
"""What each member earned for a group."""

group_standing: Final = table(
    "group_standing",
    Column("board_id", Integer, primary_key=True, autoincrement=False),
    Column("group_id", Integer, primary_key=True, autoincrement=False),
    Column("total", Integer, nullable=False),
    Column("active", Integer, nullable=False),
    without_rowid=True,
)

HIGHEST_ID: Final = 2**63 - 1
_SHOWN: Final = standing.c.board_id == bindparam("board"), standing.c.shown == 1
_ON_BOARD: Final = *_SHOWN, standing.c.score > 0
# a second bound on the score would be looked at in every row: whoever asks for these gives a score of 0 or more
_HIGHER: Final = *_SHOWN, standing.c.score > bindparam("mine")
BOARD: Final = select(board.c.board_id).where(
    board.c.guild_id == bindparam("guild"), board.c.window == bindparam("kind"), board.c.starts_on == bindparam("day")
)
_TOP: Final = (
    select(standing.c.user_id, standing.c.score)
    .where(*_ON_BOARD)
    .order_by(standing.c.score.desc(), standing.c.user_id)
    .limit(bindparam("most"))
    .offset(bindparam("after"))
)
_LINE: Final = select(standing.c.user_id, standing.c.score).limit(bindparam("most"))
_LEVEL_WITH: Final = *_SHOWN, standing.c.score == bindparam("mine")
_UP: Final = standing.c.score.asc(), standing.c.user_id.desc()
_DOWN: Final = standing.c.score.desc(), standing.c.user_id.asc()
_JUST_ABOVE: Final = _LINE.where(*_LEVEL_WITH, standing.c.user_id < bindparam("user")).order_by(*_UP)
_ALL_ABOVE: Final = _LINE.where(*_HIGHER).order_by(*_UP)
_JUST_BELOW: Final = _LINE.where(*_LEVEL_WITH, standing.c.user_id >= bindparam("user")).order_by(*_DOWN)
_ALL_BELOW: Final = _LINE.where(*_ON_BOARD, standing.c.score < bindparam("mine")).order_by(*_DOWN)
_SIZE: Final = select(func.count()).select_from(standing).where(*_ON_BOARD)
_MINE: Final = select(standing.c.score).where(
    standing.c.board_id == bindparam("board"), standing.c.user_id == bindparam("user")
)
_SCORES: Final = select(standing.c.user_id, standing.c.score).where(
    standing.c.board_id == bindparam("board"), standing.c.user_id.in_(bindparam("among", expanding=True))
)
_ABOVE: Final = select(func.count()).select_from(standing).where(*_HIGHER)
_LEVEL: Final = select(func.count()).select_from(standing).where(*_LEVEL_WITH, standing.c.user_id < bindparam("user"))
_TOTALS: Final = select(group_standing.c.group_id, group_standing.c.total, group_standing.c.active).where(
    group_standing.c.board_id == bindparam("board")
)


@frozen
class GroupTotal:
    """A group on a board: what its members earned in it, and how many of them did."""

    group_id: int
    total: int
    active: int


def find(tx: Connection, guild_id: int, window: Window, starts_on: date) -> int | None:
    """Return the board of a guild's window; None where nothing was scored in it."""
    return tx.execute(BOARD, {"guild": guild_id, "kind": window, "day": starts_on.isoformat()}).scalar()


def starts(tx: Connection, guild_id: int, window: Window, most: int) -> list[date]:
    """Return the first days of a guild's boards of a window, the latest first."""
    rows = tx.execute(
        select(board.c.starts_on)
        .where(board.c.guild_id == guild_id, board.c.window == window)
        .order_by(board.c.starts_on.desc())
        .limit(most)
    )
    return [date.fromisoformat(day) for day in rows.scalars()]


def top(tx: Connection, board_id: int, most: int, after: int = 0) -> list[Score]:
    """Return up to ``most`` members of a board, the best first, without the first ``after``."""
    rows = tx.execute(_TOP, {"board": board_id, "most": most, "after": after})
    return [Score(user_id, score) for user_id, score in rows]


def size(tx: Connection, board_id: int) -> int:
    """Return how many members stand on a board."""
    return tx.execute(_SIZE, {"board": board_id}).scalar_one()


def score_of(tx: Connection, board_id: int, user_id: int) -> int | None:
    """Return a member's score, shown or hidden; None for who has none."""
    return tx.execute(_MINE, {"board": board_id, "user": user_id}).scalar()


def scores(tx: Connection, board_id: int, among: Collection[int]) -> dict[int, int]:
    """Return the scores of these members on a board, shown or hidden; who has none is absent."""
    rows = tx.execute(_SCORES, {"board": board_id, "among": list(among)})
    return {row.user_id: row.score for row in rows}


def above(tx: Connection, board_id: int, score: int) -> int:
    """Return how many members have more than ``score``, 0 or above; one more is the rank that goes with it."""
    return tx.execute(_ABOVE, {"board": board_id, "mine": score}).scalar_one()


def position(tx: Connection, board_id: int, user_id: int, score: int) -> int:
    """Return how many lines of a board stand above a member's, those of the same score and a smaller id included."""
    return above(tx, board_id, score) + level(tx, board_id, score, user_id)


def level(tx: Connection, board_id: int, score: int, below: int = HIGHEST_ID) -> int:
    """Return how many members have exactly ``score``, of the ids under ``below``."""
    return tx.execute(_LEVEL, {"board": board_id, "mine": score, "user": below}).scalar_one()


def around(tx: Connection, board_id: int, user_id: int, score: int, lines: tuple[int, int]) -> list[Score]:
    """Return a member's line with up to so many above it and so many below, the best first.

    By seeking from the line both ways, it costs the same in the middle of a board as at its top.
    """
    before, after = lines

    def line(query: Select[int, int], most: int) -> list[Score]:
        rows = tx.execute(query, {"board": board_id, "mine": score, "user": user_id, "most": most})
        return [Score(who, points) for who, points in rows]

    higher = line(_JUST_ABOVE, before)
    higher += line(_ALL_ABOVE, before - len(higher))
    lower = line(_JUST_BELOW, after + 1)
    lower += line(_ALL_BELOW, after + 1 - len(lower))
    return [*reversed(higher), *lower]


def group_totals(tx: Connection, board_id: int) -> list[GroupTotal]:
    """Return every group on a board."""
    return [GroupTotal(group_id, total, active) for group_id, total, active in tx.execute(_TOTALS, {"board": board_id})]


def show(tx: Connection, guild_id: int, user_id: int, *, shown: bool) -> None:
    """Show a member on every board of a guild, or leave the member off."""
    of_guild = select(board.c.board_id).where(board.c.guild_id == guild_id)
    tx.execute(
        update(standing)
        .where(standing.c.board_id.in_(of_guild), standing.c.user_id == user_id)
        .values(shown=int(shown))
    )


def guilds(tx: Connection) -> list[int]:
    """Return the ids of all guilds that have a board."""
    return list(tx.execute(select(board.c.guild_id).distinct()).scalars())
