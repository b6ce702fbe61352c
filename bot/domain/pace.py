"""The pace of a cohort and of one member: what a plan expects by a day, who stands where, and how to meet again.

Hours are the topics' effort. What a member knew already counts as progress on the day it was marked, so that member's
plan begins behind it; it says nothing of how fast the member works. Skipped topics are part of nobody's plan.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from bot.domain.forecast import Finished
from bot.domain.frozen import frozen
from bot.domain.roadmap import State, States, state_of
from bot.domain.track import Stage, Topic

HOURS_A_WEEK: Final = 8.0
"""What a plan asks for where nobody chose other weeks."""
MOST_WEEKS: Final = 52
"""The most weeks one stage can be given."""


@frozen
class CohortPlan:
    """When a cohort begins the road, and how many weeks it takes for each stage, by the stage's id."""

    first_day: date
    weeks: Mapping[str, int]

    def weeks_of(self, stage: Stage) -> int:
        """Return the weeks of a stage; a stage that came later takes the usual ones."""
        return self.weeks.get(stage.id, usual_weeks(stage))

    def days(self, stages: Iterable[Stage]) -> int:
        """Return how many days the whole road takes."""
        return 7 * sum(self.weeks_of(stage) for stage in stages)

    def last_day(self, stages: Iterable[Stage]) -> date:
        """Return the plan's last day."""
        return self.first_day + timedelta(days=self.days(stages) - 1)


@frozen
class Span:
    """When a plan has a topic: from which day of the plan to which, counted from its beginning."""

    topic: Topic
    begins: float
    ends: float


@frozen
class Gap:
    """Where a member stands beside a plan.

    Attributes:
        behind: topics that the plan has behind it and the member has not.
        ahead: topics that the member has behind and the plan has not.
    """

    behind: tuple[Topic, ...]
    ahead: tuple[Topic, ...]

    @property
    def hours_behind(self) -> float:
        """The effort of the topics behind."""
        return sum(topic.hours for topic in self.behind)

    @property
    def hours_ahead(self) -> float:
        """The effort of the topics ahead."""
        return sum(topic.hours for topic in self.ahead)


@frozen
class Meeting:
    """How somebody who is behind meets the group.

    Attributes:
        day: when; None where the plan ends before.
        take: the topics to take until then, in order: what the group will stand on.
        skip: the topics that can wait until after that day.
        hours_a_week: the pace it takes.
    """

    day: date | None
    take: tuple[Topic, ...]
    skip: tuple[Topic, ...]
    hours_a_week: float


def usual_weeks(stage: Stage) -> int:
    """Return the weeks that a stage's effort takes at eight hours a week, one at least."""
    return max(1, round(sum(topic.hours for topic in stage.topics) / HOURS_A_WEEK))


def spans(stages: Iterable[Stage], plan: CohortPlan) -> tuple[Span, ...]:
    """Return when a plan has each topic: a stage's weeks are shared out by the hours of its topics."""
    found: list[Span] = []
    at = 0.0
    for stage in stages:
        days = 7.0 * plan.weeks_of(stage)
        each = days / sum(topic.hours for topic in stage.topics)
        begins = at
        for topic in stage.topics:
            found.append(Span(topic, begins, round(begins + topic.hours * each, 6)))
            begins = found[-1].ends
        at += days
    return tuple(found)


def elapsed(plan: CohortPlan, day: date, off: Collection[date]) -> int:
    """Return how many days of a plan are over for a member on ``day``, itself not; days off are none of them."""
    days = (day - plan.first_day).days
    return max(0, days - sum(plan.first_day <= one < day for one in off))


def planned_hours(on: Iterable[Span], days: float, states: States) -> float:
    """Return the hours that a plan expects of a member after so many of its days."""
    return sum(
        one.topic.hours * min(1.0, max(0.0, (days - one.begins) / (one.ends - one.begins)))
        for one in on
        if state_of(states, one.topic.id) is not State.SKIPPED
    )


def line(on: Sequence[Span], plan: CohortPlan, off: Collection[date], states: States) -> tuple[tuple[date, float], ...]:
    """Return the hours a plan expects of a member, each week's end, from the day before it to its last day."""
    day, days, end = plan.first_day - timedelta(days=1), 0, on[-1].ends if on else 0.0
    found = [(day, 0.0)]
    while days < end:
        day += timedelta(days=1)
        days += day not in off
        if (day - plan.first_day).days % 7 == 6 or days >= end:
            found.append((day, planned_hours(on, days, states)))
    return tuple(found)


def gap(on: Iterable[Span], days: float, states: States) -> Gap:
    """Return which topics tell a member from a plan of which so many days are over."""
    behind: list[Topic] = []
    ahead: list[Topic] = []
    for one in on:
        state = state_of(states, one.topic.id)
        if one.ends <= days and state.blocks:
            behind.append(one.topic)
        elif one.ends > days and state.counts:
            ahead.append(one.topic)
    return Gap(tuple(behind), tuple(ahead))


def curve(finished: Mapping[str, Finished], topics: Mapping[str, Topic]) -> tuple[tuple[date, float], ...]:
    """Return how many hours of the road lay behind a member after each day on which that changed."""
    a_day: dict[date, float] = {}
    for topic_id, one in finished.items():
        if topic_id in topics:
            a_day[one.day] = a_day.get(one.day, 0.0) + topics[topic_id].hours
    total, found = 0.0, list[tuple[date, float]]()
    for day in sorted(a_day):
        total += a_day[day]
        found.append((day, total))
    return tuple(found)


def meeting(on: Sequence[Span], days: float, states: States, today: date, hours_a_week: float) -> Meeting:
    """Return how a member who is behind meets the group: the first week's end by which what is needed can be done.

    Needed is what the topics that the group takes in the two weeks after that day build on, directly or further back.

    Args:
        on: when the plan has each topic.
        days: how many days of the plan are over for the member.
        states: where the member stands.
        today: the study day now.
        hours_a_week: what the member can give.
    """
    by_id = {one.topic.id: one.topic for one in on}
    end = on[-1].ends if on else 0.0
    week = 1
    while days + 7 * week < end:
        there = days + 7.0 * week
        front = [one.topic for one in on if one.ends > there and one.begins < there + 14]
        needed = _needed(front, by_id, states)
        if sum(topic.hours for topic in needed) <= week * hours_a_week:
            waits = [one.topic for one in on if one.ends <= there and state_of(states, one.topic.id).blocks]
            skip = tuple(topic for topic in waits if topic not in needed)
            return Meeting(today + timedelta(days=7 * week), needed, skip, hours_a_week)
        week += 1
    take = tuple(one.topic for one in on if state_of(states, one.topic.id).blocks)
    return Meeting(None, take, (), hours_a_week)


def _needed(front: Iterable[Topic], by_id: Mapping[str, Topic], states: States) -> tuple[Topic, ...]:
    """Return what is still open of all that these topics build on, themselves left out, in the road's order."""
    here = {topic.id for topic in front}
    ahead = [needed for topic_id in here for needed in by_id[topic_id].requires]
    found: set[str] = set()
    while ahead:
        topic_id = ahead.pop()
        if topic_id in by_id and topic_id not in found and state_of(states, topic_id).blocks:
            found.add(topic_id)
            ahead.extend(by_id[topic_id].requires)
    return tuple(topic for topic_id, topic in by_id.items() if topic_id in found - here)
