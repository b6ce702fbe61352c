"""Seasons: begun and ended by a guild's managers, each taken back within a week; and how its groups are compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.board import Measure, Window
from bot.domain.day import day_from, study_day
from bot.domain.frozen import frozen
from bot.domain.group import GroupMakers
from bot.errors import BadInputError, NotFoundError
from bot.storage import board_recount
from bot.storage import guild as guild_store
from bot.storage import season as store
from bot.storage.database import Database
from bot.storage.season import Season

UNDO_WITHIN: Final = timedelta(days=7)
NAME_CHARACTERS: Final = 32
FARTHEST: Final = timedelta(days=366)
"""How far ahead a season may begin."""
LEAST_SIZES: Final = range(1, 11)
"""How many members a group may be asked to have to stand on the board."""


@frozen
class SeasonPage:
    """What a guild decided about seasons and groups.

    Attributes:
        today: the guild's study day.
        seasons: all of them, the latest first.
        running: the one that runs, or is to begin.
        may_unbegin: the number of a season whose beginning can still be taken back.
        may_continue: the number of a season whose end can still be taken back.
    """

    today: date
    seasons: tuple[Season, ...]
    running: Season | None
    may_unbegin: int | None
    may_continue: int | None
    makers: GroupMakers
    measure: Measure
    least: int


class SeasonService:
    """Use-cases of the page *Seasons and groups* in ``/setup``.

    What changes a season's days adds its board up anew in the same transaction. Measured with 100,000 rows in the
    guild's ledger: see ``docs/architecture.md``.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def page(self, guild_id: int) -> SeasonPage:
        """Return what was decided."""
        return await self._database.read(lambda tx: self._page(tx, guild_id))

    async def begin(self, guild_id: int, name: str, first: str) -> SeasonPage:
        """Begin a season; what was earned from its first day on counts for it.

        Args:
            guild_id: the guild.
            name: as it is shown.
            first: its first study day: a date, or today.

        Raises:
            BadInputError: where the name or the day can't be used, or a season runs already.
        """
        called = " ".join(name.split())
        if not 2 <= len(called) <= NAME_CHARACTERS:
            raise BadInputError(f"A season's name has 2 to {NAME_CHARACTERS} characters, such as Spring 2027.")
        now = self._clock.now()

        def write(tx: Connection) -> None:
            page = self._page(tx, guild_id)
            if page.running is not None:
                raise BadInputError(f"*{page.running.name}* is not over. End it first, then begin the next one.")
            first_day = day_from(first or "today", page.today)
            _require_free(first_day, page)
            store.begin(tx, guild_id, called, first_day, now)
            board_recount.recount(tx, guild_id, Window.SEASON, first_day, None)

        return await self._changed(guild_id, write)

    async def end(self, guild_id: int, number: int, last: str) -> SeasonPage:
        """End a season with a study day, today's at the latest; what was earned after it counts for it no more.

        Raises:
            BadInputError: where the day can't be used.
            NotFoundError: where that season does not run.
        """
        now = self._clock.now()

        def write(tx: Connection) -> None:
            page = self._page(tx, guild_id)
            if page.running is None or page.running.number != number:
                raise NotFoundError("That season does not run any more. Look at /setup > Seasons again.")
            last_day = day_from(last or "today", page.today)
            if not page.running.first_day <= last_day <= page.today:
                raise BadInputError(
                    f"A season ends on a day between its first, {page.running.first_day}, and today, {page.today}."
                )
            store.put_end(tx, guild_id, number, last_day, now)
            board_recount.recount(tx, guild_id, Window.SEASON, page.running.first_day, last_day)

        return await self._changed(guild_id, write)

    async def unbegin(self, guild_id: int, number: int) -> SeasonPage:
        """Take the beginning of a season back, within a week: it never was, and no point is lost.

        Raises:
            NotFoundError: where that can't be done any more.
        """

        def write(tx: Connection) -> None:
            page = self._page(tx, guild_id)
            if page.running is None or page.may_unbegin != number:
                raise NotFoundError("That can be taken back for 7 days, while the season runs. End it instead.")
            store.remove(tx, guild_id, number)
            board_recount.remove(tx, guild_id, Window.SEASON, page.running.first_day)

        return await self._changed(guild_id, write)

    async def resume(self, guild_id: int, number: int) -> SeasonPage:
        """Take the end of a season back, within a week: it runs on, and what was earned meanwhile counts for it.

        Raises:
            NotFoundError: where that can't be done any more.
        """

        def write(tx: Connection) -> None:
            page = self._page(tx, guild_id)
            if page.may_continue != number:
                raise NotFoundError(
                    "An end can be taken back for 7 days, and while no other season has begun. Begin a new one."
                )
            store.put_end(tx, guild_id, number, None, None)
            board_recount.recount(tx, guild_id, Window.SEASON, page.seasons[0].first_day, None)

        return await self._changed(guild_id, write)

    async def put_makers(self, guild_id: int, makers: GroupMakers) -> SeasonPage:
        """Set who may make groups."""
        return await self._changed(guild_id, lambda tx: _settle(tx, guild_id, group_makers=makers))

    async def put_measure(self, guild_id: int, measure: Measure) -> SeasonPage:
        """Set by what groups are compared."""
        return await self._changed(guild_id, lambda tx: _settle(tx, guild_id, group_measure=measure))

    async def put_least(self, guild_id: int, least: int) -> SeasonPage:
        """Set how many members a group needs to stand on the board.

        Raises:
            BadInputError: where it is not between 1 and 10.
        """
        if least not in LEAST_SIZES:
            raise BadInputError("A group can be asked to have 1 to 10 members. Choose a number from the list.")
        return await self._changed(guild_id, lambda tx: _settle(tx, guild_id, group_least=least))

    async def _changed(self, guild_id: int, change: Callable[[Connection], None]) -> SeasonPage:
        def write(tx: Connection) -> SeasonPage:
            change(tx)
            return self._page(tx, guild_id)

        return await self._database.write(write)

    def _page(self, tx: Connection, guild_id: int) -> SeasonPage:
        now, guild = self._clock.now(), guild_store.get(tx, guild_id)
        seasons = store.all_of(tx, guild_id)
        latest = seasons[0] if seasons else None
        running = latest if latest is not None and latest.last_day is None else None
        ended = latest if latest is not None and latest.ended_at is not None else None
        return SeasonPage(
            today=study_day(now, guild.day_rule),
            seasons=tuple(seasons),
            running=running,
            may_unbegin=running.number if running and now - running.begun_at <= UNDO_WITHIN else None,
            may_continue=ended.number if ended and ended.ended_at and now - ended.ended_at <= UNDO_WITHIN else None,
            makers=guild.group_makers,
            measure=guild.group_measure,
            least=guild.group_least,
        )


def _require_free(first_day: date, page: SeasonPage) -> None:
    """Refuse a first day that another season has, or that is too far away.

    Raises:
        BadInputError: where it is refused; the sentence names the days that can be chosen.
    """
    taken = [one.last_day for one in page.seasons if one.last_day is not None]
    if taken and first_day <= max(taken):
        latest = max(taken) + timedelta(days=1)
        raise BadInputError(f"The season before has that day. The next one can begin on {latest} at the earliest.")
    if first_day > page.today + FARTHEST:
        raise BadInputError(f"A season can begin up to a year ahead, until {page.today + FARTHEST}.")
    if first_day.year < 2015:
        raise BadInputError("Discord is younger than that. Choose a later day, or today.")


def _settle(tx: Connection, guild_id: int, **changes: object) -> None:
    guild_store.put(tx, replace(guild_store.get(tx, guild_id), **changes))
