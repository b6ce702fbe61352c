"""A member's week, looked back on at its end: when that is, what the week brought, and the goal of the next one.

A week goes from Monday to Sunday by the member's study days (``bot.domain.day``), as on the boards.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.board import Window, window_start
from bot.domain.day import DayRule, starts_at, study_day
from bot.domain.forecast import Finished
from bot.domain.frozen import frozen
from bot.domain.roadmap import Count
from bot.domain.track import Topic
from bot.errors import BadInputError, StaleComponentError

WEEK: Final = timedelta(days=7)
LAST: Final = timedelta(days=6)
USUAL_AT: Final = time(18)
EVENING: Final = time(17)
"""The earliest hour of a reminder at which a week is looked back on: in the morning its last day is still to come."""
MOST_CHARACTERS: Final = 200
"""Of a goal."""


class Way(StrEnum):
    """How a member's week comes. Whoever chose neither has no row."""

    MESSAGE = "message"
    TODAY = "today"


class Kept(StrEnum):
    """What a member says of a goal when its week is over. It scores nothing."""

    KEPT = "kept"
    PARTLY = "partly"
    NOT = "not"


@frozen
class Goal:
    """What a member wants of a week, by its Monday; ``kept`` is None until the member says."""

    week: date
    text: str
    kept: Kept | None = None


@frozen
class Did:
    """What a member did in a week.

    Attributes:
        topics: the topics finished, in the road's order; what was known before is not among them.
        prompts: how many daily posts.
        cards: how many different review cards.
        remembered: how many of the cards' reviews found it remembered.
        reviews: how many times a card was graded.
    """

    topics: tuple[Topic, ...] = ()
    prompts: int = 0
    cards: int = 0
    remembered: int = 0
    reviews: int = 0

    @property
    def hours(self) -> float:
        """The effort of the topics."""
        return sum(topic.hours for topic in self.topics)

    @property
    def nothing(self) -> bool:
        """Whether the week was a quiet one."""
        return not (self.topics or self.prompts or self.reviews)


@frozen
class Place:
    """A member's place on the week's board, and the points that make it."""

    rank: int
    score: int


@frozen
class LookBack:
    """A member's week.

    Attributes:
        week: its Monday.
        over: whether its last day has come, or is behind.
        did: what was done.
        kept_days: how many of its study days were kept.
        streak: the days in a row now.
        road: topics behind the member, of all that are not skipped.
        pace: where that is beside a plan, in words.
        place: on the board of that week; None for who has no points on it or is left off the boards.
        next_topics: what to take next.
        reviews_ahead: how many cards come in the seven days after today.
        season: the name of the season that ended in it; None where none did.
        goal: the goal of this week.
        next_goal: the goal of the week after it.
    """

    week: date
    over: bool
    did: Did
    kept_days: int
    streak: int
    road: Count
    pace: str
    place: Place | None
    next_topics: tuple[Topic, ...]
    reviews_ahead: int
    season: str | None
    goal: Goal | None
    next_goal: Goal | None


def week_of(day: date) -> date:
    """Return the Monday of the week that a study day is in, as the boards have it."""
    return window_start(Window.WEEK, day, None) or day


def week_asked(ordinal: int, today: date) -> date:
    """Return the Monday that ``ordinal`` (``date.toordinal``) stands for; 0 is the week of ``today``.

    Raises:
        StaleComponentError: where it is neither this week nor the one before.
    """
    this = week_of(today)
    for week in (this, this - WEEK):
        if ordinal in {0, week.toordinal()}:
            return week
    raise StaleComponentError("That week is long over. /profile has My week, with this one and the last.")


def ends_today(today: date) -> bool:
    """Whether a study day is the last one of its week."""
    return today == week_of(today) + LAST


def evening(remind_at: time | None) -> time:
    """Return the local time at which a week is looked back on: the reminder's, where that is in the evening."""
    return remind_at if remind_at is not None and remind_at >= EVENING else USUAL_AT


def next_look_back(at: time, rule: DayRule, now: datetime) -> datetime:
    """Return when a week is looked back on next, after ``now``, in UTC.

    Args:
        at: the local time, on the last study day of the week.
        rule: where and when the member's day begins; it begins before noon, so ``at`` is always in that day.
        now: aware.
    """
    last = week_of(study_day(now, rule)) + LAST
    due = starts_at(last, DayRule(rule.zone, at))
    return due if due > now else starts_at(last + WEEK, DayRule(rule.zone, at))


def topics_of(finished: Mapping[str, Finished], topics: Mapping[str, Topic], week: date) -> tuple[Topic, ...]:
    """Return the topics that were finished by work in a week, in the road's order."""
    done = {one for one, found in finished.items() if found.worked and week <= found.day <= week + LAST}
    return tuple(topic for topic_id, topic in topics.items() if topic_id in done)


def goal_from(text: str) -> str:
    """Return a goal as it is kept, on one line; an empty one is no goal.

    Raises:
        BadInputError: where it is longer than it may be.
    """
    words = " ".join(text.split())
    if len(words) > MOST_CHARACTERS:
        raise BadInputError(f"A goal is one sentence, {MOST_CHARACTERS} characters at most. Yours has {len(words)}.")
    return words
