"""YAML text in, plain values with their line numbers out.

Built from PyYAML's C event stream, never from its object loaders: every scalar stays text (so ``no``, ``2026-01-01``
and ``010`` keep their meaning and pydantic converts what should be a number), and whatever could hurt is refused
before anything is built: nesting over 16 (PyYAML's C composer overflows the stack on 60 KB of ``[``), over 50,000
events, anchors, aliases, tags, merge keys, duplicate keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

import yaml

from bot.domain.frozen import frozen
from bot.packs.fault import Fault

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
Path: TypeAlias = tuple[str | int, ...]

MAX_DEPTH: Final = 16
MAX_EVENTS: Final = 50_000


class YamlFaultError(Exception):
    """The text can't be read at all; holds the one fault that stopped it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.sentence)
        self.fault = fault


@frozen
class Document:
    """A parsed file, which can tell the line on which each path of keys stands."""

    file: str
    value: Value
    text: str = field(repr=False)

    @property
    def lines(self) -> Mapping[Path, int]:
        """The 1-based line of each path of keys. They are looked for when first asked: a sound file needs none."""
        return _lines(self.text, self.file)

    def line(self, path: Path) -> int:
        """Return the line of ``path``, or of the nearest thing around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str, file: str) -> Document:
    """Parse one YAML document.

    Raises:
        YamlFaultError: where the text is no YAML, or uses what we refuse.
    """
    builder = _Builder(file, keep_lines=False)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        # What was never closed shows only further down, often at the end; it is mended where it begins.
        mark = error.context_mark if (error.context or "").startswith("while scanning") else error.problem_mark
        found, expected = _in_words(error)
        raise YamlFaultError(Fault(file, mark.line + 1 if mark else 1, "", found, expected)) from error
    except yaml.reader.ReaderError as error:
        # libyaml counts in bytes, and gives the character as a number.
        line = text.encode().count(b"\n", 0, error.position) + 1
        found = f"a character that YAML forbids ({error.character:#x})"
        raise YamlFaultError(Fault(file, line, "", found, "plain text")) from error
    if builder.root is None:
        raise YamlFaultError(Fault(file, 0, "", "nothing", "keys and values"))
    return Document(file, builder.root, text)


def _in_words(error: yaml.MarkedYAMLError) -> tuple[str, str]:
    """Return what was found and what was expected, in words of ours for the slips that people make."""
    problem = (error.problem or "a broken line").removeprefix("found ")
    if "quoted scalar" in (error.context or "") and "end of" in problem:
        return "a quotation mark that is never closed", "one more at the end of its text"
    if problem.startswith("mapping values are not allowed"):
        return "a second colon in one line", "quotation marks around a text with a colon"
    if "cannot start any token" in problem:
        return f"broken YAML ({problem})", "spaces instead of tabs, and quotation marks around a text with signs"
    return f"broken YAML ({problem})", "valid YAML"


@lru_cache(maxsize=4)
def _lines(text: str, file: str) -> Mapping[Path, int]:
    """Return the line of each path in a text that was parsed before."""
    builder = _Builder(file, keep_lines=True)
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        builder.take(event)
    return builder.lines


@dataclass(slots=True)
class _Open:
    """A list or mapping that is still being read."""

    value: list[Value] | dict[str, Value]
    path: Path
    key: str | None = None


class _Builder:
    """Turns events into values, one at a time, without recursion."""

    def __init__(self, file: str, *, keep_lines: bool) -> None:
        self.file = file
        self.root: Value | None = None
        self.lines: dict[Path, int] = {}
        self._keep_lines = keep_lines
        self._open: list[_Open] = []
        self._events = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event.

        Raises:
            YamlFaultError: where the event is one we refuse.
        """
        self._events += 1
        line = event.start_mark.line + 1 if event.start_mark else 0
        if self._events > MAX_EVENTS:
            raise self._refuse(line, f"over {MAX_EVENTS:,} pieces", "a smaller file")
        self._check(event, line)
        match event:
            case yaml.ScalarEvent():
                self._scalar(str(event.value), line)
            case yaml.SequenceStartEvent():
                self._start([], line)
            case yaml.MappingStartEvent():
                self._start({}, line)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._open.pop()
            case yaml.DocumentStartEvent() if self.root is not None:
                raise self._refuse(line, "a second document", "one document a file")
            case _:
                pass

    def _check(self, event: yaml.Event, line: int) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._refuse(line, "an alias", "the text itself; aliases are not used here")
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            raise self._refuse(line, "an anchor", "the text itself; anchors are not used here")
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag not in {None, "!"}:
            raise self._refuse(line, f"the tag *{event.tag}*", "no tags")

    def _refuse(self, line: int, found: str, expected: str) -> YamlFaultError:
        return YamlFaultError(Fault(self.file, line, key_path(self._here()), found, expected))

    def _here(self) -> Path:
        if not self._open:
            return ()
        top = self._open[-1]
        if isinstance(top.value, list):
            return (*top.path, len(top.value))
        return top.path if top.key is None else (*top.path, top.key)

    def _scalar(self, text: str, line: int) -> None:
        top = self._open[-1] if self._open else None
        if top is None or isinstance(top.value, list) or top.key is not None:
            self._put(text, line)
            return
        if text == "<<":
            raise self._refuse(line, "a merge key", "the keys themselves")
        if text in top.value:
            raise self._refuse(line, f"the key *{text}* a second time", "each key once")
        top.key = text
        if self._keep_lines:
            self.lines[(*top.path, text)] = line

    def _start(self, value: list[Value] | dict[str, Value], line: int) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise self._refuse(line, f"nesting deeper than {MAX_DEPTH}", "a flatter file")
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            raise self._refuse(line, "a list or mapping as a key", "a plain word as a key")
        path = self._put(value, line)
        self._open.append(_Open(value, path))

    def _put(self, value: Value, line: int) -> Path:
        path = self._here()
        if self._keep_lines:
            self.lines.setdefault(path, line)
        if not self._open:
            self.root = value
            return path
        top = self._open[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is not None:
            top.value[top.key] = value
            top.key = None
        return path


def key_path(path: Path) -> str:
    """Return a path of keys as people write it: ``topics[2].hours``."""
    return "".join(_steps(path)).lstrip(".")


def _steps(path: Path) -> Iterator[str]:
    for step in path:
        yield f"[{step}]" if isinstance(step, int) else f".{step}"


def value_at(value: Value, path: Path) -> Value | None:
    """Return what stands at ``path``, or None where nothing does."""
    here: Value | None = value
    for step in path:
        if isinstance(here, dict) and isinstance(step, str):
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            return None
    return here
