"""Tables: CSV and TSV, and Anki's plain-text export, which is one with a few lines of settings before it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final

from bot.domain.draft import (
    MOST_ENTRIES,
    MOST_TEXT,
    Draft,
    DraftEntry,
    FileRequest,
    Format,
    Problem,
    Table,
    UnusableFileError,
)
from bot.domain.entry import Kind
from bot.domain.frozen import frozen
from bot.domain.guard import unguarded
from bot.packs.anki import card_fields
from bot.packs.cells import entry_of
from bot.packs.columns import as_table, by_content, by_names, has_names, kinds_of

DELIMITERS: Final = (",", ";", "\t")
ANKI_DELIMITERS: Final = {
    "tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|", "colon": ":",
}  # fmt: skip
SAMPLE: Final = 60

csv.field_size_limit(MOST_TEXT + 1)


@frozen
class _Row:
    """A row, and the 1-based line on which it begins and ends."""

    line: int
    last: int
    cells: tuple[str, ...]


def read_table(request: FileRequest, text: str) -> Draft:
    """Read a table.

    Raises:
        UnusableFileError: where its columns can't be told apart, or a quote is never closed.
    """
    rows = _rows(text, _delimiter(text), 1)
    if not rows:
        raise UnusableFileError("no rows", "a row for each entry")
    names = rows[0].cells
    said = by_names(names, request.kind) if request.header is not False else None
    if request.columns:
        return _named(request, rows, _has_header(request, rows, known=said is not None))
    if said is not None:
        kind, taken = said
        table = as_table(names, rows[1].cells if len(rows) > 1 else (), taken, sure=True)
        # our own exports name every column by its key and hold ids; their texts are no HTML
        own = "id" in taken and tuple(names) == taken
        entries = _entries(kind, rows[1:], taken, html=not own)
        return Draft(kind, Format.TABLE, entries, _unused(rows[0], taken), (), table)
    header = _has_header(request, rows, known=False)
    guess = by_content([row.cells for row in rows[header:SAMPLE]], request.kind)
    if guess is None:
        raise UnusableFileError(
            f"one column, or columns named {', '.join(names)[:120]}", "names such as question and answer, title and url"
        )
    kind, taken = guess
    table = _guessed(rows, taken, header=header, sure=False)
    note = "The table has no names of columns that I know, so I guessed what they are."
    return Draft(kind, Format.TABLE, _entries(kind, rows[header:], taken), (), (note,), table)


def read_anki_text(request: FileRequest, text: str) -> Draft:
    """Read Anki's plain-text export.

    Raises:
        UnusableFileError: where it holds no notes.
    """
    lines = text.split("\n")
    settings = 0
    said: dict[str, str] = {}
    while settings < len(lines) and lines[settings].startswith("#"):
        name, _, value = lines[settings][1:].partition(":")
        said[name.strip().casefold()] = value.strip() or " "
        settings += 1
    delimiter = ANKI_DELIMITERS.get(said.get("separator", "tab").casefold(), said.get("separator", "\t")[:1])
    rows = _rows("\n".join(lines[settings:]), delimiter, settings + 1)
    if not rows:
        raise UnusableFileError("no notes", "a note on each line")
    kind = request.kind or Kind.CARD
    if kind not in {Kind.CARD, Kind.FAQ, Kind.PROMPT}:
        raise UnusableFileError("an Anki export", "a kind of questions with answers: cards, FAQ or prompts")
    special = {int(value) for name, value in said.items() if name.endswith(" column") and value.isdigit()}
    html = said.get("html", "true").casefold() != "false"
    entries = tuple(
        entry for row in rows for entry in card_fields(kind, row.line, _content(row.cells, special), html=html)
    )
    return Draft(kind, Format.ANKI_TEXT, entries)


def _content(cells: Sequence[str], special: set[int]) -> list[str]:
    """Return the fields without the columns that hold Anki's own ids, decks and tags."""
    return [cell for i, cell in enumerate(cells, 1) if i not in special]


def _named(request: FileRequest, rows: list[_Row], header: bool) -> Draft:
    """Read a table whose columns a person named."""
    kind = request.kind or kinds_of(request.columns)
    if kind is None or len({one for one in request.columns if one}) < 2:
        raise UnusableFileError("columns that fit no kind of entry", "at least two, such as question and answer")
    table = _guessed(rows, request.columns, header=header, sure=True)
    return Draft(kind, Format.TABLE, _entries(kind, rows[header:], request.columns), (), (), table)


def _has_header(request: FileRequest, rows: Sequence[_Row], *, known: bool) -> bool:
    if request.header is not None:
        return request.header
    return known or has_names([row.cells for row in rows[:SAMPLE]])


