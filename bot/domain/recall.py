"""How well a card is remembered: grades, what stands of a card, which cards are asked today, and what comes.

The arithmetic of forgetting is FSRS's, and stands in ``bot.services.recall``; here are its words and our rules around
it. Instants are aware; days are study days of the member (``bot.domain.day``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from itertools import islice, zip_longest
from typing import Final

from bot.domain.day import DayRule, ends_at, study_day
from bot.domain.frozen import frozen
from bot.domain.review import Cards, ReviewCard
from bot.domain.roadmap import State, States

DESIRED: Final = 0.9
"""The share of cards that is to be remembered when they come back."""
AGAIN_AFTER: Final = timedelta(minutes=10)
"""When a card that was forgotten comes back first."""
LONGEST_DAYS: Final = 365
A_SITTING: Final = 10
"""Cards of a sitting, unless the member asks for more."""
NEW_A_DAY: Final = 5
"""Cards that a member meets for the first time on one study day, at most."""
KEEPS_THE_DAY: Final = 5
"""Different cards that keep a study day; fewer do where nothing more is due."""
TESTS: Final = 50
"""Reviews of cards that were learnt before, from which on the share remembered is shown."""
FAILING: Final = 3
"""Times that the cards of a finished topic were forgotten, from which on reopening it is suggested."""
DAYS_AHEAD: Final = 7
REVIEW_AT: Final = time(18)
"""When the daily message about reviews comes to whoever chose no hour for a daily reminder."""
REVIEWED: Final = (State.LEARNING, State.DONE, State.KNOWN)
"""Topics in these states are reviewed; new cards come in this order."""


class Grade(StrEnum):
    """How a member remembered a card."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


class Phase(IntEnum):
    """Where a card stands, as FSRS numbers it."""

    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


@frozen
class Memory:
    """What stands of one card for one member.

    Attributes:
        phase: where it stands.
        step: which of the short waits it is at; None in review.
        stability: days until it is remembered with a chance of nine in ten.
        difficulty: 1 to 10.
        due_at: when it is due next.
        last_at: when it was asked last.
        reviews: how often it was asked.
        lapses: how often it was forgotten after it was learnt.
    """

    phase: Phase
    step: int | None
    stability: float
    difficulty: float
    due_at: datetime
    last_at: datetime
    reviews: int
    lapses: int


@frozen
class Review:
    """One row of the history.

    Attributes:
        card_id: which card.
        number: counts the reviews of this card by this member, from 1.
        topic_id: the topic it belonged to then.
        grade: how it was remembered.
        phase: where it stood before.
        day: the member's study day.
        at: when.
    """

    card_id: str
    number: int
    topic_id: str
    grade: Grade
    phase: Phase
    day: date
    at: datetime


@frozen
class Due:
    """That a card is due at an instant."""

    card_id: str
    phase: Phase
    due_at: datetime


@frozen
class DayTally:
    """What a member reviewed on one study day: different cards, those remembered at the first try, those new."""

    cards: int = 0
    remembered: int = 0
    new: int = 0


@frozen
class Retention:
    """How many reviews asked for something that was learnt before, and how many of them found it remembered."""

    tested: int = 0
    remembered: int = 0

    @property
    def percent(self) -> int | None:
        """The share remembered, in whole percent; None before there are enough of them."""
        return None if self.tested < TESTS else round(self.remembered * 100 / self.tested)


@frozen
class Today:
    """A member's study day at an instant."""

    now: datetime
    rule: DayRule
    day: date
    ends_at: datetime

    @classmethod
    def at(cls, now: datetime, rule: DayRule) -> Today:
        """Return the study day that ``now`` is in."""
        day = study_day(now, rule)
        return cls(now, rule, day, ends_at(day, rule))

    def asks(self, one: Due) -> bool:
        """Whether a card is asked now: a wait of minutes must be over, one of days ends with the day before."""
        return one.due_at <= self.now or (one.phase is Phase.REVIEW and one.due_at < self.ends_at)


def asked(card_id: str, cards: Cards, states: States) -> ReviewCard | None:
    """Return a card, if it is in the content and its topic is one that the member has begun or finished."""
    card = cards.by_id.get(card_id)
    return card if card is not None and states.get(card.topic) in REVIEWED else None


def new_cards(cards: Cards, states: States, met: Collection[str], most: int) -> list[str]:
    """Return the ids of up to ``most`` cards to meet next.

    What is being learnt comes first, then what is done, then what was known; in each, one card of every topic before a
    second one of any.
    """
    return list(islice((one for one in _in_order(cards, states) if one not in met), most))


def _in_order(cards: Cards, states: States) -> Iterator[str]:
    for state in REVIEWED:
        shelves = [shelf for topic_id, shelf in cards.of_topic.items() if states.get(topic_id) is state]
        for layer in zip_longest(*shelves):
            yield from (card.id for card in layer if card is not None)


def tally(reviews: Iterable[tuple[str, int, bool]]) -> DayTally:
    """Count the reviews of one study day: card, number and whether remembered, in the order they were made."""
    first: dict[str, tuple[int, bool]] = {}
    for card_id, number, remembered in reviews:
        first.setdefault(card_id, (number, remembered))
    return DayTally(
        cards=len(first),
        remembered=sum(remembered for _, remembered in first.values()),
        new=sum(number == 1 for number, _ in first.values()),
    )


def coming(dues: Iterable[Due], today: Today) -> tuple[tuple[date, int], ...]:
    """Return how many cards come on each of the next days, today first; what is overdue comes today."""
    counted = Counter(today.day if one.due_at < today.ends_at else study_day(one.due_at, today.rule) for one in dues)
    days = (today.day + timedelta(days=ahead) for ahead in range(DAYS_AHEAD))
    return tuple((day, counted[day]) for day in days)
