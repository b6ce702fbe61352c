"""The page *Pace*: where one stands beside the plan, when the road may end, how to meet the group; and the plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Final

import discord

from bot.domain.content import Figure
from bot.domain.faq import FaqEntry
from bot.domain.pace import Meeting, usual_weeks
from bot.domain.track import Stage, Topic
from bot.services.pace import Beside, PacePage, day_words, headline, span_words
from bot.services.pace_plan import PlanPage
from bot.ui.components import Component, ComponentId, Style, button, form, menu, option, rows, text_field
from bot.ui.home import BackToRoad, OpenPace, OpenRoad, PlanPress
from bot.ui.reply import Picture, Reply
from bot.ui.roadmap import TopicMenu
from bot.ui.text import BOARD, ROADMAP, clip, hours, listed, plural, safe

FILE: Final = "pace.png"
NAMED: Final = 3
"""Topics named in a sentence; the others are counted."""
LISTED: Final = 12
LONGEST_LEAD: Final = 180
"""Characters of a sentence of the FAQ that fit beside a forecast."""


class PaceVerb(StrEnum):
    """What the buttons of the page do."""

    HOME = "home"
    MEET = "meet"
    SHARE = "share"


class PacePress(ComponentId, code="sp"):
    """A button of one's own page."""

    owner: int
    verb: PaceVerb


class PlanForm(ComponentId, code="sf"):
    """The form of a plan; pressed as a button it opens the form."""

    group: int


class DropPress(ComponentId, code="sd"):
    """Take a plan away: ``sure`` is 0 for the question and 1 for doing it."""

    group: int
    sure: int


def pace_page(found: PacePage, user_id: int, png: bytes | None) -> Reply:
    """Return a member's own page; without a picture the words say the same."""
    late = found.beside is not None and found.beside.meeting is not None
    buttons = [button("Meet the group", PacePress(owner=user_id, verb=PaceVerb.MEET), Style.PRIMARY)] if late else []
    buttons += [
        button("Share", PacePress(owner=user_id, verb=PaceVerb.SHARE)),
        button("Back to my road", BackToRoad(owner=user_id)),
    ]
    return Reply(None, pace_embed(found, pictured=png is not None), rows(buttons), _picture(found, png))


def shared(found: PacePage, user_id: int, png: bytes | None) -> Reply:
    """Return a pace as the whole channel sees it."""
    view = rows([button("My pace", OpenPace()), button("Open my own roadmap", OpenRoad())])
    embed = pace_embed(found, pictured=png is not None)
    return Reply(f"<@{user_id}> shares a pace.", embed, view, _picture(found, png))


def pace_embed(found: PacePage, *, pictured: bool) -> discord.Embed:
    """Return a pace in words; with a picture they are its twin."""
    embed = discord.Embed(title=headline(found), color=ROADMAP)
    lines = [_done(found)]
    if found.beside is not None:
        lines += _beside(found, found.beside)
    lines += ["", *_forecast(found)]
    if found.how_long is not None and found.stage is not None:
        lines.append(_how_long(found.how_long))
    embed.description = "\n".join(lines)
    if found.beside is None:
        embed.set_footer(text="A group's captain can give it a plan: /group > Look after it > Pace.")
    if pictured:
        embed.set_image(url=f"attachment://{FILE}")
    return embed


def _done(found: PacePage) -> str:
    line = f"**{hours(found.done)} of {hours(found.total)}** are behind you."
    if found.seen.hours:
        line += f" In your last {plural(found.seen.days, 'day')}: {hours(found.seen.hours)}."
    return line


def _beside(found: PacePage, beside: Beside) -> list[str]:
    whose = f"**{safe(beside.group)}**" if beside.group else "this server"
    expected = f"The plan of {whose}: {hours(round(beside.hours, 1))} by today"
    lines = [f"{expected}; for you it ends on {day_words(beside.last_day)}."]
    if beside.days_off:
        days = plural(beside.days_off, "day")
        lines.append(f"{days} of rest and vacation moved it by as much: nothing is owed on a day off.")
    if beside.gap.behind:
        lines.append(f"Still open: {_named(beside.gap.behind)}.")
    if beside.gap.ahead:
        lines.append(f"Ahead of it: {_named(beside.gap.ahead)}.")
    if found.stage is None:
        return lines[:1]
    return lines


def _named(topics: tuple[Topic, ...]) -> str:
    names = [topic.title for topic in topics[:NAMED]]
    more = [f"{len(topics) - NAMED} more"] if len(topics) > NAMED else []
    return listed([*names, *more])


def _forecast(found: PacePage) -> list[str]:
    if found.stage is None:
        return ["You are through the whole road. Help somebody who is on the way."]
    if found.road_ends is None:
        return ["No forecast yet: it takes two weeks on the road and two topics that you finish in them."]
    lines = [f"**The whole road** ends {span_words(found.road_ends)}."]
    if found.stage_ends is not None:
        lines.insert(0, f"**Stage {found.stage.order}** ends {span_words(found.stage_ends)}.")
    lines.append("From your own last four weeks, vacations left out; the ranges are made so that eight of ten hold.")
    return lines


def _how_long(entry: FaqEntry) -> str:
    """Return the FAQ's first sentence on how long it takes people, with whose figure it is."""
    said = clip(entry.answer.strip().partition(". ")[0].rstrip("."), LONGEST_LEAD)
    return f"The FAQ says: {said}{_source(entry.figure)}."


