"""The screens of ``/content manage``: the entries of a server, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import discord

from bot.domain.entry import LOADABLE, NOUNS, SHELF_OF, Kind
from bot.domain.frozen import frozen
from bot.services.content_entry import Listed
from bot.ui.components import Component, ComponentId, Style, button, form, menu, option, rows, text_field
from bot.ui.entry import entry_text
from bot.ui.entry_form import Part, form_fields
from bot.ui.reply import Reply
from bot.ui.text import FAQ, clip, plural, safe

PAGE: Final = 10
MOST_FOUND: Final = 25
EVERY: Final = "-"
"""Stands for every shelf, and for an entry that is not there yet."""
KINDS: Final = (*LOADABLE, Kind.CATEGORY, Kind.STAGE)


class OpenManage(ComponentId, code="w1"):
    """Open the first page."""


class KindMenu(ComponentId, code="w3"):
    """The menu of kinds."""


class EntriesPage(ComponentId, code="w2"):
    """A page of the entries of a kind; of one shelf, or of every one."""

    kind: Kind
    shelf: str
    page: int


class ShelfMenu(ComponentId, code="w4"):
    """The menu of a kind's shelves."""

    kind: Kind


class PickEntry(ComponentId, code="w5"):
    """The menu of entries on a page."""

    kind: Kind


class SearchForm(ComponentId, code="w6"):
    """The form for searching a kind; pressed as a button it opens the form."""

    kind: Kind


class EntryVerb(StrEnum):
    """What a button of an entry does."""

    OPEN = "o"
    ASK_RETIRE = "q"
    RETIRE = "t"
    RESTORE = "r"
    ASK_RESET = "b"
    RESET = "s"


class EntryPress(ComponentId, code="w7"):
    """A button of an entry; ``seen`` is the version of the content that the page shows."""

    verb: EntryVerb
    kind: Kind
    entry_id: str
    seen: int


class EditForm(ComponentId, code="w8"):
    """The form of an entry, or of a new one; as a button it opens the form, with the kept text ``draft`` if not 0."""

    kind: Kind
    entry_id: str
    part: Part
    seen: int
    draft: int


@frozen
class Waiting:
    """What waits for moderators, in numbers."""

    suggestions: int
    reports: int
    gaps: int
    phrasings: int


def entry_state(one: Listed) -> str:
    """Return where an entry stands: ``shipped``, ``ours``, ``changed`` or ``retired``."""
    if one.retired:
        return "retired"
    if one.added:
        return "ours"
    return "changed" if one.own else "shipped"


def home(waiting: Waiting, queues: Sequence[Component]) -> Reply:
    """Return the first page.

    Args:
        waiting: what waits.
        queues: the buttons that lead to it.
    """
    lines = (
        (waiting.suggestions, "suggestion", "from members"),
        (waiting.reports, "report", "of an answer that may be wrong or unkind"),
        (waiting.gaps, "question", "that found no answer"),
        (waiting.phrasings, "phrasing", "that members' votes suggest"),
    )
    open_ones = [f"**{plural(count, noun)}** {words}" for count, noun, words in lines if count]
    embed = discord.Embed(title="The content of this server", color=FAQ)
    embed.description = "\n".join(["Waiting for you:", *open_ones] if open_ones else ["Nothing is waiting for you."])
    embed.set_footer(text="Every change stands in /content history and can be taken back there.")
    return Reply(embed=embed, view=rows([_kind_menu()], queues))


def entries_page(kind: Kind, listed: Sequence[Listed], shelves: Sequence[Listed], shelf: str, page: int) -> Reply:
    """Return a page of a kind's entries; ``page`` counts from 0 and is brought into range."""
    mine = [one for one in listed if shelf in (EVERY, one.fields.get("shelf"))]
    last = max(len(mine) - 1, 0) // PAGE
    page = min(max(page, 0), last)
    first = page * PAGE
    shown = mine[first : first + PAGE]
    where = next((one.title for one in shelves if one.entry_id == shelf), "")
    embed = _list_embed(f"{NOUNS[kind][1].capitalize()}{f' · {where}' if where else ''}", shown, first)
    embed.set_footer(text=f"{first + 1 if mine else 0}–{first + len(shown)} of {len(mine)}")
    turns = [
        button(label, EntriesPage(kind=kind, shelf=shelf, page=to))
        for label, to in (("Earlier", page - 1), ("More", page + 1), ("Last", last))
        if 0 <= to <= last and to != page and (label != "Last" or last > page + 1)
    ]
    add = [] if kind is Kind.CARD else [_form_button("Add one", kind, EVERY, Part.MAIN, 0)]
    ways = [button("Search", SearchForm(kind=kind)), *add, button("Back", OpenManage())]
    return Reply(embed=embed, view=rows(_picks(kind, shown, first), _shelf_menu(kind, shelves), [*turns, *ways][:5]))


