"""One occurrence: the post of one schedule for one local date, and what becomes of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.frozen import frozen
from bot.domain.schedule import Slot, Timing

CATCH_UP: Final = timedelta(hours=6)
"""How late a post may still go out, on the same local date."""
LEASE: Final = timedelta(seconds=120)
"""How long a process holds an occurrence it is sending; after that another may take over."""
FENCE: Final = LEASE / 2
"""With less of the lease left than this, a process gives the round up rather than send."""


class OccurrenceState(StrEnum):
    """Where an occurrence stands. All but the first two are final."""

    PLANNED = "planned"
    SENDING = "sending"
    POSTED = "posted"
    MISSED = "missed"
    SKIPPED = "skipped"
    REFUSED = "refused"
    UNKNOWN = "unknown"


OPEN: Final = (OccurrenceState.PLANNED, OccurrenceState.SENDING)


class FollowUp(StrEnum):
    """Where the steps after a post stand: its thread, its pin. ``REFUSED``: a permission is missing for one."""

    NONE = "none"
    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


@frozen
class Crowd:
    """Who a post met when it was put together: ``there`` members at its stage, of ``members`` on the road."""

    there: int
    members: int


@frozen
class Occurrence:
    """One post, from its plan on.

    Attributes:
        guild_id: the guild.
        number: counts a guild's occurrences from 1.
        schedule_id: the schedule it belongs to.
        local_date: the date it is for, at the guild's place.
        slot: what the date brings.
        exercise_id: what is posted, chosen when it was planned, so that every try sends the same.
        channel_id: where it goes.
        due_at: when it is due.
        generation: 1, and one more for each repost that a moderator asked for.
        tries: how often a process has begun to send it.
        lease_until: until when the process that has it may send it.
    """

    guild_id: int
    number: int
    schedule_id: int
    local_date: date
    slot: Slot
    exercise_id: str
    channel_id: int
    due_at: datetime
    generation: int
    tries: int
    lease_until: datetime

    @property
    def nonce(self) -> str:
        """The text by which Discord knows a repeated send: the same for every try of one generation.

        Discord takes 25 characters at most; 13 + 1 + 7 + 1 + 3 in base 36 stay within.
        """
        return f"{base36(self.guild_id)}.{base36(self.number)}.{base36(self.generation)}"

    def may_send(self, now: datetime) -> bool:
        """Whether enough of the lease is left to send."""
        return self.lease_until - now >= FENCE


def too_late(timing: Timing, local_date: date, due_at: datetime, now: datetime) -> bool:
    """Whether a post is too late to go out: over six hours, or on another local date."""
    return now - due_at > CATCH_UP or timing.local_date(now) != local_date


def is_over(one: Occurrence, timing: Timing, now: datetime) -> bool:
    """Whether an occurrence that was planned in time is too late by now.

    What a moderator asked for again counts from that request, not from the hour it was first due: the date ends it.
    """
    if timing.local_date(now) > one.local_date:
        return True
    return one.generation == 1 and now - one.due_at > CATCH_UP


def base36(number: int) -> str:
    """Return a number as Discord's nonces hold it, short."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text or "0"
