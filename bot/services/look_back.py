"""*My week*: looking back on one's week, whether and how it comes by itself, and the goal of the next one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.day import study_day
from bot.domain.frozen import frozen
from bot.domain.look_back import WEEK, Kept, LookBack, Way, evening, goal_from, week_asked, week_of
from bot.domain.pack import Pack
from bot.errors import NotFoundError
from bot.services.look_back_letter import planned
from bot.services.look_back_week import looked_back
from bot.services.packs import Packs
from bot.services.reminder import with_next
from bot.storage import look_back as store
from bot.storage import member as member_store
from bot.storage.database import Database
from bot.storage.member import Member


@frozen
class LookBackPage:
    """A member's week with the choices about it.

    Attributes:
        found: the week.
        this_week: whether it is the one of today.
        way: how the week comes; None where the member does not look back.
        at: the local time at which it does.
        refused: whether it waits in ``/today`` because Discord refused the message.
    """

    found: LookBack
    this_week: bool
    way: Way | None
    at: time
    refused: bool


class LookBackService:
    """Use-cases of *My week*. All of it is about whoever asks."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock

    async def page(self, guild_id: int, user_id: int, ordinal: int = 0) -> LookBackPage:
        """Return a week of a member: the one whose Monday is ``ordinal``, as ``date.toordinal`` counts; 0 for this.

        Raises:
            StaleComponentError: where it is neither this week nor the last.
        """
        pack = await self._packs.with_exercises(guild_id)
        return await self._database.read(lambda tx: self._page(tx, pack, (guild_id, user_id), ordinal))

    async def choose(self, guild_id: int, user_id: int, way: Way | None) -> LookBackPage:
        """Let the week come by message or wait in ``/today``; None for neither. Goals stay."""
        pack = await self._packs.with_exercises(guild_id)
        now = self._clock.now()

        def write(tx: Connection) -> LookBackPage:
            person = member_store.get(tx, guild_id, user_id) or Member(guild_id, user_id, now)
            if way is Way.MESSAGE:
                # whoever asks for a message has perhaps opened them again: it is tried
                person = with_next(tx, replace(person, unreachable_since=None), now)
            member_store.put_profile(tx, person)
            store.put_choice(tx, guild_id, user_id, None if way is None else planned(tx, person, way, now))
            return self._page(tx, pack, (guild_id, user_id), 0)

        return await self._database.write(write)

    async def put_goal(self, guild_id: int, user_id: int, ordinal: int, text: str) -> LookBackPage:
        """Set the goal of the week after the one of ``ordinal``; an empty text takes it away.

        Raises:
            BadInputError: where it is too long.
            StaleComponentError: where that week is neither this one nor the last.
        """
        words, pack = goal_from(text), await self._packs.with_exercises(guild_id)
        now = self._clock.now()

        def write(tx: Connection) -> LookBackPage:
            week = week_asked(ordinal, self._today(tx, guild_id, user_id))
            member_store.ensure(tx, guild_id, user_id, now)
            store.put_goal(tx, guild_id, user_id, week + WEEK, words, now)
            return self._page(tx, pack, (guild_id, user_id), week.toordinal())

        return await self._database.write(write)

    async def judge(self, guild_id: int, user_id: int, ordinal: int, kept: Kept) -> LookBackPage:
        """Record what the member says of the goal of a week. It can be said anew, and scores nothing.

        Raises:
            NotFoundError: where there is no goal of that week.
            StaleComponentError: where that week is neither this one nor the last.
        """
        pack = await self._packs.with_exercises(guild_id)

        def write(tx: Connection) -> LookBackPage:
            week = week_asked(ordinal, self._today(tx, guild_id, user_id))
            if not store.judge(tx, guild_id, user_id, week, kept):
                raise NotFoundError("That week has no goal any more. Set one for the next week instead.")
            return self._page(tx, pack, (guild_id, user_id), week.toordinal())

        return await self._database.write(write)

    def _today(self, tx: Connection, guild_id: int, user_id: int) -> date:
        return study_day(self._clock.now(), member_store.day_rule(tx, guild_id, user_id))

    def _page(self, tx: Connection, pack: Pack, whose: tuple[int, int], ordinal: int) -> LookBackPage:
        today, choice = self._today(tx, *whose), store.choice(tx, *whose)
        week, person = week_asked(ordinal, today), member_store.get(tx, *whose)
        return LookBackPage(
            found=looked_back(tx, pack, whose, week, self._clock.now()),
            this_week=week == week_of(today),
            way=choice and choice.way,
            at=evening(person.remind_at if person else None),
            refused=choice is not None and choice.refused_at is not None,
        )
