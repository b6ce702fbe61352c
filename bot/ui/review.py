"""The pages of a review: a card asked, a card answered with its four grades, and the end of a sitting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import discord

from bot.domain.content import EntryId
from bot.domain.recall import A_SITTING, KEEPS_THE_DAY, Grade, Retention
from bot.domain.review import LETTERS, ChoiceCard
from bot.services.review import Asked, Graded, Rested, Step, Told
from bot.ui.components import Component, ComponentId, Style, button, rows
from bot.ui.points import gained
from bot.ui.reply import Reply
from bot.ui.text import PROMPT, plural, weekday

GRADES: Final = {Grade.AGAIN: "Again", Grade.HARD: "Hard", Grade.GOOD: "Good", Grade.EASY: "Easy"}
AGAIN_ONLY: Final = "Not this time. Press Again, and it comes back soon."
HOW: Final = "Again: forgotten. Hard: it took effort. Good: remembered. Easy: at once. On each, when it comes back."


class Pick(StrEnum):
    """How a card is turned over: shown, or by one of its choices."""

    SHOW = "show"
    A = "A"
    B = "B"
    C = "C"
    D = "D"


class ReviewBegin(ComponentId, code="rv"):
    """Begin a sitting, or go on for another one. Everything about reviews is of whoever presses."""


class ReviewShow(ComponentId, code="rs"):
    """Turn a card over; ``seen`` is how often it was asked before, ``done`` the cards of the sitting so far."""

    card_id: EntryId
    seen: int
    done: int
    pick: Pick


class ReviewGrade(ComponentId, code="rg"):
    """Grade a card; the fields as in ``ReviewShow``."""

    card_id: EntryId
    seen: int
    done: int
    grade: Grade


class ReviewStop(ComponentId, code="rx"):
    """End a sitting."""


class OpenToday(ComponentId, code="rt"):
    """Turn one's own page into ``/today``."""


def begin_button(number: int) -> list[Component]:
    """Return the button that begins a review; none where no card can be asked."""
    return [button(f"Review {plural(number, 'card')}", ReviewBegin())] if number else []


def step(found: Step, notice: str | None = None) -> Reply:
    """Return the next card, or the end of the sitting."""
    return rested(found, notice) if isinstance(found, Rested) else _asked(found, notice)


def graded(found: Graded) -> Reply:
    """Return what comes after a grade."""
    if not found.counted:
        return step(found.step, "That card was counted already, or is no longer asked. Here is what comes next.")
    return step(found.step, f"Reviews keep your day.{gained(found.gain)}" if found.keeps else None)


def told(found: Told, pick: Pick) -> Reply:
    """Return a card with its answer and its grades."""
    one = found.asked
    embed = _page(one, [one.card.front, _answer(one, pick)])
    wrong = isinstance(one.card, ChoiceCard) and pick is not Pick.SHOW and pick != one.card.right
    grades = [Grade.AGAIN] if wrong else list(Grade)
    usual = Grade.AGAIN if wrong else Grade.GOOD
    embed.set_footer(text=AGAIN_ONLY if wrong else HOW)
    buttons = [
        button(
            f"{GRADES[grade]} · {comes_back(found.comes[grade], found.today)}",
            ReviewGrade(card_id=one.card.id, seen=one.seen, done=one.done, grade=grade),
            Style.PRIMARY if grade is usual else Style.PLAIN,
        )
        for grade in grades
    ]
    return Reply(embed=embed, view=rows(buttons, [_stop()]))


def rested(found: Rested, notice: str | None = None) -> Reply:
    """Return the end of a sitting: what was done, what it did for the day, and what comes."""
    embed = discord.Embed(title=_title(found), color=PROMPT)
    embed.description = "\n".join(_summary(found))
    more = [button(f"{min(found.left, A_SITTING)} more", ReviewBegin())] if found.left else []
    return Reply(notice, embed, rows([button("Today", OpenToday()), *more]))


