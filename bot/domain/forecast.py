"""When something ends, as a range: from the hours of one's own last four weeks, never one date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from math import exp, sqrt
from typing import Final

from bot.domain.frozen import frozen
from bot.domain.roadmap import State, States, state_of
from bot.domain.track import Topic

WINDOW: Final = 28
"""Days that a forecast looks back on; days of a vacation are none of them."""
LOOKED_BACK: Final = 90
"""Days, vacations included, after which a window begins at the latest: what is older says little of today."""
LEAST_DAYS: Final = 14
LEAST_TOPICS: Final = 2
MOST_HOURS_A_DAY: Final = 24.0
"""Hours finished on one day that count for the pace: whoever ticks off old work did not do it that day."""
FARTHEST: Final = 3650
"""Days; what lies beyond is a number without meaning."""

LUMP: Final = 4.5
"""Hours that go together: topics are finished whole, and good weeks and quiet ones come in stretches.

Chosen with ``DRIFT`` on simulated cohorts (``tests/domain/cohort.py``) so that eight of ten ranges hold; others than
those are asked whether they do.
"""
DRIFT: Final = 0.20
"""By how much, as a share, a pace changes whatever was seen of it."""
TENTH: Final = 1.2815515655446004
"""How many standard deviations from the middle a tenth begins."""


@frozen
class Finished:
    """When a topic that counts was finished; ``worked``: done, rather than known before."""

    day: date
    worked: bool


@frozen
class Window:
    """What was done in the last days that were no vacation: how many days, hours and topics."""

    days: int
    hours: float
    topics: int

    @property
    def a_week(self) -> float:
        """Hours a week."""
        return self.hours * 7 / self.days if self.days else 0.0

    @property
    def tells(self) -> bool:
        """Whether it is enough to forecast from."""
        return self.days >= LEAST_DAYS and self.topics >= LEAST_TOPICS


@frozen
class Range:
    """Between which days something ends in eight of ten cases. ``open_end``: the later one lies beyond ten years."""

    first: date
    last: date
    open_end: bool = False


def window(
    finished: Mapping[str, Finished], topics: Mapping[str, Topic], began: date, today: date, away: Collection[date]
) -> Window:
    """Return what a member did in the last four weeks that were no vacation.

    Args:
        finished: what counts, by topic.
        topics: the road's.
        began: the member's first day.
        today: the study day now.
        away: days of vacation.
    """
    counted: list[date] = []
    for ago in range(LOOKED_BACK):
        day = today - timedelta(days=ago)
        if day < began or len(counted) == WINDOW:
            break
        if day not in away:
            counted.append(day)
    if not counted:
        return Window(0, 0.0, 0)
    within = [
        (one.day, topics[topic_id].hours)
        for topic_id, one in finished.items()
        if one.worked and topic_id in topics and counted[-1] <= one.day <= today
    ]
    a_day: dict[date, float] = {}
    for day, hours in within:
        a_day[day] = a_day.get(day, 0.0) + hours
    return Window(len(counted), sum(min(hours, MOST_HOURS_A_DAY) for hours in a_day.values()), len(within))


def forecast(left: float, seen: Window, today: date, away: Collection[date]) -> Range | None:
    """Return when ``left`` hours will be done in eight of ten cases; None where too little was seen.

    The middle is what the pace of the window gives. Around it the logarithm of the time is taken as normal: hours come
    in lumps, so few hours, seen or still to do, make the range wide. Days of a vacation that is planned come on top.
    """
    if not seen.tells or left <= 0:
        return None
    middle = left * seen.days / seen.hours
    spread = TENTH * sqrt(LUMP / left + LUMP / seen.hours + DRIFT**2)
    most = min(middle * exp(spread), FARTHEST)
    return Range(
        _after(today, min(middle * exp(-spread), FARTHEST), away), _after(today, most, away), most >= FARTHEST
    )  # fmt: skip


def still_to_do(topics: Iterable[Topic], states: States) -> float:
    """Return the hours left in ``topics``; of each that is begun, half is taken as done."""
    left = {State.NOT_STARTED: 1.0, State.LEARNING: 0.5}
    return sum(topic.hours * left.get(state_of(states, topic.id), 0.0) for topic in topics)


def _after(today: date, days: float, away: Collection[date]) -> date:
    """Return the day so many days ahead; those of a vacation are skipped."""
    day = today
    for _ in range(max(1, round(days))):
        day += timedelta(days=1)
        while day in away:
            day += timedelta(days=1)
    return day
