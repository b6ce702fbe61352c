"""A pack's folder in, a checked pack or the list of all its faults out.

The folder: ``roadmap/track.yaml`` and one file a stage beside it, ``guide/*.yaml`` one file a chapter, ``faq/*.yaml``
one file a category, with ``faq/synonyms.yaml`` beside them; where there are any, ``prompts/*.yaml`` and
``cards/*.yaml`` one file a stage, ``kaggle/*.yaml`` and ``papers/*.yaml``; beside these ``papers/reading.yaml`` for
papers and ``kaggle/competitions.yaml`` for competitions that a source brings; ``points.yaml`` for what scores how much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Final, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.domain.content import ContentModel
from bot.domain.expectation import expectation
from bot.domain.faq import FaqCategory
from bot.domain.frozen import frozen
from bot.domain.guide import Chapter
from bot.domain.pack import Pack
from bot.domain.points import PointsTable
from bot.domain.prompt import CompetitionShelf, Exercises, KaggleShelf, PaperShelf, PromptShelf, ReadingShelf
from bot.domain.review import Cards, CardShelf
from bot.domain.synonym import SynonymShelf
from bot.domain.track import Stage, Track
from bot.errors import ContentError
from bot.packs.check import cross_check
from bot.packs.fault import Fault, shown
from bot.packs.once import Once
from bot.packs.sourced import Fresh, LeftOut, PackFiles, Sourced
from bot.packs.yaml_text import Document, Path, YamlFaultError, key_path, read_yaml, value_at

MAX_BYTES: Final = 1024 * 1024
TRACK_FILE: Final = "roadmap/track.yaml"
READING_FILE: Final = "reading.yaml"
COMPETITIONS_FILE: Final = "competitions.yaml"
SYNONYMS_FILE: Final = "synonyms.yaml"
POINTS_FILE: Final = "points.yaml"

Model = TypeVar("Model", bound=ContentModel)


@frozen
class Checked:
    """The outcome of reading a folder. ``pack`` is there exactly when ``faults`` is empty."""

    pack: Pack | None
    faults: tuple[Fault, ...]
    files: int


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    folder: FilePath
    faults: list[Fault] = field(default_factory=list[Fault])
    files: int = 0
    left_out: LeftOut = field(default_factory=LeftOut)


def load_pack(folder: FilePath, *, exercises: bool = True) -> Pack:
    """Return the pack in ``folder``.

    Args:
        folder: where its files are.
        exercises: whether to read what daily posts hold and the review cards now, or else at the first need.

    Raises:
        ContentError: naming every fault of the pack.
    """
    checked = check_pack(folder, exercises=exercises)
    if checked.pack is None:
        lines = "\n".join(f"- {fault.sentence}" for fault in checked.faults)
        raise ContentError(f"The content in {folder} can't be used:\n{lines}")
    return checked.pack


def check_pack(folder: FilePath, *, exercises: bool = True) -> Checked:
    """Read and check everything in ``folder``; report all faults, not just the first.

    Without ``exercises``, what daily posts hold is left unread until somebody looks at it.
    """
    reading = _Reading(folder)
    if not folder.is_dir():
        fault = Fault(str(folder), 0, "", "no such folder", "the folder of a content pack")
        return Checked(None, (fault,), 0)
    stages = tuple(_read_all(reading, "roadmap", Stage, leave_out="track.yaml"))
    chapters = tuple(_read_all(reading, "guide", Chapter))
    categories = tuple(_read_all(reading, "faq", FaqCategory, leave_out=SYNONYMS_FILE))
    prompts = _read_optional(reading, "prompts", PromptShelf) if exercises else ()
    tasks = _read_optional(reading, "kaggle", KaggleShelf, leave_out=COMPETITIONS_FILE) if exercises else ()
    papers = _read_optional(reading, "papers", PaperShelf, leave_out=READING_FILE) if exercises else ()
    fresh = _read_fresh(reading) if exercises else Fresh()
    cards = _read_optional(reading, "cards", CardShelf) if exercises else ()
    synonyms = _read_optional(reading, "faq", SynonymShelf, only=SYNONYMS_FILE)
    points = _read_optional(reading, "", PointsTable, only=POINTS_FILE)
    track = _read_track(reading, tuple(stage.content for stage in stages))
    files = PackFiles(
        track, stages, chapters, categories, prompts, tasks, papers, fresh, cards, synonyms, reading.left_out
    )
    reading.faults.extend(cross_check(files))
    if reading.faults or track is None:
        return Checked(None, tuple(sorted(set(reading.faults))), reading.files)
    pack = Pack.of(
        track.content,
        (chapter.content for chapter in chapters),
        (category.content for category in categories),
        Once(lambda: load_pack(folder).exercises)
        if not exercises
        else Exercises.of(
            (shelf.content for shelf in prompts),
            (task for shelf in tasks for task in shelf.content.tasks),
            (paper for shelf in papers for paper in shelf.content.papers),
            (question for shelf in fresh.reading for question in shelf.content.questions),
            (task for shelf in fresh.competitions for task in shelf.content.competitions),
            Cards.of(card for shelf in cards for card in shelf.content.cards),
        ),
        (one for shelf in synonyms for one in shelf.content.synonyms),
    )
    return Checked(replace(pack, points=points[0].content) if points else pack, (), reading.files)


def _read_all(reading: _Reading, room: str, model: type[Model], leave_out: str = "") -> Iterator[Sourced[Model]]:
    paths = [path for path in sorted((reading.folder / room).glob("*.yaml")) if path.name != leave_out]
    if not paths:
        reading.faults.append(Fault(f"{room}/", 0, "", "no .yaml file", "at least one"))
        reading.left_out.rooms.add(room)
    yield from _read_these(reading, paths, model)


def _read_optional(
    reading: _Reading, room: str, model: type[Model], *, leave_out: str = "", only: str = "*.yaml"
) -> tuple[Sourced[Model], ...]:
    paths = [path for path in sorted((reading.folder / room).glob(only)) if path.name != leave_out]
    return tuple(_read_these(reading, paths, model))


def _read_fresh(reading: _Reading) -> Fresh:
    return Fresh(
        _read_optional(reading, "papers", ReadingShelf, only=READING_FILE),
        _read_optional(reading, "kaggle", CompetitionShelf, only=COMPETITIONS_FILE),
    )


def _read_these(reading: _Reading, paths: Iterable[FilePath], model: type[Model]) -> Iterator[Sourced[Model]]:
    for path in paths:
        document = _document(reading, path)
        content = document and _validated(reading, document, model, document.value)
        if document is not None and content is not None:
            yield Sourced(content, document)


def _read_track(reading: _Reading, stages: tuple[Stage, ...]) -> Sourced[Track] | None:
    """Read the track's own file and put the stages, which stand in files of their own, into it."""
    document = _document(reading, reading.folder / TRACK_FILE)
    if document is None:
        return None
    if not stages or not isinstance(document.value, dict):
        if stages:
            reading.faults.append(Fault(TRACK_FILE, 1, "", shown(document.value), "keys and values"))
        return None
    content = _validated(reading, document, Track, {**document.value, "stages": list(stages)})
    return content and Sourced(content, document)