def ahead_line(coming: Sequence[tuple[date, int]]) -> str:
    """Return how many cards come on each of the next days, on one line."""
    if not any(number for _, number in coming):
        return "**Reviews ahead** none in the next 7 days"
    told = [f"{'today' if not at else weekday(day)} {number}" for at, (day, number) in enumerate(coming)]
    return f"**Reviews ahead** {' · '.join(told)}"


def retention_line(found: Retention, desired: int, least: int) -> str:
    """Return how much of what was learnt is remembered when it comes back, beside what is aimed at."""
    if found.percent is None:
        return f"shown after {least} reviews of cards you had learnt; {found.tested} so far"
    of = f"{found.remembered} of {found.tested} reviews of cards you had learnt"
    return f"{found.percent} % remembered ({of}); the dates aim at {desired} %"


def comes_back(when: date | timedelta, today: date) -> str:
    """Return when a card comes back, short enough for a button: ``10 min``, ``tomorrow``, ``Wed 25 Nov``."""
    if isinstance(when, timedelta):
        return f"{max(1, round(when / timedelta(minutes=1)))} min"
    if when - today <= timedelta(days=1):
        return "today" if when <= today else "tomorrow"
    return f"{when:%a} {when.day} {when:%b}" if when.year == today.year else f"{when.day} {when:%b} {when.year}"


def _asked(found: Asked, notice: str | None) -> Reply:
    def press(label: str, pick: Pick, style: Style = Style.PLAIN) -> Component:
        shown = ReviewShow(card_id=found.card.id, seen=found.seen, done=found.done, pick=pick)
        return button(label, shown, style)

    if isinstance(found.card, ChoiceCard):
        choices = zip(LETTERS, found.card.choices, strict=True)
        embed = _page(found, [found.card.front, "\n".join(f"**{letter}** {one.text}" for letter, one in choices)])
        embed.set_footer(text="Choose one.")
        turn = [press(letter, Pick(letter)) for letter in LETTERS]
    else:
        embed = _page(found, [found.card.front])
        embed.set_footer(text="Answer in your head first, then press Show.")
        turn = [press("Show", Pick.SHOW, Style.PRIMARY)]
    return Reply(notice, embed, rows([*turn, _stop()]))


def _page(found: Asked, parts: Sequence[str]) -> discord.Embed:
    new = " · new" if found.seen == 0 else ""
    embed = discord.Embed(title=f"Review · {found.done + 1} of {found.of}{new}", color=PROMPT)
    embed.description = "\n\n".join([f"*{found.topic}*", *parts])
    return embed


def _answer(found: Asked, pick: Pick) -> str:
    card = found.card
    if not isinstance(card, ChoiceCard):
        return f"**Answer**\n{card.back}"
    lines: list[str] = []
    for letter, one in zip(LETTERS, card.choices, strict=True):
        sign = "✓" if letter == card.right else "✗"
        yours = " (your choice)" if letter == pick else ""
        lines.append(f"{sign} **{letter}** {one.text}{yours}\n{one.why}")
    return "\n".join(lines)


def _stop() -> Component:
    return button("Stop", ReviewStop())


def _title(found: Rested) -> str:
    if not found.begun:
        return "There is nothing to review yet"
    if found.left:
        return "Enough for now" if found.day.cards else "Reviews"
    return "All reviews of today are done" if found.day.cards else "Nothing is due"


def _summary(found: Rested) -> list[str]:
    if not found.begun:
        where = "Cards come from the topics you start, finish or know already, a few new ones each day."
        return [f"{where} Start one on your road, and its first cards are here."]
    lines: list[str] = []
    if found.day.cards:
        lines.append(f"{plural(found.day.cards, 'card')} today, {found.day.remembered} remembered at the first try.")
    if found.left and not found.kept:
        need = max(0, KEEPS_THE_DAY - found.day.cards)
        lines.append(f"{plural(min(need, found.left) or found.left, 'more card')} and reviews keep your day.")
    elif found.kept:
        lines.append(f"**{plural(found.streak.length, 'day')} in a row**, today included.")
    if found.soon:
        lines.append(f"{plural(found.soon, 'card comes', 'cards come')} back later today.")
    lines.append(ahead_line(found.coming))
    return lines
