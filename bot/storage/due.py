"""When anything is due next, of all guilds: what a clock that is pushed forward must not jump over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.domain.occurrence import OPEN, FollowUp
from bot.domain.reminder import ReminderState
from bot.domain.schedule import ScheduleState
from bot.storage.member import member
from bot.storage.occurrence import occurrence
from bot.storage.reminder import reminder
from bot.storage.schedule import schedule


def next_due(tx: Connection) -> datetime | None:
    """Return when the next post, step after a post or reminder is due; one that waits already is due in the past."""
    row, note = occurrence.c, reminder.c
    earliest = (
        select(func.min(schedule.c.next_run_at)).where(schedule.c.state == ScheduleState.ACTIVE),
        select(func.min(row.due_at)).where(row.state.in_(OPEN)),
        select(func.min(row.posted_at)).where(row.follow_up == FollowUp.OPEN),
        select(func.min(note.due_at)).where(note.state.in_([ReminderState.DUE, ReminderState.SENDING])),
        select(func.min(member.c.next_reminder_at)),
    )
    found = [instant for one in earliest if (instant := tx.execute(one).scalar()) is not None]
    return min(found, default=None)
