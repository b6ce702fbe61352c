"""Checks over a whole pack: unknown and duplicate ids, cycles of prerequisites, the same order twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from typing import Literal

from bot.domain.content import ContentModel
from bot.domain.faq import FaqCategory
from bot.domain.guide import Chapter
from bot.domain.prompt import Exercise
from bot.domain.synonym import SynonymShelf
from bot.domain.track import Stage
from bot.packs.fault import Fault
from bot.packs.sourced import Named, PackFiles, Sourced
from bot.packs.yaml_text import Path

SKILLS_CHAPTER = "skills"


def cross_check(files: PackFiles) -> Iterator[Fault]:
    """Yield the faults that show only when all files are seen together."""
    topics = [
        Named(topic.id, stage, ("topics", i, "id"))
        for stage in files.stages
        for i, topic in enumerate(stage.content.topics)
    ]
    entries = [
        Named(entry.id, category, ("entries", i, "id"))
        for category in files.categories
        for i, entry in enumerate(category.content.entries)
    ]
    exercises = [Named(one.id, source, (*path, "id")) for source, path, one in _exercises(files)]
    exercises += _fresh(files)
    shelves = (files.stages, files.chapters, files.categories)
    for given in (topics, entries, exercises, _cards(files, "id"), *(_top_ids(shelf) for shelf in shelves)):
        yield from _duplicates(given, "id")
    for shelf in shelves:
        yield from _duplicates([Named(str(file.content.order), file, ("order",)) for file in shelf], "order")
    for references, known, what, room in (
        (chain(_topic_references(files), _cards(files, "topic")), {topic.id for topic in topics}, "topic", "roadmap"),
        (_shelf_stages(files), {stage.content.id for stage in files.stages}, "stage", "roadmap"),
        (_entry_references(files.categories), {entry.id for entry in entries}, "FAQ entry", "faq"),
        (_skill_references(files.stages), _skills(files.chapters), "skill area", "guide"),
    ):
        if room not in files.left_out.rooms:
            yield from _unknown(references, known, files.left_out.ids, what)
    yield from _repeated_synonyms(files)
    yield from _cycles(files.stages, {topic.id: topic for topic in reversed(topics)})


def _exercises(files: PackFiles) -> Iterator[tuple[Sourced[ContentModel], Path, Exercise]]:
    """Yield everything that a daily post can hold, with its place."""
    for prompts in files.prompts:
        for i, prompt in enumerate(prompts.content.prompts):
            yield prompts, ("prompts", i), prompt
    for tasks in files.tasks:
        for i, task in enumerate(tasks.content.tasks):
            yield tasks, ("tasks", i), task
    for papers in files.papers:
        for i, paper in enumerate(papers.content.papers):
            yield papers, ("papers", i), paper


def _fresh(files: PackFiles) -> Iterator[Named]:
    """Yield the ids of what goes with fresh papers and competitions, with their places."""
    for reading in files.fresh.reading:
        for i, question in enumerate(reading.content.questions):
            yield Named(question.id, reading, ("questions", i, "id"))
    for tasks in files.fresh.competitions:
        for i, task in enumerate(tasks.content.competitions):
            yield Named(task.id, tasks, ("competitions", i, "id"))


def _cards(files: PackFiles, key: Literal["id", "topic"]) -> Iterator[Named]:
    """Yield one key of every review card."""
    for shelf in files.cards:
        for i, card in enumerate(shelf.content.cards):
            yield Named(card.id if key == "id" else card.topic, shelf, ("cards", i, key))


def _shelf_stages(files: PackFiles) -> Iterator[Named]:
    """Yield the stages that prompts and cards belong to; none while a stage's own id is in doubt."""
    ids = {stage.content.id for stage in files.stages}
    if "roadmap" in files.left_out.partly or len(ids) < len(files.stages):
        return
    for shelf in (*files.prompts, *files.cards):
        yield Named(shelf.content.stage, shelf, ("stage",))


def _top_ids(files: Sequence[Sourced[Stage | Chapter | FaqCategory]]) -> list[Named]:
    return [Named(file.content.id, file, ("id",)) for file in files]


def _duplicates(given: Iterable[Named], what: str) -> Iterator[Fault]:
    first: dict[str, Named] = {}
    for named in given:
        other = first.setdefault(named.id, named)
        if other is not named:
            where = f"{other.source.document.file}, line {other.source.document.line(other.path)}"
            yield named.fault(f"the {what} *{named.id}* a second time", f"another one; it is taken in {where}")


def _topic_references(files: PackFiles) -> Iterator[Named]:
    if files.track is not None:
        for i, background in enumerate(files.track.content.backgrounds):
            yield from _list(files.track, ("backgrounds", i, "knows"), background.knows)
    for stage in files.stages:
        for i, topic in enumerate(stage.content.topics):
            yield from _list(stage, ("topics", i, "requires"), topic.requires)
    for chapter in files.chapters:
        for i, item in enumerate(chapter.content.items):
            yield from _list(chapter, ("items", i, "topics"), item.topics)
    for category in files.categories:
        for i, entry in enumerate(category.content.entries):
            yield from _list(category, ("entries", i, "topics"), entry.topics)
    for source, path, exercise in _exercises(files):
        yield from _list(source, (*path, "topics"), exercise.topics)


def _entry_references(categories: Sequence[Sourced[FaqCategory]]) -> Iterator[Named]:
    for category in categories:
        for i, entry in enumerate(category.content.entries):
            yield from _list(category, ("entries", i, "related"), entry.related)


def _skill_references(stages: Sequence[Sourced[Stage]]) -> Iterator[Named]:
    for stage in stages:
        for i, topic in enumerate(stage.content.topics):
            yield Named(topic.skill, stage, ("topics", i, "skill"))


def _skills(chapters: Sequence[Sourced[Chapter]]) -> set[str]:
    return {item.id for chapter in chapters if chapter.content.id == SKILLS_CHAPTER for item in chapter.content.items}


def _list(source: Sourced[ContentModel], path: Path, ids: Sequence[str]) -> Iterator[Named]:
    for i, one in enumerate(ids):
        yield Named(one, source, (*path, i))


def _unknown(references: Iterable[Named], known: set[str], elsewhere: set[str], what: str) -> Iterator[Fault]:
    for named in references:
        if named.id not in known | elsewhere:
            close = get_close_matches(named.id, known, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            yield named.fault(f"*{named.id}*", f"the id of a {what} that exists{hint}")


def _repeated_synonyms(files: PackFiles) -> Iterator[Fault]:
    """Yield short forms given twice, whose senses belong together, and those that mean themselves."""
    first: dict[str, tuple[Sourced[SynonymShelf], int]] = {}
    for shelf in files.synonyms:
        for i, one in enumerate(shelf.content.synonyms):
            path, short = ("synonyms", i, "short"), one.short.casefold()
            other, at = first.setdefault(short, (shelf, i))
            if (other, at) != (shelf, i):
                line = other.document.line(("synonyms", at, "short"))
                yield shelf.fault(path, f"*{one.short}* a second time", f"all its senses in one place, line {line}")
            if short in {meaning.casefold() for meaning in one.means}:
                yield shelf.fault(path, f"*{one.short}* meaning itself", "other words for it")


def _cycles(stages: Sequence[Sourced[Stage]], places: Mapping[str, Named]) -> Iterator[Fault]:
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
