"""The boards of the past: each week, month and season with its winners."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.board import Measure, Rivals, placed, ranked_groups
from bot.domain.day import study_day
from bot.domain.frozen import frozen
from bot.services.board_groups import group_scores
from bot.services.board_lines import Ask, Stretch, stretch_of
from bot.services.membership import to_check
from bot.storage import board as store
from bot.storage import group as group_store
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage.database import Database

SHOWN = 6
"""Windows of a page."""
KEPT_IN_VIEW = 1000
"""Windows looked back at: nineteen years of weeks."""
PODIUM = 3
WINNERS = 5
"""Names of a podium at most; where more share a place, the rest is a number."""


@frozen
class Winner:
    """Somebody on a podium: a member by id and name, or a group by its name alone."""

    rank: int
    user_id: int | None
    name: str | None
    score: float


@frozen
class Past:
    """A window of the past with its podium; ``more`` have a place on it too."""

    stretch: Stretch
    winners: tuple[Winner, ...]
    more: int


@frozen
class History:
    """A page of the past, the latest first.

    Attributes:
        total: how many windows there are.
        by_share: whether the groups' figures are parts of one hundred, not points.
        unsure: the members whose being here was not checked for long.
    """

    ask: Ask
    total: int
    pasts: tuple[Past, ...]
    by_share: bool
    unsure: tuple[int, ...]


class BoardHistoryService:
    """Use-cases of **History** on ``/leaderboard``."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def page(self, guild_id: int, ask: Ask) -> History:
        """Return a page of the windows before the one that runs; ``ask.start`` plays no part."""
        return await self._database.read(lambda tx: self._page(tx, guild_id, ask))

    def _page(self, tx: Connection, guild_id: int, ask: Ask) -> History:
        settings = guild_store.get(tx, guild_id)
        today = study_day(self._clock.now(), settings.day_rule)
        past = [
            stretch
            for start in store.starts(tx, guild_id, ask.window, KEPT_IN_VIEW)
            if (stretch := stretch_of(tx, guild_id, Ask(ask.rivals, ask.window, start), today)).over
        ]
        page = min(ask.page, max(len(past) - 1, 0) // SHOWN)
        podium = _members if ask.rivals is Rivals.MEMBERS else _groups
        pasts = tuple(podium(tx, guild_id, one) for one in past[page * SHOWN : (page + 1) * SHOWN])
        who = {winner.user_id for one in pasts for winner in one.winners if winner.user_id is not None}
        unsure = to_check(who, member_store.known(tx, guild_id, who), self._clock.now())
        by_share = ask.rivals is Rivals.GROUPS and settings.group_measure is Measure.SHARE
        return History(Ask(ask.rivals, ask.window, None, page), len(past), pasts, by_share, unsure)


def _members(tx: Connection, guild_id: int, stretch: Stretch) -> Past:
    board_id = store.find(tx, guild_id, stretch.window, _start(stretch))
    if board_id is None:
        return Past(stretch, (), 0)
    best = store.top(tx, board_id, WINNERS)
    people = member_store.known(tx, guild_id, [one.who for one in best])
    winners = tuple(
        Winner(one.rank, one.who, people[one.who].name if one.who in people else None, one.score)
        for one in placed(1, 1, best)
        if one.rank <= PODIUM
    )
    more = 0
    if len(winners) == WINNERS:
        # whoever has as much as the last one shown stands on the podium as well
        more = store.above(tx, board_id, best[-1].score - 1) - WINNERS
    return Past(stretch, winners, more)


def _groups(tx: Connection, guild_id: int, stretch: Stretch) -> Past:
    settings = guild_store.get(tx, guild_id)
    scores = group_scores(tx, guild_id, stretch.window, _start(stretch))
    names = {one.group_id: one for one in group_store.all_of(tx, guild_id, archived=True)}
    by_share = settings.group_measure is Measure.SHARE
    found = [
        Winner(rank, None, " ".join(filter(None, (names[one.group_id].emoji, names[one.group_id].name))), figure)
        for rank, one in ranked_groups(scores, settings.group_measure, settings.group_least)
        if rank <= PODIUM and one.group_id in names
        for figure in (one.share * 100 if by_share else one.mean,)
    ]
    return Past(stretch, tuple(found[:WINNERS]), max(0, len(found) - WINNERS))


def _start(stretch: Stretch) -> date:
    assert stretch.start is not None  # noqa: S101  (what is over has begun)
    return stretch.start
