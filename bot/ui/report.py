"""Reporting an answer, and the moderators' queue of reports."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import discord

from bot.domain.entry import Kind
from bot.domain.report import Thing
from bot.services.answer import AnswersPage
from bot.services.report import REASON_CHARACTERS, ReportPage, ReportQueue
from bot.ui.components import Component, ComponentId, Style, button, form, menu, option, rows, text_field
from bot.ui.entry import entry_text
from bot.ui.manage import EVERY, OpenManage
from bot.ui.reply import Reply
from bot.ui.text import PROMPT, TROUBLE, clip, plural, relative, safe

PAGE: Final = 10


class ReportForm(ComponentId, code="wra"):
    """The form for a report of an entry, or of what somebody shared to a post; as a button it opens the form."""

    entry_id: str
    number: int
    author: int

    @property
    def thing(self) -> Thing:
        """What is reported."""
        return Thing(self.entry_id) if self.entry_id != EVERY else Thing("", self.number, self.author)


class ReportAnswers(ComponentId, code="wrb"):
    """Choose which of the answers on a page to report."""

    number: int
    index: int


class ReportAnswerMenu(ComponentId, code="wrc"):
    """The menu of answers that can be reported."""

    number: int


class ReportsPage(ComponentId, code="wrd"):
    """A page of what waits."""

    page: int


class ReportMenu(ComponentId, code="wre"):
    """The menu of what waits."""


class ReportVerb(StrEnum):
    """What a moderator does with a report."""

    KEEP = "k"
    ASK = "q"
    REMOVE = "r"


class EntryReport(ComponentId, code="wrf"):
    """A button of a report of an entry; ``seen`` is the version of the content that the page shows."""

    verb: ReportVerb
    entry_id: str
    seen: int


class AnswerReport(ComponentId, code="wrg"):
    """A button of a report of a shared answer; ``seen`` tells which wording the page shows."""

    verb: ReportVerb
    number: int
    author: int
    seen: int


def report_button(entry_id: str) -> Component:
    """Return the button under an FAQ answer."""
    return button("Report", ReportForm(entry_id=entry_id, number=0, author=0))


def report_answer_button(number: int, author_id: int) -> Component:
    """Return the button under one shared answer."""
    return button("Report", ReportForm(entry_id=EVERY, number=number, author=author_id))


def report_form(press: ReportForm) -> discord.ui.Modal:
    """Return the form."""
    field = text_field(
        "reason",
        "What is wrong with it?",
        example="The link is dead",
        most=REASON_CHARACTERS,
        required=False,
        long=True,
    )
    return form("Report to the moderators", press, field)


def reported() -> Reply:
    """Say that a report arrived."""
    embed = discord.Embed(title="Passed on to the moderators", color=PROMPT)
    embed.description = "They see what is reported and why, not by whom. Thank you for looking out."
    return Reply(embed=embed)


def choose_answer(what: AnswersPage, reader_id: int) -> Reply:
    """Ask which of the answers on a page is meant."""
    embed = discord.Embed(title="Which answer would you like to report?", color=PROMPT)
    options = [
        option(f"Answer {what.first + i}", str(one.answer.user_id), clip(" ".join(one.answer.text.split()), 100))
        for i, one in enumerate(what.shown, 1)
        if one.answer.user_id != reader_id
    ]
    if not options:
        embed.description = "There is no answer of anybody else here."
        return Reply(embed=embed)
    embed.description = "The moderators see the answer and what you say of it, not who reported it."
    return Reply(embed=embed, view=rows([menu("Choose it", ReportAnswerMenu(number=what.page.number), options)]))


def reports_page(queue: ReportQueue, told: str = "") -> Reply:
    """Return a page of what waits."""
    first = queue.index * PAGE
    embed = discord.Embed(title="Reports from members", color=TROUBLE)
    lines = [
        f"{first + i}\\. {_named(one.thing)}\n{plural(one.times, 'report')}, last {relative(one.last_at)}"
        for i, one in enumerate(queue.shown, 1)
    ]
    embed.description = "\n".join(lines) or "Nothing is reported."
    if queue.of:
        embed.set_footer(text=f"{first + 1}–{first + len(queue.shown)} of {queue.of}")
    options = [
        option(f"{first + i}. {'FAQ answer' if one.thing.entry_id else 'Shared answer'}", one.thing.key)
        for i, one in enumerate(queue.shown, 1)
    ]
    last = max(queue.of - 1, 0) // PAGE
    turns = [
        button(label, ReportsPage(page=to))
        for label, to in (("Before", queue.index - 1), ("More", queue.index + 1))
        if 0 <= to <= last
    ]
    menus: list[Component] = [menu("Look at one", ReportMenu(), options)] if options else []
    return Reply(told or None, embed, rows(menus, [*turns, button("Back", OpenManage())]))


def report_page(page: ReportPage) -> Reply:
    """Return one thing that was reported, with the reasons, and what can be done."""
    thing = page.reported.thing
    gone = "*It is gone already: its author took it back, or somebody retired it.*"
    if page.entry is not None:
        title, text = page.entry.title, entry_text(Kind.FAQ, page.entry.fields)
    elif page.answer is not None:
        title, text = "A shared answer", f"<@{page.answer.user_id}>\n{safe(page.answer.text)}"
    else:
        title, text = "FAQ answer" if thing.entry_id else "A shared answer", gone
    embed = discord.Embed(title=clip(title, 256), description=clip(text, 3000), color=TROUBLE)
    reasons = "\n".join(f"- {safe(one)}" for one in page.reported.reasons) or "No reason was given."
    embed.add_field(name=plural(page.reported.times, "report"), value=clip(reasons, 1024), inline=False)
    there = page.entry is not None or page.answer is not None
    keep = _press("Keep" if there else "Close", ReportVerb.KEEP, page)
    remove = [_press("Remove", ReportVerb.ASK, page, Style.DANGER)] if there else []
    return Reply(embed=embed, view=rows([keep, button("Back to the list", ReportsPage(page=0)), *remove]))


def ask_remove(page: ReportPage) -> Reply:
    """Ask once more before a reported thing is taken away."""
    embed = discord.Embed(title="Remove it?", color=TROUBLE)
    embed.description = (
        "The entry is retired: members find it no more, and /content manage can restore it."
        if page.reported.thing.entry_id
        else "The answer is deleted for good, with its points, and its author is told kindly. That it was done stays."
    )
    leave = button("Back to the list", ReportsPage(page=0))
    return Reply(embed=embed, view=rows([leave, _press("Remove it", ReportVerb.REMOVE, page, Style.DANGER)]))


def _press(label: str, verb: ReportVerb, page: ReportPage, style: Style = Style.PLAIN) -> Component:
    thing = page.reported.thing
    if thing.entry_id:
        return button(label, EntryReport(verb=verb, entry_id=thing.entry_id, seen=page.seen), style)
    made = AnswerReport(verb=verb, number=thing.number, author=thing.author_id, seen=page.seen)
    return button(label, made, style)


def _named(thing: Thing) -> str:
    return f"FAQ answer `{thing.entry_id}`" if thing.entry_id else f"An answer of <@{thing.author_id}>"
