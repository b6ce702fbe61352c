"""What is due, of all servers or of one process's part of them. The index on the instant answers either."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Integer, Select, Table, and_, bindparam, literal_column, or_, select, text

from bot.domain.cluster import TAKE_OVER_AFTER, Share
from bot.storage.schema import Instant

_ID_BITS: Final = literal_column("22", Integer)


def of_share(guild_id: Column[int], share: Share) -> ColumnElement[bool]:
    """Return what holds for the rows of the guilds whose events come to a process."""
    return (guild_id.bitwise_rshift(_ID_BITS) % share.shards) % share.clusters == share.cluster


class Due:
    """A statement that finds what is due at ``now``, at most ``most`` rows, for whoever asks."""

    def __init__(self, of_all: Select[*tuple[Any, ...]], guild_id: Column[int], due_at: Column[Any]) -> None:
        """Take the statement for all servers, and the columns that say whose a row is and since when it waits."""
        self._of_all = of_all
        self._guild_id = guild_id
        self._is_late = due_at <= bindparam("late", type_=Instant)

    def of(self, share: Share, now: datetime, most: int) -> tuple[Select[*tuple[Any, ...]], dict[str, Any]]:
        """Return what to execute and with which values, for what this process may take."""
        asked = {"now": now, "most": most}
        if share.is_whole:
            return self._of_all, asked
        mine = self._of_all.where(or_(of_share(self._guild_id, share), self._is_late))
        return mine, asked | {"late": now - TAKE_OVER_AFTER}


def leased(row: Table, waiting: str, sending: str, open_rows: str) -> Due:
    """Return what finds the rows of a queue that may be claimed: those that wait, and those whose lease has run out.

    Args:
        row: the table, with ``state``, ``due_at`` and ``lease_until``.
        waiting: the state of what nobody has claimed.
        sending: the state of what somebody holds.
        open_rows: the condition of the partial index on ``due_at``; the engine takes that index only where it reads it.
    """
    free = (
        select(row)
        .where(
            or_(row.c.state == waiting, and_(row.c.state == sending, row.c.lease_until <= bindparam("now"))),
            row.c.due_at <= bindparam("now"),
            text(open_rows),
        )
        .order_by(row.c.due_at)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )
    return Due(free, row.c.guild_id, row.c.due_at)
