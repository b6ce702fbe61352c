"""Direct messages: why a member is written to, and where such a message stands."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.day import DayRule, starts_at
from bot.domain.occurrence import base36

LATEST: Final = timedelta(hours=1)
"""How late a daily reminder, of a post or of reviews, may still arrive: in the evening a morning's is of no use."""
LATEST_LOOK_BACK: Final = timedelta(hours=4)
"""How late a look back on a week may still arrive: later the evening is over."""
LATEST_LATER: Final = timedelta(hours=24)
"""How late one that was asked for may still arrive."""
EVENING: Final = time(20)
MORNING: Final = time(9)
NIGHT_ENDS: Final = 6
"""The hour before which nobody is offered a message in three hours."""


class ReminderKind(StrEnum):
    """Why a member is written to."""

    LATER = "later"
    DAILY = "daily"
    REVIEW = "review"
    LOOK_BACK = "look_back"


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
    latest = {ReminderKind.LATER: LATEST_LATER, ReminderKind.LOOK_BACK: LATEST_LOOK_BACK}
    return now - due_at > latest.get(kind, LATEST)


def reminder_nonce(guild_id: int, reminder_id: int, due_at: datetime) -> str:
    """Return the text by which Discord knows a repeated send, 25 characters at most.

    The minute it is due is part of it: *Later* pressed again is the same row, and another message.
    """
    minute = int(due_at.timestamp()) // 60 % 36**3
    return f"{base36(guild_id)}r{base36(reminder_id)}.{base36(minute)}"


class Later(StrEnum):
    """The times a member can be reminded at, counted from the moment of choosing."""

    HOUR = "hour"
    THREE_HOURS = "three"
    EVENING = "evening"
    MORNING = "morning"
    TOMORROW = "tomorrow"


def later_times(now: datetime, zone: str) -> dict[Later, datetime]:
    """Return the times that make sense as *later*, the earliest first, in UTC.

    Args:
        now: the moment of choosing, aware.
        zone: IANA name of the member's zone; evening, morning and tomorrow are meant there.
    """
    here = now.astimezone(ZoneInfo(zone))
    today, tomorrow = here.date(), here.date() + timedelta(days=1)
    hour, three = now + timedelta(hours=1), now + timedelta(hours=3)
    evening = starts_at(today, DayRule(zone, EVENING))
    morning = next(at for day in (today, tomorrow) if (at := starts_at(day, DayRule(zone, MORNING))) > hour)
    same_time = starts_at(tomorrow, DayRule(zone, here.time().replace(second=0, microsecond=0)))
    found = {Later.HOUR: hour, Later.MORNING: morning, Later.TOMORROW: same_time}
    if three.astimezone(ZoneInfo(zone)).hour >= NIGHT_ENDS:
        found[Later.THREE_HOURS] = three
    if evening > hour:
        found[Later.EVENING] = evening
    return dict(sorted(found.items(), key=lambda one: one[1]))