def _guessed(rows: Sequence[_Row], taken: Sequence[str], *, header: bool, sure: bool) -> Table:
    """Return a table whose names, if it has any, don't say what it holds."""
    names = rows[0].cells if header else _numbered(max(len(taken), len(rows[0].cells)))
    sample = rows[header].cells if len(rows) > header else ()
    return as_table(names, sample, taken, sure=sure, header=header)


def _numbered(width: int) -> list[str]:
    return [f"column {i}" for i in range(1, width + 1)]


def _delimiter(text: str) -> str:
    """Return the sign between columns: the one that parts the first rows into equally many cells, most of them."""
    lines = text.split("\n", SAMPLE)[:SAMPLE]
    best, most = ",", 0.0
    for sign in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count, default=1)
        score = widths.count(usual) / max(1, len(widths)) + min(usual, 9) / 100 if usual > 1 else 0.0
        if score > most:
            best, most = sign, score
    return best


def _rows(text: str, delimiter: str, first_line: int) -> list[_Row]:
    """Return the rows that hold anything.

    Raises:
        UnusableFileError: where a quote is never closed, or swallows what look like rows.
    """
    if len(delimiter) != 1 or delimiter in '\n\r"':
        raise UnusableFileError("a separator that is none", "comma, semicolon or tab")
    rows: list[_Row] = []
    # csv wants its line ends; without them a cell of several lines would come out as one
    reader = csv.reader((f"{line}\n" for line in text.split("\n")), delimiter=delimiter, strict=True)
    begun = 0
    try:
        for cells in reader:
            row = _Row(first_line + begun, first_line + reader.line_num - 1, tuple(unguarded(one) for one in cells))
            begun = reader.line_num
            if any(one.strip() for one in cells):
                _hold_quotes(row, rows, delimiter)
                rows.append(row)
            if len(rows) > MOST_ENTRIES:
                raise UnusableFileError(f"over {MOST_ENTRIES:,} rows", "fewer; split the file")
    except csv.Error as error:
        why = "a quotation mark that is never closed" if "end of data" in str(error) else "a stray quotation mark"
        expected = 'cells like "this", and a quotation mark within one doubled'
        raise UnusableFileError(why, expected, first_line + begun) from None
    return rows


def _hold_quotes(row: _Row, before: Sequence[_Row], delimiter: str) -> None:
    """Refuse a cell that holds whole rows: its quote was meant to close long before.

    Raises:
        UnusableFileError: where that is so.
    """
    usual = len(before[0].cells) if before else len(row.cells)
    for cell in row.cells:
        inner = [line for line in cell.split("\n")[1:] if line.strip()]
        if not inner or usual < 2:
            continue
        # prose has a space after its commas, cells have none
        like_rows = all(line.count(delimiter) == usual - 1 and f"{delimiter} " not in line for line in inner)
        if like_rows or len(row.cells) < usual:
            raise UnusableFileError(
                "a quotation mark that swallows the rows after it", "each opened quote closed in its cell", row.line
            )


def _entries(kind: Kind, rows: Sequence[_Row], taken: Sequence[str], *, html: bool = True) -> tuple[DraftEntry, ...]:
    return tuple(_each(kind, rows, taken, html=html))


def _each(kind: Kind, rows: Sequence[_Row], taken: Sequence[str], *, html: bool) -> Iterator[DraftEntry]:
    width = len(taken)
    for row in rows:
        cells = {key: cell for key, cell in zip(taken, row.cells, strict=False) if key}
        entry = entry_of(kind, row.line, _defaults(kind, cells), html=html)
        extra = [cell for cell in row.cells[width:] if cell.strip()]
        if extra:
            wide = Problem(row.line, "", f"{len(row.cells)} cells", f"{width}, as in the first row")
            entry = DraftEntry(kind, row.line, entry.fields, (*entry.problems, wide))
        yield entry


def _defaults(kind: Kind, cells: dict[str, str]) -> dict[str, str]:
    if kind is Kind.CARD and not cells.get("kind"):
        cells["kind"] = "cloze" if "{{c" in cells.get("text", "") else "question"
    # an empty cell of a table says nothing, but of what a row can't do without it says that it lacks it
    return {key: cell for key, cell in cells.items() if cell.strip() or key in {"question", "answer", "front", "back"}}


def _unused(header: _Row, taken: Sequence[str]) -> tuple[Problem, ...]:
    return tuple(
        Problem(header.line, name[:40], "a column I don't know", "a name from the template; it was left out")
        for name, key, _ in zip(header.cells, taken, count(), strict=False)
        if name.strip() and not key
    )
