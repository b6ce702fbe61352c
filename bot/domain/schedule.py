"""When a guild's daily post is due: one occurrence for each local date of its week plan, whatever the clocks do."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from bot.domain.day import DayRule, starts_at
from bot.domain.frozen import frozen

DAYS_AHEAD: Final = 400
"""How far a week plan is searched; a plan of nothing but rest has no next date."""


class Slot(StrEnum):
    """What a weekday brings."""

    PRACTICE = "practice"
    KAGGLE = "kaggle"
    ARXIV = "arxiv"
    RECAP = "recap"
    REST = "rest"


WeekPlan: TypeAlias = tuple[Slot, Slot, Slot, Slot, Slot, Slot, Slot]
"""Monday to Sunday."""

BALANCED: Final[WeekPlan] = (
    Slot.PRACTICE,
    Slot.KAGGLE,
    Slot.PRACTICE,
    Slot.ARXIV,
    Slot.PRACTICE,
    Slot.PRACTICE,
    Slot.REST,
)


@frozen
class Timing:
    """A post's local time on the days of its plan.

    Attributes:
        zone: IANA name.
        at: local wall-clock time of the post.
        plan: what each weekday brings.
    """

    zone: str
    at: time
    plan: WeekPlan

    def slot(self, day: date) -> Slot:
        """Return what a local date brings."""
        return self.plan[day.weekday()]

    def due_at(self, day: date) -> datetime:
        """Return the instant, aware and in UTC, at which the post of a local date is due.

        In a clock gap it is the first valid instant after it, in an overlap the first of the two.
        """
        return starts_at(day, DayRule(self.zone, self.at))

    def local_date(self, instant: datetime) -> date:
        """Return the calendar date of an instant at this schedule's place."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def next_after(self, instant: datetime) -> tuple[date, datetime] | None:
        """Return the first local date whose post is due after ``instant``, and when; None for a plan of rest alone."""
        first = self.local_date(instant) - timedelta(days=1)
        for ahead in range(DAYS_AHEAD):
            day = first + timedelta(days=ahead)
            if self.slot(day) is not Slot.REST and (due := self.due_at(day)) > instant:
                return day, due
        return None


class ScheduleState(StrEnum):
    """Whether a schedule posts. ``PAUSED`` by a moderator; ``BROKEN`` by what Discord refused, with the reason.

    ``DRAFT`` is one that is being made and has not been started. A deleted one stays as a row: its number is never
    given again, and its posts keep their history.
    """

    DRAFT = "draft"

    ACTIVE = "active"
    PAUSED = "paused"
    BROKEN = "broken"
    DELETED = "deleted"


@frozen
class PostOptions:
    """What comes with each post of a schedule.

    Attributes:
        thread: whether a thread is opened on it.
        pin: whether the latest post is pinned.
        ping_role_id: the one role that is mentioned; None for none.
        categories: arXiv's subject classes that fresh papers are taken from.
        keywords: words of which a fresh paper must hold one; empty for any paper.
    """

    thread: bool = False
    pin: bool = False
    ping_role_id: int | None = None
    categories: tuple[str, ...] = ("cs.LG", "stat.ML")
    keywords: tuple[str, ...] = ("survey", "tutorial", "introduction", "review")


USUAL: Final = PostOptions()
