"""The page *Seasons and groups* of ``/setup``."""

from __future__ import annotations

from enum import StrEnum

import discord

from bot.domain.board import Measure
from bot.domain.group import GroupMakers
from bot.services.season import LEAST_SIZES, NAME_CHARACTERS, SeasonPage
from bot.ui.components import Component, ComponentId, Style, button, form, menu, option, rows, text_field
from bot.ui.home import OpenSetup, PlanPress
from bot.ui.reply import Reply
from bot.ui.showcase import OpenShowcaseSettings
from bot.ui.text import BOARD, day_name, plural, safe

EARLIER_SHOWN = 5


class OpenSeasons(ComponentId, code="ls"):
    """Open the page."""


class SeasonVerb(StrEnum):
    """What the buttons do to a season."""

    END = "end"
    UNBEGIN = "unbegin"
    RESUME = "resume"


class BeginForm(ComponentId, code="lf"):
    """The form for a new season; pressed as a button it opens the form."""


class SeasonPress(ComponentId, code="lp"):
    """A button about the season of that number: an old page can't mean another."""

    verb: SeasonVerb
    number: int


class MakersMenu(ComponentId, code="lm"):
    """The menu of who may make groups."""


class MeasureMenu(ComponentId, code="lc"):
    """The menu of what groups are compared by."""


class LeastMenu(ComponentId, code="ll"):
    """The menu of how many members a group needs."""


MAKERS = {
    GroupMakers.MODERATORS: "Moderators make groups",
    GroupMakers.EVERYBODY: "Everybody may make a group",
}
MEASURES = {
    Measure.MEAN: ("Points for each active member", "A small steady group can win."),
    Measure.SHARE: ("Share of members who took part", "Everybody counts the same, however many points."),
}


def season_page(page: SeasonPage, notice: str | None = None) -> Reply:
    """Return the page; ``notice`` is a first line that says what was just done."""
    embed = discord.Embed(title="Seasons and groups", color=BOARD)
    lines = [f"**Season** {_running(page)}"]
    earlier = [one for one in page.seasons if one.last_day is not None][:EARLIER_SHOWN]
    lines += [
        f"**Before** {safe(one.name)}, {day_name(one.first_day)} to {day_name(one.last_day)} {one.last_day.year}"
        for one in earlier
        if one.last_day is not None
    ]
    lines += [
        f"**Who makes groups** {MAKERS[page.makers]}.",
        f"**Groups are compared by** {MEASURES[page.measure][0].lower()}. {MEASURES[page.measure][1]}",
        f"**To stand on the board** a group needs {plural(page.least, 'member')}.",
    ]
    embed.description = "\n".join(lines)
    embed.set_footer(text="Beginning and ending can be taken back for 7 days. No point is ever lost by it.")
    shown = button("Showcase", OpenShowcaseSettings())
    pace = button("Pace", PlanPress(group=0))
    return Reply(notice, embed, rows(*_menus(page), [*_buttons(page), shown, pace, *_ending(page)]))


def begin_form(page: SeasonPage) -> discord.ui.Modal:
    """Return the form for a new season."""
    return form(
        "A new season",
        BeginForm(),
        text_field("name", "Name", example=f"Season {len(page.seasons) + 1}", most=NAME_CHARACTERS),
        text_field("first", "First day", example=f"{page.today}, or today", most=20, required=False),
    )


def end_form(page: SeasonPage, press: SeasonPress) -> discord.ui.Modal:
    """Return the form for the end of a season."""
    field = text_field("last", "Last day that counts", example=f"{page.today}, or yesterday", most=20, required=False)
    return form("End the season", press, field)


def begun(page: SeasonPage) -> str:
    """Return what is said after a season was begun."""
    if page.running is None or page.running.first_day > page.today:
        return "The season is planned."
    return "The season is on. What was earned since its first day counts already."


def _running(page: SeasonPage) -> str:
    one = page.running
    if one is None:
        return "none runs"
    word = "begins on" if one.first_day > page.today else "since"
    return f"{safe(one.name)}, {word} {day_name(one.first_day)} {one.first_day.year}"


def _menus(page: SeasonPage) -> list[list[Component]]:
    makers = [option(words, one.value, ticked=one is page.makers) for one, words in MAKERS.items()]
    measures = [
        option(f"Compare by: {words[0].lower()}", one.value, words[1], ticked=one is page.measure)
        for one, words in MEASURES.items()
    ]
    sizes = [
        option(f"A group on the board needs {plural(size, 'member')}", str(size), ticked=size == page.least)
        for size in LEAST_SIZES
    ]
    return [
        [menu("Who makes groups", MakersMenu(), makers)],
        [menu("What groups are compared by", MeasureMenu(), measures)],
        [menu("Members a group needs", LeastMenu(), sizes)],
    ]


def _buttons(page: SeasonPage) -> list[Component]:
    buttons = [button("Back", OpenSetup())]
    if page.running is None:
        buttons.append(button("Begin a season", BeginForm(), Style.PRIMARY))
    if page.may_continue is not None:
        press = SeasonPress(verb=SeasonVerb.RESUME, number=page.may_continue)
        buttons.append(button(f"Let {page.seasons[0].name} run on", press))
    if page.may_unbegin is not None:
        press = SeasonPress(verb=SeasonVerb.UNBEGIN, number=page.may_unbegin)
        buttons.insert(1, button("Take the beginning back", press))
    return buttons


def _ending(page: SeasonPage) -> list[Component]:
    """Return the red button, which stands last; none where no season runs yet."""
    if page.running is None or page.running.first_day > page.today:
        return []
    return [button("End the season", SeasonPress(verb=SeasonVerb.END, number=page.running.number), Style.DANGER)]
