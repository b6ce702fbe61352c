"""What a member gets after pressing a post's buttons: the page after Done, help, another exercise."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

import discord

from bot.domain.answer import Vote
from bot.domain.instead import fingerprint
from bot.domain.streak import Streak
from bot.services.prompt import Finished, PromptPage, Voted, Withdrawn
from bot.ui.components import Component, ComponentId, Style, button, rows
from bot.ui.points import gained
from bot.ui.post import body, heading
from bot.ui.reply import Reply
from bot.ui.text import PROMPT, clip, plural

GONE: Final = "This exercise is no longer in the content. Done counts for it all the same."
KEPT: Final = 1_024
"""Buttons that are kept: many press on one post in a short time, and all get the same."""


class PromptVerb(StrEnum):
    """What the buttons of one's own page of a post do."""

    DONE = "done"
    UNDO = "undo"
    HELP = "help"
    HINT = "hint"
    POSTED = "posted"
    OUTLINE = "outline"
    OUTLINE_ANYWAY = "outline_anyway"
    WRITE = "write"
    DROP_ANSWER = "drop"
    LATER = "later"
    FORGET = "forget"


class PromptPress(ComponentId, code="dp"):
    """A button of one's own page of a post."""

    verb: PromptVerb
    number: int


class VotePress(ComponentId, code="dv"):
    """Too hard, or too easy. ``shown`` is the fingerprint of the exercise on the page."""

    vote: Vote
    number: int
    shown: int


def press_button(label: str, verb: PromptVerb, page: PromptPage, style: Style = Style.PLAIN) -> Component:
    """Return a button of one's own page of a post."""
    return _press_button(label, verb, page.number, style)


@lru_cache(KEPT)
def _press_button(label: str, verb: PromptVerb, number: int, style: Style) -> Component:
    return button(label, PromptPress(verb=verb, number=number), style)


def finished(what: Finished) -> Reply:
    """Return the page after Done."""
    counted = "Counted already" if what.again else "Counted"
    embed = own_embed(what.page)
    lines = [_answer_state(what.page)]
    if what.page.item is None:
        lines.append("This exercise is no longer in the content, so there is no outline of it. It counts all the same.")
    elif what.page.replaced:
        lines.append("That was the one you got in place of the posted one.")
    if what.day != what.page.day and not what.again:
        lines.append(f"The post is of {_date(what.page.day)}; it counts on the day you press Done.")
    embed.description = "\n".join(lines)
    said = f"{counted} for {what.day:%A}. {in_a_row(what.streak)}{gained(what.page.gain)}"
    return Reply(said, embed, rows(after_done(what.page)))


def after_done(page: PromptPage) -> list[Component]:
    """Return the buttons for a post that is done."""
    write = "Change my answer" if page.answer else "Write my answer"
    return [
        press_button(write, PromptVerb.WRITE, page, Style.PLAIN if page.answer else Style.PRIMARY),
        press_button("Read the outline", PromptVerb.OUTLINE, page),
        answers_button(page),
        press_button("Take it back", PromptVerb.UNDO, page),
    ]


def before_done(page: PromptPage) -> list[Component]:
    """Return the buttons for a post that is not done yet."""
    return [
        press_button("Done", PromptVerb.DONE, page, Style.PRIMARY),
        press_button("Help", PromptVerb.HELP, page),
        answers_button(page),
        press_button("Later", PromptVerb.LATER, page),
    ]


class AnswersPress(ComponentId, code="da"):
    """Open a page of the answers to a post; pages count from 0."""

    number: int
    index: int


def answers_button(page: PromptPage) -> Component:
    """Return the button that opens what was shared."""
    return _answers_button(page.number, page.counts.shared)


@lru_cache(KEPT)
def _answers_button(number: int, shared: int) -> Component:
    return button(f"Answers {shared}" if shared else "Answers", AnswersPress(number=number, index=0))


def withdrawn(what: Withdrawn) -> Reply:
    """Return the page after Done was taken back."""
    if what.day is None:
        said = "There was nothing to take back: this one isn't done."
    else:
        said = (
            f"Taken back: it doesn't count for {what.day:%A} any more. {in_a_row(what.streak)}{gained(what.page.gain)}"
        )
    embed = own_embed(what.page)
    embed.description = _answer_state(what.page) if what.page.answer else "Press Done whenever you have done it."
    return Reply(said, embed, rows(before_done(what.page)))


def help_page(page: PromptPage, said: str | None = None, *, hint: bool = False) -> Reply:
    """Return the page of Help; with the exercise itself where it is another one than was posted.

    Args:
        page: the post.
        said: what the last press did.
        hint: whether the hint is shown.
    """
    embed = own_embed(page)
    if page.item is None:
        embed.description = GONE
        return Reply(said, embed, rows([press_button("Done", PromptVerb.DONE, page, Style.PRIMARY)]))
    parts = [body(page.item)] if page.replaced else []
    if hint:
        parts.append(f"**Hint:** {page.item.hint}")
    elif not page.replaced:
        parts.append("A hint gives a nudge and nothing away.")
    if not page.replaced:
        parts.append("Wrong size? Say so and get another one on this topic, for you alone. It counts for this post.")
    embed.description = clip("\n\n".join(parts), 4000)
    embed.set_footer(text="Only you see this. Your votes steer what is posted next.")
    view = rows(
        [
            press_button("Done", PromptVerb.DONE, page, Style.PRIMARY),
            *([] if hint else [press_button("Show the hint", PromptVerb.HINT, page)]),
            _vote_button("Too hard", Vote.TOO_HARD, page),
            _vote_button("Too easy", Vote.TOO_EASY, page),
        ],
        [press_button("Back to the posted one", PromptVerb.POSTED, page)] if page.replaced else [],
    )
    return Reply(said, embed, view)


def voted(what: Voted) -> Reply:
    """Return the page after a vote."""
    if not what.given:
        said = "Noted. There is nothing more on this topic that you haven't had; the hint may help."
        return help_page(what.page, said)
    level = what.page.item.level if what.page.item else None
    size = f", level {level}" if level else ""
    counts = "You are done for this post already; this one is extra." if what.page.done else "Its Done counts as well."
    return help_page(what.page, f"Noted. Here is another one for you alone{size}. {counts}")


def in_a_row(streak: Streak) -> str:
    """Return a streak as a sentence."""
    if not streak.length:
        return "Your next streak starts with the next Done."
    return f"{plural(streak.length, 'day')} in a row."


def own_embed(page: PromptPage) -> discord.Embed:
    """Return the beginning of one's own page of a post: what it is about."""
    title = page.item.title if page.item else f"The post of {_date(page.day)}"
    embed = discord.Embed(title=title, color=PROMPT)
    if page.item is not None:
        embed.set_author(name=clip(heading(page.item, page.day), 256))
    return embed


def _vote_button(label: str, vote: Vote, page: PromptPage) -> Component:
    return button(label, VotePress(vote=vote, number=page.number, shown=fingerprint(page.exercise_id)))


def _answer_state(page: PromptPage) -> str:
    if page.answer is None:
        return "Put it in your own words: two sentences are enough. You choose who reads them."
    return "Your answer is shared with the group." if page.answer.shared else "Your answer is kept for you alone."


def _date(day: date) -> str:
    return f"{day:%A}, {day:%B} {day.day}"
