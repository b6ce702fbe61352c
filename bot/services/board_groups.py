"""What the groups of a guild earned in a window, made comparable."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from bot.domain.board import GroupScore, Window
from bot.storage import board as store
from bot.storage import group as group_store


def group_scores(tx: Connection, guild_id: int, window: Window, start: date) -> list[GroupScore]:
    """Return the groups that earned something in a window, in no order.

    Who took part and left since then was in it: a group has at least as many members as took part.

    Args:
        tx: a transaction.
        guild_id: the guild.
        window: which window.
        start: its first study day.
    """
    board_id = store.find(tx, guild_id, window, start)
    if board_id is None:
        return []
    sizes = group_store.sizes(tx, guild_id)
    return [
        GroupScore(one.group_id, one.total, one.active, max(sizes.get(one.group_id, 0), one.active))
        for one in store.group_totals(tx, board_id)
        if one.active
    ]
