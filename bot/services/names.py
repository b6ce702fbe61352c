"""How members are called: what interactions bring is kept, since the bot asks Discord for no list of members."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.services.membership import note_seen
from bot.storage import member as member_store
from bot.storage.database import Database

MOST_REMEMBERED: Final = 20_000
"""Members of whom is remembered that they were noted today; some 4 MiB. Who drops out is noted once more."""


class NamesService:
    """Notes each member once a day, and again when called differently. Nobody waits for it: a job writes them."""

    def __init__(self, database: Database, clock: Clock, *, most: int = MOST_REMEMBERED) -> None:
        self._database = database
        self._clock = clock
        self._most = most
        self._noted: OrderedDict[tuple[int, int], tuple[date, str]] = OrderedDict()
        self._waiting: dict[tuple[int, int], tuple[str, datetime]] = {}

    def note(self, guild_id: int, user_id: int, name: str) -> None:
        """Take note of a member who just did something, for the next ``write``."""
        who, now = (guild_id, user_id), self._clock.now()
        day = now.date(), name
        if self._noted.get(who) == day:
            return
        self._noted[who] = day
        self._noted.move_to_end(who)
        if len(self._noted) > self._most:
            self._noted.popitem(last=False)
        self._waiting[who] = name, now

    def forget(self, guild_id: int, user_id: int) -> None:
        """Forget a member who was noted and not written yet; the next thing the member does is noted again."""
        self._waiting.pop((guild_id, user_id), None)
        self._noted.pop((guild_id, user_id), None)

    async def write(self) -> None:
        """Write who was noted since the last time. Who had left and is here again stands on the boards again.

        Raises:
            StorageError: where nothing was saved; the next time tries again.
        """
        if not self._waiting:
            return
        noted, self._waiting = self._waiting, {}

        def unit(tx: Connection) -> None:
            for (guild_id, user_id), (name, at) in noted.items():
                if not member_store.put_still_here(tx, guild_id, user_id, name, at):
                    note_seen(tx, guild_id, user_id, name, at)

        try:
            await self._database.write(unit)
        except BaseException:
            self._waiting = noted | self._waiting
            raise
