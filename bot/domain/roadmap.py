"""The rules of progress: states, what counts, what comes next and why; pure functions of a pack and states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from operator import itemgetter
from typing import Final, TypeAlias

from bot.domain.frozen import frozen
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
        return self is State.DONE or self is State.KNOWN

    @property
    def blocks(self) -> bool:
        """Whether topics that require it have to wait. What was skipped on purpose keeps nobody waiting."""
        return self is State.NOT_STARTED or self is State.LEARNING


_NOT_STARTED: Final = State.NOT_STARTED
_LEARNING: Final = State.LEARNING
_DONE: Final = State.DONE
_KNOWN: Final = State.KNOWN
_SKIPPED: Final = State.SKIPPED
"""Names of their own: to look into an enum costs more than to compare, and a page compares hundreds of times."""

STATES: Final[Mapping[str, State]] = {state.value: state for state in State}
"""Each state by its name: to look it up here costs less than to ask the enum."""

States: TypeAlias = Mapping[str, State]
"""Topic id to state; a topic that is absent is not started."""


class Act(StrEnum):
    """What a member did; one act may change many topics and is undone as one."""

    MARK = "mark"
    EVIDENCE = "evidence"
    PLACEMENT = "placement"
    RESET = "reset"
    UNDO = "undo"


@frozen
class Mark:
    """A member's standing with one topic: its state, and the link given as evidence of doing it."""

    state: State = State.NOT_STARTED
    evidence: str | None = None


@frozen
class Change:
    """One topic's step from one mark to the next."""

    topic_id: str
    before: Mark
    after: Mark


@frozen
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


@frozen
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


@frozen
class Position:
    """Where a member is on the road.

    Attributes:
        stage: the earliest with something left to do; None when the road is finished.
        percent: how much of the road lies behind.
        next_topics: up to three to take next, the first first.
    """

    stage: Stage | None
    percent: int
    next_topics: tuple[Topic, ...]


def read_states(told: str) -> dict[str, State]:
    """Return the states that a text tells of, as in ``"probability:done statistics:learning"``.

    Raises:
        KeyError: where one of them is none.
    """
    return {topic_id: STATES[state] for topic_id, _, state in (one.partition(":") for one in told.split())}


def state_of(states: States, topic_id: str) -> State:
    """Return a topic's state; NOT_STARTED where nothing is recorded."""
    return states.get(topic_id, State.NOT_STARTED)


def count(topics: Iterable[Topic], states: States) -> Count:
    """Count progress over ``topics``."""
    finished = total = 0
    for topic in topics:
        state = states.get(topic.id)
        if state is not _SKIPPED:
            total += 1
            finished += state is _DONE or state is _KNOWN
    return Count(finished, total)


def count_road(pack: Pack, states: States) -> Count:
    """Count progress over the whole road, as ``count`` does over all its topics."""
    finished = skipped = 0
    for topic_id, state in states.items():
        if topic_id in pack.topics:
            finished += state is _DONE or state is _KNOWN
            skipped += state is _SKIPPED
    return Count(finished, len(pack.topics) - skipped)


def together(counts: Iterable[Count]) -> Count:
    """Return several counts as one."""
    every = list(counts)
    return Count(sum(one.finished for one in every), sum(one.total for one in every))


def open_requirements(pack: Pack, topic: Topic, states: States) -> tuple[Topic, ...]:
    """Return the prerequisites of ``topic`` that still block it, in the pack's order."""
    return tuple(pack.topics[needed] for needed in topic.requires if state_of(states, needed).blocks)


def opened_by(pack: Pack, before: States, after: States) -> tuple[Topic, ...]:
    """Return the topics not yet started that were blocked under ``before`` and are free under ``after``."""
    moved = {one for one, state in after.items() if before.get(one) is not state} | (before.keys() - after.keys())
    waiting = {later for one in moved if one in pack.topics for later in pack.dependents[one]}
    return tuple(
        topic
        for topic_id, topic in pack.topics.items()
        if topic_id in waiting
        and state_of(after, topic_id) is State.NOT_STARTED
        and open_requirements(pack, topic, before)
        and not open_requirements(pack, topic, after)
    )


def suggestions(pack: Pack, states: States, most: int = 3) -> tuple[Suggestion, ...]:
    """Return up to ``most`` topics to take next, with what speaks for each; see ``next_topics``."""
    return tuple(_suggestion(pack, topic, states, waiting) for topic, waiting in next_topics(pack, states, most))


def next_topics(pack: Pack, states: States, most: int = 3) -> list[tuple[Topic, int]]:
    """Return up to ``most`` topics to take next, and how many later ones wait for each.

    What is begun comes first. Then the earliest stage, and within it what most later topics wait for. What is not
    begun comes from the stage the member is at or the one after it, as long as there is anything left in them.
    """
    over = {topic_id for topic_id, state in states.items() if state is not _LEARNING and state is not _NOT_STARTED}
    begun = {topic_id for topic_id, state in states.items() if state is _LEARNING}
    ready: list[tuple[bool, int, int, Topic]] = []
    last: int | None = None
    for topic_id, stage in pack.stage_of.items():
        if topic_id in over:
            continue
        if last is not None and stage.order > last and topic_id not in begun:
            if not begun:
                break  # most roads are looked at for a stage or two, not to their end
            continue
        topic = pack.topics[topic_id]
        if over.issuperset(topic.requires):
            last = stage.order + 1 if last is None else last
            ready.append((topic_id not in begun, stage.order, -len(pack.waiting[topic_id] - over), topic))
    ready.sort(key=itemgetter(0, 1, 2))
    return [(topic, -waiting) for _, _, waiting, topic in ready[:most]]


def current_stage(pack: Pack, states: States) -> Stage | None:
    """Return the earliest stage with something left to do; None when the road is finished."""
    for topic_id, stage in pack.stage_of.items():
        state = states.get(topic_id)
        if state is None or state is _LEARNING or state is _NOT_STARTED:
            return stage
    return None


def position(pack: Pack, states: States) -> Position:
    """Return where a member with these states is on the road."""
    return Position(
        current_stage(pack, states),
        count_road(pack, states).percent,
        tuple(topic for topic, _ in next_topics(pack, states)),
    )


def hours_left(topics: Iterable[Topic], states: States) -> float:
    """Return the effort, in hours, of the topics that are neither finished nor skipped."""
    return sum(topic.hours for topic in topics if state_of(states, topic.id).blocks)


def _suggestion(pack: Pack, topic: Topic, states: States, waiting: int) -> Suggestion:
    needed = [pack.topics[topic_id] for topic_id in topic.requires]
    return Suggestion(
        topic=topic,
        stage=pack.stage_of[topic.id],
        learning=state_of(states, topic.id) is State.LEARNING,
        built_on=tuple(one for one in needed if state_of(states, one.id).counts),
        skipped=tuple(one for one in needed if state_of(states, one.id) is State.SKIPPED),
        waiting=waiting,
    )
