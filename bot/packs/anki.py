"""Anki's decks: CrowdAnki's JSON and ``.apkg`` archives; notes become cards, or questions with answers."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, Final, cast

from bot.domain.draft import MOST_ENTRIES, Draft, DraftEntry, FileRequest, Format, Problem, UnusableFileError
from bot.domain.entry import PAIRS, Kind
from bot.packs.cells import entry_of

MOST_UNPACKED: Final = 48 * 1024 * 1024
MOST_NOTES_TEXT: Final = 4 * 1024 * 1024
CLOZE: Final = re.compile(r"\{\{c(\d{1,3})::((?:(?!\{\{c\d{1,3}::|\}\}).){0,2000})\}\}", re.DOTALL)
"""A deletion; what is deleted ends at the first ``::``, where a hint begins."""
SOUND: Final = re.compile(r"\[sound:[^\]]{0,200}\]")
DUMMY: Final = "requires a newer version of anki"
NEWER: Final = "the .apkg exported with *Support older Anki versions* ticked"
MOST_CLOZES: Final = 20


def read_crowdanki(request: FileRequest, text: str) -> Draft:
    """Read a deck as CrowdAnki writes it, with the decks inside it.

    Raises:
        UnusableFileError: where it is no such deck.
    """
    try:
        data = json.loads(text, parse_constant=lambda name: f"<{name}>")
    except RecursionError:
        raise UnusableFileError("JSON nested too deep", "a CrowdAnki deck") from None
    except json.JSONDecodeError as error:
        raise UnusableFileError(f"broken JSON ({error.msg})", "a CrowdAnki deck", error.lineno) from None
    except ValueError:
        raise UnusableFileError("a number too long to read", "a CrowdAnki deck") from None
    if not isinstance(data, dict) or "notes" not in data:
        raise UnusableFileError("JSON that is no deck", "a CrowdAnki deck, with a list called notes")
    kind = _kind(request)
    entries: list[DraftEntry] = []
    for number, note in enumerate(_notes(cast("dict[str, Any]", data)), 1):
        if number > MOST_ENTRIES:
            raise UnusableFileError(f"over {MOST_ENTRIES:,} notes", "fewer; export a part of the deck")
        fields = cast("dict[str, object]", note).get("fields") if isinstance(note, dict) else None
        if not isinstance(fields, list) or not all(isinstance(one, str) for one in cast("list[object]", fields)):
            entries.append(DraftEntry(kind, number, {}, (Problem(number, "fields", "no list of texts", "a note"),)))
            continue
        entries += card_fields(kind, number, cast("list[str]", fields))
    return Draft(kind, Format.CROWDANKI, tuple(entries), notes=("Lines are numbers of notes.",))


def _notes(deck: dict[str, Any]) -> Iterator[Any]:
    """Yield the notes of a deck and of those within it."""
    waiting: list[Any] = [deck]
    seen = 0
    while waiting and seen <= MOST_ENTRIES:
        one = waiting.pop(0)
        seen += 1
        if isinstance(one, dict):
            here = cast("dict[str, Any]", one)
            notes, children = here.get("notes"), here.get("children")
            yield from cast("list[Any]", notes) if isinstance(notes, list) else []
            waiting += cast("list[Any]", children) if isinstance(children, list) else []


def read_apkg(request: FileRequest) -> Draft:
    """Read an exported deck: ``collection.anki21`` first, ``collection.anki2`` else.

    Raises:
        UnusableFileError: where it is no deck, or in the newer compressed form.
    """
    kind = _kind(request)
    rows = _note_rows(_collection(request.data))
    if len(rows) == 1 and DUMMY in rows[0].casefold():
        raise UnusableFileError("a deck in Anki's newer form, with only a notice for older versions", NEWER)
    if len(rows) > MOST_ENTRIES:
        raise UnusableFileError(f"over {MOST_ENTRIES:,} notes", "fewer; export a part of the deck")
    if sum(map(len, rows)) > MOST_NOTES_TEXT:
        raise UnusableFileError("over 4 MiB of text", "less; export a part of the deck")
    entries = [entry for number, row in enumerate(rows, 1) for entry in card_fields(kind, number, row.split("\x1f"))]
    return Draft(kind, Format.APKG, tuple(entries), notes=("Lines are numbers of notes.",))


def _kind(request: FileRequest) -> Kind:
    kind = request.kind or Kind.CARD
    if kind not in PAIRS:
        raise UnusableFileError("an Anki deck", "a kind of questions with answers: cards, FAQ or prompts")
    return kind


def _collection(data: bytes) -> bytes:
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as archive,
            archive.open(_collection_name(set(archive.namelist()))) as packed,
        ):
            collection = packed.read(MOST_UNPACKED + 1)
    except UnusableFileError:
        raise
    except Exception as error:  # whatever an archive can do to zipfile and to what unpacks for it
        raise UnusableFileError("a damaged or encrypted archive", "a deck exported by Anki") from error
    if len(collection) > MOST_UNPACKED:
        raise UnusableFileError("over 48 MiB once unpacked", "a smaller deck")
    return collection


def _collection_name(names: set[str]) -> str:
    """Return the name of the collection to read.

    Raises:
        UnusableFileError: where only the newer, compressed form is there, or none.
    """
    if "collection.anki21" in names:
        return "collection.anki21"
    if "collection.anki21b" in names:
        raise UnusableFileError("a deck in Anki's newer, compressed form", NEWER)
    if "collection.anki2" in names:
        return "collection.anki2"
    raise UnusableFileError("an archive without a collection", "a deck exported by Anki")


def _note_rows(collection: bytes) -> list[str]:
    """Return the fields of each note, in the order of their making."""
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.deserialize(collection)
            connection.execute("PRAGMA query_only=ON")
            connection.execute("PRAGMA trusted_schema=OFF")
            kind = connection.execute("SELECT type FROM sqlite_master WHERE name = 'notes'").fetchall()
            if kind != [("table",)]:
                raise UnusableFileError("a database without a table of notes", "a deck exported by Anki")
            found = connection.execute("SELECT flds FROM notes ORDER BY id LIMIT ?", (MOST_ENTRIES + 1,)).fetchall()
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        raise UnusableFileError("a damaged collection", "a deck exported by Anki") from error
    return [row[0] for row in found if isinstance(row[0], str)]


def card_fields(kind: Kind, line: int, fields: Sequence[str], *, html: bool = True) -> Iterator[DraftEntry]:
    """Yield the entries of one note: its two first fields, or one question for each cloze deletion.

    Args:
        kind: what the entries are.
        line: the note's line or number.
        fields: its fields, in order.
        html: whether they hold tags.
    """
    texts = [SOUND.sub("", one) for one in fields]
    front, _ = PAIRS[kind]
    first = texts[0] if texts else ""
    if len(CLOZE.findall(first)) > MOST_CLOZES:
        found = f"over {MOST_CLOZES} cloze deletions"
        yield DraftEntry(kind, line, {}, (Problem(line, front, found, "fewer on one note"),))
        return
    numbers = sorted({int(one[1]) for one in CLOZE.finditer(first)})
    if not numbers:
        yield _entry(kind, line, first, next((one for one in texts[1:] if one.strip()), ""), html=html)
        return
    extra = next((one for one in texts[1:] if "<" in one or " " in one.strip()), "")
    for number in numbers:
        answers = [one[2].partition("::")[0].strip() for one in CLOZE.finditer(first) if int(one[1]) == number]
        asked = CLOZE.sub(lambda found, n=number: _gap(found, n), first)
        told = " · ".join(dict.fromkeys(answers))
        yield _entry(kind, line, asked, f"{told}\n\n{extra}" if extra and not html else _with(told, extra), html=html)


def _with(answer: str, extra: str) -> str:
    return f"<p>{answer}</p>{extra}" if extra else answer


def _gap(found: re.Match[str], number: int) -> str:
    text, _, hint = found[2].partition("::")
    if int(found[1]) != number:
        return text
    return f"[{hint.strip()}]" if hint.strip() else "[…]"


def _entry(kind: Kind, line: int, front: str, back: str, *, html: bool) -> DraftEntry:
    asked, told = PAIRS[kind]
    cells = {asked: front, told: back}
    if kind is Kind.CARD:
        cells["kind"] = "question"
    entry = entry_of(kind, line, cells, html=html)
    missing = [
        Problem(line, key, what, "a text")
        for key, what in ((asked, "no question"), (told, "no answer"))
        if not str(entry.fields.get(key, "")).strip() and not any(one.key == key for one in entry.problems)
    ]
    return DraftEntry(kind, line, entry.fields, (*entry.problems, *missing)) if missing else entry
