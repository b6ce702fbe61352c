"""A cohort that never was: members with habits of their own, quiet weeks, breaks, vacations and late beginnings.

Nobody here knows the rule that forecasts; a member works hours a day and finishes a topic when its effort is spent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp
from random import Random
from typing import Final

from bot.domain import forecast
from bot.domain.forecast import Finished, Range
from bot.domain.pack import Pack
from bot.domain.roadmap import State, current_stage

FIRST: Final = date(2026, 1, 5)
WEEKS: Final = 26
LONGEST: Final = 7 * 52 * 8


@dataclass(slots=True)
class Person:
    """One member: when the person began, what was known, finished and begun on which day, and the days away."""

    began: date
    known: frozenset[str]
    finished: dict[str, date] = field(default_factory=dict[str, date])
    begun: dict[str, date] = field(default_factory=dict[str, date])
    away: set[date] = field(default_factory=set[date])
    told: dict[date, date] = field(default_factory=dict[date, date])
    """A day of vacation, and the day on which it was entered."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A forecast and what came of it: whether it was of a stage or of the road, its range, and the day it was done."""

    of: str
    found: Range
    came: date

    @property
    def holds(self) -> bool:
        """Whether it came within the range."""
        return self.found.first <= self.came <= self.found.last


def cohort(pack: Pack, members: int, seed: int) -> list[Person]:
    """Return people who lived until they finished the road."""
    rng = Random(seed)  # noqa: S311  (a cohort, no secret)
    return [_life(pack, Random(rng.random())) for _ in range(members)]  # noqa: S311


def claims(pack: Pack, person: Person, every: int = 1) -> Iterator[Claim]:
    """Yield what was forecast for a person in the cohort's 26 weeks, each ``every`` weeks, and what came of it."""
    last = max(person.finished.values(), default=FIRST)
    for week in range(2, WEEKS + 1, every):
        today = FIRST + timedelta(days=7 * week - 1)
        if today < person.began or len(person.finished) + len(person.known) < len(pack.topics):
            continue
        states = _states(pack, person, today)
        finished = {one: Finished(person.began, worked=False) for one in person.known}
        finished |= {one: Finished(day, worked=True) for one, day in person.finished.items() if day <= today}
        away = {day for day in person.away if person.told[day] <= today}
        seen = forecast.window(finished, pack.topics, person.began, today, away)
        stage = current_stage(pack, states)
        if stage is None:
            continue
        ends = max(person.finished[topic.id] for topic in stage.topics if topic.id in person.finished)
        for of, topics, came in (("stage", stage.topics, ends), ("road", tuple(pack.topics.values()), last)):
            found = forecast.forecast(forecast.still_to_do(topics, states), seen, today, away)
            if found is not None:
                yield Claim(of, found, came)


def _states(pack: Pack, person: Person, today: date) -> dict[str, State]:
    states = dict.fromkeys(person.known, State.KNOWN)
    for topic_id in pack.topics:
        if topic_id in person.finished and person.finished[topic_id] <= today:
            states[topic_id] = State.DONE
        elif topic_id in person.begun and person.begun[topic_id] <= today:
            states[topic_id] = State.LEARNING
    return states


def _life(pack: Pack, rng: Random) -> Person:
    began = FIRST + timedelta(days=rng.randrange(7, 84) if rng.random() < 0.25 else rng.randrange(7))
    stages = pack.track.stages
    behind = rng.choice((1, 2)) if rng.random() < 0.3 else 0
    person = Person(began, frozenset(topic.id for stage in stages[:behind] for topic in stage.topics))
    a_week, days_a_week = 7.0 * exp(rng.gauss(0, 0.45)), rng.randint(2, 6)
    marks_learning, mood, quiet, day = rng.random() < 0.7, 0.0, 0, began
    ahead = [topic for stage in stages[behind:] for topic in stage.topics]
    spent, needs = 0.0, _effort(ahead[0].hours, rng)
    while ahead and (day - began).days < LONGEST:
        if (day - began).days % 7 == 0:
            mood = 0.6 * mood + rng.gauss(0, 0.35)
            a_week *= exp(rng.gauss(0, 0.02))
            quiet = rng.randint(7, 21) if not quiet and rng.random() < 0.03 else quiet
            if rng.random() < 0.03:
                _go_away(person, day, rng)
        quiet = max(0, quiet - 1)
        if not quiet and day not in person.away and rng.random() < days_a_week / 7:
            spent += a_week / days_a_week * exp(mood + rng.gauss(0, 0.4))
            while ahead and spent >= needs:
                spent -= needs
                person.finished[ahead.pop(0).id] = day
                needs = _effort(ahead[0].hours, rng) if ahead else needs
            if ahead and marks_learning:
                person.begun.setdefault(ahead[0].id, day)
        day += timedelta(days=1)
    return person


def _effort(hours: float, rng: Random) -> float:
    return hours * exp(rng.gauss(0, 0.3))


def _go_away(person: Person, today: date, rng: Random) -> None:
    first = today + timedelta(days=rng.randrange(1, 30))
    for ahead in range(rng.randint(3, 14)):
        person.away.add(first + timedelta(days=ahead))
        person.told.setdefault(first + timedelta(days=ahead), today)
