"""What a load would do, entry by entry, before it does anything: new, changed, same, retired, bad."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from pydantic import ValidationError

from bot.domain.draft import Draft, DraftEntry, Problem
from bot.domain.entry import (
    MOST_SHELVES,
    NOUNS,
    OWN_SHELF,
    OWN_SHELF_TITLE,
    SHELF_OF,
    Fields,
    Json,
    Kind,
    canonical,
    exact_key,
    made_id,
    matching_key,
    title_of,
    validated,
)
from bot.domain.expectation import expectation
from bot.domain.forbidden import forbidden
from bot.domain.overlay import RETIRED, Content, PatchChange, edited
from bot.domain.plan_check import (
    Finder,
    Planning,
    hold_prerequisites,
    hold_references,
    look_for_near,
    retire_rest,
    tell_of_links,
)
from bot.domain.plan_row import Difference, Plan, Row, Verdict


def plan(
    draft: Draft,
    content: Content,
    finder: Finder | None = None,
    *,
    same_as: Mapping[int, str] | None = None,
    replace_all: bool = False,
) -> Plan:
    """Return what a load of ``draft`` would do to a server's content.

    Args:
        draft: what the file says.
        content: what is there.
        finder: finds entries of nearly the same title; None to look for none.
        same_as: by place in the draft, the entry that a person said is meant; empty for none of them.
        replace_all: whether entries of the draft's kind that it does not hold are to be retired.
    """
    planning = Planning(content, same_as or {})
    for place, entry in enumerate(draft.entries):
        planning.rows.append(_planned(planning, place, entry))
    if replace_all:
        retire_rest(planning, draft)
    hold_references(planning)
    hold_prerequisites(planning)
    if finder is not None:
        look_for_near(planning, draft, finder)
    tell_of_links(planning)
    return Plan(tuple(planning.rows), tuple(planning.notes))


def _planned(planning: Planning, place: int, entry: DraftEntry) -> Row:
    kind = entry.kind
    entry_id = _target(planning, place, entry)
    bad = Row(Verdict.BAD, kind, entry_id, title_of(kind, entry.fields), place, entry.line)
    problems = (*entry.problems, *_forbidden(entry))
    if problems:
        return replace(bad, problems=problems)
    if (kind, entry_id) in planning.taken:
        once = f"it once; it stands in line {planning.taken[kind, entry_id]}"
        twice = Problem(entry.line, "", "the same entry a second time", once)
        return replace(bad, problems=(twice,))
    planning.taken[kind, entry_id] = entry.line
    existing = planning.all(kind).get(entry_id)
    merged: dict[str, Json] = {**(existing or {}), **_on_shelf(planning, entry, entry_id), "id": entry_id}
    if kind is Kind.CARD and existing is None:
        merged.setdefault("kind", "cloze" if "text" in merged else "choice" if "choices" in merged else "question")
    filled = {key: one for key, one in merged.items() if one is not None and one not in ("", [], {})}
    try:
        fields = canonical(kind, validated(kind, filled))
    except ValidationError as error:
        return replace(bad, problems=tuple(_problems(error, entry, merged)))
    return _judged(planning, place, entry, entry_id, fields)


def _forbidden(entry: DraftEntry) -> Iterator[Problem]:
    """Yield what the texts of an entry may not hold."""
    for key, value in entry.fields.items():
        for text in _texts(value):
            wrong = forbidden(text)
            if wrong is not None:
                yield Problem(entry.lines.get(key, entry.line), key, *wrong)
                break


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _judged(planning: Planning, place: int, entry: DraftEntry, entry_id: str, fields: Fields) -> Row:
    """Return the row of an entry that is sound by itself."""
    kind, key = entry.kind, (entry.kind, entry_id)
    existing = planning.all(kind).get(entry_id)
    before = planning.content.patches.get(key)
    after = edited(planning.content.shipped[kind].get(entry_id), before, fields)
    planning.patches[key] = after
    row = Row(Verdict.SAME, kind, entry_id, title_of(kind, fields), place, entry.line)
    if existing is None:
        return replace(row, verdict=Verdict.NEW, change=PatchChange(key, before, after))
    differences = [
        Difference(one, existing.get(one), fields.get(one))
        for one in dict.fromkeys([*existing, *fields])
        if existing.get(one) != fields.get(one)
    ]
    if before is not None and before.retired:
        differences.insert(0, Difference(RETIRED, before=True, after=False))
    if not differences:
        planning.patches[key] = before
        return row
    return replace(row, verdict=Verdict.CHANGED, differences=tuple(differences), change=PatchChange(key, before, after))


def _target(planning: Planning, place: int, entry: DraftEntry) -> str:
    """Return the id of the entry that is meant, or a new one; empty where not even a title is there."""
    said = entry.fields.get("id")
    if said:
        return str(said)
    key = matching_key(entry.kind, entry.fields)
    chosen = planning.same_as.get(place)
    if chosen and chosen in planning.all(entry.kind):
        return chosen
    titles = planning.titles(entry.kind)
    exact = exact_key(entry.kind, entry.fields)
    found = titles.get(exact) or titles.get(key, "")
    if key and (not found or (exact != key and exact not in titles and (entry.kind, found) in planning.taken)):
        found = made_id(entry.kind, entry.fields, planning.ids(entry.kind))
        planning.ids(entry.kind).add(found)
        titles[exact] = found
        titles.setdefault(key, found)
    return found


def _on_shelf(planning: Planning, entry: DraftEntry, entry_id: str) -> Fields:
    """Return an entry's fields with its shelf's id; a shelf that nobody knows is planned along with it."""
    kind = SHELF_OF.get(entry.kind)
    if kind is None:
        return entry.fields
    said = str(entry.fields.get("shelf") or "")
    if not said and entry_id in planning.all(entry.kind):
        return {key: value for key, value in entry.fields.items() if key != "shelf"}
    shelves = planning.all(kind)
    if said in shelves or (kind, said) in planning.taken:
        return entry.fields
    title = OWN_SHELF_TITLE if said in {"", OWN_SHELF} else said
    if len(planning.ids(kind) - {OWN_SHELF}) >= MOST_SHELVES - 1 and title != OWN_SHELF_TITLE:
        note = f"There can be {MOST_SHELVES} {NOUNS[kind][1]}; what has no room stands under *{OWN_SHELF_TITLE}*."
        planning.notes[note] = None
        title = OWN_SHELF_TITLE
    shelf: dict[str, Json] = {"title": title}
    key = matching_key(kind, shelf)
    found = planning.titles(kind).get(key)
    if found is None or (found not in shelves and (kind, found) not in planning.taken):
        found = OWN_SHELF if title == OWN_SHELF_TITLE else made_id(kind, shelf, planning.ids(kind))
        planning.titles(kind)[key] = found
        planning.ids(kind).add(found)
        planning.rows.append(_planned(planning, -1, DraftEntry(kind, entry.line, {**shelf, "id": found})))
    return {**entry.fields, "shelf": found}


def _problems(error: ValidationError, entry: DraftEntry, merged: Fields) -> Iterator[Problem]:
    """Yield what a model would not take, in words."""
    for details in error.errors(include_url=False):
        path = [step for step in details["loc"] if step not in {"question", "choice", "cloze"} or step in merged]
        key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
        line = entry.lines.get(str(path[0]), entry.line) if path else entry.line
        yield Problem(
            line, key, _shown(details["type"], details["input"]), expectation(cast("Mapping[str, Any]", details))
        )


def _shown(problem: str, value: object) -> str:
    """Return what stands there, shortly."""
    if problem == "missing" or value in ("", None):
        return "nothing"
    if isinstance(value, str) and problem == "string_too_long":
        return f"{len(value):,} characters"
    if isinstance(value, list | tuple):
        return f"{len(cast('list[object]', value))} of them"
    if isinstance(value, dict):
        return "a list of keys"
    text = " ".join(str(value).split())
    return f"*{text[:57]}…*" if len(text) > 60 else f"*{text}*"
