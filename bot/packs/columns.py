"""What a table's columns are: the names that people give them, and a guess where they give none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.domain.draft import Table
from bot.domain.entry import KEYS, LOADABLE, PAIRS, Kind, flat_keys

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "id": ("key", "guid"),
    "question": ("q", "questions", "frage", "title of question"),
    "answer": ("a", "answers", "response", "reply", "antwort", "solution"),
    "front": ("term", "card", "vorderseite"),
    "back": ("definition", "meaning", "ruckseite"),
    "title": ("name", "topic title"),
    "text": ("task", "prompt", "description", "body", "expression", "cloze"),
    "url": ("link", "address", "href", "website", "link url"),
    "note": ("comment", "notes", "remark"),
    "shelf": ("category", "section", "stage", "chapter"),
    "section": ("category",),
    "phrasings": ("variants", "alternatives", "also asked", "synonyms"),
    "topics": ("topic", "topic ids"),
    "topic": ("topics",),
    "level": ("difficulty",),
    "kind": ("type",),
    "outline": ("what a good answer holds", "points"),
    "requires": ("prerequisites", "needs"),
    "hours": ("effort", "time"),
    "why": ("reason", "about"),
}
"""Other names for a key, as they stand in people's tables."""
TELLING: Final = {
    Kind.FAQ: ({"question", "answer"},),
    Kind.CARD: ({"front", "back"}, {"text", "topic"}, {"front", "choices"}, {"text", "back"}),
    Kind.PROMPT: ({"title", "text"}, {"text", "hint"}, {"text", "outline"}, {"text", "level"}),
    Kind.RESOURCE: ({"title", "url"},),
    Kind.TOPIC: ({"title", "why"}, {"title", "hours"}, {"title", "requires"}, {"title", "checks"}),
}
"""Columns that together say what a table holds; the first kind that fits wins."""
LONGEST_NAME: Final = 30
"""Characters of a column's name, where it is none that I know."""
ASKS: Final = r"(?s:.*)\?\s*"
LEADS: Final = r"https?://\S+"
LONG: Final = rf"(?s:.{{{2 * LONGEST_NAME},}})"
ORDER: Final = (Kind.FAQ, Kind.RESOURCE, Kind.TOPIC, Kind.PROMPT, Kind.CARD)


def key_of(kind: Kind, name: str) -> str:
    """Return the key that a column's name stands for; empty for none."""
    plain = _plain(name)
    keys = flat_keys(kind)
    for key in keys:
        if plain in {key, _plain(key)}:
            return key
    return next((key for key in keys if plain in NAMES.get(key, ())), "link.url" if _is_link(kind, plain) else "")


def _is_link(kind: Kind, plain: str) -> bool:
    return kind is Kind.FAQ and plain in {"link", "url", "source"}


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[a-z.]+", name.casefold()))


def by_names(names: Sequence[str], kind: Kind | None) -> tuple[Kind, tuple[str, ...]] | None:
    """Return a table's kind and the key of each column, where the names say it; None where they don't.

    Where a person says the kind, the names of another kind's pair count as well: a question is the front of a card.
    """
    for one in ORDER if kind is None else (kind,):
        taken = _once(tuple(key_of(one, name) for name in names))
        if any(telling <= set(taken) for telling in TELLING[one]):
            return one, taken
    other = by_names(names, None) if kind in PAIRS else None
    if kind is None or other is None or other[0] not in PAIRS or not set(PAIRS[other[0]]) <= set(other[1]):
        return None
    as_own = dict(zip(PAIRS[other[0]], PAIRS[kind], strict=True))
    return kind, _once(tuple(as_own.get(key, key if key in KEYS[kind] else "") for key in other[1]))


def _once(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key if key not in keys[:i] else "" for i, key in enumerate(keys))


def by_content(rows: Sequence[Sequence[str]], kind: Kind | None) -> tuple[Kind, tuple[str, ...]] | None:
    """Guess a table's kind and columns from its cells; None where not even two columns hold anything."""
    width = max((len(row) for row in rows), default=0)
    filled = [i for i in range(width) if sum(1 for row in rows if i < len(row) and row[i].strip()) * 2 >= len(rows)]
    if len(filled) < 2:
        return None
    links = [i for i in filled if _share(rows, i, LEADS) > 0.6]
    if links and kind in {None, Kind.RESOURCE}:
        first = next(i for i in filled if i not in links[:1])
        return Kind.RESOURCE, _at(width, {first: "title", links[0]: "url"})
    asking = [i for i in filled if _share(rows, i, ASKS) > 0.5]
    found = kind or (Kind.FAQ if asking else Kind.CARD)
    pair = {Kind.FAQ: ("question", "answer"), Kind.CARD: ("front", "back"), Kind.PROMPT: ("title", "text")}.get(found)
    first = (asking or filled)[0]
    others = [i for i in filled if i != first]
    # beside a question, the column that says most is its answer
    second = max(others, key=lambda i: sum(len(row[i]) for row in rows if i < len(row))) if asking else others[0]
    return None if pair is None else (found, _at(width, {first: pair[0], second: pair[1]}))


def has_names(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds the columns' names, known or not: it is short, and unlike all that stands below.

    Short cells over short cells may as well be the first entry; a person has to say.
    """
    first, below = rows[0], rows[1:]
    names = [cell.strip() for cell in first if cell.strip()]
    if len(below) < 2 or len(names) < 2 or len(set(names)) < len(names):
        return False
    if any(len(name) > LONGEST_NAME or re.fullmatch(f"{ASKS}|{LEADS}", name) for name in names):
        return False
    return any(
        all(i < len(row) and re.fullmatch(telling, row[i].strip()[:400]) for row in below)
        for i in range(len(first))
        for telling in (ASKS, LEADS, LONG)
    )


def _share(rows: Sequence[Sequence[str]], column: int, pattern: str) -> float:
    fits = sum(1 for row in rows if column < len(row) and re.fullmatch(pattern, row[column].strip()[:400]))
    return fits / max(1, len(rows))


def _at(width: int, keys: dict[int, str]) -> tuple[str, ...]:
    return tuple(keys.get(i, "") for i in range(width))


def as_table(
    names: Sequence[str], sample: Sequence[str], taken: Sequence[str], *, sure: bool, header: bool = True
) -> Table:
    """Return what the columns were taken for, cut to what a menu can show."""
    return Table(
        tuple(one[:60] for one in names[:25]), tuple(one[:80] for one in sample[:25]), tuple(taken[:25]), sure, header
    )


def kinds_of(columns: Sequence[str]) -> Kind | None:
    """Return the first kind that has all these columns, where a person named them."""
    return next((kind for kind in LOADABLE if {one for one in columns if one} <= set(flat_keys(kind))), None)
