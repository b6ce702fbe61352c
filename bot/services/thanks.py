"""Credit for helping: a member says that another member's message helped."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.day import starts_at, study_day
from bot.domain.frozen import frozen
from bot.domain.points import Reason
from bot.errors import BadInputError, NotFoundError
from bot.services.packs import Packs
from bot.services.points import Earning, earn
from bot.storage import member as member_store
from bot.storage import thanks as store
from bot.storage.database import Database

FROM_ONE_A_WEEK: Final = 3
"""How many thanks from one member to another count within seven days."""
WEEK: Final = timedelta(days=7)
A_DAY: Final = 5
"""How many thanks count for one member within that member's study day."""


class Counted(StrEnum):
    """Whether thanks counted, and why not."""

    YES = "yes"
    BEFORE = "before"
    ENOUGH_FROM_YOU = "enough_from_you"
    ENOUGH_TODAY = "enough_today"


@frozen
class Thanked:
    """A message was said to have helped. ``received``: how many thanks ever counted for its author."""

    author_id: int
    message_id: int
    counted: Counted
    received: int


class ThanksService:
    """Use-cases of **This helped me**."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock

    async def thank(self, guild_id: int, user_id: int, message_id: int, author_id: int) -> Thanked:
        """Record that a message helped ``user_id``, once for each message.

        Raises:
            BadInputError: where it is one's own message.
        """
        if author_id == user_id:
            raise BadInputError("That is your own message. Thank the people whose messages helped you.")
        pack, now = await self._packs.of(guild_id), self._clock.now()

        def write(tx: Connection) -> Thanked:
            outcome = _would_count(tx, guild_id, user_id, author_id, now)
            counted = outcome is Counted.YES
            if not store.add(tx, guild_id, user_id, message_id, author_id, counted=counted, now=now):
                outcome = Counted.BEFORE
            elif counted:
                what = Earning(Reason.THANKS, f"{message_id}:{user_id}")
                earn(tx, pack.points, guild_id, author_id, what, now)
            return Thanked(author_id, message_id, outcome, store.received(tx, guild_id, author_id))

        return await self._database.write(write)

    async def author(self, guild_id: int, user_id: int, message_id: int) -> int:
        """Return whose message it was that ``user_id`` said had helped.

        Raises:
            NotFoundError: where the member said no such thing.
        """
        found = await self._database.read(lambda tx: store.author_of(tx, guild_id, user_id, message_id))
        if found is None:
            raise NotFoundError("I know of no such thanks. Use **Apps > This helped me** on the message first.")
        return found


def _would_count(tx: Connection, guild_id: int, user_id: int, author_id: int, now: datetime) -> Counted:
    """Return whether thanks count now, by the caps."""
    if store.counted_since(tx, guild_id, author_id, now - WEEK, giver_id=user_id) >= FROM_ONE_A_WEEK:
        return Counted.ENOUGH_FROM_YOU
    rule = member_store.day_rule(tx, guild_id, author_id)
    today = starts_at(study_day(now, rule), rule)
    if store.counted_since(tx, guild_id, author_id, today) >= A_DAY:
        return Counted.ENOUGH_TODAY
    return Counted.YES
