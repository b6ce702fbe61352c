"""The rules of the pace: what a plan expects, who stands where, how to meet, and when it may end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain import forecast, pace
from bot.domain.forecast import Finished, Window
from bot.domain.pace import CohortPlan
from bot.domain.pack import Pack
from bot.domain.roadmap import State
from tests.domain.cohort import claims, cohort

FIRST = date(2026, 8, 3)
TODAY = date(2026, 11, 23)
PLAN = CohortPlan(FIRST, {})
STEADY = Window(28, 32.0, 6)
SEEDS = 7, 8, 9


def days(first: date, number: int) -> set[date]:
    """Return so many days from ``first`` on."""
    return {first + timedelta(days=ahead) for ahead in range(number)}


def test_the_usual_weeks_come_from_the_effort(pack: Pack) -> None:
    assert [pace.usual_weeks(stage) for stage in pack.track.stages] == [7, 6, 5, 7, 12, 6, 3, 7]
    assert PLAN.last_day(pack.track.stages) == FIRST + timedelta(days=53 * 7 - 1)
    assert CohortPlan(FIRST, {"programming": 2}).days(pack.track.stages) == 48 * 7


def test_what_is_expected_grows_with_the_weeks_and_waits_on_days_off(pack: Pack) -> None:
    on = pace.spans(pack.track.stages, PLAN)
    first_stage = FIRST + timedelta(days=7 * 7)
    assert pace.planned_hours(on, pace.elapsed(PLAN, FIRST - timedelta(days=9), set()), {}) == 0
    assert pace.planned_hours(on, pace.elapsed(PLAN, first_stage, set()), {}) == pytest.approx(53)
    off = days(FIRST + timedelta(days=10), 7)
    assert pace.planned_hours(on, pace.elapsed(PLAN, first_stage, off), {}) < 53
    later = pace.elapsed(PLAN, first_stage + timedelta(days=7), off)
    assert pace.planned_hours(on, later, {}) == pytest.approx(53)
    skipped = {on[0].topic.id: State.SKIPPED}
    assert pace.planned_hours(on, later, skipped) == pytest.approx(53 - on[0].topic.hours)
    line = pace.line(on, PLAN, off, {})
    assert line[0] == (FIRST - timedelta(days=1), 0.0)
    assert line[-1] == (PLAN.last_day(pack.track.stages) + timedelta(days=7), pytest.approx(415))


def test_the_gap_names_what_is_due_and_what_came_early(pack: Pack) -> None:
    on = pace.spans(pack.track.stages, PLAN)
    first, second, third, *_ = pack.track.stages[0].topics
    late = pack.track.stages[5].topics[0]
    states = {first.id: State.KNOWN, second.id: State.LEARNING, third.id: State.SKIPPED, late.id: State.DONE}
    found = pace.gap(on, on[2].ends, states)
    assert found.behind == (second,), "what is known counts, what is skipped is owed by nobody"
    assert found.ahead == (late,)
    assert (found.hours_behind, found.hours_ahead) == (second.hours, late.hours)
    assert pace.gap(on, on[1].ends - 0.5, states).behind == ()


def test_who_joins_late_takes_what_the_group_will_stand_on(pack: Pack) -> None:
    on = pace.spans(pack.track.stages, PLAN)
    expected = pace.elapsed(PLAN, TODAY, set())
    found = pace.meeting(on, expected, {}, TODAY, 12.0)
    assert found.day is not None
    weeks = (found.day - TODAY).days // 7
    assert sum(topic.hours for topic in found.take) <= 12 * weeks
    assert found.skip
    taken = {topic.id for topic in found.take}
    front = [one.topic for one in on if expected + 7 * weeks < one.ends and one.begins < expected + 7 * weeks + 14]
    given = taken | {topic.id for topic in front}
    assert all(needed in given for topic in (*front, *found.take) for needed in topic.requires)
    assert not taken & {topic.id for topic in found.skip}
    assert pace.meeting(on, expected, {}, TODAY, 24.0).day < found.day  # pyright: ignore[reportOptionalOperand]
    assert pace.meeting(on, expected, {}, TODAY, 0.1).day is None


def test_a_window_leaves_vacations_out_and_believes_no_day_of_a_hundred_hours(pack: Pack) -> None:
    topics = list(pack.topics.values())
    began = TODAY - timedelta(days=100)
    finished = {
        topics[0].id: Finished(TODAY, worked=True),
        topics[1].id: Finished(TODAY, worked=False),
        topics[2].id: Finished(TODAY - timedelta(days=34), worked=True),
    }
    assert forecast.window(finished, pack.topics, began, TODAY, set()) == Window(28, topics[0].hours, 1)
    away = days(TODAY - timedelta(days=20), 10)
    both = Window(28, topics[0].hours + topics[2].hours, 2)
    assert forecast.window(finished, pack.topics, began, TODAY, away) == both
    at_once = {topic.id: Finished(TODAY, worked=True) for topic in topics}
    assert forecast.window(at_once, pack.topics, began, TODAY, set()).hours == forecast.MOST_HOURS_A_DAY
    assert forecast.window(finished, pack.topics, TODAY, TODAY, set()).days == 1


def test_a_forecast_is_a_range_around_ones_own_pace() -> None:
    found = forecast.forecast(160, STEADY, TODAY, set())
    assert found is not None
    assert found.first < TODAY + timedelta(days=140) < found.last
    later = forecast.forecast(160, STEADY, TODAY, days(TODAY + timedelta(days=5), 10))
    assert later is not None
    assert (later.first, later.last) == (found.first + timedelta(days=10), found.last + timedelta(days=10))
    surer = forecast.forecast(160, Window(28, 64.0, 12), TODAY, set())
    assert surer is not None
    assert (surer.last - TODAY) / (surer.first - TODAY) < (found.last - TODAY) / (found.first - TODAY)
    endless = forecast.forecast(5000, Window(28, 4.0, 2), TODAY, set())
    assert endless is not None
    assert endless.open_end
    for seen in (Window(13, 32.0, 6), Window(28, 8.0, 1)):
        assert forecast.forecast(160, seen, TODAY, set()) is None
    assert forecast.forecast(0, STEADY, TODAY, set()) is None


def test_eight_of_ten_ranges_hold_in_cohorts_that_nothing_was_chosen_on(pack: Pack) -> None:
    found = [one for seed in SEEDS for person in cohort(pack, 70, seed) for one in claims(pack, person, every=4)]
    for of in ("stage", "road"):
        held = [one.holds for one in found if one.of == of]
        assert len(held) > 800
        assert 0.74 <= sum(held) / len(held) <= 0.86, of
