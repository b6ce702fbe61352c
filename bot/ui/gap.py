"""The screens of the gap list, and of the phrasings that votes suggest."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import discord

from bot.services.gap import MOST_PHRASINGS, GapGroup, Phrasing
from bot.ui.components import Component, ComponentId, Style, button, menu, option, rows
from bot.ui.manage import OpenManage
from bot.ui.reply import Reply
from bot.ui.text import FAQ, clip, plural, relative, safe

PAGE: Final = 10


class GapsPage(ComponentId, code="w9"):
    """A page of the questions without answer."""

    page: int


class GapMenu(ComponentId, code="wb"):
    """The menu of questions without answer."""


class DismissGap(ComponentId, code="wh"):
    """Close a question that is not one for this server."""

    mark: str


class GapForm(ComponentId, code="wi"):
    """The form for an answer; as a button it opens the form, with the kept text ``draft`` if that is not 0."""

    mark: str
    draft: int


class PhrasingsPage(ComponentId, code="wj"):
    """The suggested phrasing at a place, counted from 0."""

    page: int


class PhrasingVerb(StrEnum):
    """What becomes of a phrasing."""

    KEEP = "k"
    DROP = "d"


class PhrasingPress(ComponentId, code="wk"):
    """Settle a suggested phrasing."""

    verb: PhrasingVerb
    mark: str


def gaps_page(groups: Sequence[GapGroup], page: int, told: str = "") -> Reply:
    """Return a page of the questions without answer; ``page`` counts from 0 and is brought into range."""
    last = max(len(groups) - 1, 0) // PAGE
    page = min(max(page, 0), last)
    first = page * PAGE
    shown = groups[first : first + PAGE]
    embed = discord.Embed(title="Questions that found no answer", color=FAQ)
    lines = [f"{i}\\. {safe(clip(one.questions[0], 120))}\n{_counted(one)}" for i, one in enumerate(shown, first + 1)]
    embed.description = "\n".join(lines) or "Every question found its answer, or somebody saw to it."
    if groups:
        embed.set_footer(text=f"{first + 1}–{first + len(shown)} of {len(groups)} · alike ones are counted together")
    options = [option(f"{i}. {one.questions[0]}", one.mark) for i, one in enumerate(shown, first + 1)]
    turns = [
        button(label, GapsPage(page=to))
        for label, to in (("Newer", page - 1), ("Earlier ones", page + 1))
        if 0 <= to <= last
    ]
    menus: list[Component] = [menu("See to one", GapMenu(), options)] if options else []
    return Reply(told or None, embed, rows(menus, [*turns, button("Back", OpenManage())]))


def gap_page(one: GapGroup) -> Reply:
    """Return one group of questions with what can be done about it."""
    embed = discord.Embed(title=clip(one.questions[0], 256), color=FAQ)
    others = [f"- {safe(question)}" for question in one.questions[1 : MOST_PHRASINGS + 1]]
    embed.description = "\n".join([_counted(one), *(["", "Also asked as:", *others] if others else [])])
    embed.set_footer(text="Nobody's name is kept with a question.")
    return Reply(
        embed=embed,
        view=rows(
            [
                button("Write the answer", GapForm(mark=one.mark, draft=0), Style.PRIMARY),
                button("Back to the list", GapsPage(page=0)),
                button("Not a question for us", DismissGap(mark=one.mark), Style.DANGER),
            ]
        ),
    )


def gap_texts(one: GapGroup) -> dict[str, str]:
    """Return what the form for an answer is filled with."""
    question = one.questions[0]
    return {
        "question": f"{question[:1].upper()}{question[1:]}?",
        "phrasings": "\n".join(one.questions[:MOST_PHRASINGS]),
    }


def phrasings_page(found: Sequence[Phrasing], page: int, told: str = "") -> Reply:
    """Return the suggested phrasing at a place, counted from 0 and brought into range."""
    embed = discord.Embed(title="Phrasings that members' votes suggest", color=FAQ)
    if not found:
        embed.description = "None are waiting. A question becomes one when three members found the same answer right."
        return Reply(told or None, embed, rows([button("Back", OpenManage())]))
    page = min(max(page, 0), len(found) - 1)
    one = found[page]
    embed.description = (
        f"> {safe(one.learned.question)}\nshould find **{safe(clip(one.title, 250))}**\n\n"
        f"{plural(one.right, 'member')} found it right, {one.missed} did not."
    )
    embed.set_footer(text=f"{page + 1} of {len(found)}")
    turns = [
        button(label, PhrasingsPage(page=to))
        for label, to in (("Before", page - 1), ("Next", page + 1))
        if 0 <= to < len(found)
    ]
    keep = button("Keep it", PhrasingPress(verb=PhrasingVerb.KEEP, mark=one.mark), Style.PRIMARY)
    drop = button("Turn it down", PhrasingPress(verb=PhrasingVerb.DROP, mark=one.mark))
    return Reply(told or None, embed, rows([keep, drop, *turns, button("Back", OpenManage())]))


def _counted(one: GapGroup) -> str:
    passed = f", passed on {plural(one.passed_on, 'time')}" if one.passed_on else ""
    return f"asked {plural(one.times, 'time')}{passed}, last {relative(one.last_at)}"
