"""Every act on a server's content: recorded with what it changed, shown, taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.change_row import rows_of
from bot.domain.frozen import frozen
from bot.domain.overlay import Conflict, PatchChange, Undoing, undone
from bot.domain.plan_row import Row
from bot.errors import BadInputError, ContentChangedError, NotFoundError
from bot.log import get_logger
from bot.services.packs import Packs
from bot.storage import audit
from bot.storage import content as store
from bot.storage import content_draft as drafts
from bot.storage.content import Load as Load  # noqa: PLC0414  (pages name what this hands out)
from bot.storage.content import NewLoad
from bot.storage.database import Database

MOST_OWN: Final = 6_000
"""Entries that a server may say something of; each costs about a kilobyte."""

Also: TypeAlias = Callable[[Connection], None]
"""What an act changes besides the content."""

log = get_logger(__name__)


@frozen
class Applied:
    """What was done.

    Attributes:
        number: of the load; None where there was nothing to change.
        changed: how many entries it changed.
        conflicts: of a rollback: what later loads changed again, and what therefore stayed.
    """

    number: int | None
    changed: int
    conflicts: tuple[Conflict, ...] = ()


@frozen
class Rollback:
    """What taking back a load would do.

    Attributes:
        load: the load.
        version: of the content that this holds for; to be given back when it is done.
        rows: what becomes of each entry.
        conflicts: what later loads changed again; it stays.
    """

    load: Load
    version: int
    rows: tuple[Row, ...]
    conflicts: tuple[Conflict, ...]


class ContentHistory:
    """Use-cases of ``/content history``, and the one way to change content. Who may is the caller's to check."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self.packs = packs
        self._database = database
        self._clock = clock

    async def record(
        self,
        guild_id: int,
        new: NewLoad,
        changes: Sequence[PatchChange],
        seen: int,
        draft: int | None = None,
        also: Also | None = None,
    ) -> Applied:
        """Record an act and put what it changes, in one transaction; an act that was done before is not done again.

        Args:
            guild_id: the server.
            new: the act.
            changes: what it puts; nothing is recorded where there are none.
            seen: the version of the content that it was planned for.
            draft: the file that waits no longer; None for none.
            also: what the same transaction changes besides, first; what it raises stops the act.

        Raises:
            BadInputError: where the server would have too many entries of its own.
            ContentChangedError: where somebody changed the content in between.
        """
        now = self._clock.now()

        def write(tx: Connection) -> tuple[Applied, bool]:
            done = store.load_by_token(tx, guild_id, new.token)
            if done is not None:
                return Applied(done.number, 0), True
            if also is not None:
                also(tx)
            if store.version(tx, guild_id) != seen:
                raise _changed(store.loads(tx, guild_id, 1)[0])
            if draft is not None:
                drafts.drop(tx, guild_id, draft)
            if not changes:
                return Applied(None, 0), True
            number = store.add_load(tx, guild_id, new, changes, now)
            if store.count(tx, guild_id) > MOST_OWN:
                raise BadInputError(f"That would be more than {MOST_OWN:,} entries of this server's own. Load fewer.")
            audit.add(tx, guild_id, new.actor_id, f"content.{new.act}", f"load {number}", now)
            return Applied(number, len(changes)), store.count(tx, guild_id) > 0

        applied, has_own = await self._database.write(write)
        if applied.changed:
            self.packs.changed(guild_id, has_own=has_own)
            log.info("content_changed", guild_id=guild_id, load=applied.number, act=new.act, entries=applied.changed)
        return applied

    async def history(self, guild_id: int, most: int = 10, before: int | None = None) -> list[Load]:
        """Return a server's loads, the newest first; those before a number, for the next page."""
        return await self._database.read(lambda tx: store.loads(tx, guild_id, most, before))

    async def load(self, guild_id: int, number: int) -> tuple[Load, list[PatchChange]]:
        """Return one load with what it changed.

        Raises:
            NotFoundError: where there is no such load.
        """

        def read(tx: Connection) -> tuple[Load | None, list[PatchChange]]:
            return store.load(tx, guild_id, number), list(store.changes_of(tx, guild_id, number).values())

        one, changes = await self._database.read(read)
        if one is None:
            raise NotFoundError(f"There is no load {number}. /content history lists the ones there are.")
        return one, changes

    async def shown(self, guild_id: int, number: int) -> tuple[Load, tuple[Row, ...]]:
        """Return one load, and what became of each entry by it.

        Raises:
            NotFoundError: where there is no such load.
        """
        one, changes = await self.load(guild_id, number)
        content, _ = await self.packs.content(guild_id)
        return one, await asyncio.to_thread(rows_of, content.shipped, changes)

    async def newest(self, guild_id: int) -> int:
        """Return the number of a server's newest load; 0 where there was none."""
        return await self._database.read(lambda tx: store.version(tx, guild_id))

    async def rolling_back(self, guild_id: int, number: int) -> Rollback:
        """Return what rolling back a load would do, entry by entry; nothing is changed.

        Raises:
            NotFoundError: where there is no such load, or where it was rolled back already.
        """
        one, _ = await self.load(guild_id, number)
        back, version = await self.undoing(guild_id, number)
        content, _ = await self.packs.content(guild_id)
        rows = await asyncio.to_thread(rows_of, content.shipped, back.changes)
        return Rollback(one, version, rows, back.conflicts)

    async def undoing(self, guild_id: int, number: int) -> tuple[Undoing, int]:
        """Return what rolling back a load would do, and the version of the content that this holds for.

        Raises:
            NotFoundError: where there is no such load, or where it was rolled back already.
        """
        one, changes = await self.load(guild_id, number)
        if one.undone_by is not None and (await self.load(guild_id, one.undone_by))[0].undone_by is None:
            raise NotFoundError(f"Load {number} was rolled back already, by load {one.undone_by}.")
        content, version = await self.packs.content(guild_id)
        return undone(content.patches, {change.key: change for change in changes}), version

    async def rollback(self, guild_id: int, actor_id: int, number: int, seen: int) -> Applied:
        """Take back a load and keep what came after it; where both touched a field, the later value stays.

        Raises:
            ContentChangedError: where somebody changed the content since it was shown.
            NotFoundError: where there is no such load, or where it was rolled back already.
        """
        token = f"undo:{number}:{seen}"
        done = await self._database.read(lambda tx: store.load_by_token(tx, guild_id, token))
        if done is not None:
            return Applied(done.number, 0)
        one, _ = await self.load(guild_id, number)
        back, _ = await self.undoing(guild_id, number)
        summary = f"{len(back.changes)} entries as before load {number}"
        new = NewLoad(actor_id, "rollback", one.kind, one.file_name, summary, token, undoes=number)
        applied = await self.record(guild_id, new, back.changes, seen)
        return Applied(applied.number, applied.changed, back.conflicts)


def _changed(newest: Load) -> ContentChangedError:
    when = int(newest.at.timestamp())
    return ContentChangedError(
        f"Nothing was applied: <@{newest.actor_id}> changed the content <t:{when}:R> (load {newest.number}). "
        "Look at the report again, then decide."
    )