def _source(figure: Figure | None) -> str:
    return f" (according to {figure.according_to}, {figure.as_of})" if figure is not None else ""


def _picture(found: PacePage, png: bytes | None) -> Picture | None:
    if png is None:
        return None
    told = [f"{headline(found)}: {found.done:g} of {found.total:g} hours are done"]
    if found.beside is not None:
        told.append(f"the plan expects {found.beside.hours:.0f} by today")
    if found.road_ends is not None:
        told.append(f"the road ends {span_words(found.road_ends)} in eight of ten cases")
    return Picture(png, FILE, f"{'; '.join(told)}.")


def meet_page(found: PacePage, user_id: int) -> Reply:
    """Return how somebody who is behind meets the group."""
    back = button("Back", PacePress(owner=user_id, verb=PaceVerb.HOME))
    meeting = found.beside.meeting if found.beside is not None else None
    if meeting is None:
        embed = discord.Embed(title="You are with the group", color=ROADMAP)
        embed.description = "There is nothing to catch up on. Take what comes next on your road."
        return Reply(None, embed, rows([back]))
    embed = discord.Embed(title="How you meet the group", color=ROADMAP)
    embed.description = "\n".join(_meeting(meeting))
    embed.set_footer(text="What can wait is not lost: it stays open on your road.")
    options = [option(topic.title, topic.id, hours(topic.hours)) for topic in meeting.take[:25]]
    take = [menu("Open one of these", TopicMenu(owner=user_id), options)] if options else []
    return Reply(None, embed, rows(take, [back]))


def _meeting(meeting: Meeting) -> list[str]:
    needs = sum(topic.hours for topic in meeting.take)
    if meeting.day is None:
        return [
            "The plan ends before you can meet it without leaving out what later topics need.",
            f"Take the road in order, at your own pace: {hours(needs)} are left.",
        ]
    if not meeting.take:
        return [f"Join in now: by {day_words(meeting.day)} the group takes nothing that needs more than you have."]
    lines = [
        f"On **{day_words(meeting.day)}**, at {hours(round(meeting.hours_a_week, 1))} a week.",
        f"Until then take these, {hours(needs)}; what the group does after that day builds on them:",
        *_list(meeting.take),
    ]
    if meeting.skip:
        rest = sum(topic.hours for topic in meeting.skip)
        lines += [
            "",
            f"**Skip for now**, {hours(rest)}: nothing the group takes then needs them.",
            *_list(meeting.skip),
        ]
    return lines


def _list(topics: Iterable[Topic]) -> list[str]:
    every = [f"○ {topic.title} · {hours(topic.hours)}" for topic in topics]
    return every[:LISTED] + ([f"and {len(every) - LISTED} more"] if len(every) > LISTED else [])


def plan_page(page: PlanPage, back: ComponentId, notice: str | None = None) -> Reply:
    """Return a plan to whoever may make it; ``back`` is where the page came from."""
    embed = discord.Embed(title=f"Pace of {page.name}" if page.name else "Pace of the server", color=BOARD)
    buttons: list[Component] = [button("Back", back)]
    if page.plan is None:
        embed.description = (
            "No plan yet. With a first day and weeks for each stage, everybody here sees on their road how they stand "
            "beside it; days of rest and vacation never count against anybody."
        )
        buttons.append(button("Make a plan", PlanForm(group=page.group_id), Style.PRIMARY))
    else:
        at = page.plan.first_day
        lines: list[str] = []
        for stage in page.stages:
            weeks = page.plan.weeks_of(stage)
            lines.append(f"{stage.order} **{stage.title}** · {plural(weeks, 'week')} · from {day_words(at)}")
            at += timedelta(days=7 * weeks)
        embed.description = "\n".join([*lines, f"It ends on {day_words(page.plan.last_day(page.stages))}."])
        buttons.append(button("Change it", PlanForm(group=page.group_id), Style.PRIMARY))
        buttons.append(button("Remove the plan", DropPress(group=page.group_id, sure=0), Style.DANGER))
    embed.set_footer(text="A group's own plan comes before the server's.")
    return Reply(notice, embed, rows(buttons))


def plan_form(page: PlanPage) -> discord.ui.Modal:
    """Return the form of a plan, filled with what there is, or with the usual weeks."""
    weeks = [page.plan.weeks_of(stage) if page.plan else usual_weeks(stage) for stage in page.stages]
    first = str(page.plan.first_day if page.plan else page.today)
    return form(
        "The plan",
        PlanForm(group=page.group_id),
        text_field("first", "First day", example=f"{page.today}, or tomorrow", value=first, most=20),
        text_field("weeks", _label(page.stages), example="7, 6, 5", value=", ".join(map(str, weeks)), most=120),
    )


def _label(stages: tuple[Stage, ...]) -> str:
    return f"Weeks for each of the {plural(len(stages), 'stage')}, in order"


def drop_question(page: PlanPage) -> Reply:
    """Ask before a plan is taken away."""
    embed = discord.Embed(title="Remove the plan?", color=BOARD)
    embed.description = "Nobody is compared with it any more. Each member's own pace and forecast stay."
    keep = button("Keep it", PlanPress(group=page.group_id))
    return Reply(
        None, embed, rows([keep, button("Remove it", DropPress(group=page.group_id, sure=1), Style.DANGER)])
    )  # fmt: skip
