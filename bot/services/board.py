"""Boards: who stands where this week, this month, in the season and of all time; members, and groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.board import (
    GroupScore,
    Measure,
    Place,
    placed,
    ranked_groups,
)
from bot.domain.card import GroupCard, LeaderboardCard
from bot.domain.day import study_day
from bot.domain.frozen import frozen
from bot.services.board_groups import group_scores
from bot.services.board_lines import Ask, MemberLine, Stretch, member_lines, stretch_of
from bot.services.membership import AT_ONCE, to_check
from bot.storage import board as store
from bot.storage import board_place
from bot.storage import group as group_store
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage.database import Database

LINES = 10
"""Lines of a page."""


@frozen
class Standing:
    """Where the asker stands.

    Attributes:
        rank: the place; for somebody hidden the one it would be.
        score: points.
        hidden: whether the asker is left off the boards.
        next_rank: the nearest better place; None for the first.
        to_next: points to it.
    """

    rank: int
    score: int
    hidden: bool
    next_rank: int | None
    to_next: int


@frozen
class MemberBoard:
    """A page of the members' board.

    Attributes:
        size: how many members stand on it.
        mine: where the asker stands; None for who has no points in it.
        best: the points of the first.
        unsure: whether it was not checked for long that all of them are still here.
    """

    ask: Ask
    stretch: Stretch
    size: int
    lines: tuple[MemberLine, ...]
    mine: Standing | None
    best: int
    unsure: bool


@frozen
class GroupLine:
    """A line of the groups' board."""

    rank: int
    name: str
    emoji: str | None
    figures: GroupScore


@frozen
class GroupBoard:
    """A page of the groups' board.

    Attributes:
        measure: by what they are compared.
        least: how many members a group needs to stand on it.
        size: how many groups do.
        small: how many have points and too few members.
        best: what the first has, by that measure.
        mine: the line of the asker's group, if it stands on it.
    """

    ask: Ask
    stretch: Stretch
    measure: Measure
    least: int
    size: int
    small: int
    best: float
    lines: tuple[GroupLine, ...]
    mine: GroupLine | None


class Renderer(Protocol):
    """Draws boards and groups."""

    async def leaderboard(self, card: LeaderboardCard) -> bytes | None:
        """Return a page of a board as a PNG; None where it can't be drawn now."""
        ...

    def kept_leaderboard(self, card: LeaderboardCard) -> bytes | None:
        """Return a page that was drawn before and is still kept; None where not. It never waits."""
        ...

    async def group(self, card: GroupCard) -> bytes | None:
        """Return a study group as a PNG; None where it can't be drawn now."""
        ...


