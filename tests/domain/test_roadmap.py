"""The rules of progress: what counts, what blocks, what opens, what comes next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pack import Pack
from bot.domain.roadmap import (
    Count,
    State,
    States,
    count,
    count_road,
    current_stage,
    hours_left,
    open_requirements,
    opened_by,
    state_of,
    suggestions,
)
from bot.errors import NotFoundError
from tests.domain.small_pack import small_pack

PACK = small_pack(
    {
        "first": {"alone": [], "root": [], "middle": ["root"]},
        "second": {"leaf": ["middle"], "both": ["middle", "alone"]},
        "third": {"last": ["both", "leaf"]},
    }
)
OPEN = [State.NOT_STARTED, State.LEARNING]
CLOSED = [State.DONE, State.KNOWN, State.SKIPPED]

states_of_pack = st.dictionaries(st.sampled_from(sorted(PACK.topics)), st.sampled_from(State))


def _next(states: States) -> list[str]:
    return [one.topic.id for one in suggestions(PACK, states)]


def waiting(topic_id: str, states: States) -> int:
    """Count the unfinished topics that wait for one."""
    return sum(state_of(states, later).blocks for later in PACK.waiting[topic_id])


def test_what_counts_and_what_blocks() -> None:
    assert [state for state in State if state.counts] == [State.DONE, State.KNOWN]
    assert [state for state in State if state.blocks] == OPEN
    assert state_of({}, "root") is State.NOT_STARTED


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({}, Count(0, 6)),
        ({"root": State.LEARNING}, Count(0, 6)),
        ({"root": State.DONE}, Count(1, 6)),
        ({"root": State.KNOWN}, Count(1, 6)),
        ({"root": State.SKIPPED}, Count(0, 5)),
        ({"root": State.SKIPPED, "leaf": State.DONE, "gone": State.DONE}, Count(1, 5)),
        (dict.fromkeys(PACK.topics, State.SKIPPED), Count(0, 0)),
    ],
)
def test_counting(states: States, expected: Count) -> None:
    assert count(PACK.topics.values(), states) == expected


@pytest.mark.parametrize(
    ("finished", "total", "percent"), [(0, 0, 100), (0, 3, 0), (1, 3, 33), (2, 3, 66), (199, 200, 99), (200, 200, 100)]
)
def test_a_hundred_percent_means_all_of_it(finished: int, total: int, percent: int) -> None:
    assert Count(finished, total).percent == percent


@pytest.mark.parametrize("state", State)
def test_a_prerequisite_blocks_until_it_is_finished_or_skipped(state: State) -> None:
    still_open = [one.id for one in open_requirements(PACK, PACK.topic("middle"), {"root": state})]
    assert still_open == (["root"] if state in OPEN else [])


@pytest.mark.parametrize("state", CLOSED)
def test_the_last_missing_prerequisite_opens(state: State) -> None:
    before = {"middle": State.DONE}
    assert [one.id for one in opened_by(PACK, before, {**before, "alone": state})] == ["both"]


def test_nothing_opens_twice() -> None:
    done = {"root": State.DONE}
    assert [one.id for one in opened_by(PACK, {}, done)] == ["middle"]
    assert opened_by(PACK, done, {"root": State.KNOWN}) == ()
    assert opened_by(PACK, {}, {"root": State.LEARNING}) == ()
    assert opened_by(PACK, {"middle": State.LEARNING}, {"middle": State.LEARNING, "root": State.DONE}) == ()
    assert opened_by(PACK, {}, {"middle": State.DONE}) != (), "leaf is free though root is open"
    assert opened_by(PACK, done, {}) == ()


def test_suggestions_come_in_order() -> None:
    assert _next({}) == ["root", "alone"], "what more topics wait for comes first"
    assert _next({"root": State.DONE}) == ["middle", "alone"]
    assert _next({"root": State.DONE, "middle": State.DONE}) == ["alone", "leaf"], "the earliest stage first"
    assert _next({"alone": State.LEARNING}) == ["alone", "root"], "what is begun comes first"
    assert _next({"both": State.LEARNING}) == ["root", "alone"], "begun too early, it waits for what it needs"
    assert _next(dict.fromkeys(PACK.topics, State.DONE)) == []
    assert len(suggestions(PACK, {}, most=1)) == 1


def test_a_suggestion_knows_why() -> None:
    states = {"middle": State.KNOWN, "alone": State.SKIPPED, "root": State.DONE}
    found = {one.topic.id: one for one in suggestions(PACK, states)}
    both = found["both"]
    assert [one.id for one in both.built_on] == ["middle"]
    assert [one.id for one in both.skipped] == ["alone"]
    assert (both.stage.id, both.learning, both.waiting) == ("second", False, 1)
    assert suggestions(PACK, {**states, "both": State.LEARNING})[0].learning


def test_waiting_counts_each_later_topic_once() -> None:
    assert waiting("root", {}) == 4, "middle, leaf, both and, once, last"
    assert waiting("alone", {}) == 2
    assert waiting("last", {}) == 0
    assert waiting("root", {"leaf": State.DONE, "both": State.SKIPPED, "last": State.LEARNING}) == 2


def test_the_current_stage_is_the_first_with_something_left() -> None:
    def at(states: States) -> str | None:
        stage = current_stage(PACK, states)
        return stage and stage.id

    assert at({}) == "first"
    assert at({"leaf": State.DONE}) == "first"
    assert at({"alone": State.SKIPPED, "root": State.DONE, "middle": State.KNOWN}) == "second"
    assert at(dict.fromkeys(["alone", "root", "middle"], State.DONE) | {"root": State.LEARNING}) == "first"
    assert at(dict.fromkeys(PACK.topics, State.SKIPPED)) is None


def test_hours_left() -> None:
    assert hours_left(PACK.topics.values(), {}) == 12
    assert hours_left(PACK.topics.values(), {"root": State.SKIPPED, "leaf": State.DONE, "both": State.LEARNING}) == 8


@given(states_of_pack)
def test_a_road_always_leads_on_until_it_is_finished(states: dict[str, State]) -> None:
    found = suggestions(PACK, states, most=99)
    unfinished = [topic for topic in PACK.topics if state_of(states, topic).blocks]
    assert bool(found) == bool(unfinished)
    assert (current_stage(PACK, states) is None) == (not unfinished)
    for one in found:
        assert one.topic.id in unfinished
        assert open_requirements(PACK, one.topic, states) == ()
    assert [one.learning for one in found] == sorted((one.learning for one in found), reverse=True)


@given(states_of_pack, st.sampled_from(sorted(PACK.topics)), st.sampled_from(CLOSED))
def test_what_opens_was_closed(states: dict[str, State], topic_id: str, state: State) -> None:
    after = {**states, topic_id: state}
    for one in opened_by(PACK, states, after):
        assert topic_id in one.requires
        assert open_requirements(PACK, one, states)
        assert not open_requirements(PACK, one, after)


@given(states_of_pack)
def test_the_whole_is_the_sum_of_its_stages(states: dict[str, State]) -> None:
    whole = count(PACK.topics.values(), states)
    parts = [count(stage.topics, states) for stage in PACK.track.stages]
    assert whole == Count(sum(one.finished for one in parts), sum(one.total for one in parts))
    assert 0 <= whole.finished <= whole.total
    assert (whole.percent == 100) == (whole.finished == whole.total)
    assert count_road(PACK, states) == count(PACK.topics.values(), states)
    assert count_road(PACK, {**states, "gone": State.DONE}) == count_road(PACK, states)


def test_a_pack_sorts_its_stages_and_answers_in_sentences(pack: Pack) -> None:
    assert [stage.order for stage in PACK.track.stages] == [1, 2, 3]
    assert PACK.stage_of["both"].id == "second"
    assert set(PACK.dependents["middle"]) == {"leaf", "both"}
    assert PACK.background_knows("anyone") == PACK.background_knows("nobody") == ()
    for look_up in (pack.topic, pack.stage, pack.chapter, pack.entry, pack.category):
        with pytest.raises(NotFoundError, match=r"/roadmap|/faq"):
            look_up("no-such-id")
