"""Single entries of a server's content: listed, edited, retired, restored; exports; conflicts with an upgrade."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from hashlib import sha256

from bot.domain.draft import Draft, DraftEntry, Format, Problem, UnusableFileError
from bot.domain.entry import SHELF_OF, Fields, Json, Kind, as_json, title_of
from bot.domain.frozen import frozen
from bot.domain.overlay import Conflict, Content, PatchChange, conflicts, restore, retire, settled
from bot.domain.plan import plan
from bot.domain.plan_row import Row, Verdict
from bot.errors import BadInputError, NotFoundError
from bot.search.titles import searched_titles
from bot.services.content_files import ContentFiles
from bot.services.content_history import Also, Applied, ContentHistory
from bot.storage.content import NewLoad


@frozen
class Listed:
    """One entry as it stands.

    Attributes:
        title: the words by which people know it.
        fields: in canonical form.
        own: whether the server added or changed it.
        retired: whether it was taken out.
        added: whether the server added it; the shipped pack has none like it.
    """

    entry_id: str
    title: str
    fields: Fields
    own: bool
    retired: bool
    added: bool = False


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

    async def search(self, guild_id: int, kind: Kind, typed: str, most: int = 25) -> list[Listed]:
        """Return the entries whose titles or ids fit what was typed, typos included, the best first."""
        entries, _ = await self.entries(guild_id, kind)
        known = {one.entry_id: one for one in entries}
        titles = {one.entry_id: f"{one.title} {one.entry_id}" for one in entries}
        return [known[found] for found in await asyncio.to_thread(searched_titles, typed, titles, most)]

    async def shelves(self, guild_id: int, kind: Kind) -> list[Listed]:
        """Return the categories or stages on which entries of a kind stand; none for a kind without them."""
        shelf = SHELF_OF.get(kind)
        return [] if shelf is None else [one for one in (await self.entries(guild_id, shelf))[0] if not one.retired]

    async def one(self, guild_id: int, kind: Kind, entry_id: str) -> tuple[Listed, int]:
        """Return one entry, also a retired one, and the version of the content.

        Raises:
            NotFoundError: where there is no such entry.
        """
        entries, version = await self.entries(guild_id, kind)
        found = next((one for one in entries if one.entry_id == entry_id), None)
        if found is None:
            raise NotFoundError("That entry isn't there any more. Open /content manage again.")
        return found, version

    async def edit(
        self,
        guild_id: int,
        actor_id: int,
        kind: Kind,
        fields: Mapping[str, Json],
        seen: int,
        also: Also | None = None,
    ) -> Applied:
        """Put what was typed of an entry, by the same checks as a load; ``also`` as in ``ContentHistory.record``.

        Raises:
            BadInputError: where it can't be used; with every reason.
            ContentChangedError: where somebody changed the content in between.
        """
        content, _ = await self._packs.content(guild_id)
        planned = plan(Draft(kind, Format.YAML, (DraftEntry(kind, 0, fields),)), content)
        if planned.of(Verdict.BAD):
            problems = [problem for row in planned.of(Verdict.BAD) for problem in row.problems]
            raise BadInputError(self.reasons(problems))
        row = next(row for row in planned.rows if row.place == 0)
        new = self._act(actor_id, "edit", kind, row.entry_id, f"{seen}:{as_json(fields)}")
        return await self._history.record(guild_id, new, planned.changes, seen, also=also)

    @staticmethod
    def reasons(problems: Iterable[Problem]) -> str:
        """Return what is wrong with an entry as a person is told it."""
        return " ".join(f"`{one.key or 'text'}`: found {one.found}, expected {one.expected}." for one in problems)

    async def add(
        self,
        guild_id: int,
        actor_id: int,
        kind: Kind,
        fields: Mapping[str, Json],
        seen: int,
        also: Also | None = None,
    ) -> Applied:
        """Put a new entry, by the same checks as a load; ``also`` as in ``ContentHistory.record``.

        Raises:
            BadInputError: where it can't be used, or where there is one like it that it would change.
            ContentChangedError: where somebody changed the content in between.
        """
        row, _ = await self.check(guild_id, kind, fields)
        if row.verdict in (Verdict.CHANGED, Verdict.SAME):
            content, _ = await self._packs.content(guild_id)
            where = "" if content.fields(kind, row.entry_id) else ", among the retired ones"
            raise BadInputError(
                f"There is one of this name already{where}: `{row.entry_id}`. Find it in /content manage and edit it "
                "there, or choose another name."
            )
        return await self.edit(guild_id, actor_id, kind, fields, seen, also)

    async def version(self, guild_id: int) -> int:
        """Return the version of a server's content, for an act that nobody else's may come before."""
        return (await self._packs.content(guild_id))[1]

    async def retire(
        self, guild_id: int, actor_id: int, kind: Kind, entry_id: str, seen: int, also: Also | None = None
    ) -> Applied:
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
            guild_id, self._act(actor_id, "retire", kind, entry_id, str(seen)), [change], seen, also=also
        )

    async def reset(self, guild_id: int, actor_id: int, kind: Kind, entry_id: str, seen: int) -> Applied:
        """Put an entry of the shipped pack back as the pack has it.

        Raises:
            ContentChangedError: where somebody changed the content in between.
            NotFoundError: where the pack has no such entry, or the server changed nothing of it.
        """
        content, _ = await self._packs.content(guild_id)
        key = kind, entry_id
        patch = content.patches.get(key)
        if patch is None or entry_id not in content.shipped[kind]:
            raise NotFoundError("That entry is as it was shipped, or the pack has none like it.")
        new = self._act(actor_id, "reset", kind, entry_id, str(seen))
        return await self._history.record(guild_id, new, [PatchChange(key, patch, None)], seen)

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
            added=(patch := content.patches.get((kind, entry_id))) is not None and patch.added,
        )
        for entry_id, fields in content.live(kind, retired=True).items()
    ]
