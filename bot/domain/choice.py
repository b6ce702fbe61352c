"""Which exercise a day brings: what fits where the group is, and nothing twice until everything was used once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2s
from typing import Final

from bot.domain.pack import Pack
from bot.domain.prompt import Exercise
from bot.domain.roadmap import States, current_stage
from bot.domain.schedule import Slot
from bot.domain.track import Stage

LEVELS: Final = (1, 2, 3)
FIRST_STAGES: Final = 2
"""Up to this stage a group begins at level 1."""
MIDDLE_STAGES: Final = 5
"""Up to this one at level 2, and after it at level 3."""
VOICES: Final = 2
"""Fewer votes than this move nothing."""


def group_stage(pack: Pack, everybody: Iterable[States]) -> Stage:
    """Return the stage the group is at: the middle one of its members' stages; the first for a group of nobody."""
    orders = sorted(stage.order for states in everybody if (stage := current_stage(pack, states)) is not None)
    if not orders:
        return pack.track.stages[0]
    middle = orders[(len(orders) - 1) // 2]
    return next(stage for stage in pack.track.stages if stage.order == middle)


def wanted_level(stage: Stage, votes: Mapping[str, tuple[int, int]]) -> int:
    """Return the level, 1 to 3, that suits a group: by its stage, one lower or higher where most say so.

    Args:
        stage: the one the group is at.
        votes: how many found each exercise too hard and too easy.
    """
    usual = 1 if stage.order <= FIRST_STAGES else 2 if stage.order <= MIDDLE_STAGES else 3
    hard, easy = (sum(counts) for counts in zip(*votes.values(), strict=True)) if votes else (0, 0)
    if hard + easy < VOICES or hard == easy:
        return usual
    return max(LEVELS[0], usual - 1) if hard > easy else min(LEVELS[-1], usual + 1)


def pool(pack: Pack, slot: Slot, stage: Stage, level: int | None = None) -> list[str]:
    """Return the exercises that fit a slot, the best fitting first.

    What is of the group's stage comes first, then what is of the nearest ones; among equally near ones those whose
    level is nearest to ``level``, where one is wanted.
    """
    found = pack.exercises
    exercises: Mapping[Slot, Mapping[str, Exercise]] = {
        Slot.PRACTICE: found.prompts,
        Slot.KAGGLE: found.tasks,
        Slot.ARXIV: found.papers,
        Slot.RECAP: {},
        Slot.REST: {},
    }
    fitting = exercises[slot]

    def place(one: str) -> tuple[int, int, str]:
        exercise = fitting[one]
        return _distance(pack, exercise, stage), abs(exercise.level - level) if level else 0, one

    return sorted(fitting, key=place)


def choose(candidates: Sequence[str], used: Mapping[str, int], near: int, salt: str) -> str | None:
    """Return the exercise to take next; None where there is none at all.

    Nothing comes again before everything was used as often. Among what is left, one of the ``near`` best fitting is
    taken, in an order of its own for each guild.

    Args:
        candidates: ids, the best fitting first.
        used: how often each was used; absent means never.
        near: how many of the best fitting are as good as each other.
        salt: makes the order differ between guilds, and stay the same for one.
    """
    if not candidates:
        return None
    least = min(used.get(one, 0) for one in candidates)
    fresh = [one for one in candidates if used.get(one, 0) == least]
    return min(fresh[:near], key=lambda one: blake2s(f"{salt}:{one}".encode()).digest())


def _distance(pack: Pack, exercise: Exercise, stage: Stage) -> int:
    """Return how far an exercise is from a stage: 0 where it practises a topic of it, more for later stages."""
    orders = [pack.stage_of[topic_id].order for topic_id in exercise.topics]
    if not orders:  # a server's own prompt may name no topic: it fits anywhere
        return 0
    nearest = min(orders, key=lambda order: abs(order - stage.order))
    ahead = nearest - stage.order
    return 2 * ahead if ahead > 0 else -ahead
