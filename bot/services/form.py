"""What somebody typed into a form that could not be taken: kept, so that nobody types anything twice."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import TypeVar

from bot.clock import Clock
from bot.domain.frozen import frozen
from bot.errors import BadInputError, ContentChangedError, NotFoundError
from bot.storage import form as store
from bot.storage.database import Database

T = TypeVar("T")


@frozen
class Refused:
    """Why a form can't be taken, and the number under which what was typed is kept."""

    sentence: str
    number: int


class FormService:
    """Keeps one form for each person of a server."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def keep(self, guild_id: int, user_id: int, texts: Mapping[str, str]) -> int:
        """Keep what somebody typed and return the number by which it is found again."""
        now = self._clock.now()
        return await self._database.write(lambda tx: store.put(tx, guild_id, user_id, dict(texts), now))

    async def taking(self, guild_id: int, user_id: int, texts: Mapping[str, str], work: Awaitable[T]) -> T | Refused:
        """Return the outcome of ``work`` on what was typed; where it refuses it, keep the texts and say why."""
        try:
            done = await work
        except (BadInputError, ContentChangedError) as error:
            return Refused(error.sentence, await self.keep(guild_id, user_id, texts))
        await self.drop(guild_id, user_id)
        return done

    async def typed(self, guild_id: int, user_id: int, number: int) -> dict[str, str]:
        """Return what somebody typed.

        Raises:
            NotFoundError: where it was taken since, or where something newer took its place.
        """
        found = await self._database.read(lambda tx: store.get(tx, guild_id, user_id, number))
        if found is None:
            raise NotFoundError("That text was sent already, or a newer one took its place. Open the page again.")
        return found

    async def drop(self, guild_id: int, user_id: int) -> None:
        """Forget what somebody typed, because it was taken."""
        await self._database.write(lambda tx: store.drop(tx, guild_id, user_id))
