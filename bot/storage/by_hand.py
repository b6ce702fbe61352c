"""Occurrences that moderators change by hand: planned once more, or left out. The rows are ``occurrence``'s."""

from __future__ import annotations

from sqlalchemy import Connection, update

from bot.domain.occurrence import OPEN, OccurrenceState
from bot.storage.occurrence import Plan, Recorded, occurrence


def plan_anew(tx: Connection, guild_id: int, one: Recorded, what: Plan) -> bool:
    """Plan an occurrence that is over with once more, as its next generation; False where it was planned anew before.

    Args:
        tx: the transaction.
        guild_id: the guild.
        one: the occurrence as it was when that was asked for.
        what: what goes out instead, where and when.
    """
    done = tx.execute(
        update(occurrence)
        .where(
            occurrence.c.guild_id == guild_id,
            occurrence.c.number == one.number,
            occurrence.c.generation == one.generation,
            occurrence.c.state.not_in(OPEN),
        )
        .values(
            slot=what.slot, exercise_id=what.exercise_id, channel_id=what.channel_id, due_at=what.due_at,
            state=what.state, reason=what.reason, generation=one.generation + 1, tries=0, owner=None,
            lease_until=None, thread_id=None, follow_up="none", at_stage=None, on_road=None,
        )
    )  # fmt: skip
    return done.rowcount > 0


def skip_planned(tx: Connection, guild_id: int, schedule_id: int, reason: str) -> int:
    """Leave out what a schedule has planned and nobody has begun to send; return how many occurrences that were."""
    done = tx.execute(
        update(occurrence)
        .where(
            occurrence.c.guild_id == guild_id,
            occurrence.c.schedule_id == schedule_id,
            occurrence.c.state == OccurrenceState.PLANNED,
        )
        .values(state=OccurrenceState.SKIPPED, reason=reason)
    )
    return done.rowcount
