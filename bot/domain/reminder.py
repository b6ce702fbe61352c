"""Direct messages: why a member is written to, and where such a message stands."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.day import DayRule, starts_at
from bot.domain.occurrence import base36

LATEST: Final = timedelta(hours=1)
"""How late a daily reminder may still arrive: in the evening it is no use that it was due in the morning."""
LATEST_LATER: Final = timedelta(hours=24)
"""How late one that was asked for may still arrive."""


class ReminderKind(StrEnum):
    """Why a member is written to."""

    LATER = "later"
    DAILY = "daily"


class ReminderState(StrEnum):
    """Where a reminder stands. All but the first two are final."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    DROPPED = "dropped"


def next_reminder(at: time, zone: str, now: datetime) -> datetime:
    """Return when a daily reminder is due next, after ``now``, in UTC: one a day, whatever the clocks do there."""
    today = now.astimezone(ZoneInfo(zone)).date()
    days = (today + timedelta(days=ahead) for ahead in range(-1, 3))
    return next(due for day in days if (due := starts_at(day, DayRule(zone, at))) > now)


def too_late(kind: ReminderKind, due_at: datetime, now: datetime) -> bool:
    """Whether a reminder is too late to be of use."""
    return now - due_at > (LATEST if kind is ReminderKind.DAILY else LATEST_LATER)


def reminder_nonce(guild_id: int, reminder_id: int, due_at: datetime) -> str:
    """Return the text by which Discord knows a repeated send, 25 characters at most.

    The minute it is due is part of it: *Later* pressed again is the same row, and another message.
    """
    minute = int(due_at.timestamp()) // 60 % 36**3
    return f"{base36(guild_id)}r{base36(reminder_id)}.{base36(minute)}"
