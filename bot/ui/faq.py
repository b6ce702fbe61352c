"""The screens of ``/faq``."""

from __future__ import annotations

from collections.abc import Iterable

import discord

from bot.domain.content import EntryId
from bot.domain.entry import OWN_SHELF_SUMMARY
from bot.domain.faq import FaqCategory, FaqEntry
from bot.domain.pack import Pack
from bot.services.faq import Answer, Finding, NothingFound, Unsure
from bot.ui.components import Component, ComponentId, Style, button, form, menu, option, rows, text_field
from bot.ui.guide import source_line
from bot.ui.reply import Reply
from bot.ui.report import report_button
from bot.ui.text import FAQ, clip, plural, safe
from bot.ui.topic import OpenTopic

PAGE = 10
SHORT = 44
"""Characters of a question on a button, so that a row of them stays a row."""
RELATED = 3
ASKED = "You asked: "
ASKED_CHARACTERS = 150


class OpenEntry(ComponentId, code="fe"):
    """Open an entry, for whoever presses."""

    entry_id: EntryId


class ShareEntry(ComponentId, code="fs"):
    """Show an entry to the channel."""

    entry_id: EntryId


class OpenCategories(ComponentId, code="fc"):
    """Open the list of categories."""


class PickGuess(ComponentId, code="f1"):
    """Open one of the entries offered for a question; that says what was meant."""

    entry_id: EntryId


class Helped(ComponentId, code="f2"):
    """Say that an entry answered the question."""

    entry_id: EntryId


class Missed(ComponentId, code="f3"):
    """Say that an entry did not answer the question."""

    entry_id: EntryId


class PassOn(ComponentId, code="f4"):
    """Pass a question without answer on to the moderators."""


class CategoryMenu(ComponentId, code="fm"):
    """The menu of categories."""


class CategoryPage(ComponentId, code="fp"):
    """A page of a category's questions."""

    category_id: EntryId
    page: int


class EntryMenu(ComponentId, code="fq"):
    """A menu of questions."""


class AskForm(ComponentId, code="fa"):
    """The form for a question; pressed as a button it opens the form."""


def finding(found: Finding, pack: Pack) -> Reply:
    """Return what a question led to."""
    match found:
        case Answer():
            return answer(found, pack)
        case Unsure():
            return _unsure(found)
        case NothingFound():
            return nothing(pack, found)


def answer(found: Answer, pack: Pack, *, told: str = "") -> Reply:
    """Return an entry for one member; ``told`` thanks for what was said of it, which is then not asked again."""
    topics = [
        button(f"Topic: {clip(pack.topics[topic_id].title, SHORT)}", OpenTopic(topic_id=topic_id))
        for topic_id in found.entry.topics[:1]
    ]
    votes = [button("Yes", Helped(entry_id=found.entry.id)), button("No", Missed(entry_id=found.entry.id))]
    bar = [
        *(votes if found.asked and not told else ()),
        button("Share", ShareEntry(entry_id=found.entry.id)),
        *topics,
        button("All categories", OpenCategories()),
    ]
    report = report_button(found.entry.id)
    related = _related(found)
    embed = entry_embed(found)
    if found.asked and not told:
        embed.description = f"{embed.description}\n\n**Did that help?**"
    if found.asked:
        embed.set_footer(text=f"{embed.footer.text} · {_asked_line(found.asked)}")
    return Reply(
        content=told or None,
        embed=embed,
        view=rows(
            [*related, report] if related else [],
            bar if related or len(bar) == 5 else [*bar, report],
            [] if related or len(bar) < 5 else [report],
        ),
    )


def shared_answer(found: Answer, user_id: int) -> Reply:
    """Return an entry as the whole channel sees it."""
    view = rows(_related(found))
    return Reply(f"<@{user_id}> shares an answer.", entry_embed(found), view if found.related else None)


def _related(found: Answer) -> list[Component]:
    return [button(clip(other.question, SHORT), OpenEntry(entry_id=other.id)) for other in found.related[:RELATED]]


def entry_embed(found: Answer) -> discord.Embed:
    """Return an entry's text."""
    entry = found.entry
    parts = [entry.answer]
    if entry.figure:
        parts.append(source_line(entry.figure))
    if entry.link:
        parts += ["", f"[{entry.link.title}]({entry.link.url})"]
    embed = discord.Embed(title=entry.question, description="\n".join(parts), color=FAQ)
    embed.set_footer(text=f"FAQ · {found.category.title}")
    return embed


