"""Making and changing a schedule: everything is kept at once, so that nothing is lost by closing the page."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import discord

from bot.domain.schedule import ScheduleState, Slot
from bot.domain.week import DAYS, OWN, TEMPLATES, days_of, in_words, recap_day, template_name
from bot.domain.wishes import KEYWORD_CHARACTERS, MOST_KEYWORDS
from bot.services.schedule_page import ScheduleLine, SchedulePage
from bot.ui.components import (
    Component,
    ComponentId,
    Style,
    button,
    channel_menu,
    form,
    menu,
    option,
    role_menu,
    rows,
    text_field,
)
from bot.ui.post import KINDS
from bot.ui.reply import Reply
from bot.ui.schedule import SIGNS, STATE_NAMES, SchedulePress, ScheduleVerb, extras, place
from bot.ui.text import PROMPT, clock_time, full_time

RECAP_TELLS: Final = (
    "**It tells** of the last whole week, Monday to Sunday: podium, groups, helpers, streaks, first steps"
)
LONG_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class EditVerb(StrEnum):
    """What the buttons of the editor open."""

    TIME = "time"
    DAYS = "days"
    PAPERS = "papers"


class Extra(StrEnum):
    """What can come with each post."""

    THREAD = "thread"
    PIN = "pin"


class EditPress(ComponentId, code="we"):
    """A button of the editor that opens a form or a page."""

    schedule: int
    verb: EditVerb


class ExtraPress(ComponentId, code="wo"):
    """A button that switches something on (1) or off (0)."""

    schedule: int
    extra: Extra
    on: int


class ChannelMenu(ComponentId, code="wc"):
    """The menu of channels."""

    schedule: int


class TemplateMenu(ComponentId, code="wt"):
    """The menu of weeks by name."""

    schedule: int


class PingRoleMenu(ComponentId, code="wr"):
    """The menu of roles to mention."""

    schedule: int


class RecapDayMenu(ComponentId, code="vd"):
    """The menu of weekdays for the recap."""

    schedule: int


class DaysMenu(ComponentId, code="wd"):
    """The menu of weekdays that bring one kind."""

    schedule: int
    slot: Slot


class TimeForm(ComponentId, code="wf"):
    """The form for the time of day."""

    schedule: int


class PapersForm(ComponentId, code="wa"):
    """The form for where fresh papers come from."""

    schedule: int


def editor(page: SchedulePage, notice: str | None = None) -> Reply:
    """Return the page on which a schedule is made or changed.

    Args:
        page: the schedules, the one in question chosen.
        notice: a first line that says what was just done.
    """
    line = page.one
    draft = line.state is ScheduleState.DRAFT
    weekly = recap_day(line.timing.plan) is not None
    what = "weekly recap" if weekly else "daily posts"
    embed = discord.Embed(title=f"New {what}" if draft else f"Edit {what}", color=PROMPT)
    here = f", {clock_time(line.ahead[0].due_at)} on your clock" if line.ahead else ""
    lines = [
        f"**Channel** {place(line)}",
        f"**Time** {line.timing.at:%H:%M} in {page.zone}{here}",
        f"**Week** {template_name(line.timing.plan)}: {in_words(line.timing.plan)}",
        extras(line),
        RECAP_TELLS if weekly else f"**Fresh papers** {_papers(line)}",
    ]
    if line.state in {ScheduleState.PAUSED, ScheduleState.BROKEN}:
        lines.append(
            f"**State** {SIGNS[line.state]} {STATE_NAMES[line.state]}: press Resume when all is as it should be"
        )
    elif not draft and line.ahead:
        lines.append(f"**Next** {full_time(line.ahead[0].due_at)} · {KINDS[line.ahead[0].slot]}")
    embed.description = "\n".join(lines)
    embed.set_footer(
        text="Choose a channel, then look at the first post and start. Nothing is posted before."
        if draft
        else "Each change holds at once."
    )
    return Reply(notice, embed, _editor_view(line))


def _papers(line: ScheduleLine) -> str:
    words = f" with {', '.join(line.options.keywords)}" if line.options.keywords else ", any words"
    return f"{', '.join(line.options.categories)}{words}"


def _editor_view(line: ScheduleLine) -> discord.ui.View:
    this, options = line.schedule_id, line.options
    day = recap_day(line.timing.plan)
    name = template_name(line.timing.plan)
    weeks = [option(one, one, in_words(plan), ticked=one == name) for one, plan in TEMPLATES.items()]
    if name == OWN:
        weeks.append(option(OWN, OWN, in_words(line.timing.plan), ticked=True))
    switches = [
        button(
            f"{label}: {'on' if on else 'off'}",
            ExtraPress(schedule=this, extra=extra, on=int(not on)),
        )
        for label, extra, on in (("Thread", Extra.THREAD, options.thread), ("Pin", Extra.PIN, options.pin))
    ]
    exercises = (
        [
            button("Days", EditPress(schedule=this, verb=EditVerb.DAYS)),
            button("Papers", EditPress(schedule=this, verb=EditVerb.PAPERS)),
        ]
        if day is None
        else []
    )
    stopped = line.state in {ScheduleState.PAUSED, ScheduleState.BROKEN}
    resume = [button("Resume", SchedulePress(schedule=this, verb=ScheduleVerb.START), Style.GO)] if stopped else []
    return rows(
        [channel_menu("Channel for the posts", ChannelMenu(schedule=this), line.channel_id, news=True)],
        [menu("Week", TemplateMenu(schedule=this), weeks) if day is None else _recap_days(this, day)],
        [role_menu("Role to mention (nobody, if you choose none)", PingRoleMenu(schedule=this), options.ping_role_id)],
        [
            button("Time", EditPress(schedule=this, verb=EditVerb.TIME)),
            *exercises,
            *switches,
        ],
        [
            button(
                "Preview and start" if line.state is ScheduleState.DRAFT else "Preview",
                SchedulePress(schedule=this, verb=ScheduleVerb.PREVIEW),
                Style.PLAIN if stopped else Style.PRIMARY,
            ),
            *resume,
            button("All schedules", SchedulePress(schedule=this, verb=ScheduleVerb.OPEN)),
        ],
    )


def _recap_days(schedule: int, chosen: int) -> Component:
    days = [option(f"Every {name}", str(number), ticked=number == chosen) for number, name in enumerate(LONG_DAYS)]
    return menu("Day of the recap", RecapDayMenu(schedule=schedule), days)


def days_page(page: SchedulePage, notice: str | None = None) -> Reply:
    """Return the page on which each weekday gets what it brings."""
    line = page.one
    plan = line.timing.plan
    embed = discord.Embed(title="What each day brings", color=PROMPT)
    embed.description = "\n".join(f"**{day}** {KINDS[slot]}" for day, slot in zip(LONG_DAYS, plan, strict=True))
    embed.set_footer(text="A day that you choose in one menu leaves the others. What is in none is rest.")
    menus = [
        [
            menu(
                f"{KINDS[slot]} on…",
                DaysMenu(schedule=line.schedule_id, slot=slot),
                [
                    option(f"{KINDS[slot]} on {day}", str(number), ticked=number in days_of(plan, slot))
                    for number, day in enumerate(LONG_DAYS)
                ],
                least=0,
                most=len(DAYS),
            )
        ]
        for slot in (Slot.PRACTICE, Slot.KAGGLE, Slot.ARXIV)
    ]
    done = button("Done", SchedulePress(schedule=line.schedule_id, verb=ScheduleVerb.EDIT), Style.PRIMARY)
    return Reply(notice, embed, rows(*menus, [done]))


def time_form(page: SchedulePage) -> discord.ui.Modal:
    """Return the form for the time of day."""
    line = page.one
    field = text_field(
        "text", f"Time in {page.zone}", example="18:30 or 6:30 pm", value=f"{line.timing.at:%H:%M}", most=10
    )
    return form("Time of the posts", TimeForm(schedule=line.schedule_id), field)


def papers_form(page: SchedulePage) -> discord.ui.Modal:
    """Return the form for where fresh papers come from."""
    line = page.one
    return form(
        "Fresh papers from arXiv",
        PapersForm(schedule=line.schedule_id),
        text_field(
            "categories",
            "Subject classes",
            example="cs.LG, stat.ML",
            value=", ".join(line.options.categories),
            most=200,
        ),
        text_field(
            "keywords",
            "Words, one of which the title must hold",
            example="survey, tutorial (empty for any paper)",
            value=", ".join(line.options.keywords),
            most=MOST_KEYWORDS * (KEYWORD_CHARACTERS + 2),
            required=False,
        ),
    )
