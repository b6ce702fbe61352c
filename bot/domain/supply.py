"""How long the exercises last: what is left of each part before anything comes again, and for how many days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from bot.domain.frozen import frozen
from bot.domain.schedule import Slot, WeekPlan

LOW_DAYS: Final = 7
"""With this many days left or fewer, moderators are told."""
DAYS_A_WEEK: Final = 7


@frozen
class Supply:
    """What is left of one part of the exercises.

    Attributes:
        slot: what kind of day it fills.
        left: how many have been used least often, and come before any other.
        total: how many there are.
        a_week: how many a week takes.
        passed: how often every one of them has been used.
    """

    slot: Slot
    left: int
    total: int
    a_week: int
    passed: int

    @property
    def days(self) -> int | None:
        """For how many whole days it lasts at this pace; None where nothing takes from it."""
        return self.left * DAYS_A_WEEK // self.a_week if self.a_week else None

    @property
    def low(self) -> bool:
        """Whether it lasts for so few days that moderators are told; where there is nothing at all, nothing lasts."""
        return self.total > 0 and self.days is not None and self.days <= LOW_DAYS


def supply(slot: Slot, ids: Collection[str], used: Mapping[str, int], plans: Iterable[WeekPlan]) -> Supply:
    """Return what is left of the exercises of one part.

    Args:
        slot: what kind of day it fills.
        ids: the exercises.
        used: how often each was used; absent means never.
        plans: the weeks of all schedules that take from it.
    """
    passed = min((used.get(one, 0) for one in ids), default=0)
    left = sum(used.get(one, 0) == passed for one in ids)
    return Supply(slot, left, len(ids), sum(plan.count(slot) for plan in plans), passed)
