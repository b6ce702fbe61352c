"""Why each of a member's days counts as it does: the acts by their titles, freezes, rest, outages, repairs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.domain.streak import DayKind, StreakDay
from bot.services.item import find_item
from bot.services.packs import Packs
from bot.services.streak import streak_of
from bot.storage import occurrence as occurrence_store
from bot.storage import prompt as prompt_store
from bot.storage import streak as streak_store
from bot.storage.database import Database
from bot.storage.streak import DayRow

DAYS_A_PAGE: Final = 10


@frozen
class Reason:
    """What a day was, the acts that kept it by their titles, and what a moderator gave as the reason of a repair."""

    day: date
    kind: DayKind
    acts: tuple[str, ...]
    repair: str | None


@frozen
class WhyPage:
    """One page of reasons, the newest day first.

    Attributes:
        reasons: the days of this page.
        page: which page it is, from 0.
        pages: how many there are.
        total: how many days there are in all.
        first: the place of the page's first day among them, from 1.
    """

    reasons: tuple[Reason, ...]
    page: int
    pages: int
    total: int
    first: int


class WhyService:
    """The reasons behind a streak, for the member and for moderators."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock

    async def page(self, guild_id: int, user_id: int, page: int) -> WhyPage:
        """Return a page of the reasons behind a member's days; one past the end is the last."""
        pack = await self._packs.with_exercises(guild_id)
        now = self._clock.now()

        def read(tx: Connection) -> WhyPage:
            days = streak_of(tx, guild_id, user_id, now).days[::-1]
            pages = -(-len(days) // DAYS_A_PAGE)
            at = min(page, pages - 1)
            first = at * DAYS_A_PAGE
            shown = days[first : first + DAYS_A_PAGE]
            rows = streak_store.standing(tx, guild_id, user_id)
            reasons = tuple(_reason(tx, pack, (guild_id, user_id), one, rows) for one in shown)
            return WhyPage(reasons, at, pages, len(days), first + 1)

        return await self._database.read(read)


def _reason(tx: Connection, pack: Pack, whose: tuple[int, int], one: StreakDay, rows: Sequence[DayRow]) -> Reason:
    mine = [row for row in rows if row.day == one.day and row.kind is one.kind]
    acts = tuple(title_of(tx, pack, whose, row.source) for row in mine if row.kind is DayKind.KEPT)
    return Reason(one.day, one.kind, acts, next((row.reason for row in mine if row.reason), None))


def title_of(tx: Connection, pack: Pack, whose: tuple[int, int], source: str) -> str:
    """Return what a source is called; a plain word where its content is gone."""
    kind, _, key = source.partition(":")
    if kind == "topic":
        topic = pack.topics.get(key)
        return topic.title if topic else "a topic"
    if kind != "prompt" or not key.isdecimal():
        return kind
    done = prompt_store.done(tx, *whose, int(key))
    posted = occurrence_store.get(tx, whose[0], int(key))
    item = find_item(tx, pack, done.exercise_id if done else posted.exercise_id if posted else "")
    return item.title if item else "a daily prompt"
