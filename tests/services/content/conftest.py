"""The services of loaded content, with files read in this process instead of a worker's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from bot.domain.draft import Draft, FileRequest, Format
from bot.domain.entry import Fields, Kind
from bot.domain.pack import Pack
from bot.packs.export import template, written
from bot.packs.read import read_file
from bot.services.content import ContentService, Report
from bot.services.content_entry import ContentEntryService
from bot.services.content_history import Applied, ContentHistory
from bot.services.packs import Packs
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

GUILD, OTHER_GUILD, MO, LEA = 11, 12, 21, 22


class FilesHere:
    """Reads and writes files at once, here."""

    async def read(self, request: FileRequest) -> Draft:
        """Return what a file holds."""
        return read_file(request)

    async def write(
        self, kind: Kind, written_as: Format, entries: Sequence[Fields], shelves: Sequence[Fields]
    ) -> list[bytes]:
        """Return the files of an export."""
        return written(kind, written_as, entries, shelves)

    async def template(self, kind: Kind, written_as: Format) -> bytes:
        """Return a file to begin with."""
        return template(kind, written_as)


@dataclass(slots=True)
class Desk:
    """Everything a moderator works with."""

    database: Database
    clock: FakeClock
    packs: Packs
    history: ContentHistory
    content: ContentService
    entries: ContentEntryService

    async def inspected(self, text: str | bytes, name: str = "a.csv", kind: Kind | None = None) -> Report:
        """Return the report of a file that Mo attached."""
        data = text if isinstance(text, bytes) else text.encode()
        return await self.content.inspect(GUILD, MO, FileRequest(name, data, kind))

    async def loaded(self, text: str | bytes, name: str = "a.csv", *, replace_all: bool = False) -> Applied:
        """Apply the good entries of a file."""
        report = await self.inspected(text, name)
        choice = {"good_only": True, "replace_all": replace_all}
        return await self.content.apply(GUILD, MO, report.number, report.version, **choice)


def make_desk(database: Database, pack: Pack, clock: FakeClock) -> Desk:
    """Return the services on a database."""
    packs = Packs(database, pack)
    history = ContentHistory(database, packs, clock)
    files = FilesHere()
    content = ContentService(database, history, files, clock)
    return Desk(database, clock, packs, history, content, ContentEntryService(history, files))


@pytest.fixture
def desk(database: Database, pack: Pack, clock: FakeClock) -> Desk:
    """The services, on the shipped pack."""
    return make_desk(database, pack, clock)
