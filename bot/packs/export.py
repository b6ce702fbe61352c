"""Content out: as YAML (the canonical form), a table no spreadsheet runs, or Markdown; and templates."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import yaml

from bot.domain.draft import MOST_TEXT, Format, UnusableFileError
from bot.domain.entry import KEYS, NOUNS, PAIRS, RECORDS, Fields, Json, Kind, flat_keys
from bot.domain.guard import guarded

ENDINGS: Final = {Format.YAML: "yaml", Format.TABLE: "csv", Format.MARKDOWN: "md"}
IN_MARKDOWN: Final = (Kind.FAQ, Kind.PROMPT)


class _Dumper(yaml.CSafeDumper):
    """Writes what our reader reads: no anchors, long texts as blocks where that keeps them."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  (what nothing depends on)
        """Say that nothing is an alias; our reader refuses them."""
        return True


def _text(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    plain = all(one == one.rstrip() and "\t" not in one for one in text.split("\n"))
    block = "\n" in text and text == text.strip() and plain
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if block else None)  # pyright: ignore[reportUnknownMemberType]


_Dumper.add_representer(str, _text)


def written(kind: Kind, written_as: Format, entries: Sequence[Fields], shelves: Sequence[Fields] = ()) -> list[bytes]:
    """Return files of entries that load back to the same, each small enough to be loaded.

    Args:
        kind: what they are.
        written_as: YAML, table or Markdown.
        entries: in their canonical form.
        shelves: the categories or stages that they stand on; only YAML holds them.

    Raises:
        UnusableFileError: where the format can't hold that kind.
    """
    match written_as:
        case Format.YAML:
            text = _yaml(kind, entries, shelves)
        case Format.TABLE:
            text = _table(kind, entries)
        case Format.MARKDOWN if kind in IN_MARKDOWN:
            text = _markdown(kind, entries)
        case _:
            raise UnusableFileError(f"{NOUNS[kind][1]} as {written_as}", "YAML or a table")
    data = text.encode()
    if len(data) <= MOST_TEXT or len(entries) < 2:
        return [data]
    half = len(entries) // 2
    return [part for some in (entries[:half], entries[half:]) for part in written(kind, written_as, some, shelves)]


def _yaml(kind: Kind, entries: Sequence[Fields], shelves: Sequence[Fields]) -> str:
    head = (
        f"# Syllabot content: {NOUNS[kind][1]}. What a file leaves out stays as it is; an empty value clears a key.\n"
    )
    parts = [head, f"kind: {kind}\n"]
    if shelves:
        parts.append(_dumped({"shelves": [dict(one) for one in shelves]}))
    if not entries:
        return "".join([*parts, "entries: []\n"])
    parts.append("entries:\n")
    parts += [f"{_dumped([dict(one)])}\n" for one in entries]
    return "".join(parts).rstrip("\n") + "\n"


def _dumped(value: object) -> str:
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**20, default_flow_style=False)


def _table(kind: Kind, entries: Sequence[Fields]) -> str:
    flat = [_flat(one) for one in entries]
    used = {key for one in flat for key in one}
    columns = [key for key in flat_keys(kind) if key in used] or list(flat_keys(kind))
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(columns)
    for one in flat:
        writer.writerow([guarded(one.get(key, "")) for key in columns])
    return out.getvalue()


def _flat(fields: Fields) -> dict[str, str]:
    """Return an entry as cells: lists one item a line, records part by part or as JSON."""
    cells: dict[str, str] = {}
    for key, value in fields.items():
        if isinstance(value, dict):
            cells |= {f"{key}.{part}": _cell(one) for part, one in value.items()}
        elif key in RECORDS:
            cells[key] = json.dumps(value, ensure_ascii=False)
        elif isinstance(value, list):
            # the empty line at the end says that one item is one item, whatever signs it holds
            cells[key] = "\n".join(str(one) for one in value) + ("\n" if len(value) == 1 else "")
        else:
            cells[key] = _cell(value)
    return cells


def _cell(value: Json) -> str:
    return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)


def _markdown(kind: Kind, entries: Iterable[Fields]) -> str:
    asked, told = PAIRS[kind]
    parts = [f"---\nsyllabot: 1\nkind: {kind}\n---\n"]
    for one in entries:
        known = " | ".join(f"{key}: {one[key]}" for key in ("id", "shelf", "level") if one.get(key))
        body = "\n".join(
            f"\\{line}" if line.lstrip("\\").startswith("## ") else line for line in str(one[told]).split("\n")
        )
        parts.append(f"\n## {one[asked]}\n<!-- {known} -->\n{body}\n")
    return "".join(parts)


TEMPLATES: Final[Mapping[Kind, Fields]] = {
    Kind.FAQ: {
        "id": "where-to-start", "shelf": "getting-started", "question": "Where do I start?",
        "phrasings": ["how do i begin", "first steps"], "answer": "Open /roadmap and take the first topic.",
        "link": {"title": "The road", "url": "https://example.org/road"},
    },
    Kind.PROMPT: {
        "id": "explain-overfitting", "kind": "concept", "level": "1", "title": "Explain overfitting",
        "text": "Explain overfitting to somebody who has never trained a model.",
        "hint": "What does the model remember?", "outline": ["It learns the noise of its training data."],
    },
    Kind.CARD: {
        "id": "card-overfitting", "topic": "", "kind": "question",
        "front": "What is overfitting?", "back": "Learning the noise of the training data.",
    },
    Kind.RESOURCE: {
        "id": "mml-book", "title": "Mathematics for Machine Learning", "url": "https://mml-book.github.io/",
        "kind": "book", "note": "Free; use it as a reference.", "section": "Math",
    },
    Kind.TOPIC: {
        "id": "our-first-project", "shelf": "this-server", "title": "Our first project", "hours": "4",
        "why": "You show the others what you can do.", "checks": ["Say what your model is for."],
    },
}  # fmt: skip
_NOTES: Final[Mapping[str, str]] = {
    "id": "small letters, digits and single dashes; leave it out and one is made; never change it later",
    "shelf": "the category or stage, by id or title",
    "phrasings": "as members would type it",
    "level": "1 first contact, 2 in practice, 3 hard",
    "topic": "the topic of the road that it asks about, by id; may be empty",
    "kind": "what it is; see the documentation for the words that are known",
    "hours": "honest effort",
}


def template(kind: Kind, written_as: Format) -> bytes:
    """Return a small file of a kind to begin with; in YAML with what each key means.

    Raises:
        UnusableFileError: where the format can't hold that kind.
    """
    fields = TEMPLATES[kind]
    if written_as is not Format.YAML:
        return written(kind, written_as, [fields])[0]
    lines = [f"# {one}: {_NOTES[one]}." for one in KEYS[kind] if one in _NOTES and one in fields]
    left = [one for one in KEYS[kind] if one not in fields]
    lines += [f"# Further keys: {', '.join(left)}."] if left else []
    return ("\n".join(lines) + "\n" + written(kind, Format.YAML, [fields])[0].decode()).encode()
