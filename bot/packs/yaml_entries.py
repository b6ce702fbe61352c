"""YAML files in our own format: the shipped pack's one-shelf files, and the flat list that an export writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from bot.domain.draft import Draft, DraftEntry, FileRequest, Format, Problem, UnusableFileError
from bot.domain.entry import KEYS, LOADABLE, SHELF_OF, Json, Kind
from bot.packs.cells import checked_entry
from bot.packs.columns import key_of
from bot.packs.yaml_text import Document, Path, Value, YamlFaultError, read_yaml

SHELF_FILES: Final = {"topics": Kind.TOPIC, "prompts": Kind.PROMPT, "cards": Kind.CARD}
"""The key of a shipped file's list, and what stands in it; FAQ files call theirs ``entries``."""
TELLING: Final = (
    (Kind.FAQ, "question"), (Kind.RESOURCE, "url"), (Kind.CARD, "front"), (Kind.CARD, "back"),
    (Kind.TOPIC, "why"), (Kind.PROMPT, "hint"), (Kind.PROMPT, "outline"), (Kind.PROMPT, "text"), (Kind.CARD, "text"),
)  # fmt: skip


def read_entries(request: FileRequest, text: str) -> Draft:
    """Read a YAML file.

    Raises:
        UnusableFileError: where it is no YAML, uses what is refused, or holds no list of entries.
    """
    try:
        document = read_yaml(text, "")
    except YamlFaultError as error:
        fault = error.fault
        raise UnusableFileError(fault.found, fault.expected, fault.line, fault.key) from None
    value = document.value
    if isinstance(value, list):
        value, path = {"entries": value}, ()
    elif isinstance(value, dict):
        path = None
    else:
        raise UnusableFileError("one text", "a list of entries, each with its keys", 1)
    name, items, kind = _list(value, request.kind)
    entries: list[DraftEntry] = []
    for i, item in enumerate(items):
        place: Path = (i,) if path is not None else (name, i)
        entries.append(_entry(kind, document, place, item, value))
    return Draft(kind, Format.YAML, (*_shelves(kind, document, value), *entries))


def _list(value: Mapping[str, Value], wanted: Kind | None) -> tuple[str, list[Value], Kind]:
    """Return the key of the list of entries, the list, and what stands in it."""
    said = next((kind for kind in LOADABLE if kind == value.get("kind")), None)
    for name in ("entries", *SHELF_FILES):
        items = value.get(name)
        if isinstance(items, list):
            kind = said or SHELF_FILES.get(name) or wanted or _told(items) or Kind.FAQ
            if wanted is not None and kind is not wanted:
                raise UnusableFileError(f"a file of {kind}", f"one of {wanted}; load it as {kind}")
            return name, items, kind
    for name, room in (("tasks", "Kaggle tasks"), ("papers", "papers"), ("items", "chapters of the guide")):
        if name in value:
            raise UnusableFileError(room, "FAQ, prompts, cards, resources or a roadmap; servers can't change these")
    raise UnusableFileError("no list of entries", "a key called entries, topics, prompts or cards, with a list", 1)


def _told(items: list[Value]) -> Kind | None:
    """Return what entries are, by a key that only they have."""
    keys: set[str] = set()
    for item in items[:20]:
        keys |= set(item) if isinstance(item, dict) else set()
    return next((kind for kind, key in TELLING if key in keys), None)


def _entry(kind: Kind, document: Document, place: Path, item: Value, top: Mapping[str, Value]) -> DraftEntry:
    line = document.line(place)
    if not isinstance(item, dict):
        return DraftEntry(kind, line, {}, (Problem(line, "", "a single text", "keys and values"),))
    problems = [
        Problem(document.line((*place, key)), key[:40], "a key I don't know", _meant(kind, key))
        for key in item
        if key not in KEYS[kind]
    ]
    fields: dict[str, Json] = {key: _plain(value) for key, value in item.items() if key in KEYS[kind]}
    shelf = _shelf_id(kind, top)
    if shelf and "shelf" not in fields and "shelf" in KEYS[kind]:
        fields["shelf"] = shelf
    return checked_entry(kind, line, fields, problems, {key: document.line((*place, key)) for key in fields})


def _meant(kind: Kind, key: str) -> str:
    """Return the key that was probably meant by one I don't know; all there are where none comes near."""
    known = key_of(kind, key)
    near = [known] if known in KEYS[kind] else get_close_matches(key[:40].casefold(), KEYS[kind], 1, 0.7)
    return f"`{near[0]}`" if near else f"one of {', '.join(KEYS[kind])}"


def _plain(value: Value) -> Json:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return {key: _plain(one) for key, one in value.items()} if isinstance(value, dict) else value


def _shelf_id(kind: Kind, top: Mapping[str, Value]) -> str:
    """Return the id of the shelf that a whole file is; empty for a flat list."""
    shelf = top.get("id")
    return shelf if kind in SHELF_OF and isinstance(shelf, str) else ""


def _shelves(kind: Kind, document: Document, top: Mapping[str, Value]) -> Iterator[DraftEntry]:
    """Yield the shelves that a file describes: itself, or those under ``shelves``."""
    shelf_kind = SHELF_OF.get(kind)
    if shelf_kind is None:
        return
    if _shelf_id(kind, top):
        fields = {key: _plain(top[key]) for key in KEYS[shelf_kind] if key in top}
        yield checked_entry(shelf_kind, document.line(("id",)), fields)
    given = top.get("shelves")
    for i, item in enumerate(given if isinstance(given, list) else ()):
        line = document.line(("shelves", i))
        if isinstance(item, dict):
            yield checked_entry(shelf_kind, line, {key: _plain(item[key]) for key in KEYS[shelf_kind] if key in item})
        else:
            yield DraftEntry(shelf_kind, line, {}, (Problem(line, "shelves", "a single text", "keys and values"),))