def _unsure(found: Unsure) -> Reply:
    embed = discord.Embed(
        title="Did you mean one of these?",
        description="\n".join(f"{i}. {entry.question}" for i, entry in enumerate(found.entries, 1)),
        color=FAQ,
    )
    embed.set_footer(text=_asked_line(found.question))
    guesses = [button(clip(entry.question, SHORT), PickGuess(entry_id=entry.id)) for entry in found.entries]
    return Reply(embed=embed, view=rows(guesses, [button("None of these: pass it on", PassOn())]))


def _asked_line(question: str) -> str:
    """Return the line that carries the question from page to page; ``asked`` reads it."""
    return f"{ASKED}{clip(' '.join(question.split()), ASKED_CHARACTERS)}"


def asked(message: discord.Message | None) -> str:
    """Return the question that a page of ours shows; nothing where it shows none, or not all of it."""
    footer = message.embeds[0].footer.text if message is not None and message.embeds else None
    question = (footer or "").partition(ASKED)[2]
    return "" if question.endswith("…") else question


def nothing(pack: Pack, found: NothingFound) -> Reply:
    """Say that nothing was found, and offer the categories."""
    question = " ".join(found.question.split())
    quoted = f"\n> {safe(clip(question, 200))}\n\n" if question else "\n"
    noted = "It is noted for the moderators, without your name. " if found.noted else ""
    embed = discord.Embed(
        title="The FAQ has no answer to that yet",
        description=f"{quoted}{noted}Try other words, or look through the categories below.",
        color=FAQ,
    )
    ways = [button("Ask in other words", AskForm())]
    if question and not found.noted:
        embed.set_footer(text=_asked_line(question))
        ways.append(button("Pass it on", PassOn()))
    return Reply(embed=embed, view=rows([_category_menu(pack)], ways))


def passed_on(pack: Pack, *, noted: bool) -> Reply:
    """Say what became of a question that nothing answered, and offer the categories."""
    title = "Passed on to the moderators" if noted else "Which shelf might it stand on?"
    said = "They see the question, not who asked it. " if noted else ""
    embed = discord.Embed(
        title=title,
        description=f"{said}Until then: try other words, or look through the categories.",
        color=FAQ,
    )
    return Reply(embed=embed, view=rows([_category_menu(pack)], [button("Ask in other words", AskForm())]))


def categories(pack: Pack) -> Reply:
    """Return the list of categories."""
    embed = discord.Embed(title="What would you like to know?", color=FAQ)
    embed.description = "\n".join(
        f"**{category.title}** · {plural(len(category.entries), 'question')}{_summary(category, before=chr(10))}"
        for category in pack.categories
    )
    embed.set_footer(text="Or ask in your own words: /faq followed by your question")
    return Reply(embed=embed, view=rows([_category_menu(pack)], [button("Ask a question", AskForm(), Style.PRIMARY)]))


def _category_menu(pack: Pack) -> Component:
    options = [option(category.title, category.id, _summary(category)) for category in pack.categories]
    return menu("Choose a category", CategoryMenu(), options[:25])


def _summary(category: FaqCategory, before: str = "") -> str:
    """Return what stands in a category, after ``before``; nothing where nobody has said it."""
    return "" if category.summary == OWN_SHELF_SUMMARY else f"{before}{category.summary}"


def category_page(category: FaqCategory, page: int) -> Reply:
    """Return a page of a category's questions; ``page`` counts from 0 and is brought into range."""
    last = (len(category.entries) - 1) // PAGE
    page = min(max(page, 0), last)
    first = page * PAGE
    shown = category.entries[first : first + PAGE]
    embed = discord.Embed(title=category.title, color=FAQ)
    lines = (f"{i}\\. {entry.question}" for i, entry in enumerate(shown, first + 1))
    embed.description = "\n".join([category.summary, "", *lines])
    embed.set_footer(text=f"{first + 1}–{first + len(shown)} of {len(category.entries)}")
    turning = [button(label, CategoryPage(category_id=category.id, page=to)) for label, to in _turns(page, last)]
    return Reply(
        embed=embed, view=rows([_entry_menu(shown, first)], [*turning, button("All categories", OpenCategories())])
    )


def _turns(page: int, last: int) -> Iterable[tuple[str, int]]:
    if page > 0:
        yield "Earlier questions", page - 1
    if page < last:
        yield "More questions", page + 1


def _entry_menu(entries: Iterable[FaqEntry], first: int) -> Component:
    options = [option(f"{i}. {entry.question}", entry.id) for i, entry in enumerate(entries, first + 1)]
    return menu("Open a question", EntryMenu(), options)


def ask_form() -> discord.ui.Modal:
    """Return the form for a question."""
    field = text_field("text", "Your question", example="how long until i can apply for jobs", most=300)
    return form("Ask the FAQ", AskForm(), field)
