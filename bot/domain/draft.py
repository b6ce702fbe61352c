"""What was read from a loaded file, before it is held against what is there: the one form that all formats lead to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from bot.domain.entry import NOUNS, SHELF_OF, Json, Kind
from bot.domain.frozen import frozen

MOST_ENTRIES: Final = 5_000
MOST_TEXT: Final = 256 * 1024
MOST_APKG: Final = 5 * 1024 * 1024


class Format(StrEnum):
    """How a file is written."""

    YAML = "YAML"
    TABLE = "table"
    MARKDOWN = "Markdown"
    ANKI_TEXT = "Anki text export"
    CROWDANKI = "CrowdAnki"
    APKG = "Anki deck"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Why an entry, or a file, can't be used.

    Attributes:
        line: 1-based; 0 where it is about the whole file.
        key: the key or column; empty where it is about the whole entry.
        found: what stands there, in words.
        expected: what should.
    """

    line: int
    key: str
    found: str
    expected: str

    @property
    def sentence(self) -> str:
        """The problem in one line."""
        where = f"Line {self.line}" if self.line else "The file"
        key = f", `{self.key}`" if self.key else ""
        return f"{where}{key}: found {self.found}, expected {self.expected}."


class UnusableFileError(Exception):
    """A file can't be read at all; holds the one problem that stopped it."""

    def __init__(self, found: str, expected: str, line: int = 0, key: str = "") -> None:
        self.problem = Problem(line, key, found, expected)
        super().__init__(self.problem.sentence)


@frozen
class DraftEntry:
    """One entry as it was read.

    Attributes:
        kind: what it is.
        line: where it begins; for decks the number of the note.
        fields: what the file says of it, by the model's keys; what it does not mention is absent, what it empties is
            an empty text.
        problems: what was found wrong while reading.
        lines: of formats that write each key on a line of its own, the lines.
    """

    kind: Kind
    line: int
    fields: Mapping[str, Json]
    problems: tuple[Problem, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict[str, int])


@frozen
class Table:
    """What a table's columns were taken for, so that a person can say it better.

    Attributes:
        columns: their names, or ``column 1`` and so on.
        sample: the first row.
        taken: each column's key; empty where it was left out.
        sure: whether the names said it, rather than a guess.
        header: whether the first line holds names, and is no entry.
    """

    columns: tuple[str, ...]
    sample: tuple[str, ...]
    taken: tuple[str, ...]
    sure: bool
    header: bool = False


@frozen
class Draft:
    """Everything that a file says.

    Attributes:
        kind: what its entries are, shelves aside.
        format: how it is written.
        entries: in the file's order.
        problems: what is wrong with the file as a whole, though entries were found.
        notes: what was done to the texts, in sentences.
        table: of tables, what the columns were taken for.
    """

    kind: Kind
    format: Format
    entries: tuple[DraftEntry, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    table: Table | None = None

    @property
    def bad(self) -> int:
        """How many entries could not be read."""
        return sum(1 for entry in self.entries if entry.problems)

    def to_json(self) -> dict[str, Any]:
        """Return the draft as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the draft that ``to_json`` wrote."""
        table = data["table"]
        return cls(
            kind=Kind(data["kind"]),
            format=Format(data["format"]),
            entries=tuple(
                DraftEntry(Kind(one["kind"]), one["line"], one["fields"], _problems(one["problems"]), one["lines"])
                for one in data["entries"]
            ),
            problems=_problems(data["problems"]),
            notes=tuple(data["notes"]),
            table=table
            and Table(
                tuple(table["columns"]), tuple(table["sample"]), tuple(table["taken"]), table["sure"], table["header"]
            ),
        )


def _problems(given: Iterable[Mapping[str, Any]]) -> tuple[Problem, ...]:
    return tuple(Problem(one["line"], one["key"], one["found"], one["expected"]) for one in given)


@frozen
class FileRequest:
    """A file to read.

    Attributes:
        name: its name, for recognizing its format.
        data: its bytes.
        kind: what a person says it holds; None to find out.
        columns: what a person says a table's columns are, by place; empty to find out.
        header: whether a person says that a table's first line holds names; None to find out.
    """

    name: str
    data: bytes = field(repr=False)
    kind: Kind | None = None
    columns: tuple[str, ...] = ()
    header: bool | None = None


def checked_kind(kind: Kind, found: Kind) -> Kind:
    """Return the kind asked for, where a file of ``found`` can be read as it.

    Raises:
        UnusableFileError: where it can't.
    """
    pairs = {Kind.FAQ, Kind.CARD, Kind.PROMPT}
    if kind is found or kind is SHELF_OF.get(found) or (kind in pairs and found in pairs):
        return kind
    raise UnusableFileError(f"{NOUNS[found][1]}", f"{NOUNS[kind][1]}; choose another kind, or load it as it is")
