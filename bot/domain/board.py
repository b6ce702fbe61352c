"""Boards: their windows in time, and competition ranking (1, 1, 3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.day import monday_of
from bot.domain.frozen import frozen


class Window(StrEnum):
    """The stretch of time a board is about."""

    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    ALL = "all"


ALWAYS: Final = date(2000, 1, 1)
"""The first day of the board of all time: before anything was scored."""


def window_start(window: Window, day: date, season: date | None) -> date | None:
    """Return the first study day of the window that ``day`` is in; None for a season where none runs.

    Args:
        window: which.
        day: a study day of the guild.
        season: the first day of the season that runs, if one does.
    """
    match window:
        case Window.WEEK:
            return monday_of(day)
        case Window.MONTH:
            return day.replace(day=1)
        case Window.SEASON:
            return season
        case Window.ALL:
            return ALWAYS


def window_before(window: Window, start: date) -> date | None:
    """Return the first day of the window before the one that starts at ``start``; None where there is none such."""
    match window:
        case Window.WEEK:
            return start - timedelta(days=7)
        case Window.MONTH:
            return (start - timedelta(days=1)).replace(day=1)
        case Window.SEASON | Window.ALL:
            return None


def window_end(window: Window, start: date, season_end: date | None) -> date | None:
    """Return the last study day of the window that starts at ``start``; None for one that has no end yet."""
    match window:
        case Window.WEEK:
            return start + timedelta(days=6)
        case Window.MONTH:
            return (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        case Window.SEASON:
            return season_end
        case Window.ALL:
            return None


class Rivals(StrEnum):
    """Who stands on a board."""

    MEMBERS = "members"
    GROUPS = "groups"


@frozen
class Score:
    """Somebody's score on a board. ``who`` is a user id or a group's."""

    who: int
    score: int


@frozen
class Place:
    """A line of a board."""

    rank: int
    who: int
    score: int


def placed(first_rank: int, first_position: int, scores: Sequence[Score]) -> tuple[Place, ...]:
    """Return consecutive lines of a board with their ranks; equal scores share one.

    Args:
        first_rank: the rank of the first line.
        first_position: how many lines stand above the first one, plus one.
        scores: the lines, the best first.
    """
    lines: list[Place] = []
    for position, one in enumerate(scores, first_position):
        rank = first_rank if not lines else lines[-1].rank if one.score == lines[-1].score else position
        lines.append(Place(rank, one.who, one.score))
    return tuple(lines)


class Measure(StrEnum):
    """By what groups are compared, so that a small steady one can win."""

    MEAN = "mean"
    SHARE = "share"


@frozen
class GroupScore:
    """A group on a board.

    Attributes:
        group_id: the group.
        total: the points its members earned in it.
        active: how many members earned some.
        size: how many members it has now.
    """

    group_id: int
    total: int
    active: int
    size: int

    @property
    def mean(self) -> float:
        """Points for each active member."""
        return self.total / self.active if self.active else 0.0

    @property
    def share(self) -> float:
        """The part of its members that took part, 0 to 1. Who earned something and left still counts among both."""
        return self.active / max(self.size, self.active) if self.active else 0.0


def ranked_groups(groups: Sequence[GroupScore], measure: Measure, least: int) -> list[tuple[int, GroupScore]]:
    """Return the groups of at least ``least`` members with their ranks, the best first; ties by the other measure."""

    def key(one: GroupScore) -> tuple[float, float]:
        figures = (one.mean, one.share) if measure is Measure.MEAN else (one.share, one.mean)
        return round(figures[0], 6), round(figures[1], 6)

    counted = sorted(((key(one), -one.group_id, one) for one in groups if one.size >= least), reverse=True)
    found: list[tuple[int, GroupScore]] = []
    for position, (figures, _, one) in enumerate(counted, 1):
        same = bool(found) and counted[position - 2][0] == figures
        found.append((found[-1][0] if same else position, one))
    return found
