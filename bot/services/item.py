"""Finds the exercise behind an id, wherever it came from."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.domain.item import Item, shipped_item
from bot.domain.pack import Pack


def find_item(tx: Connection, pack: Pack, exercise_id: str) -> Item | None:  # noqa: ARG001  (sources keep theirs in the database)
    """Return an exercise as an item; None where it is no longer known."""
    return shipped_item(pack.exercises, exercise_id)
