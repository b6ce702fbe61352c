"""Balanced study groups out of people who have none: of even size, near in time, mixed in progress.

What is made small is a sum over all pairs of people in one group. A pair costs the hours by which their clocks lie
further apart than ``NEAR_HOURS``, because beyond that evenings no longer meet; and one more where both are in the same
stage, which is least when every stage is spread evenly, so that everybody finds somebody ahead to ask. One pair of the
same stage thus weighs as much as one hour of distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2s
from itertools import pairwise
from math import ceil
from typing import Final

from bot.domain.frozen import frozen

NEAR_HOURS: Final = 3.0
DAY_MINUTES: Final = 24 * 60
STARTS: Final = 5
MOST_TRIES: Final = 400_000
"""Exchanges that are looked at; more people than this allows for get good groups, not the best to be found."""


@frozen
class Candidate:
    """Somebody without a group.

    Attributes:
        user_id: who.
        zone_minutes: how far the person's clock is ahead of UTC now.
        stage: the order of the stage the person is at.
    """

    user_id: int
    zone_minutes: int
    stage: int


def group_count(people: int, size: int) -> int:
    """Return how many groups of up to ``size`` people make; one more in a group rather than somebody alone."""
    return max(1, min(ceil(people / size), people // 2))


def hours_apart(one: int, other: int) -> float:
    """Return how many hours two clocks lie apart, around the day."""
    minutes = abs(one - other) % DAY_MINUTES
    return min(minutes, DAY_MINUTES - minutes) / 60


def pair_cost(one: Candidate, other: Candidate) -> float:
    """Return what it costs to have two people in one group."""
    far = max(0.0, hours_apart(one.zone_minutes, other.zone_minutes) - NEAR_HOURS)
    return far + (one.stage == other.stage)


def balanced(people: Sequence[Candidate], size: int, seed: int) -> list[list[Candidate]]:
    """Return groups whose sizes differ by one at most, the same ones for the same seed.

    It begins with neighbors in time and exchanges two people as long as that lowers the cost, from a few beginnings
    of the day, the widest gap first; the best of what is found is returned.

    Args:
        people: who is to be in a group, two at least.
        size: how many a group should have.
        seed: another one gives other groups, as good.
    """
    order = _around_the_day(people, seed)
    groups = _settled(order, size, seed)
    for start in range(1, STARTS):
        turned = len(order) * start // STARTS
        groups = min(groups, _settled(order[turned:] + order[:turned], size, seed), key=total_cost)
    return groups


def _settled(order: Sequence[Candidate], size: int, seed: int) -> list[list[Candidate]]:
    """Return groups that no exchange of two people makes better, found from this order."""
    count = group_count(len(order), size)
    least, more = divmod(len(order), count)
    ends = [number * least + min(number, more) for number in range(count + 1)]
    groups = [list(order[begin:end]) for begin, end in pairwise(ends)]
    _Exchange(groups).settle(seed)
    return groups


def total_cost(groups: Sequence[Sequence[Candidate]]) -> float:
    """Return the sum of what all pairs within groups cost."""
    return sum(pair_cost(one, other) for group in groups for i, one in enumerate(group) for other in group[:i])


def _around_the_day(people: Sequence[Candidate], seed: int) -> list[Candidate]:
    """Return people by their clocks, beginning after the widest gap of the day; the order of equals is the seed's."""
    order = sorted(people, key=lambda one: (one.zone_minutes % DAY_MINUTES, _lot(seed, one.user_id)))
    clocks = [one.zone_minutes % DAY_MINUTES for one in order]
    gaps = [(clocks[i] - clocks[i - 1]) % DAY_MINUTES for i in range(len(clocks))]
    first = gaps.index(max(gaps, default=0)) if gaps else 0
    return order[first:] + order[:first]


def _lot(seed: int, number: int) -> bytes:
    """Return what puts things into an order of the seed's own."""
    return blake2s(f"{seed}:{number}".encode(), digest_size=8).digest()


class _Exchange:
    """Groups, with what each kind of person costs in each of them, so that an exchange is weighed in four look-ups."""

    def __init__(self, groups: list[list[Candidate]]) -> None:
        self._groups = groups
        kinds = {(one.zone_minutes, one.stage): one for group in groups for one in group}
        number = {kind: i for i, kind in enumerate(kinds)}
        self._cost = [[pair_cost(one, other) for other in kinds.values()] for one in kinds.values()]
        self._kinds = [[number[one.zone_minutes, one.stage] for one in group] for group in groups]
        self._within = [[sum(row[one] for one in group) for row in self._cost] for group in self._kinds]

    def settle(self, seed: int) -> None:
        """Exchange people until no exchange helps, or enough were tried."""
        seats = [(g, i) for g, group in enumerate(self._groups) for i in range(len(group))]
        seats.sort(key=lambda seat: _lot(seed, seat[0] * len(seats) + seat[1]))
        tries, moved = 0, True
        while moved and tries < MOST_TRIES:
            moved = False
            for n, one in enumerate(seats):
                for other in seats[:n]:
                    if one[0] != other[0] and self._gain(one, other) > 1e-9:
                        self._swap(one, other)
                        moved = True
                tries += n

    def _gain(self, one: tuple[int, int], other: tuple[int, int]) -> float:
        """Return by how much the cost falls when two people change places."""
        a, b = self._kinds[one[0]][one[1]], self._kinds[other[0]][other[1]]
        if a == b:
            return 0.0
        cost, here, there = self._cost, self._within[one[0]], self._within[other[0]]
        return here[a] - cost[a][a] + there[b] - cost[b][b] - here[b] - there[a] + 2 * cost[a][b]

    def _swap(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        (g, i), (h, j) = one, other
        a, b = self._kinds[g][i], self._kinds[h][j]
        self._groups[g][i], self._groups[h][j] = self._groups[h][j], self._groups[g][i]
        self._kinds[g][i], self._kinds[h][j] = b, a
        for k, row in enumerate(self._cost):
            self._within[g][k] += row[b] - row[a]
            self._within[h][k] += row[a] - row[b]
