"""What is due, of all servers or of one process's part of them. The index on the instant answers either."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Integer, Select, bindparam, literal_column, or_

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
