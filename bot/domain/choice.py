"""Which exercise a day brings: what fits where the group is, and nothing twice until everything was used once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2s

from bot.domain.pack import Pack
from bot.domain.prompt import Exercise
from bot.domain.roadmap import States, current_stage
from bot.domain.schedule import Slot
from bot.domain.track import Stage


def group_stage(pack: Pack, everybody: Iterable[States]) -> Stage:
    """Return the stage the group is at: the middle one of its members' stages; the first for a group of nobody."""
    orders = sorted(stage.order for states in everybody if (stage := current_stage(pack, states)) is not None)
    if not orders:
        return pack.track.stages[0]
    middle = orders[(len(orders) - 1) // 2]
    return next(stage for stage in pack.track.stages if stage.order == middle)


def pool(pack: Pack, slot: Slot, stage: Stage) -> list[str]:
    """Return the exercises that fit a slot, the ones of the group's stage first, then by how near their stage is."""
    found = pack.exercises
    exercises: Mapping[Slot, Mapping[str, Exercise]] = {
        Slot.PRACTICE: found.prompts,
        Slot.KAGGLE: found.tasks,
        Slot.ARXIV: found.papers,
        Slot.REST: {},
    }
    fitting = exercises[slot]
    return sorted(fitting, key=lambda one: (_distance(pack, fitting[one], stage), one))


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
    nearest = min(orders, key=lambda order: abs(order - stage.order))
    ahead = nearest - stage.order
    return 2 * ahead if ahead > 0 else -ahead
