"""The screens of ``/streak``: the calendar with its text twin, rest days and vacation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import discord

from bot.domain.day import monday_of
from bot.domain.streak import (
    LONGEST_VACATION,
    MOST_FREEZES,
    MOST_RESTS,
    RESTS_WITHIN,
    DayKind,
)
from bot.services.streak import WEEKS_SHOWN, StreakPage
from bot.ui.components import Component, ComponentId, button, form, menu, option, rows, text_field
from bot.ui.reply import Picture, Reply
from bot.ui.review import ahead_line
from bot.ui.text import PROMPT, clock_time, day_name, month, plural, relative

FILE: Final = "streak.png"
WEEKS_IN_WORDS: Final = 3
"""Weeks written out in signs below the picture."""
VACATIONS: Final = (3, 7, 14, 30)

SIGNS: Final = {
    DayKind.KEPT: "✓",
    DayKind.FREEZE: "✻",  # a plain asterisk or plus at the head of a line is a list in Markdown
    DayKind.REST: "‖",
    DayKind.VACATION: "☼",
    DayKind.OUTAGE: "!",
    DayKind.REPAIRED: "✚",
    DayKind.NOT_OWED: "·",
    DayKind.MISSED: "×",
    DayKind.OPEN: "○",
}
NAMES: Final = {
    DayKind.KEPT: "kept",
    DayKind.FREEZE: "freeze used",
    DayKind.REST: "rest day",
    DayKind.VACATION: "vacation",
    DayKind.OUTAGE: "the bot was away",
    DayKind.REPAIRED: "repaired",
    DayKind.NOT_OWED: "nothing was due",
    DayKind.MISSED: "missed",
    DayKind.OPEN: "today, still open",
}


class StreakVerb(StrEnum):
    """What the buttons of the page do."""

    HOME = "home"
    VACATION = "vacation"
    BACK_AGAIN = "end"
    SHARE = "share"


class OpenStreak(ComponentId, code="ko"):
    """Open one's own streak, for whoever presses."""


class StreakPress(ComponentId, code="k"):
    """A button of one's own page."""

    owner: int
    verb: StreakVerb


class RestVerb(StrEnum):
    """Whether a day becomes a rest day."""

    TAKE = "take"
    GIVE_BACK = "back"


class RestPress(ComponentId, code="kr"):
    """Make a day (as ``date.toordinal`` counts) a rest day, or take that back; an old page can't mean another."""

    owner: int
    verb: RestVerb
    day: int


class VacationMenu(ComponentId, code="km"):
    """The menu of vacations."""

    owner: int


class VacationForm(ComponentId, code="kv"):
    """The form for a vacation of any dates; pressed as a button it opens the form."""

    owner: int


def page(
    found: StreakPage,
    user_id: int,
    png: bytes | None,
    notice: str | None = None,
    coming: Sequence[tuple[date, int]] = (),
) -> Reply:
    """Return a member's own page; without a picture the words say the same.

    ``coming`` is how many review cards come on each of the next days.
    """
    embed = streak_embed(found, png is not None)
    if any(number for _, number in coming):
        embed.description = f"{embed.description}\n{ahead_line(coming)}"
    owner = user_id
    vacation = (
        button("End the vacation", StreakPress(owner=owner, verb=StreakVerb.BACK_AGAIN))
        if found.vacation
        else button("Vacation", StreakPress(owner=owner, verb=StreakVerb.VACATION))
    )
    first = [
        button("Why", WhyPress(owner=owner, of=owner, page=0)),
        vacation,
        button("Share", StreakPress(owner=owner, verb=StreakVerb.SHARE)),
    ]
    return Reply(notice, embed, rows(first, _rest_buttons(found, owner)), _picture(found, png))


def shared(found: StreakPage, user_id: int, png: bytes | None) -> Reply:
    """Return a streak as the whole channel sees it."""
    embed = streak_embed(found, png is not None)
    embed.description = _standing(found)
    return Reply(
        f"<@{user_id}> shares a streak.", embed, rows([button("My streak", OpenStreak())]), _picture(found, png)
    )


def streak_embed(found: StreakPage, pictured: bool) -> discord.Embed:
    """Return a streak in words; with a picture they are its twin."""
    embed = discord.Embed(title=title(found), color=PROMPT)
    lines = [_today(found), _standing(found)]
    if found.vacation:
        first, last = found.vacation
        lines.append(f"Vacation from {day_name(first)} to {day_name(last)}.")
    lines += [
        f"{tally(found)}",
        f"```\n{_weeks(found)}\n```",
    ]
    embed.description = "\n".join(lines)
    embed.set_footer(
        text=f"A freeze covers a missed day by itself. Rest days, at most {MOST_RESTS} in any {RESTS_WITHIN} days, "
        "and vacations neither add nor break."
    )
    if pictured:
        embed.set_image(url=f"attachment://{FILE}")
    return embed