def found_page(kind: Kind, found: Sequence[Listed], typed: str) -> Reply:
    """Return what a search found, best first."""
    embed = _list_embed(f"{NOUNS[kind][1].capitalize()} like “{safe(clip(' '.join(typed.split()), 60))}”", found, 0)
    if not found:
        embed.description = "Nothing like that is there. Try other words, or part of one."
    back = button("All of them", EntriesPage(kind=kind, shelf=EVERY, page=0))
    return Reply(embed=embed, view=rows(_picks(kind, found, 0), [button("Search again", SearchForm(kind=kind)), back]))


def search_form(kind: Kind) -> discord.ui.Modal:
    """Return the form for searching."""
    field = text_field("text", "Words of it", example="overfitting", most=100)
    return form(f"Search the {NOUNS[kind][1]}", SearchForm(kind=kind), field)


def entry_page(kind: Kind, one: Listed, seen: int, *, told: str = "", credit: int | None = None) -> Reply:
    """Return one entry as members see it, with its state and what can be done with it.

    Args:
        kind: of the entry.
        one: the entry.
        seen: the version of the content it was read from.
        told: what was done just now; empty for nothing.
        credit: the member it came from; None for nobody.
    """
    embed = discord.Embed(title=clip(one.title, 256), description=entry_text(kind, one.fields), color=FAQ)
    if credit is not None:
        embed.description = f"{embed.description}\n\nFrom <@{credit}>."
    embed.set_footer(text=f"{NOUNS[kind][0].capitalize()} · {one.entry_id} · {_STATES[entry_state(one)]}")
    edits = [
        _form_button(label, kind, one.entry_id, part, seen)
        for label, part in (("Edit", Part.MAIN), ("More fields", Part.MORE))
        if form_fields(kind, part, one.fields)
    ]
    back = button("Back to the list", EntriesPage(kind=kind, shelf=str(one.fields.get("shelf") or EVERY), page=0))
    acts = [_press("Restore", EntryVerb.RESTORE, kind, one, seen)] if one.retired else edits
    reset = [_press("Back to the shipped one", EntryVerb.ASK_RESET, kind, one, seen, Style.DANGER)]
    retire = [_press("Retire", EntryVerb.ASK_RETIRE, kind, one, seen, Style.DANGER)]
    dangers = [*(reset if one.own and not one.added else []), *([] if one.retired else retire)]
    return Reply(told or None, embed, rows([*acts, back], dangers))


def ask(verb: EntryVerb, kind: Kind, one: Listed, seen: int) -> Reply:
    """Ask once more before an entry is retired or put back as it was shipped."""
    retiring = verb is EntryVerb.RETIRE
    embed = discord.Embed(title=f"{'Retire' if retiring else 'Put back'} “{clip(one.title, 200)}”?", color=FAQ)
    embed.description = (
        "Members find it no more. Nobody's progress changes, and **Restore** brings it back as it was."
        if retiring
        else "This server's changes to it are dropped. /content history can bring them back."
    )
    sure = "Retire it" if retiring else "Put it back"
    keep = _press("Leave it", EntryVerb.OPEN, kind, one, seen)
    return Reply(embed=embed, view=rows([keep, _press(sure, verb, kind, one, seen, Style.DANGER)]))


_STATES: Final = {
    "shipped": "shipped with the bot",
    "ours": "this server's own",
    "changed": "shipped, changed here",
    "retired": "retired: members don't see it",
}


def _press(label: str, verb: EntryVerb, kind: Kind, one: Listed, seen: int, style: Style = Style.PLAIN) -> Component:
    return button(label, EntryPress(verb=verb, kind=kind, entry_id=one.entry_id, seen=seen), style)


def _form_button(label: str, kind: Kind, entry_id: str, part: Part, seen: int) -> Component:
    return button(label, EditForm(kind=kind, entry_id=entry_id, part=part, seen=seen, draft=0))


def _kind_menu() -> Component:
    return menu("Look through what there is", KindMenu(), [option(NOUNS[one][1].capitalize(), one) for one in KINDS])


def _shelf_menu(kind: Kind, shelves: Sequence[Listed]) -> list[Component]:
    if kind not in SHELF_OF or not shelves:
        return []
    options = [option("All of them", EVERY), *(option(one.title, one.entry_id) for one in shelves)]
    return [menu("One shelf only", ShelfMenu(kind=kind), options[:25])]


def _picks(kind: Kind, shown: Sequence[Listed], first: int) -> list[Component]:
    options = [
        option(f"{i}. {one.title or one.entry_id}", one.entry_id, _STATES[entry_state(one)])
        for i, one in enumerate(shown, first + 1)
    ]
    return [menu("Open one", PickEntry(kind=kind), options)] if options else []


def _list_embed(title: str, shown: Sequence[Listed], first: int) -> discord.Embed:
    lines = [
        f"{i}\\. {safe(clip(one.title or one.entry_id, 110))}{_mark(entry_state(one))}"
        for i, one in enumerate(shown, first + 1)
    ]
    return discord.Embed(title=clip(title, 256), description="\n".join(lines) or "There is nothing yet.", color=FAQ)


def _mark(state: str) -> str:
    return "" if state == "shipped" else f" · *{state}*"
