"""The screens of ``/suggest``, of its queue, and of **Suggest as prompt**."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import discord

from bot.domain.entry import NOUNS, Kind, title_of
from bot.domain.suggest import MOST_A_DAY, SUGGESTED, Decision, Suggestion
from bot.services.suggest import REASON_CHARACTERS, Queue, SuggestPage
from bot.ui.components import Component, ComponentId, Style, button, form, link_button, menu, option, rows, text_field
from bot.ui.entry import entry_text, safe_fields
from bot.ui.entry_form import Field, Part, form_fields
from bot.ui.letter import letter_line
from bot.ui.manage import OpenManage
from bot.ui.reply import Reply
from bot.ui.text import PROMPT, clip, plural, relative, safe

PAGE: Final = 10
ABOUT: Final = {
    Kind.PROMPT: "Something to practice, for a daily post",
    Kind.FAQ: "For the FAQ, with or without its answer",
    Kind.RESOURCE: "Something worth reading, watching or trying",
}


class OpenSuggest(ComponentId, code="wl"):
    """The menu of what can be suggested."""


class SuggestForm(ComponentId, code="wm"):
    """The form of a suggestion; as a button it opens the form, with the kept text ``draft``."""

    kind: Kind
    draft: int


class MessageForm(ComponentId, code="wq"):
    """The form of a prompt made of a message; as a button it opens the form, with the kept text ``draft``."""

    channel: int
    message: int
    author: int
    draft: int


class QueuePage(ComponentId, code="wu"):
    """A page of what waits."""

    page: int


class QueueMenu(ComponentId, code="wv"):
    """The menu of what waits."""


class QueueVerb(StrEnum):
    """What a moderator does with a suggestion."""

    OPEN = "o"
    APPROVE = "a"


class QueuePress(ComponentId, code="wx"):
    """A button of a suggestion in the queue."""

    verb: QueueVerb
    number: int


class DeclineForm(ComponentId, code="wy"):
    """The form for a reason; as a button it opens the form."""

    number: int


class QueueForm(ComponentId, code="wz"):
    """The form of a suggestion as it will be; as a button it opens the form, with the kept text ``draft`` if not 0."""

    number: int
    draft: int


def suggest_fields(kind: Kind) -> tuple[Field, ...]:
    """Return the fields in which members suggest: fewer than moderators have, and a question's answer may wait."""
    left_out = {"shelf", "phrasings"}
    fields = [one for one in form_fields(kind, Part.MAIN, {}) if one.key not in left_out]
    return tuple(Field(one.key, "Answer, if you know it", one.most) if one.key == "answer" else one for one in fields)


def suggest_page(page: SuggestPage, told: str = "") -> Reply:
    """Return a member's page."""
    embed = discord.Embed(title="What should this server learn from?", color=PROMPT)
    lines = ["Moderators look at each suggestion, and I tell you what became of it."]
    if page.news:
        lines += ["", *(letter_line(one) for one in page.news)]
    if page.mine:
        lines += ["", "**Your latest**", *(_mine(one) for one in page.mine)]
    embed.description = clip("\n".join(lines), 4000)
    embed.set_footer(text=f"{page.left} of {plural(MOST_A_DAY, 'suggestion')} left for today")
    options = [option(f"A {NOUNS[kind][0]}", kind, ABOUT[kind]) for kind in SUGGESTED]
    return Reply(told or None, embed, rows([menu("Suggest …", OpenSuggest(), options)] if page.left else []))


def thanked(kind: Kind) -> str:
    """Return what is said when a suggestion was taken."""
    return f"Thank you: your {NOUNS[kind][0]} waits for the moderators."


def queue_page(queue: Queue, told: str = "") -> Reply:
    """Return a page of what waits."""
    first = queue.index * PAGE
    embed = discord.Embed(title="Suggestions from members", color=PROMPT)
    lines = [
        f"{first + i}\\. {NOUNS[one.kind][0].capitalize()}: {_title(one, 110)}\n<@{one.user_id}>, {relative(one.at)}"
        for i, one in enumerate(queue.shown, 1)
    ]
    embed.description = "\n".join(lines) or "Nothing is waiting. Members suggest with /suggest."
    if queue.of:
        embed.set_footer(text=f"{first + 1}–{first + len(queue.shown)} of {queue.of} · the oldest first")
    options = [
        option(f"{first + i}. {title_of(one.kind, one.fields)}", str(one.number), NOUNS[one.kind][0])
        for i, one in enumerate(queue.shown, 1)
    ]
    last = max(queue.of - 1, 0) // PAGE
    turns = [
        button(label, QueuePage(page=to))
        for label, to in (("Earlier ones", queue.index - 1), ("Later ones", queue.index + 1))
        if 0 <= to <= last
    ]
    menus: list[Component] = [menu("Look at one", QueueMenu(), options)] if options else []
    return Reply(told or None, embed, rows(menus, [*turns, button("Back", OpenManage())]))


def suggestion_page(one: Suggestion) -> Reply:
    """Return one suggestion, its text shown as it was typed."""
    text = entry_text(one.kind, safe_fields(one.fields))
    embed = discord.Embed(title=clip(title_of(one.kind, one.fields), 256), description=text, color=PROMPT)
    by = f" and written by <@{one.author_id}>" if one.author_id not in (None, one.user_id) else ""
    embed.description = f"{embed.description}\n\nSuggested by <@{one.user_id}>{by}, {relative(one.at)}."
    embed.set_footer(text=f"{NOUNS[one.kind][0].capitalize()} · shown with its marks; members see them as formatting")
    approve = button("Approve", QueuePress(verb=QueueVerb.APPROVE, number=one.number), Style.PRIMARY)
    unanswered = one.kind is Kind.FAQ and not one.fields.get("answer")
    label = "Write the answer" if unanswered else "Edit and approve"
    edit = button(label, QueueForm(number=one.number, draft=0), Style.PRIMARY if unanswered else Style.PLAIN)
    source = [link_button("The message", one.source)] if one.source else []
    decline = button("Decline", DeclineForm(number=one.number), Style.DANGER)
    back = button("Back to the list", QueuePage(page=0))
    return Reply(embed=embed, view=rows([*([] if unanswered else [approve]), edit, *source, back], [decline]))


def decline_form(number: int) -> discord.ui.Modal:
    """Return the form for a reason."""
    field = text_field(
        "reason",
        "Why not? They read it",
        example="We have one like it: /faq metrics",
        most=REASON_CHARACTERS,
        long=True,
    )
    return form("Decline a suggestion", DeclineForm(number=number), field)


def _mine(one: Suggestion) -> str:
    outcome = {Decision.OPEN: "waits", Decision.APPROVED: "is in", Decision.DECLINED: "was declined"}[one.decision]
    why = f": {safe(one.reason)}" if one.reason else ""
    return f"- {_title(one, 80)} · {outcome}{why}"


def _title(one: Suggestion, most: int) -> str:
    return safe(clip(title_of(one.kind, one.fields), most))
