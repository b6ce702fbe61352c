"""Which exercise a schedule posts next: what a source brought, else what the pack holds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.domain.choice import choose, group_stage, pool, wanted_level
from bot.domain.pack import Pack
from bot.domain.recap import recap_id
from bot.domain.schedule import Slot
from bot.services.fresh import fresh_choice
from bot.services.recap import told_week
from bot.storage import prompt as prompt_store
from bot.storage import roadmap as roadmap_store
from bot.storage import supply as supply_store
from bot.storage.schedule import Schedule

NEAR: Final = 12
"""How many of the best fitting exercises are as good as each other."""
VOTES_COUNT_FOR: Final = timedelta(days=60)
"""How long what members said of the difficulty steers the choice."""


def chosen(tx: Connection, pack: Pack, schedule: Schedule, slot: Slot, now: datetime, but: str = "") -> str | None:
    """Return the exercise that a schedule posts next; None where there is none for the slot.

    Args:
        tx: the transaction in which it is planned, so that two plans never take the same one.
        pack: what there is to post.
        schedule: whose post it is.
        slot: what the date brings.
        now: the present, from which votes count back.
        but: one that must not come: Discord would not take it.
    """
    guild_id = schedule.guild_id
    if slot is Slot.RECAP:
        told = recap_id(told_week(tx, guild_id, now))
        return None if told == but else told
    stage = group_stage(pack, roadmap_store.guild_marks(tx, guild_id).values())
    fresh = fresh_choice(tx, pack, schedule, slot, stage, now)
    if fresh is not None and fresh != but:
        return fresh
    level = wanted_level(stage, prompt_store.votes(tx, guild_id, now - VOTES_COUNT_FOR))
    candidates = [one for one in pool(pack, slot, stage, level) if one != but]
    return choose(candidates, supply_store.used(tx, guild_id, candidates), NEAR, str(guild_id))
