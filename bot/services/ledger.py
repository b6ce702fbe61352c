"""A member's rows of the ledger, in words; and what moderators add to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.board import ALWAYS, Window
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.domain.points import Reason, rules_in_words
from bot.errors import BadInputError
from bot.services.packs import Packs
from bot.services.points import adjust, take_back
from bot.services.why import title_of
from bot.storage import board as board_store
from bot.storage import group as group_store
from bot.storage import points as store
from bot.storage.database import Database
from bot.storage.points import Entry

LINES_A_PAGE: Final = 10
NOTE_CHARACTERS: Final = 200
MOST_ADJUSTED: Final = 1000
"""Points that one adjustment gives or takes at most: as much as a rule may give for one act."""
ADJUSTED: Final = "Adjusted by a moderator"

_POINTS: Final = re.compile(r"([+\-−–]?)\s*(\d{1,6})")
_ABOUT: Final = {
    Reason.TOPIC: "topic", Reason.EVIDENCE: "topic", Reason.PROMPT: "prompt", Reason.ANSWER: "prompt",
}  # fmt: skip
"""What the source of a reason is the id of."""


@frozen
class Line:
    """A row of the ledger, as it is shown.

    Attributes:
        delta: points, negative where they were taken.
        says: the reason in words.
        title: of the topic or prompt it was for; None where there is none.
        day: the guild's study day it counts for.
        group: the name of the group it counts for; None for none.
        taken_back: whether it takes back an earlier row.
        note: what a moderator gave as the reason.
        by_user_id: the moderator who wrote the row.
    """

    delta: int
    says: str
    title: str | None
    day: date
    group: str | None
    taken_back: bool
    note: str | None
    by_user_id: int | None


@frozen
class Adjustment:
    """An adjustment that stands. ``source`` names it for taking it back."""

    source: str
    delta: int
    day: date
    note: str


@frozen
class LedgerPage:
    """One page of a member's rows, the newest first.

    Attributes:
        user_id: whose.
        points: what they add up to, all pages together.
        lines: this page's.
        page: which page it is, from 0.
        pages: how many there are.
        first: the place of the page's first row, from 1.
        total: how many rows there are in all.
        adjustments: those that stand, the newest first.
    """

    user_id: int
    points: int
    lines: tuple[Line, ...]
    page: int
    pages: int
    first: int
    total: int
    adjustments: tuple[Adjustment, ...]


class LedgerService:
    """The ledger as members and moderators see it. Whether somebody may look or adjust is checked by whoever calls."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock

    async def page(self, guild_id: int, user_id: int, page: int = 0) -> LedgerPage:
        """Return a page of a member's rows; one past the end is the last."""
        pack = await self._packs.with_exercises(guild_id)
        return await self._database.read(lambda tx: _page(tx, pack, guild_id, user_id, page))

    async def rules(self, guild_id: int) -> list[tuple[str, int, int]]:
        """Return what scores how much in a guild: words, points, and the most of a day."""
        pack = await self._packs.of(guild_id)
        return await self._database.read(lambda tx: rules_in_words(pack.points, store.overrides(tx, guild_id)))

    async def adjust(self, guild_id: int, user_id: int, by_user_id: int, typed: tuple[str, str]) -> LedgerPage:
        """Give or take points by a moderator's decision.

        Args:
            guild_id: the guild.
            user_id: the member.
            by_user_id: the moderator.
            typed: the points, such as +20 or -5, and the reason.

        Raises:
            BadInputError: where the points are no number of that size, or no reason is given.
        """
        delta, note = _points(typed[0]), " ".join(typed[1].split())
        if not 1 <= len(note) <= NOTE_CHARACTERS:
            raise BadInputError(
                f"An adjustment needs a reason of 1 to {NOTE_CHARACTERS} characters; the member reads it."
            )
        pack, now = await self._packs.with_exercises(guild_id), self._clock.now()

        def write(tx: Connection) -> LedgerPage:
            adjust(tx, guild_id, user_id, delta, note, by_user_id, now)
            return _page(tx, pack, guild_id, user_id, 0)

        return await self._database.write(write)

    async def take_back(self, guild_id: int, user_id: int, by_user_id: int, source: str) -> LedgerPage:
        """Take back an adjustment; one that was taken back already changes nothing."""
        pack, now = await self._packs.with_exercises(guild_id), self._clock.now()

        def write(tx: Connection) -> LedgerPage:
            take_back(tx, guild_id, user_id, Reason.ADJUSTMENT, source, now, by_user_id)
            return _page(tx, pack, guild_id, user_id, 0)

        return await self._database.write(write)


def _page(tx: Connection, pack: Pack, guild_id: int, user_id: int, page: int) -> LedgerPage:
    total = store.count_of_member(tx, guild_id, user_id)
    pages = max(1, -(-total // LINES_A_PAGE))
    at = min(max(page, 0), pages - 1)
    rows = store.of_member(tx, guild_id, user_id, LINES_A_PAGE, at * LINES_A_PAGE)
    groups = {one.group_id: one.name for one in group_store.all_of(tx, guild_id, archived=True)}
    board_id = board_store.find(tx, guild_id, Window.ALL, ALWAYS)
    points = None if board_id is None else board_store.score_of(tx, board_id, user_id)
    return LedgerPage(
        user_id=user_id,
        points=points or 0,
        lines=tuple(_line(tx, pack, guild_id, row, groups) for row in rows),
        page=at,
        pages=pages,
        first=at * LINES_A_PAGE + 1,
        total=total,
        adjustments=tuple(
            Adjustment(row.source, row.delta, row.day, row.note or "")
            for row in store.adjustments(tx, guild_id, user_id)
        ),
    )


def _line(tx: Connection, pack: Pack, guild_id: int, row: Entry, groups: Mapping[int, str]) -> Line:
    about = _ABOUT.get(row.reason)
    return Line(
        delta=row.delta,
        says=ADJUSTED if row.reason is Reason.ADJUSTMENT else pack.points.rule(row.reason).says,
        title=about and title_of(tx, pack, (guild_id, row.user_id), f"{about}:{row.source}"),
        day=row.day,
        group=None if row.group_id is None else groups.get(row.group_id),
        taken_back=row.turn % 2 == 1,
        note=row.note,
        by_user_id=row.by_user_id,
    )


def _points(typed: str) -> int:
    """Return the points a moderator typed.

    Raises:
        BadInputError: where they are none, nothing, or too many.
    """
    found = _POINTS.fullmatch(typed.strip())
    amount = int(found[2]) if found else 0
    if found is None or not 1 <= amount <= MOST_ADJUSTED:
        raise BadInputError(f"Points are a number from 1 to {MOST_ADJUSTED} with its sign, such as +20 or -5.")
    return amount if found[1] in {"", "+"} else -amount
