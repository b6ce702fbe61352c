"""Finds the exercise behind an id, wherever it came from."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.domain.feed import COMPETITION_PREFIX, PAPER_PREFIX, competition_from, paper_from
from bot.domain.item import Item, fresh_competition, fresh_paper, shipped_item
from bot.domain.pack import Pack
from bot.storage import feed as feed_store


def find_item(tx: Connection, pack: Pack, exercise_id: str) -> Item | None:
    """Return an exercise as an item; None where it is no longer known."""
    if not exercise_id.startswith((PAPER_PREFIX, COMPETITION_PREFIX)):
        return shipped_item(pack.exercises, exercise_id)
    payload = feed_store.get(tx, exercise_id)
    if payload is None:
        return None
    if exercise_id.startswith(PAPER_PREFIX):
        return fresh_paper(pack.exercises, paper_from(payload))
    return fresh_competition(pack.exercises, competition_from(payload))
