"""The weekly recap: what a server's last whole week brought, in figures and by whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from bot.domain.board import Measure, Place
from bot.domain.day import monday_of
from bot.domain.frozen import frozen
from bot.domain.item import Item
from bot.domain.schedule import Slot

PREFIX: Final = "recap:"
WEEK: Final = timedelta(days=7)
SHOWN: Final = 3
"""How many are named for one thing."""


@frozen
class GroupLine:
    """A study group on the recap: its place, its name as it was written, its figure, and its size."""

    rank: int
    name: str
    figure: float
    size: int


@frozen
class FirstStep:
    """What somebody did first of all: a topic by its title, or a daily prompt where that is None."""

    user_id: int
    topic: str | None


@frozen
class Sharer:
    """Who shared answers, how many, and where the latest one is: the channel and the message of its post."""

    user_id: int
    answers: int
    channel_id: int
    message_id: int | None


@frozen
class Recap:
    """One week of a server. Who hides from boards, or left, is nowhere in it.

    Attributes:
        week: its Monday, as the server's study days count.
        active: how many members scored.
        podium: the first three places; equal scores share one.
        measure: by what groups are compared.
        groups: the first three of them.
        prompts: how many daily prompts were done, by everybody together.
        helpers: whose messages helped, and how often, the most first.
        streaks: the longest streaks at the end of the week, in days.
        first_steps: who began.
        sharers: who shared the most answers.
        quiet: whether nothing happened at all.
    """

    week: date
    active: int = 0
    podium: tuple[Place, ...] = ()
    measure: Measure = Measure.MEAN
    groups: tuple[GroupLine, ...] = ()
    prompts: int = 0
    helpers: tuple[tuple[int, int], ...] = ()
    streaks: tuple[tuple[int, int], ...] = ()
    first_steps: tuple[FirstStep, ...] = ()
    sharers: tuple[Sharer, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to tell. A streak alone, of rest days, is nothing."""
        return not (self.active or self.prompts or self.helpers or self.first_steps or self.sharers)


def last_week(today: date) -> date:
    """Return the Monday of the last week that is over on a study day."""
    return monday_of(today) - WEEK


def recap_id(week: date) -> str:
    """Return what an occurrence that tells of a week carries in the place of an exercise."""
    return f"{PREFIX}{week.isoformat()}"


def week_of(exercise_id: str) -> date | None:
    """Return the Monday of the week that an occurrence tells of; None for one that brings an exercise."""
    return date.fromisoformat(exercise_id.removeprefix(PREFIX)) if exercise_id.startswith(PREFIX) else None


def span_in_words(week: date) -> str:
    """Return a week by its first and last day: ``16 to 22 November``."""
    last = week + timedelta(days=6)
    first = f"{week.day} {week:%B}" if week.month != last.month else str(week.day)
    return f"{first} to {last.day} {last:%B}"


def recap_item(exercise_id: str) -> Item | None:
    """Return what names a recap, such as its thread; None for an exercise. It can't be done, so it is no exercise."""
    week = week_of(exercise_id)
    return None if week is None else Item(exercise_id, Slot.RECAP, f"Our week, {span_in_words(week)}", "", "", ())
