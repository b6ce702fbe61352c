"""The outline of a good answer, what others shared, and the form for one's own."""

from __future__ import annotations

from typing import Final

import discord

from bot.services.answer import ANSWER_CHARACTERS, PAGE, AnswersPage, SharedAnswer
from bot.services.prompt import PromptPage
from bot.ui.components import Component, ComponentId, Style, button, choice_field, form, menu, option, rows, text_field
from bot.ui.points import gained
from bot.ui.post import body
from bot.ui.prompt import (
    GONE,
    AnswersPress,
    PromptVerb,
    after_done,
    answers_button,
    before_done,
    own_embed,
    press_button,
)
from bot.ui.reply import Reply
from bot.ui.report import ReportAnswers, report_answer_button
from bot.ui.text import clip, plural, relative, safe

ON_A_PAGE: Final = 650
"""Characters of one answer, escaped, on a page of them; five stay within an embed's 4,096."""
SHARED: Final = "shared"
PRIVATE: Final = "private"


class AnswerForm(ComponentId, code="df"):
    """The form for one's own answer."""

    number: int


class AnswerAnyway(ComponentId, code="dy"):
    """Open a page of the answers to a post, for somebody who has not done it and asked twice."""

    number: int
    index: int


class AnswerMenu(ComponentId, code="dm"):
    """The menu of answers to read in full; ``index`` is the page it stands on."""

    number: int
    index: int


def answer_form(page: PromptPage) -> discord.ui.Modal:
    """Return the form, filled with what was written before."""
    was = page.answer
    audience = SHARED if was is None or was.shared else PRIVATE
    return form(
        page.item.title if page.item else "Your answer",
        AnswerForm(number=page.number),
        text_field(
            "text",
            "Your answer",
            example="I would report recall, because …",
            value=was.text if was else "",
            most=ANSWER_CHARACTERS,
            long=True,
        ),
        choice_field(
            "audience",
            "Who may read it",
            [(SHARED, "The group", "Shown with your name under Answers"), (PRIVATE, "Only me", "Kept for you")],
            audience,
        ),
    )


def kept(page: PromptPage) -> Reply:
    """Return the page after an answer was kept."""
    assert page.answer is not None  # noqa: S101  (it was kept in the transaction that made this page)
    said = "Shared with the group." if page.answer.shared else "Kept for you alone."
    return _own(page, f"{said} It counts as done.{gained(page.gain)}")


def dropped(page: PromptPage) -> Reply:
    """Return the page after an answer was taken back."""
    return _own(page, f"Your answer is removed; nobody can read it any more.{gained(page.gain)}")


def _own(page: PromptPage, said: str) -> Reply:
    embed = own_embed(page)
    if page.answer is not None:
        embed.description = clip(safe(page.answer.text), 4000)
    buttons = after_done(page) if page.done else before_done(page)
    drop = [press_button("Remove my answer", PromptVerb.DROP_ANSWER, page)] if page.answer else []
    return Reply(said, embed, rows(buttons, drop))


def outline(page: PromptPage) -> Reply:
    """Return the outline of a good answer."""
    embed = own_embed(page)
    if page.item is None:
        embed.description = GONE
    else:
        points = "\n".join(f"- {point}" for point in page.item.outline)
        task = f"{body(page.item)}\n\n" if page.replaced else ""
        embed.description = clip(f"{task}**A good answer holds**\n{points}", 4000)
    buttons = after_done(page) if page.done else before_done(page)
    return Reply(embed=embed, view=rows([one for one in buttons if one["label"] != "Read the outline"]))


def try_first(page: PromptPage, *, answers: bool) -> Reply:
    """Ask a member who has not done it to try first; the way past it is offered."""
    embed = own_embed(page)
    what = "what others wrote" if answers else "the outline"
    embed.description = f"Try it yourself first: {what} helps most after your own two sentences."
    if answers:
        embed.description += f"\n{plural(page.counts.shared, 'answer')} shared so far."
    anyway = (
        button("Show them anyway", AnswerAnyway(number=page.number, index=0))
        if answers
        else press_button("Show it anyway", PromptVerb.OUTLINE_ANYWAY, page)
    )
    done = press_button("Done", PromptVerb.DONE, page, Style.PRIMARY)
    return Reply(embed=embed, view=rows([done, press_button("Help", PromptVerb.HELP, page), anyway]))


def answers(what: AnswersPage, reader_id: int) -> Reply:
    """Return a page of what others shared, and one's own answer where it is private."""
    page = what.page
    embed = own_embed(page)
    parts = [
        f"**{what.first + i}** · {_signed(one, reader_id)}\n{clip(safe(one.answer.text), ON_A_PAGE)}"
        for i, one in enumerate(what.shown, 1)
    ]
    if not parts:
        parts.append("Nobody has shared an answer yet. Yours would be the first.")
    if what.index == 0 and page.answer is not None and not page.answer.shared:
        parts.insert(0, f"**Yours** · only you can read it\n{clip(safe(page.answer.text), ON_A_PAGE // 2)}")
    embed.description = "\n\n".join(parts)
    if page.counts.shared > PAGE:
        embed.set_footer(text=f"{what.first + 1}–{what.first + len(what.shown)} of {page.counts.shared}")
    return Reply(
        embed=embed, view=rows(_long_ones(what), [*_turns(what), *_report(what, reader_id)], _own_buttons(page))
    )


def one_answer(one: SharedAnswer, page: PromptPage, index: int, reader_id: int) -> Reply:
    """Return one answer in full."""
    embed = own_embed(page)
    embed.description = clip(f"{_signed(one, reader_id)}\n{safe(one.answer.text)}", 4096)
    report = [] if one.answer.user_id == reader_id else [report_answer_button(page.number, one.answer.user_id)]
    return Reply(embed=embed, view=rows([_open_page("Back to the answers", page, index), *report]))


def _signed(one: SharedAnswer, reader_id: int) -> str:
    you = " (you)" if one.answer.user_id == reader_id else ""
    other = f" · to another exercise: {one.other.title}" if one.other else ""
    return f"<@{one.answer.user_id}>{you} · {relative(one.answer.at)}{other}"


def _long_ones(what: AnswersPage) -> list[Component]:
    options = [
        option(f"Answer {what.first + i}", str(one.answer.user_id), clip(" ".join(one.answer.text.split()), 100))
        for i, one in enumerate(what.shown, 1)
        if len(safe(one.answer.text)) > ON_A_PAGE
    ]
    if not options:
        return []
    return [menu("Read one in full", AnswerMenu(number=what.page.number, index=what.index), options)]


def _turns(what: AnswersPage) -> list[Component]:
    found: list[Component] = []
    if what.index > 0:
        found.append(_open_page("Earlier answers", what.page, what.index - 1))
    if what.index < what.last_page:
        found.append(_open_page("More answers", what.page, what.index + 1))
    return found


def _report(what: AnswersPage, reader_id: int) -> list[Component]:
    if all(one.answer.user_id == reader_id for one in what.shown):
        return []
    return [button("Report one", ReportAnswers(number=what.page.number, index=what.index))]


def _open_page(label: str, page: PromptPage, index: int) -> Component:
    kind = AnswerAnyway if page.done is None else AnswersPress
    return button(label, kind(number=page.number, index=index))


def _own_buttons(page: PromptPage) -> list[Component]:
    if page.done is None:
        return [one for one in before_done(page) if one != answers_button(page)]
    drop = [press_button("Remove my answer", PromptVerb.DROP_ANSWER, page)] if page.answer else []
    return [*[one for one in after_done(page) if one != answers_button(page)], *drop]
