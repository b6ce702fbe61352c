"""What the services need of whoever reads and writes files of content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.draft import Draft, FileRequest, Format
from bot.domain.entry import Fields, Kind


class ContentFiles(Protocol):
    """Reads and writes files of content."""

    async def read(self, request: FileRequest) -> Draft:
        """Return what a file holds; UnusableFileError where it can't be used."""
        ...

    async def write(
        self, kind: Kind, written_as: Format, entries: Sequence[Fields], shelves: Sequence[Fields]
    ) -> list[bytes]:
        """Return the files of an export; UnusableFileError where the format can't hold the kind."""
        ...

    async def template(self, kind: Kind, written_as: Format) -> bytes:
        """Return a small file of a kind to begin with."""
        ...
