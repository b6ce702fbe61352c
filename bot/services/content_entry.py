"""Single entries of a server's content: listed, edited, retired, restored; exports; conflicts with an upgrade."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.domain.draft import Draft, DraftEntry, Format, UnusableFileError
from bot.domain.entry import SHELF_OF, Fields, Json, Kind, as_json, title_of
from bot.domain.overlay import Conflict, Content, PatchChange, conflicts, restore, retire, settled
from bot.domain.plan import plan
from bot.domain.plan_row import Row, Verdict
from bot.errors import BadInputError, NotFoundError
from bot.services.content_files import ContentFiles
from bot.services.content_history import Applied, ContentHistory
from bot.storage.content import NewLoad


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry as it stands.

    Attributes:
        title: the words by which people know it.
        fields: in canonical form.
        own: whether the server added or changed it.
        retired: whether it was taken out.
    """

    entry_id: str
    title: str
    fields: Fields
    own: bool
    retired: bool


class ContentEntryService:
    """Use-cases of ``/content manage`` and ``/content export``. Who may do this is the caller's to check."""

    def __init__(self, history: ContentHistory, files: ContentFiles) -> None:
        self._history = history
        self._packs = history.packs
        self._files = files

    async def entries(self, guild_id: int, kind: Kind) -> tuple[list[Listed], int]:
        """Return a server's entries of a kind, the retired ones too, and the version of the content."""
        content, version = await self._packs.content(guild_id)
        return await asyncio.to_thread(lambda: _listed(content, kind)), version

    async def check(self, guild_id: int, kind: Kind, fields: Mapping[str, Json]) -> tuple[Row, int]:
        """Return what putting these fields would do, and the version of the content; nothing is changed.

        Args:
            guild_id: the server.
            kind: of the entry.
            fields: what was typed; with the ``id`` of an entry to change it, without one for a new entry.
        """
        content, version = await self._packs.content(guild_id)
        planned = plan(Draft(kind, Format.YAML, (DraftEntry(kind, 0, fields),)), content)
        return next(row for row in planned.rows if row.place == 0), version

    async def edit(self, guild_id: int, actor_id: int, kind: Kind, fields: Mapping[str, Json], seen: int) -> Applied:
        """Put what was typed of an entry, by the same checks as a load.

        Raises:
            BadInputError: where it can't be used; with every reason.
            ContentChangedError: where somebody changed the content in between.
        """
        content, _ = await self._packs.content(guild_id)
        planned = plan(Draft(kind, Format.YAML, (DraftEntry(kind, 0, fields),)), content)
        if planned.of(Verdict.BAD):
            problems = [problem for row in planned.of(Verdict.BAD) for problem in row.problems]
            raise BadInputError(
                " ".join(f"`{one.key or 'text'}`: found {one.found}, expected {one.expected}." for one in problems)
            )
        row = next(row for row in planned.rows if row.place == 0)
        new = self._act(actor_id, "edit", kind, row.entry_id, f"{seen}:{as_json(fields)}")
        return await self._history.record(guild_id, new, planned.changes, seen)

    async def retire(self, guild_id: int, actor_id: int, kind: Kind, entry_id: str, seen: int) -> Applied:
        """Take an entry out; it can come back, and nobody's progress is touched.

        Raises:
            ContentChangedError: where somebody changed the content in between.
            NotFoundError: where there is no such entry.
        """
        content, _ = await self._packs.content(guild_id)
        if content.fields(kind, entry_id) is None:
            raise NotFoundError("That entry isn't there any more. Open /content manage again.")
        key = kind, entry_id
        change = PatchChange(key, content.patches.get(key), retire(content, key))
        return await self._history.record(
            guild_id, self._act(actor_id, "retire", kind, entry_id, str(seen)), [change], seen
        )

    async def restore(self, guild_id: int, actor_id: int, kind: Kind, entry_id: str, seen: int) -> Applied:
        """Put a retired entry back as it was.

        Raises:
            ContentChangedError: where somebody changed the content in between.
            NotFoundError: where no such entry is retired.
        """
        content, _ = await self._packs.content(guild_id)
        key = kind, entry_id
        patch = content.patches.get(key)
        if patch is None or not patch.retired:
            raise NotFoundError("That entry isn't retired. Open /content manage again.")
        change = PatchChange(key, patch, restore(content, key))
        return await self._history.record(
            guild_id, self._act(actor_id, "restore", kind, entry_id, str(seen)), [change], seen
        )

    async def conflicts(self, guild_id: int) -> tuple[list[Conflict], int]:
        """Return what both the server and an upgrade of the shipped pack changed, and the version of the content."""
        content, version = await self._packs.content(guild_id)
        return await asyncio.to_thread(lambda: list(conflicts(content))), version

    async def settle(self, guild_id: int, actor_id: int, conflict: Conflict, seen: int, *, ours: bool) -> Applied:
        """Settle a conflict for the server's value, or for the pack's.

        Raises:
            ContentChangedError: where somebody changed the content in between.
            NotFoundError: where it is settled already.
        """
        content, _ = await self._packs.content(guild_id)
        if conflict not in await asyncio.to_thread(lambda: list(conflicts(content))):
            raise NotFoundError("That is settled already. Open /content manage again.")
        key = conflict.kind, conflict.entry_id
        change = PatchChange(key, content.patches[key], settled(content, conflict, ours=ours))
        subject = f"{conflict.entry_id}:{conflict.field}"
        new = self._act(actor_id, "settle", conflict.kind, subject, f"{seen}:{ours}")
        return await self._history.record(guild_id, new, [change], seen)

    async def export(self, guild_id: int, kind: Kind, written_as: Format) -> list[bytes]:
        """Return a server's entries of a kind as files that load back to the same.

        Raises:
            BadInputError: where the format can't hold that kind.
        """
        content, _ = await self._packs.content(guild_id)
        entries = await asyncio.to_thread(lambda: list(content.live(kind).values()))
        shelf = SHELF_OF.get(kind)
        shelves = list(content.live(shelf).values()) if shelf else []
        try:
            return await self._files.write(kind, written_as, entries, shelves)
        except UnusableFileError as error:
            raise BadInputError(error.problem.sentence) from None

    async def template(self, kind: Kind, written_as: Format) -> bytes:
        """Return a small commented file of a kind to begin with.

        Raises:
            BadInputError: where the format can't hold that kind.
        """
        try:
            return await self._files.template(kind, written_as)
        except UnusableFileError as error:
            raise BadInputError(error.problem.sentence) from None

    @staticmethod
    def _act(actor_id: int, act: str, kind: Kind, subject: str, detail: str) -> NewLoad:
        """Return an act whose token is the same only where the same person asks for the same thing again."""
        token = sha256(f"{act}:{kind}:{subject}:{actor_id}:{detail}".encode("utf-8", "replace")).hexdigest()
        return NewLoad(actor_id, act, kind, "", subject, token)


def _listed(content: Content, kind: Kind) -> list[Listed]:
    return [
        Listed(
            entry_id,
            title_of(kind, fields),
            fields,
            own=(kind, entry_id) in content.patches,
            retired=content.fields(kind, entry_id) is None,
        )
        for entry_id, fields in content.live(kind, retired=True).items()
    ]
