"""Balanced groups: even sizes, the same for the same seed, near in time and mixed in progress."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.group_balance import Candidate, balanced, group_count, hours_apart, pair_cost, total_cost

zones = st.sampled_from([-480, -300, 0, 60, 330, 540, 765])
crowds = st.lists(st.tuples(zones, st.integers(1, 4)), min_size=2, max_size=24).map(
    lambda drawn: [Candidate(1000 + i * 7, zone, stage) for i, (zone, stage) in enumerate(drawn)]
)


@settings(max_examples=60, deadline=None)
@given(crowds, st.integers(2, 9), st.integers(0, 2**63 - 1))
def test_everybody_is_in_one_group_and_sizes_differ_by_one(people: list[Candidate], size: int, seed: int) -> None:
    groups = balanced(people, size, seed)
    assert sorted(one.user_id for group in groups for one in group) == [one.user_id for one in people]
    sizes = [len(group) for group in groups]
    assert max(sizes) - min(sizes) <= 1
    assert min(sizes) >= 2, "nobody is left alone"
    assert max(sizes) <= max(size, 3)
    assert balanced(list(reversed(people)), size, seed) == groups, "the order of the rows changes nothing"


@settings(max_examples=25, deadline=None)
@given(crowds.filter(lambda people: len(people) >= 4), st.integers(0, 99))
def test_no_exchange_of_two_people_would_be_better(people: list[Candidate], seed: int) -> None:
    groups = balanced(people, 4, seed)
    cost = total_cost(groups)
    for a, b in combinations(range(len(groups)), 2):
        for i in range(len(groups[a])):
            for j in range(len(groups[b])):
                other = [list(group) for group in groups]
                other[a][i], other[b][j] = other[b][j], other[a][i]
                assert total_cost(other) >= cost - 1e-6


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(zones, st.integers(1, 3)), min_size=8, max_size=8))
def test_eight_people_in_two_groups_are_near_the_best_there_is(drawn: list[tuple[int, int]]) -> None:
    people = [Candidate(i, zone, stage) for i, (zone, stage) in enumerate(drawn)]
    everything = set(people)
    best = min(total_cost([one, [*everything - set(one)]]) for one in combinations(people, 4))
    assert total_cost(balanced(people, 4, 1)) <= best * 1.1 + 2


def test_two_far_zones_are_kept_apart_and_their_stages_mixed() -> None:
    people = [Candidate(i, 540 if i % 2 else -300, 1 + i // 2 % 2) for i in range(8)]
    for group in balanced(people, 4, 3):
        assert len({one.zone_minutes for one in group}) == 1
        assert sorted(one.stage for one in group) == [1, 1, 2, 2]


def test_near_zones_give_way_to_mixed_stages() -> None:
    people = [Candidate(i, 60 * (i // 3), 1 + i // 3) for i in range(9)]
    groups = balanced(people, 3, 1)
    assert all(sorted(one.stage for one in group) == [1, 2, 3] for group in groups)


def test_another_seed_gives_another_division_as_good() -> None:
    people = [Candidate(i, 60, 1 + i % 4) for i in range(16)]
    divisions = [balanced(people, 4, seed) for seed in range(4)]
    assert len({str(division) for division in divisions}) > 1
    assert len({total_cost(division) for division in divisions}) == 1


def test_how_many_groups() -> None:
    assert [group_count(people, 8) for people in (2, 8, 9, 16, 17)] == [1, 1, 2, 2, 3]
    assert group_count(3, 2) == 1, "three together rather than one alone"


def test_the_day_is_round() -> None:
    assert hours_apart(-660, 720) == 1
    assert pair_cost(Candidate(1, 0, 1), Candidate(2, 180, 2)) == 0
    assert pair_cost(Candidate(1, 0, 1), Candidate(2, 240, 1)) == 2
