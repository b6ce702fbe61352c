"""Texts as they stand in cells and fields, into the values that an entry holds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final, cast

from bot.domain.draft import DraftEntry, Problem
from bot.domain.entry import LISTS, PARTS, RECORDS, Json, Kind
from bot.packs.html import markdown_of

PLACEHOLDERS: Final = frozenset({"answer here", "tbd", "todo", "to do", "tba", "n/a", "-", "...", "…"})
NEEDED: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.FAQ: ("question", "answer"),
    Kind.PROMPT: ("title", "text"),
    Kind.RESOURCE: ("title", "url"),
    Kind.TOPIC: ("title",),
}
"""What an entry can't do without, to be named in plain words before any model is asked."""


def entry_of(kind: Kind, line: int, cells: Mapping[str, str], *, html: bool = True) -> DraftEntry:
    """Return an entry made of texts by key, lists one item a line, records as ``link.url`` or JSON.

    Args:
        kind: what it is.
        line: where it begins.
        cells: the texts.
        html: whether tags and entities in them are to become Markdown.
    """
    fields: dict[str, Json] = {}
    problems: list[Problem] = []
    for key, cell in cells.items():
        text = cell
        if html and key not in {"id", "url"}:
            try:
                text = markdown_of(cell)
            except ValueError as error:
                problems.append(Problem(line, key, f"{len(cell):,} characters of HTML", str(error)))
                continue
        _put(fields, problems, line, key, text if key in LISTS else text.strip())
    return checked_entry(kind, line, fields, problems)


def _put(fields: dict[str, Json], problems: list[Problem], line: int, key: str, text: str) -> None:
    name, _, part = key.partition(".")
    if part:
        record = fields.setdefault(name, {})
        if isinstance(record, dict) and text:
            record[part] = text
    elif key in LISTS:
        fields[key] = [one.strip() for one in _items(text) if one.strip()]
    elif key in RECORDS and text:
        try:
            fields[key] = cast("Json", json.loads(text))
        except (ValueError, RecursionError):
            problems.append(Problem(line, key, "no JSON", 'a list such as [{"title": "…", "url": "…"}]'))
    else:
        fields[key] = text


def _items(text: str) -> list[str]:
    """Return the items of a cell: one a line, else parted by semicolons or bars."""
    return text.split("\n") if "\n" in text else re.split(r"\s*[;|]\s*", text) if re.search("[;|]", text) else [text]


def checked_entry(
    kind: Kind,
    line: int,
    fields: Mapping[str, Json],
    problems: list[Problem] | None = None,
    lines: Mapping[str, int] | None = None,
) -> DraftEntry:
    """Return an entry, with what it lacks as problems."""
    found = list(problems or ())
    kept = {key: value for key, value in fields.items() if not (key in PARTS and value == {})}
    if "answer" in kept and str(kept["answer"]).strip().casefold().strip("*_. ") in {*PLACEHOLDERS, ""}:
        found.append(Problem(line, "answer", "no answer", "a text"))
    if not kept.get("id"):
        found += [
            Problem(line, key, "nothing", "a text")
            for key in NEEDED.get(kind, ())
            if not str(kept.get(key, "")).strip() and not any(one.key == key for one in found)
        ]
    return DraftEntry(kind, line, kept, tuple(found), lines or {})