class BoardService:
    """Use-cases of ``/leaderboard``; the past ones are in ``bot.services.board_history``."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def members(self, guild_id: int, user_id: int, ask: Ask) -> MemberBoard:
        """Return a page of the members' board."""
        return await self._database.read(lambda tx: self._members(tx, guild_id, user_id, ask))

    async def groups(self, guild_id: int, user_id: int, ask: Ask) -> GroupBoard:
        """Return a page of the groups' board."""
        return await self._database.read(lambda tx: self._groups(tx, guild_id, user_id, ask))

    async def nearby(self, guild_id: int, found: MemberBoard) -> Sequence[int]:
        """Return the members of a page and of those after it, as many as Discord is asked about in one go."""

        def read(tx: Connection) -> list[int]:
            start = found.stretch.start
            board_id = start and store.find(tx, guild_id, found.ask.window, start)
            if board_id is None:
                return []
            return [one.who for one in store.top(tx, board_id, AT_ONCE, found.ask.page * LINES)]

        return await self._database.read(read)

    def _members(self, tx: Connection, guild_id: int, user_id: int, ask: Ask) -> MemberBoard:
        today = study_day(self._clock.now(), guild_store.day_rule(tx, guild_id))
        stretch = stretch_of(tx, guild_id, ask, today)
        board_id = stretch.start and store.find(tx, guild_id, ask.window, stretch.start)
        if board_id is None:
            return MemberBoard(ask, stretch, 0, (), None, 0, unsure=False)
        size = store.size(tx, board_id)
        page = min(ask.page, max(size - 1, 0) // LINES)
        mine = _standing(tx, guild_id, board_id, user_id) if ask.around_me or page else None
        if ask.around_me and mine is not None and not mine.hidden:
            above = mine.rank - 1 + store.level(tx, board_id, mine.score, user_id)
            page, before = divmod(above, LINES)
            scores = store.around(tx, board_id, user_id, mine.score, (before, LINES - 1 - before))
        else:
            scores = store.top(tx, board_id, LINES, page * LINES)
        # of the lines above the first one, those with as many points share its place
        first = page * LINES + 1
        first -= store.level(tx, board_id, scores[0].score, scores[0].who) if scores and page else 0
        leader = scores if page == 0 else store.top(tx, board_id, 1)
        best = leader[0].score if leader else 0
        places = placed(first, page * LINES + 1, scores)
        if not page:
            mine = mine or _on_top(places, user_id) or _standing(tx, guild_id, board_id, user_id)
        people = member_store.known(tx, guild_id, [one.who for one in places])
        lines = member_lines(tx, guild_id, stretch, today, places, people)
        unsure = bool(to_check([one.who for one in places], people, self._clock.now()))
        return MemberBoard(
            Ask(ask.rivals, ask.window, ask.start, page),
            stretch,
            size,
            lines,
            mine,
            best,
            unsure,
        )

    def _groups(self, tx: Connection, guild_id: int, user_id: int, ask: Ask) -> GroupBoard:
        settings = guild_store.get(tx, guild_id)
        today = study_day(self._clock.now(), settings.day_rule)
        stretch = stretch_of(tx, guild_id, ask, today)
        start, measure, least = stretch.start, settings.group_measure, settings.group_least
        scores = group_scores(tx, guild_id, ask.window, start) if start else []
        ranked = ranked_groups(scores, measure, least)
        names = {one.group_id: one for one in group_store.all_of(tx, guild_id, archived=True)}
        lines = [
            GroupLine(rank, names[one.group_id].name, names[one.group_id].emoji, one)
            for rank, one in ranked
            if one.group_id in names
        ]
        own = group_store.group_of(tx, guild_id, user_id)
        place = next((place for place, one in enumerate(lines) if one.figures.group_id == own), None)
        page = min(ask.page, max(len(lines) - 1, 0) // LINES)
        page = place // LINES if ask.around_me and place is not None else page
        return GroupBoard(
            Ask(ask.rivals, ask.window, ask.start, page),
            stretch,
            measure,
            least,
            len(lines),
            len(scores) - len(ranked),
            max((one.figures.mean if measure is Measure.MEAN else one.figures.share for one in lines), default=0.0),
            tuple(lines[page * LINES : (page + 1) * LINES]),
            None if place is None else lines[place],
        )


def _on_top(places: Sequence[Place], user_id: int) -> Standing | None:
    """Return where somebody stands who is on the first page; None for who isn't. Only who is shown is on a page."""
    own = next((one for one in places if one.who == user_id), None)
    if own is None:
        return None
    higher = next((one for one in reversed(places) if one.score > own.score), None)
    return Standing(
        rank=own.rank,
        score=own.score,
        hidden=False,
        next_rank=higher and higher.rank,
        to_next=higher.score - own.score if higher else 0,
    )


def _standing(tx: Connection, guild_id: int, board_id: int, user_id: int) -> Standing | None:
    found = board_place.place(tx, guild_id, board_id, user_id)
    if found is None:
        return None
    rank, higher = found.above + 1, found.next_up
    return Standing(
        rank=rank,
        score=found.score,
        hidden=found.off_boards,
        next_rank=None if higher is None else rank - found.level,
        to_next=0 if higher is None else higher - found.score,
    )
