"""What tests of streaks share: posts that went out, and a renderer that draws nothing."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.domain.occurrence import OccurrenceState
from bot.domain.schedule import Slot
from bot.domain.streak import StreakCard
from bot.storage import guild as guild_store
from bot.storage import occurrence


class NoPictures:
    """A renderer that can't draw."""

    async def streak(self, card: StreakCard) -> bytes | None:
        """Return nothing."""
        return None


def posted(tx: Connection, guild_id: int, due_at: datetime, exercise_id: str = "one") -> None:
    """Record that a guild's post of that instant went out."""
    day = due_at.astimezone(ZoneInfo(guild_store.get(tx, guild_id).zone)).date()
    plan = occurrence.Plan(guild_id, 1, day, Slot.PRACTICE, exercise_id, 5, due_at, OccurrenceState.POSTED)
    assert occurrence.plan(tx, plan)
