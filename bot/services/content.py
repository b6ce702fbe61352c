"""What moderators load: read, reported, and applied where they say so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.draft import Draft, FileRequest, Format, UnusableFileError
from bot.domain.entry import Kind
from bot.domain.frozen import frozen
from bot.domain.overlay import Content
from bot.domain.plan import plan
from bot.domain.plan_row import Plan, Verdict
from bot.errors import BadInputError, NotFoundError
from bot.log import get_logger
from bot.search.near import near_titles
from bot.services.content_files import ContentFiles
from bot.services.content_history import Applied, ContentHistory
from bot.storage import content as store
from bot.storage import content_draft as drafts
from bot.storage.content import NewLoad
from bot.storage.database import Database

DRAFTS_KEPT: Final = timedelta(days=2)
"""How long a file waits for a decision."""
LEFT_OUT: Final = {Verdict.BAD: "left out"}
"""What becomes of entries where that is another word than what was found of them."""

log = get_logger(__name__)


@frozen
class Report:
    """What a load would do.

    Attributes:
        number: names the file that waits.
        version: of the content it was held against; to be given back when it is applied.
        file_name: as it was attached.
        draft: what was read.
        plan: what becomes of each entry.
        members: how many members have a mark on a topic that would be retired; they keep it.
    """

    number: int
    version: int
    file_name: str
    draft: Draft
    plan: Plan
    members: int


class ContentService:
    """Use-cases of ``/content load``. Who may do this is the caller's to check."""

    def __init__(self, database: Database, history: ContentHistory, files: ContentFiles, clock: Clock) -> None:
        self._database = database
        self._history = history
        self._packs = history.packs
        self._files = files
        self._clock = clock

    async def inspect(self, guild_id: int, actor_id: int, request: FileRequest) -> Report:
        """Read a file, keep it for a decision, and return what loading it would do. Nothing is changed.

        Raises:
            BadInputError: where the file can't be used; with the reason and the mend.
        """
        try:
            draft = await self._files.read(request)
        except UnusableFileError as error:
            raise BadInputError(error.problem.sentence) from None
        body = await asyncio.to_thread(lambda: json.dumps(draft.to_json(), ensure_ascii=False))
        now = self._clock.now()
        name = request.name[-100:]
        # a deck says itself what its fields are; nobody reads it as something else
        source = b"" if draft.format is Format.APKG else request.data
        number = await self._database.write(lambda tx: drafts.put(tx, guild_id, actor_id, name, body, now, source))
        log.info("content_read", guild_id=guild_id, user_id=actor_id, entries=len(draft.entries), bad=draft.bad)
        return await self.report(guild_id, number)

    async def report(self, guild_id: int, number: int, *, replace_all: bool = False) -> Report:
        """Return what loading a file that waits would do to the content as it is now.

        Args:
            guild_id: the server.
            number: names the file.
            replace_all: whether what the file does not hold is to be retired.

        Raises:
            NotFoundError: where it no longer waits.
        """
        stored = await self._database.read(lambda tx: drafts.get(tx, guild_id, number))
        if stored is None:
            raise NotFoundError(
                "That file isn't waiting any more: it was applied, cancelled or replaced by a newer one."
            )
        content, version = await self._packs.content(guild_id)
        draft, planned = await asyncio.to_thread(_planned, stored, content, replace_all)
        retired = [row.entry_id for row in planned.of(Verdict.RETIRED) if row.kind is Kind.TOPIC]
        members = await self._database.read(lambda tx: store.members_with(tx, guild_id, retired))
        return Report(number, version, stored.file_name, draft, planned, members)

    async def read_again(
        self,
        guild_id: int,
        actor_id: int,
        number: int,
        kind: Kind,
        columns: tuple[str, ...] = (),
        header: bool | None = None,
    ) -> Report:
        """Read a file that waits as a person says it is meant, and report again under a new number.

        Args:
            guild_id: the server.
            actor_id: who says so.
            number: names the file.
            kind: what its entries are.
            columns: of a table, each column's key; empty to find out.
            header: of a table, whether its first line holds names; None to leave it at what was found or said before.

        Raises:
            BadInputError: where it can't be read like that.
            NotFoundError: where it no longer waits, or was not kept.
        """
        stored = await self._database.read(lambda tx: drafts.get(tx, guild_id, number))
        data = await self._database.read(lambda tx: drafts.source(tx, guild_id, number))
        if stored is None or not data:
            raise NotFoundError("That file isn't waiting any more. Attach it again with /content load.")
        if header is None:
            table = await asyncio.to_thread(lambda: json.loads(stored.body)["table"])
            header = table["header"] if table else None
        return await self.inspect(guild_id, actor_id, FileRequest(stored.file_name, data, kind, columns, header))

    async def tidy(self) -> None:
        """Forget the files that nobody decided about for two days, of all servers."""
        before = self._clock.now() - DRAFTS_KEPT
        await self._database.write(lambda tx: drafts.drop_old(tx, before))

    async def choose(self, guild_id: int, number: int, place: int, entry_id: str) -> Report:
        """Keep which entry is meant by the one at ``place`` of a file, empty for none, and report again.

        Raises:
            NotFoundError: where the file no longer waits.
        """

        def write(tx: Connection) -> None:
            stored = drafts.get(tx, guild_id, number)
            if stored is not None:
                chosen = {**json.loads(stored.same_as), str(place): entry_id}
                drafts.put_same_as(tx, guild_id, number, json.dumps(chosen))

        await self._database.write(write)
        return await self.report(guild_id, number)

    async def apply(
        self,
        guild_id: int,
        actor_id: int,
        number: int,
        seen: int,
        *,
        good_only: bool = False,
        replace_all: bool = False,
    ) -> Applied:
        """Apply a file that waits, in one transaction. Applying it twice does it once.

        Args:
            guild_id: the server.
            actor_id: who does it.
            number: names the file.
            seen: the version of the content that the report was made of.
            good_only: whether bad entries are left out; where not, a file with bad entries is refused.
            replace_all: whether what the file does not hold is retired.

        Raises:
            BadInputError: where entries are bad and not to be left out.
            ContentChangedError: where somebody changed the content since the report.
            NotFoundError: where the file no longer waits.
        """
        token = f"draft:{number}"
        done = await self._database.read(lambda tx: store.load_by_token(tx, guild_id, token))
        if done is not None:
            return Applied(done.number, 0)
        report = await self.report(guild_id, number, replace_all=replace_all)
        bad = report.plan.count(Verdict.BAD)
        if bad and not good_only:
            raise BadInputError(
                f"{bad} of the entries can't be used. Mend them and load the file again, or apply the good ones."
            )
        changes = report.plan.changes
        new = NewLoad(
            actor_id=actor_id,
            act="replace" if replace_all else "load",
            kind=report.draft.kind,
            file_name=report.file_name,
            summary=_summary(report.plan),
            token=token,
        )
        return await self._history.record(guild_id, new, changes, seen, number)

    async def cancel(self, guild_id: int, number: int) -> None:
        """Forget a file that waits."""
        await self._database.write(lambda tx: drafts.drop(tx, guild_id, number))


def _planned(stored: drafts.StoredDraft, content: Content, replace_all: bool) -> tuple[Draft, Plan]:
    draft = Draft.from_json(json.loads(stored.body))
    chosen: Mapping[str, str] = json.loads(stored.same_as)
    same_as = {int(place): entry_id for place, entry_id in chosen.items()}
    return draft, plan(draft, content, near_titles, same_as=same_as, replace_all=replace_all)


def _summary(planned: Plan) -> str:
    counts = [(planned.count(verdict), verdict) for verdict in Verdict if verdict is not Verdict.SAME]
    return ", ".join(f"{count} {LEFT_OUT.get(verdict, verdict)}" for count, verdict in counts if count) or "nothing"
