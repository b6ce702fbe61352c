"""Which exercise comes: the group's stage first, then the level that suits it, as members say."""

from __future__ import annotations

import pytest

from bot.domain.choice import pool, wanted_level
from bot.domain.pack import Pack
from bot.domain.schedule import Slot

Votes = dict[str, tuple[int, int]]


@pytest.mark.parametrize(("order", "level"), [(1, 1), (2, 1), (3, 2), (5, 2), (6, 3), (7, 3)])
def test_the_level_begins_at_what_suits_the_stage(pack: Pack, order: int, level: int) -> None:
    stage = next(one for one in pack.track.stages if one.order == order)
    assert wanted_level(stage, {}) == level


@pytest.mark.parametrize(
    ("votes", "level"),
    [
        ({"a": (1, 0)}, 2),
        ({"a": (2, 0)}, 1),
        ({"a": (1, 0), "b": (1, 0)}, 1),
        ({"a": (1, 1)}, 2),
        ({"a": (0, 2)}, 3),
        ({"a": (3, 0), "b": (0, 4)}, 3),
        ({"a": (99, 0)}, 1),
    ],
)
def test_two_voices_move_it_by_one_where_most_agree(pack: Pack, votes: Votes, level: int) -> None:
    assert wanted_level(pack.track.stages[2], votes) == level


def test_it_stays_between_the_first_and_the_last(pack: Pack) -> None:
    assert wanted_level(pack.track.stages[0], {"a": (9, 0)}) == 1
    assert wanted_level(pack.track.stages[-1], {"a": (0, 9)}) == 3


@pytest.mark.parametrize("level", [1, 2, 3])
def test_among_equally_near_ones_the_wanted_level_comes_first(pack: Pack, level: int) -> None:
    stage = pack.track.stages[2]
    found = [pack.exercises.prompts[one] for one in pool(pack, Slot.PRACTICE, stage, level)]
    own = [one for one in found if any(pack.stage_of[topic] is stage for topic in one.topics)]
    assert found[: len(own)] == own, "the group's stage matters more than the level"
    distances = [abs(one.level - level) for one in own]
    assert distances == sorted(distances)
    assert distances[0] == 0
