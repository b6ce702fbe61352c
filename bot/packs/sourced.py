"""Content together with the file it was read from, so that a fault can name its place."""

from __future__ import annotations

from dataclasses import field
from typing import Generic, TypeVar

from bot.domain.content import ContentModel
from bot.domain.faq import FaqCategory
from bot.domain.frozen import frozen
from bot.domain.guide import Chapter
from bot.domain.prompt import CompetitionShelf, KaggleShelf, PaperShelf, PromptShelf, ReadingShelf
from bot.domain.review import CardShelf
from bot.domain.synonym import SynonymShelf
from bot.domain.track import Stage, Track
from bot.packs.fault import Fault
from bot.packs.yaml_text import Document, Path, key_path, value_at

Model_co = TypeVar("Model_co", bound=ContentModel, covariant=True)


@frozen
class Sourced(Generic[Model_co]):
    """Content, and the document it was read from."""

    content: Model_co
    document: Document

    def fault(self, path: Path, found: str, expected: str) -> Fault:
        """Return a fault at ``path`` of this document."""
        return Fault(self.document.file, self.document.line(path), key_path(path), found, expected)


@frozen
class Named:
    """An id, and where it is given or referred to."""

    id: str
    source: Sourced[ContentModel]
    path: Path

    def fault(self, found: str, expected: str) -> Fault:
        """Return a fault at this place."""
        return self.source.fault(self.path, found, expected)


@frozen
class LeftOut:
    """What stands in files that have faults of their own: a reference to it is no second fault.

    Attributes:
        ids: every id in files that were read but not accepted.
        rooms: folders with a file that could not be read at all, so that any id may stand there.
        partly: folders with a file that was read but not accepted.
    """

    ids: set[str] = field(default_factory=set[str])
    rooms: set[str] = field(default_factory=set[str])
    partly: set[str] = field(default_factory=set[str])

    def add(self, document: Document) -> None:
        """Take note of a file that was read but not accepted."""
        ids = [value_at(document.value, path) for path in document.lines if path[-1:] == ("id",)]
        self.ids.update(one for one in ids if isinstance(one, str))
        (self.partly if ids else self.rooms).add(document.file.split("/")[0])


@frozen
class Fresh:
    """What goes with papers and competitions that a source brings."""

    reading: tuple[Sourced[ReadingShelf], ...] = ()
    competitions: tuple[Sourced[CompetitionShelf], ...] = ()


@frozen
class PackFiles:
    """Every file of a pack that could be accepted by itself. ``track`` is None where its own file could not."""

    track: Sourced[Track] | None
    stages: tuple[Sourced[Stage], ...]
    chapters: tuple[Sourced[Chapter], ...]
    categories: tuple[Sourced[FaqCategory], ...]
    prompts: tuple[Sourced[PromptShelf], ...]
    tasks: tuple[Sourced[KaggleShelf], ...]
    papers: tuple[Sourced[PaperShelf], ...]
    fresh: Fresh
    cards: tuple[Sourced[CardShelf], ...]
    synonyms: tuple[Sourced[SynonymShelf], ...]
    left_out: LeftOut
