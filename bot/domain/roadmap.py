"""The rules of progress: states, what counts, what comes next and why; pure functions of a pack and states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bot.domain.pack import Pack
from bot.domain.track import Stage, Topic


class State(StrEnum):
    """Where a member stands with a topic."""

    NOT_STARTED = "not_started"
    LEARNING = "learning"
    DONE = "done"
    KNOWN = "known"
    SKIPPED = "skipped"

    @property
    def counts(self) -> bool:
        """Whether it counts as progress."""
        return self in {State.DONE, State.KNOWN}

    @property
    def blocks(self) -> bool:
        """Whether topics that require it have to wait. What was skipped on purpose keeps nobody waiting."""
        return self in {State.NOT_STARTED, State.LEARNING}


States: TypeAlias = Mapping[str, State]
"""Topic id to state; a topic that is absent is not started."""


class Act(StrEnum):
    """What a member did; one act may change many topics and is undone as one."""

    MARK = "mark"
    EVIDENCE = "evidence"
    PLACEMENT = "placement"
    RESET = "reset"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Mark:
    """A member's standing with one topic: its state, and the link given as evidence of doing it."""

    state: State = State.NOT_STARTED
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One topic's step from one mark to the next."""

    topic_id: str
    before: Mark
    after: Mark


@dataclass(frozen=True, slots=True)
class Count:
    """Progress over some topics. Skipped topics are left out of both numbers."""

    finished: int
    total: int

    @property
    def percent(self) -> int:
        """Finished in whole percent; 100 only when nothing is left."""
        if self.total == 0:
            return 100
        return self.finished * 100 // self.total


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A topic to take next, with the facts that speak for it.

    Attributes:
        topic: the topic.
        stage: the stage it belongs to.
        learning: whether it is begun already.
        built_on: the prerequisites that are finished.
        skipped: the prerequisites that were skipped, so that one can be told.
        waiting: how many later topics wait for it, directly or further on.
    """

    topic: Topic
    stage: Stage
    learning: bool
    built_on: tuple[Topic, ...]
    skipped: tuple[Topic, ...]
    waiting: int


def state_of(states: States, topic_id: str) -> State:
    """Return a topic's state; NOT_STARTED where nothing is recorded."""
    return states.get(topic_id, State.NOT_STARTED)


def count(topics: Iterable[Topic], states: States) -> Count:
    """Count progress over ``topics``."""
    here = [state_of(states, topic.id) for topic in topics]
    return Count(sum(state.counts for state in here), sum(state is not State.SKIPPED for state in here))


def open_requirements(pack: Pack, topic: Topic, states: States) -> tuple[Topic, ...]:
    """Return the prerequisites of ``topic`` that still block it, in the pack's order."""
    return tuple(pack.topics[needed] for needed in topic.requires if state_of(states, needed).blocks)


def waiting_for(pack: Pack, topic_id: str, states: States) -> int:
    """Count the unfinished topics that can't begin before this one, directly or through others."""
    seen: set[str] = set()
    stack = list(pack.dependents[topic_id])
    while stack:
        later = stack.pop()
        if later not in seen:
            seen.add(later)
            stack.extend(pack.dependents[later])
    return sum(state_of(states, later).blocks for later in seen)


def opened_by(pack: Pack, before: States, after: States) -> tuple[Topic, ...]:
    """Return the topics not yet started that were blocked under ``before`` and are free under ``after``."""
    return tuple(
        topic
        for topic in pack.topics.values()
        if state_of(after, topic.id) is State.NOT_STARTED
        and open_requirements(pack, topic, before)
        and not open_requirements(pack, topic, after)
    )


def suggestions(pack: Pack, states: States, most: int = 3) -> tuple[Suggestion, ...]:
    """Return up to ``most`` topics to take next.

    What is begun comes first. Then the earliest stage, and within it what most later topics wait for.
    """
    ready = [
        _suggestion(pack, stage, topic, states)
        for stage in pack.track.stages
        for topic in stage.topics
        if state_of(states, topic.id).blocks and not open_requirements(pack, topic, states)
    ]
    ready.sort(key=lambda one: (not one.learning, one.stage.order, -one.waiting))
    return tuple(ready[:most])


def current_stage(pack: Pack, states: States) -> Stage | None:
    """Return the earliest stage with something left to do; None when the road is finished."""
    for stage in pack.track.stages:
        if any(state_of(states, topic.id).blocks for topic in stage.topics):
            return stage
    return None


def hours_left(topics: Iterable[Topic], states: States) -> float:
    """Return the effort, in hours, of the topics that are neither finished nor skipped."""
    return sum(topic.hours for topic in topics if state_of(states, topic.id).blocks)


def _suggestion(pack: Pack, stage: Stage, topic: Topic, states: States) -> Suggestion:
    needed = [pack.topics[topic_id] for topic_id in topic.requires]
    return Suggestion(
        topic=topic,
        stage=stage,
        learning=state_of(states, topic.id) is State.LEARNING,
        built_on=tuple(one for one in needed if state_of(states, one.id).counts),
        skipped=tuple(one for one in needed if state_of(states, one.id) is State.SKIPPED),
        waiting=waiting_for(pack, topic.id, states),
    )
