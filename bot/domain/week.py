"""Weeks as moderators choose and read them: templates by name, a plan in words, the days of one kind."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bot.domain.schedule import BALANCED, Slot, WeekPlan
from bot.errors import BadInputError

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WORDS: Final = {
    Slot.PRACTICE: "practice",
    Slot.KAGGLE: "Kaggle",
    Slot.ARXIV: "paper",
    Slot.RECAP: "weekly recap",
    Slot.REST: "rest",
}

_P, _K, _A, _R = Slot.PRACTICE, Slot.KAGGLE, Slot.ARXIV, Slot.REST

TEMPLATES: Final[dict[str, WeekPlan]] = {
    "Balanced": BALANCED,
    "Practice every day": (_P, _P, _P, _P, _P, _P, _P),
    "Weekdays": (_P, _K, _P, _A, _P, _R, _R),
    "Light": (_P, _R, _P, _R, _P, _R, _R),
    "Papers": (_A, _R, _P, _R, _A, _R, _R),
    "Weekend": (_R, _R, _R, _R, _R, _K, _A),
}
"""Weeks to choose from by name; the first is the usual one."""

OWN: Final = "Your own"
RECAP: Final = "Weekly recap"


def template_name(plan: WeekPlan) -> str:
    """Return the name of a week plan; ``OWN`` where it is no template, ``RECAP`` for the one of a recap."""
    if recap_day(plan) is not None:
        return RECAP
    return next((name for name, one in TEMPLATES.items() if one == plan), OWN)


def recap_plan(day: int) -> WeekPlan:
    """Return the week of a recap: it comes on one weekday, Monday as 0, and nothing else does."""
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (
        Slot.RECAP if one == day else Slot.REST for one in range(len(DAYS))
    )
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


def recap_day(plan: WeekPlan) -> int | None:
    """Return the weekday of a recap, Monday as 0; None for a week of daily posts."""
    return plan.index(Slot.RECAP) if Slot.RECAP in plan else None


def in_words(plan: WeekPlan) -> str:
    """Return a week plan on one line: ``Mon, Wed, Fri, Sat practice · Tue Kaggle · Thu paper · Sun rest``."""
    parts: list[str] = []
    for slot in Slot:
        days = days_of(plan, slot)
        if len(days) == len(DAYS):
            return f"every day {WORDS[slot]}"
        if days:
            parts.append(f"{', '.join(DAYS[day] for day in days)} {WORDS[slot]}")
    return " · ".join(parts)


def days_of(plan: WeekPlan, slot: Slot) -> tuple[int, ...]:
    """Return the weekdays that bring a slot, Monday as 0."""
    return tuple(day for day, one in enumerate(plan) if one is slot)


def with_days(plan: WeekPlan, slot: Slot, days: Collection[int]) -> WeekPlan:
    """Return a plan in which exactly these weekdays (Monday as 0) bring a slot; the days it loses become rest.

    Raises:
        BadInputError: where nothing but rest would be left.
    """
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (
        slot if day in days else Slot.REST if one is slot else one for day, one in enumerate(plan)
    )
    changed = (monday, tuesday, wednesday, thursday, friday, saturday, sunday)
    if set(changed) == {Slot.REST}:
        raise BadInputError("A week needs at least one day that brings something. Choose another day first.")
    return changed
