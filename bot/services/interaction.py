"""One process deals with an interaction, where a hand-over brings it to two of them.

Within one process the memory of ``bot.ui.patience`` does. While a process is replaced by another of its number, or
where two run with one number, each has a session of the same shards and is sent the same interactions. Discord takes
the first answer only, but both would act: most acts may be done twice without harm, a suggestion may not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.domain.cluster import Share, whole
from bot.errors import StorageError
from bot.log import get_logger
from bot.storage import interaction as store
from bot.storage.database import Database

KNOWN_FOR: Final = timedelta(minutes=15)
"""How long an interaction can be answered."""

log = get_logger(__name__)


class InteractionService:
    """Says who deals with an interaction."""

    def __init__(self, database: Database, clock: Clock, share: Callable[[], Share] = whole) -> None:
        self._database = database
        self._clock = clock
        self._share = share

    async def is_ours(self, interaction_id: int) -> bool:
        """Whether this process is the first that asks; always where there is only one process.

        Without the database nothing can be done twice, and who asks learns from the handler that it is away.
        """
        if self._share().is_whole:
            return True
        try:
            return await self._database.write(lambda tx: store.take(tx, interaction_id))
        except StorageError:
            log.warning("interaction_not_noted")
            return True

    async def tidy(self) -> None:
        """Forget the interactions that nobody can answer any more. Nothing is raised: it is logged."""
        before = self._clock.now() - KNOWN_FOR
        try:
            await self._database.write(lambda tx: store.forget(tx, before))
        except StorageError:
            log.exception("interactions_not_forgotten")
