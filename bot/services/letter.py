"""Telling members what moderators decided about something of theirs, by direct message or on their next page.

The rows are the truth: a letter is written in the transaction of the decision, tried three times ten minutes apart
with the same nonce, and what no direct message could bring stands on the member's next ``/suggest`` page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.cluster import Share, whole
from bot.domain.letter import Letter, LetterState
from bot.errors import SyllabotError
from bot.log import get_logger
from bot.storage import letter as store
from bot.storage.database import Database

AT_ONCE: Final = 50

log = get_logger(__name__)


class Postman(Protocol):
    """Takes letters to members."""

    async def deliver(self, letter: Letter) -> bool:
        """Send a letter; whether it arrived. Nothing is raised."""
        ...


class LetterService:
    """Sends letters."""

    def __init__(self, database: Database, clock: Clock, postman: Postman, share: Callable[[], Share] = whole) -> None:
        self._database = database
        self._clock = clock
        self._postman = postman
        self._share = share

    async def tick(self) -> None:
        """Send what is due. Nothing is raised: it is logged."""
        try:
            for letter in await self._database.write(self._claim):
                if await self._postman.deliver(letter):
                    await self._database.write(lambda tx, letter=letter: store.settle(tx, letter, LetterState.TOLD))
                log.info("letter_tried", guild_id=letter.guild_id, number=letter.number, tries=letter.tries)
        except SyllabotError:
            log.exception("letters_not_sent")

    def _claim(self, tx: Connection) -> list[Letter]:
        return store.claim(tx, self._clock.now(), AT_ONCE, self._share())


def take_untold(tx: Connection, guild_id: int, user_id: int) -> list[Letter]:
    """Return what a member has not been told yet, which is told by that."""
    found = store.untold(tx, guild_id, user_id)
    for letter in found:
        store.settle(tx, letter, LetterState.TOLD)
    return found
