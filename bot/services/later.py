"""*Later* on a post: a member picks when to be reminded of it. The sending is not here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.domain.reminder import Later, ReminderKind, later_times
from bot.errors import BadInputError
from bot.services.packs import Packs
from bot.services.prompt import PromptPage, page_of, sent
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage import reminder as store
from bot.storage.database import Database


@frozen
class LaterPage:
    """The times a member can be reminded at.

    Attributes:
        page: the post.
        times: what to choose from, the earliest first.
        zone: the member's zone.
        unreachable: whether Discord refused the last direct message to the member.
    """

    page: PromptPage
    times: Mapping[Later, datetime]
    zone: str
    unreachable: bool


class LaterService:
    """Use-cases of *Later*. Every method raises NotFoundError where the guild has no such post."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock

    async def page(self, guild_id: int, user_id: int, number: int) -> LaterPage:
        """Return the times the member can be reminded at."""
        pack = await self._packs.with_exercises(guild_id)
        return await self._database.read(lambda tx: self._page(tx, pack, guild_id, user_id, number))

    async def remind(self, guild_id: int, user_id: int, number: int, choice: Later) -> LaterPage:
        """Remind the member of a post, counted from now; an earlier reminder of it is replaced.

        Raises:
            BadInputError: where that time is over for today, or the post was done meanwhile.
        """
        pack = await self._packs.with_exercises(guild_id)
        now = self._clock.now()

        def write(tx: Connection) -> LaterPage:
            found = self._page(tx, pack, guild_id, user_id, number)
            if found.page.done is not None:
                raise BadInputError("You have done this one already, so there is nothing to remind you of.")
            if choice not in found.times:
                raise BadInputError("That time is over for today, so nothing was set. Press Later and pick another.")
            member_store.ensure(tx, guild_id, user_id, now)
            store.put(tx, guild_id, user_id, ReminderKind.LATER, number, found.times[choice], now)
            return self._page(tx, pack, guild_id, user_id, number)

        return await self._database.write(write)

    async def forget(self, guild_id: int, user_id: int, number: int) -> LaterPage:
        """Take back a reminder that was not sent yet."""
        pack = await self._packs.with_exercises(guild_id)

        def write(tx: Connection) -> LaterPage:
            store.drop(tx, guild_id, user_id, ReminderKind.LATER, number)
            return self._page(tx, pack, guild_id, user_id, number)

        return await self._database.write(write)

    def _page(self, tx: Connection, pack: Pack, guild_id: int, user_id: int, number: int) -> LaterPage:
        person = member_store.get(tx, guild_id, user_id)
        zone = (person and person.zone) or guild_store.get(tx, guild_id).zone
        return LaterPage(
            page=page_of(tx, pack, guild_id, user_id, sent(tx, guild_id, number)),
            times=later_times(self._clock.now(), zone),
            zone=zone,
            unreachable=person is not None and person.unreachable_since is not None,
        )