def _document(reading: _Reading, path: FilePath) -> Document | None:
    name = path.relative_to(reading.folder).as_posix()
    document = _parsed(reading, path, name)
    if document is None and name != TRACK_FILE:
        reading.left_out.rooms.add(name.split("/")[0])
    return document


def _parsed(reading: _Reading, path: FilePath, name: str) -> Document | None:
    try:
        data = path.read_bytes()
    except OSError as error:
        reading.faults.append(Fault(name, 0, "", f"a file that can't be read ({error.strerror})", "a readable file"))
        return None
    reading.files += 1
    if len(data) > MAX_BYTES:
        reading.faults.append(Fault(name, 0, "", f"{len(data):,} bytes", f"at most {MAX_BYTES:,}"))
        return None
    try:
        return read_yaml(data.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reading.faults.append(Fault(name, line, "", "bytes that are no UTF-8", "a file saved as UTF-8"))
    except YamlFaultError as error:
        reading.faults.append(error.fault)
    return None


def _validated(reading: _Reading, document: Document, model: type[Model], value: object) -> Model | None:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        reading.faults.extend(_fault(document, details) for details in error.errors(include_url=False))
        reading.left_out.add(document)
        return None


def _fault(document: Document, details: ErrorDetails) -> Fault:
    path = _place(document, details)
    return Fault(
        file=document.file,
        line=document.line(path),
        key=key_path(path),
        found=_found(document, path, details),
        expected=expectation(details),
    )


def _place(document: Document, details: ErrorDetails) -> Path:
    """Return the path of keys as the file has it: pydantic puts an entry's kind between where kinds differ."""
    path: Path = ()
    for step in details["loc"]:
        here = value_at(document.value, path)
        if not (isinstance(here, dict) and step not in here and here.get("kind") == step):
            path = (*path, step)
    return (*path, "kind") if details["type"].startswith("union_tag") else path


def _found(document: Document, path: Path, details: ErrorDetails) -> str:
    if details["type"] in {"missing", "union_tag_not_found"}:
        return "nothing"
    if details["type"] == "extra_forbidden":
        return "a key that isn't known here"
    text = value_at(document.value, path)
    if isinstance(text, str) and details["type"] == "string_too_long":
        return f"{len(text)} characters"
    if isinstance(text, list) and details["type"] in {"too_short", "too_long"}:
        return f"{len(text)} of them"
    return shown(text)
