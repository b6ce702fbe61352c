"""Boards: what the ledger adds up to, for each window of time, member and group.

One board for each guild, window and first day: a new week is a new board, nothing is reset or copied. Ranks are counted
on the covering index; every column a count names must stand in it, and but one bound on the score in the question.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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
from bot.storage.upsert import insert

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
_BOARD: Final = select(board.c.board_id).where(
    board.c.guild_id == bindparam("guild"), board.c.window == bindparam("kind"), board.c.starts_on == bindparam("day")
)
_NEW: Final = board.insert().returning(board.c.board_id)
_BOARDS: Final = select(board.c.window, board.c.starts_on, board.c.board_id).where(
    board.c.guild_id == bindparam("guild"),
    board.c.window.in_(bindparam("kinds", expanding=True)),
    board.c.starts_on.in_(bindparam("days", expanding=True)),
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
_NEXT_UP: Final = select(standing.c.score).where(*_HIGHER).order_by(standing.c.score.asc()).limit(1)
_ADD: Final = insert(standing).values(
    board_id=bindparam("board"), user_id=bindparam("user"), score=bindparam("delta"), shown=bindparam("seen")
)
_ADD_UP: Final = _ADD.on_conflict_do_update(
    index_elements=["board_id", "user_id"], set_={"score": standing.c.score + _ADD.excluded.score}
)
_SHARE: Final = insert(group_share).values(
    board_id=bindparam("board"), group_id=bindparam("circle"), user_id=bindparam("user"), score=bindparam("delta")
)
_SHARE_UP: Final = _SHARE.on_conflict_do_update(
    index_elements=["board_id", "group_id", "user_id"], set_={"score": group_share.c.score + _SHARE.excluded.score}
).returning(group_share.c.score)
_TOTALS: Final = select(group_standing.c.group_id, group_standing.c.total, group_standing.c.active).where(
    group_standing.c.board_id == bindparam("board")
)
_GROUP: Final = insert(group_standing).values(
    board_id=bindparam("board"), group_id=bindparam("circle"), total=bindparam("delta"), active=bindparam("more")
)
_GROUP_UP: Final = _GROUP.on_conflict_do_update(
    index_elements=["board_id", "group_id"],
    set_={
        "total": group_standing.c.total + _GROUP.excluded.total,
        "active": group_standing.c.active + _GROUP.excluded.active,
    },
)

_SHARES: Final = (
    select(group_share.c.user_id, group_share.c.score)
    .where(
        group_share.c.board_id == bindparam("board"),
        group_share.c.group_id == bindparam("circle"),
        group_share.c.score > 0,
    )
    .order_by(group_share.c.score.desc(), group_share.c.user_id)
)


@frozen
class GroupTotal:
    """A group on a board: what its members earned in it, and how many of them did."""

    group_id: int
    total: int
    active: int


def find(tx: Connection, guild_id: int, window: Window, starts_on: date) -> int | None:
    """Return the board of a guild's window; None where nothing was scored in it."""
    return tx.execute(_BOARD, {"guild": guild_id, "kind": window, "day": starts_on.isoformat()}).scalar()


def ensure(tx: Connection, guild_id: int, starts: Mapping[Window, date]) -> dict[Window, int]:
    """Return the boards of a guild's windows that begin on these days, made where there are none."""
    days = {window: first_day.isoformat() for window, first_day in starts.items()}
    values = {"guild": guild_id, "kinds": list(days), "days": list(set(days.values()))}
    rows = tx.execute(_BOARDS, values)
    found = {Window(window): board_id for window, day, board_id in rows if days[window] == day}
    for window in starts.keys() - found.keys():
        new = {"guild_id": guild_id, "window": window, "starts_on": days[window]}
        found[window] = tx.execute(_NEW, new).scalar_one()
    return found


def starts(tx: Connection, guild_id: int, window: Window, most: int) -> list[date]:
    """Return the first days of a guild's boards of a window, the latest first."""
    rows = tx.execute(
        select(board.c.starts_on)
        .where(board.c.guild_id == guild_id, board.c.window == window)
        .order_by(board.c.starts_on.desc())
        .limit(most)
    )
    return [date.fromisoformat(day) for day in rows.scalars()]


def add(tx: Connection, board_ids: Iterable[int], user_id: int, delta: int, *, shown: bool) -> None:
    """Add points to a member's standings. ``shown`` counts for one who was not on a board yet."""
    values = {"user": user_id, "delta": delta, "seen": int(shown)}
    tx.execute(_ADD_UP, [{"board": board_id, **values} for board_id in board_ids])


def add_for_group(tx: Connection, board_id: int, group_id: int, user_id: int, delta: int) -> None:
    """Add points to what a member earned for a group, and to the group's total."""
    values = {"board": board_id, "circle": group_id, "user": user_id, "delta": delta}
    now = tx.execute(_SHARE_UP, values).scalar_one()
    before = now - delta
    more = int(now > 0) - int(before > 0)
    tx.execute(_GROUP_UP, {"board": board_id, "circle": group_id, "delta": delta, "more": more})


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


def next_up(tx: Connection, board_id: int, score: int) -> int | None:
    """Return the nearest higher score on a board; None where ``score`` is the highest."""
    return tx.execute(_NEXT_UP, {"board": board_id, "mine": score}).scalar()


def group_totals(tx: Connection, board_id: int) -> list[GroupTotal]:
    """Return every group on a board."""
    return [GroupTotal(group_id, total, active) for group_id, total, active in tx.execute(_TOTALS, {"board": board_id})]


def shares(tx: Connection, board_id: int, group_id: int) -> list[Score]:
    """Return what each member earned for a group, the most first."""
    rows = tx.execute(_SHARES, {"board": board_id, "circle": group_id})
    return [Score(user_id, score) for user_id, score in rows]


def show(tx: Connection, guild_id: int, user_id: int, *, shown: bool) -> None:
    """Show a member on every board of a guild, or leave the member off."""
    of_guild = select(board.c.board_id).where(board.c.guild_id == guild_id)
    tx.execute(
        update(standing)
        .where(standing.c.board_id.in_(of_guild), standing.c.user_id == user_id)
        .values(shown=int(shown))
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


def guilds(tx: Connection) -> list[int]:
    """Return the ids of all guilds that have a board."""
    return list(tx.execute(select(board.c.guild_id).distinct()).scalars())