def title(found: StreakPage) -> str:
    """Return how long the streak is, as a page's title."""
    if found.streak.length:
        return f"{plural(found.streak.length, 'day')} in a row"
    return "A new start" if found.streak.longest else "Your streak starts with one day"


def tally(found: StreakPage) -> str:
    """Return how often each kind of day is in the calendar, each with its sign."""
    counted = Counter(one.kind for one in found.shown)
    told = [f"{SIGNS[kind]} {NAMES[kind]} {counted[kind]}" for kind in SIGNS if counted[kind]]
    return f"Last {WEEKS_SHOWN} weeks: {', '.join(told)}"


def vacation_page(found: StreakPage, user_id: int) -> Reply:
    """Return the choice of a vacation."""
    embed = discord.Embed(title="A vacation", color=PROMPT)
    embed.description = (
        "While you are away nothing is owed: the streak waits, and no freeze is used. A day you keep anyway counts. "
        f"Up to {LONGEST_VACATION} days; you can end it whenever you are back."
    )
    options: list[Component] = []
    for ahead, word in ((0, "today"), (1, "tomorrow")):
        first = found.today + timedelta(days=ahead)
        for days in VACATIONS:
            last = first + timedelta(days=days - 1)
            options.append(
                option(f"{days} days from {word}", f"{first}.{days}", f"{day_name(first)} to {day_name(last)}")
            )
    back = button("Back", StreakPress(owner=user_id, verb=StreakVerb.HOME))
    return Reply(
        embed=embed,
        view=rows(
            [menu("When, and for how long", VacationMenu(owner=user_id), options)],
            [back, button("Other dates", VacationForm(owner=user_id))],
        ),
    )


def vacation_form(user_id: int, found: StreakPage) -> discord.ui.Modal:
    """Return the form for a vacation of any dates."""
    return form(
        "A vacation",
        VacationForm(owner=user_id),
        text_field("first", "First day", example=f"{found.today + timedelta(days=7)}, or tomorrow", most=20),
        text_field("days", f"How many days, up to {LONGEST_VACATION}", example="7", most=3),
    )


def vacation_taken(found: StreakPage) -> str:
    """Return what is said after a vacation was taken."""
    if found.vacation is None:
        return "Nothing is planned."
    return f"Enjoy it. Nothing is owed until {day_name(found.vacation[1])}."


class WhyPress(ComponentId, code="kw"):
    """A page of the reasons of the member ``of``; pages count from 0."""

    owner: int
    of: int
    page: int


def _today(found: StreakPage) -> str:
    ends = f"Your day ends {relative(found.ends_at)}, at {clock_time(found.ends_at)}."
    match found.today_is:
        case DayKind.KEPT:
            return f"**Today is kept.** {ends}"
        case DayKind.OPEN:
            return f"**Today is open:** any prompt, topic or review done keeps it. {ends}"
        case kind:
            return f"**Nothing is owed today** ({NAMES[kind]}). {ends}"


def _standing(found: StreakPage) -> str:
    streak = found.streak
    earned = f" · {plural(streak.to_next_freeze, 'kept day')} to the next" if streak.to_next_freeze else ""
    return f"Longest: {plural(streak.longest, 'day')} · Freezes in hand: {streak.freezes} of {MOST_FREEZES}{earned}"


def _weeks(found: StreakPage) -> str:
    """Return the last weeks in signs, one line a week."""
    signs = {one.day.toordinal(): SIGNS[one.kind] for one in found.shown[-7 * WEEKS_IN_WORDS :]}
    monday = monday_of(found.today)
    lines = ["        M T W T F S S"]
    for back in range(WEEKS_IN_WORDS - 1, -1, -1):
        start = monday - timedelta(weeks=back)
        first = start.toordinal()
        week = " ".join(signs.get(day, " ") for day in range(first, first + 7))
        lines.append(f"{start.day:>2} {month(start)}  {week}".rstrip())
    return "\n".join(lines)


def _rest_buttons(found: StreakPage, user_id: int) -> list[Component]:
    buttons: list[Component] = []
    for day, word in ((found.today, "today"), (found.today + timedelta(days=1), "tomorrow")):
        if day in found.rests:
            press = RestPress(owner=user_id, verb=RestVerb.GIVE_BACK, day=day.toordinal())
            buttons.append(button(f"Take back: rest {word}", press))
        elif day in found.may_rest and not (day == found.today and found.today_is is DayKind.KEPT):
            press = RestPress(owner=user_id, verb=RestVerb.TAKE, day=day.toordinal())
            buttons.append(button(f"Rest {word}", press))
    return buttons


def _picture(found: StreakPage, png: bytes | None) -> Picture | None:
    if png is None:
        return None
    return Picture(png, FILE, f"Calendar of a streak: {title(found)}. {_standing(found)}. {tally(found)}.")
