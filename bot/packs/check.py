"""Checks over a whole pack: unknown and duplicate ids, cycles of prerequisites, the same order twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import Generic, TypeVar

from bot.domain.content import ContentModel
from bot.domain.faq import FaqCategory
from bot.domain.guide import Chapter
from bot.domain.track import Stage, Track
from bot.packs.fault import Fault
from bot.packs.yaml_text import Document, Path, key_path, value_at

Model_co = TypeVar("Model_co", bound=ContentModel, covariant=True)

SKILLS_CHAPTER = "skills"


@dataclass(frozen=True, slots=True)
class Sourced(Generic[Model_co]):
    """Content, and the document it was read from."""

    content: Model_co
    document: Document

    def fault(self, path: Path, found: str, expected: str) -> Fault:
        """Return a fault at ``path`` of this document."""
        return Fault(self.document.file, self.document.line(path), key_path(path), found, expected)


@dataclass(frozen=True, slots=True)
class _Named:
    """An id, and where it is given or referred to."""

    id: str
    source: Sourced[ContentModel]
    path: Path

    def fault(self, found: str, expected: str) -> Fault:
        """Return a fault at this place."""
        return self.source.fault(self.path, found, expected)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What stands in files that have faults of their own: a reference to it is no second fault.

    Attributes:
        ids: every id in files that were read but not accepted.
        rooms: folders with a file that could not be read at all, so that any id may stand there.
    """

    ids: set[str] = field(default_factory=set[str])
    rooms: set[str] = field(default_factory=set[str])

    def add(self, document: Document) -> None:
        """Take note of a file that was read but not accepted."""
        ids = [value_at(document.value, path) for path in document.lines if path[-1:] == ("id",)]
        self.ids.update(one for one in ids if isinstance(one, str))
        if not ids:
            self.rooms.add(document.file.split("/")[0])


def cross_check(
    track: Sourced[Track] | None,
    stages: Sequence[Sourced[Stage]],
    chapters: Sequence[Sourced[Chapter]],
    categories: Sequence[Sourced[FaqCategory]],
    left_out: LeftOut,
) -> Iterator[Fault]:
    """Yield the faults that show only when all files are seen together."""
    topics = [
        _Named(topic.id, stage, ("topics", i, "id")) for stage in stages for i, topic in enumerate(stage.content.topics)
    ]
    entries = [
        _Named(entry.id, category, ("entries", i, "id"))
        for category in categories
        for i, entry in enumerate(category.content.entries)
    ]
    for given in (topics, entries, *(_top_ids(files) for files in (stages, chapters, categories))):
        yield from _duplicates(given, "id")
    for files in (stages, chapters, categories):
        orders = [_Named(str(file.content.order), file, ("order",)) for file in files]
        yield from _duplicates(orders, "order")
    topic_ids, entry_ids = {topic.id for topic in topics}, {entry.id for entry in entries}
    for references, known, what, room in (
        (_topic_references(track, stages, chapters, categories), topic_ids, "topic", "roadmap"),
        (_entry_references(categories), entry_ids, "FAQ entry", "faq"),
        (_skill_references(stages), _skills(chapters), "skill area", "guide"),
    ):
        if room not in left_out.rooms:
            yield from _unknown(references, known, left_out.ids, what)
    yield from _cycles(stages, {topic.id: topic for topic in reversed(topics)})


def _top_ids(files: Sequence[Sourced[Stage | Chapter | FaqCategory]]) -> list[_Named]:
    return [_Named(file.content.id, file, ("id",)) for file in files]


def _duplicates(given: Iterable[_Named], what: str) -> Iterator[Fault]:
    first: dict[str, _Named] = {}
    for named in given:
        other = first.setdefault(named.id, named)
        if other is not named:
            where = f"{other.source.document.file}, line {other.source.document.line(other.path)}"
            yield named.fault(f"the {what} *{named.id}* a second time", f"another one; it is taken in {where}")


def _topic_references(
    track: Sourced[Track] | None,
    stages: Sequence[Sourced[Stage]],
    chapters: Sequence[Sourced[Chapter]],
    categories: Sequence[Sourced[FaqCategory]],
) -> Iterator[_Named]:
    if track is not None:
        for i, background in enumerate(track.content.backgrounds):
            yield from _list(track, ("backgrounds", i, "knows"), background.knows)
    for stage in stages:
        for i, topic in enumerate(stage.content.topics):
            yield from _list(stage, ("topics", i, "requires"), topic.requires)
    for chapter in chapters:
        for i, item in enumerate(chapter.content.items):
            yield from _list(chapter, ("items", i, "topics"), item.topics)
    for category in categories:
        for i, entry in enumerate(category.content.entries):
            yield from _list(category, ("entries", i, "topics"), entry.topics)


def _entry_references(categories: Sequence[Sourced[FaqCategory]]) -> Iterator[_Named]:
    for category in categories:
        for i, entry in enumerate(category.content.entries):
            yield from _list(category, ("entries", i, "related"), entry.related)


def _skill_references(stages: Sequence[Sourced[Stage]]) -> Iterator[_Named]:
    for stage in stages:
        for i, topic in enumerate(stage.content.topics):
            yield _Named(topic.skill, stage, ("topics", i, "skill"))


def _skills(chapters: Sequence[Sourced[Chapter]]) -> set[str]:
    return {item.id for chapter in chapters if chapter.content.id == SKILLS_CHAPTER for item in chapter.content.items}


def _list(source: Sourced[ContentModel], path: Path, ids: Sequence[str]) -> Iterator[_Named]:
    for i, one in enumerate(ids):
        yield _Named(one, source, (*path, i))


def _unknown(references: Iterable[_Named], known: set[str], elsewhere: set[str], what: str) -> Iterator[Fault]:
    for named in references:
        if named.id not in known | elsewhere:
            close = get_close_matches(named.id, known, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            yield named.fault(f"*{named.id}*", f"the id of a {what} that exists{hint}")


def _cycles(stages: Sequence[Sourced[Stage]], places: Mapping[str, _Named]) -> Iterator[Fault]:
    graph: dict[str, Sequence[str]] = {}
    for topic in (topic for stage in stages for topic in stage.content.topics):
        graph.setdefault(topic.id, topic.requires)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        ring: list[str] = error.args[1]
        # graphlib names the ring from what comes first to what needs it
        way = " needs ".join(reversed(ring))
        yield places[ring[0]].fault(f"a circle: {way}", "prerequisites that lead back to nothing")
