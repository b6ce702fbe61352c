"""The portfolio of a member, written anew whenever it is asked for."""

from __future__ import annotations

from bot.domain.portfolio import readme
from bot.services.packs import Packs
from bot.storage import roadmap as store
from bot.storage.database import Database


class PortfolioService:
    """Writes portfolios."""

    def __init__(self, database: Database, packs: Packs) -> None:
        self._database = database
        self._packs = packs

    async def readme(self, guild_id: int, user_id: int, name: str) -> str:
        """Return a member's portfolio in Markdown."""
        pack = await self._packs.of(guild_id)
        marks = await self._database.read(lambda tx: store.marks(tx, guild_id, user_id))
        return readme(pack, marks, name)
