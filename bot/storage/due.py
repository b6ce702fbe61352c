"""When anything is due next, of all guilds: what a clock that is pushed forward must not jump over."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from bot.domain.occurrence import OPEN, FollowUp
from bot.domain.quiz import RoundState
from bot.domain.reminder import ReminderState
from bot.domain.schedule import ScheduleState
from bot.storage.member import member
from bot.storage.occurrence import occurrence
from bot.storage.quiz import quiz_round
from bot.storage.reminder import reminder
from bot.storage.schedule import schedule

_ROW, _NOTE = occurrence.c, reminder.c
_WAITING: Final = (
    select(func.min(schedule.c.next_run_at)).where(schedule.c.state == ScheduleState.ACTIVE),
    select(func.min(_ROW.due_at)).where(_ROW.state.in_(OPEN)),
    select(func.min(_ROW.posted_at)).where(_ROW.follow_up == FollowUp.OPEN),
    select(func.min(_NOTE.due_at)).where(_NOTE.state.in_([ReminderState.DUE, ReminderState.SENDING])),
    select(func.min(member.c.next_reminder_at)),
    select(func.min(quiz_round.c.next_at)).where(quiz_round.c.state != RoundState.ENDED),
)
_EARLIEST: Final = select(*(one.scalar_subquery() for one in _WAITING))


def next_due(tx: Connection) -> datetime | None:
    """Return when the next post, step after one, reminder or step of a quiz is due; what waits is due in the past."""
    return min((instant for instant in tx.execute(_EARLIEST).one() if instant is not None), default=None)
