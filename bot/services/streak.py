"""The streak of a member: what keeps a day, and what the log of days adds up to."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from bot.domain.day import starts_at, study_day
from bot.domain.outage import excused_days
from bot.domain.streak import DayKind, Streak, streak
from bot.storage import member as member_store
from bot.storage import occurrence as occurrence_store
from bot.storage import outage as outage_store
from bot.storage import streak as store


def keep(tx: Connection, guild_id: int, user_id: int, source: str, now: datetime) -> date:
    """Record that an act of a member kept the study day of ``now``, once for each source; return that day.

    Args:
        tx: the transaction in which the act itself is recorded.
        guild_id: the guild.
        user_id: the member.
        source: what was done: ``prompt:<occurrence>``, ``topic:<id>``.
        now: when.
    """
    day = study_day(now, member_store.day_rule(tx, guild_id, user_id))
    store.add(tx, guild_id, user_id, store.NewDay(day, DayKind.KEPT, source), now)
    return day


def streak_of(tx: Connection, guild_id: int, user_id: int, now: datetime) -> Streak:
    """Return a member's streak at an instant, from the log, the outages and what was posted."""
    rule = member_store.day_rule(tx, guild_id, user_id)
    today = study_day(now, rule)
    rows = store.standing(tx, guild_id, user_id)
    first = min([row.day for row in rows if row.day <= today], default=today)
    since = starts_at(first, rule)
    log = dict.fromkeys(excused_days(outage_store.since(tx, since), rule), DayKind.OUTAGE)
    log.update((row.day, row.kind) for row in rows if row.kind is not DayKind.KEPT)
    log.update((row.day, DayKind.KEPT) for row in rows if row.kind is DayKind.KEPT)
    owed = {study_day(due_at, rule) for due_at in occurrence_store.owed_since(tx, guild_id, since)}
    return streak(first, today, log, owed.__contains__)
