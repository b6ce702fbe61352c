"""Which pack a server learns from: the shipped one, shared by all that changed nothing, or one of its own."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final

from sqlalchemy import Connection

from bot.domain.entry import Kind
from bot.domain.overlay import Content, Patch
from bot.domain.own_pack import ShippedEntries, compiled
from bot.domain.pack import Pack
from bot.storage import content as store
from bot.storage.database import Database

MOST_COMPILED: Final = 64
"""Packs of servers' own that are kept in memory; another is compiled again when it is asked for."""


class Packs:
    """Looks up a server's pack. A server without content of its own costs nothing here.

    A service that took a ``Pack`` takes this instead, and begins its use-cases with
    ``pack = await self._packs.of(guild_id)``; before a unit of work, never within one.
    """

    def __init__(self, database: Database, shipped: Pack, *, most: int = MOST_COMPILED) -> None:
        self.shipped = shipped
        self._database = database
        self._most = most
        self._own: set[int] | None = None
        self._compiled: OrderedDict[int, Pack] = OrderedDict()
        self._read: dict[int | None, Pack] = {}
        self._changes = 0
        self._entries = ShippedEntries(shipped)

    async def of(self, guild_id: int) -> Pack:
        """Return a server's pack."""
        if self._own is None:
            self._own = await self._database.read(store.own_guilds)
        if guild_id not in self._own:
            return self.shipped
        known = self._compiled.get(guild_id)
        if known is not None:
            self._compiled.move_to_end(guild_id)
            return known
        changes = self._changes
        content, _ = await self.content(guild_id)
        # a server's thousands of entries take longer than the loop may stand still
        pack = await asyncio.to_thread(compiled, self.shipped, content)
        if changes == self._changes:
            self._compiled[guild_id] = pack
            while len(self._compiled) > self._most:
                forgotten, _ = self._compiled.popitem(last=False)
                self._read.pop(forgotten, None)
        return pack

    async def with_exercises(self, guild_id: int) -> Pack:
        """Return a server's pack, what its posts hold read: it is read in a thread, and not at every start."""
        pack = await self.of(guild_id)
        await self._have_read(None if pack is self.shipped else guild_id, pack)
        return pack

    async def read_shipped(self) -> None:
        """Have what the shipped pack's posts hold read, once, before a member waits for it."""
        await self._have_read(None, self.shipped)

    async def content(self, guild_id: int) -> tuple[Content, int]:
        """Return a server's content and its version, as they stand in the database."""

        def read(tx: Connection) -> tuple[store.Packed, int]:
            return store.packed_patches(tx, guild_id), store.version(tx, guild_id)

        packed, version = await self._database.read(read)
        return await asyncio.to_thread(self._unpacked, packed), version

    def changed(self, guild_id: int, *, has_own: bool) -> None:
        """Forget a server's compiled pack, because its content has changed.

        Args:
            guild_id: the server.
            has_own: whether it still has content of its own.
        """
        self._changes += 1
        self._compiled.pop(guild_id, None)
        self._read.pop(guild_id, None)
        if self._own is not None:
            (self._own.add if has_own else self._own.discard)(guild_id)

    async def _have_read(self, whose: int | None, pack: Pack) -> None:
        if self._read.get(whose) is not pack:
            await asyncio.to_thread(lambda: pack.exercises)
            self._read[whose] = pack

    def _unpacked(self, packed: store.Packed) -> Content:
        return Content(self._entries, {(Kind(kind), one): Patch.from_json(text) for kind, one, text in packed})
