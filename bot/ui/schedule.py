"""The panel of ``/schedule``: the list, what can be done with one schedule, its preview and its health."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import discord

from bot.domain.schedule import ScheduleState
from bot.domain.week import in_words, template_name
from bot.services.schedule_health import Health
from bot.services.schedule_now import PostedNow, PostNow, Preview
from bot.services.schedule_page import ScheduleLine, SchedulePage
from bot.ui.components import Component, ComponentId, Style, button, menu, option, rows
from bot.ui.post import KINDS, post
from bot.ui.reply import Reply
from bot.ui.schedule_health import ahead_lines, supply_lines, told
from bot.ui.showcase import OpenShowcaseSettings
from bot.ui.text import PROMPT, TROUBLE, clip, full_time, relative

SIGNS: Final = {
    ScheduleState.DRAFT: "○",
    ScheduleState.ACTIVE: "●",
    ScheduleState.PAUSED: "‖",
    ScheduleState.BROKEN: "✗",
}
STATE_NAMES: Final = {
    ScheduleState.DRAFT: "not started yet",
    ScheduleState.ACTIVE: "posts",
    ScheduleState.PAUSED: "paused",
    ScheduleState.BROKEN: "stopped",
}


class ScheduleVerb(StrEnum):
    """What the panel's buttons do with a schedule. ``SURE`` is the second word of ``DELETE``."""

    OPEN = "open"
    EDIT = "edit"
    START = "start"
    PAUSE = "pause"
    SKIP = "skip"
    UNSKIP = "unskip"
    PREVIEW = "preview"
    NOW = "now"
    HEALTH = "health"
    DELETE = "delete"
    SURE = "sure"


class SchedulePress(ComponentId, code="w"):
    """A button of a schedule's panel."""

    schedule: int
    verb: ScheduleVerb


class NewSchedule(ComponentId, code="wn"):
    """Begin a schedule, or go on with the one that was begun."""


class OpenSchedules(ComponentId, code="ws"):
    """Open the panel; where there is no schedule, begin one."""


class NewRecap(ComponentId, code="vn"):
    """Begin the weekly recap, or open the one there is."""


class ScheduleMenu(ComponentId, code="wp"):
    """The menu of the schedules of a server."""


class AgainPress(ComponentId, code="wg"):
    """The second word for posting today's post once more; it counts for the generation it names."""

    schedule: int
    number: int
    generation: int


def panel(page: SchedulePage, notice: str | None = None) -> Reply:
    """Return the panel.

    Args:
        page: the schedules as they are.
        notice: a first line that says what was just done.
    """
    embed = discord.Embed(title="Daily posts", color=PROMPT)
    if page.chosen is None:
        embed.description = (
            "No daily posts yet. A schedule brings a practice prompt, a Kaggle task or a paper to a channel, at one "
            "local time, on the days you choose."
        )
        first = [button("New schedule", NewSchedule(), Style.PRIMARY), *_beside()]
        return Reply(notice, embed, rows(first))
    others = [line for line in page.lines if line.schedule_id != page.chosen.schedule_id]
    embed.description = "\n".join([_details(page.chosen), *([""] if others else []), *(brief(line) for line in others)])
    embed.set_footer(text=f"Local times are of {page.zone}; dates show on your own clock.")
    return Reply(notice, embed, rows(_which(page), *_buttons(page.chosen)))


def _which(page: SchedulePage) -> list[Component]:
    if len(page.lines) < 2:
        return []
    choices = [
        option(
            f"{number}. {line.timing.at:%H:%M} · {template_name(line.timing.plan)} · {STATE_NAMES[line.state]}",
            str(line.schedule_id),
            in_words(line.timing.plan),
            ticked=line == page.chosen,
        )
        for number, line in enumerate(page.lines, 1)
    ]
    return [menu("Choose a schedule", ScheduleMenu(), choices)]


def _buttons(line: ScheduleLine) -> list[list[Component]]:
    def press(label: str, verb: ScheduleVerb, style: Style = Style.PLAIN) -> Component:
        return button(label, SchedulePress(schedule=line.schedule_id, verb=verb), style)

    delete = press("Delete", ScheduleVerb.DELETE, Style.DANGER)
    new = [button("New schedule", NewSchedule()), *_beside()]
    if line.state is ScheduleState.DRAFT:
        return [[press("Go on with it", ScheduleVerb.EDIT, Style.PRIMARY), delete]]
    skip = press("Skip the next", ScheduleVerb.SKIP)
    if line.left_out is not None:
        skip = press(f"Don't skip {line.left_out:%a} {line.left_out.day}", ScheduleVerb.UNSKIP)
    turn_on = press("Resume", ScheduleVerb.START, Style.PRIMARY)
    active = line.state is ScheduleState.ACTIVE
    return [
        [
            press("Edit", ScheduleVerb.EDIT),
            press("Pause", ScheduleVerb.PAUSE) if active else turn_on,
            skip,
            press("Preview", ScheduleVerb.PREVIEW),
            *([press("Post now", ScheduleVerb.NOW)] if active else []),
        ],
        [press("Health", ScheduleVerb.HEALTH), *new, delete],
    ]


def _beside() -> list[Component]:
    """Return the buttons of what else the bot posts."""
    return [button("Weekly recap", NewRecap()), button("Showcase", OpenShowcaseSettings())]


def brief(line: ScheduleLine) -> str:
    """Return a schedule on one line."""
    where = place(line)
    return f"{SIGNS[line.state]} {where} at {line.timing.at:%H:%M} · {template_name(line.timing.plan)} · {_state(line)}"


def place(line: ScheduleLine) -> str:
    """Return where a schedule posts, as people read it."""
    return f"<#{line.channel_id}>" if line.channel_id else "no channel yet"


def _state(line: ScheduleLine) -> str:
    if line.state is ScheduleState.ACTIVE and line.ahead:
        return f"next {relative(line.ahead[0].due_at)}"
    return STATE_NAMES[line.state]


def _details(line: ScheduleLine) -> str:
    lines = [
        f"{SIGNS[line.state]} **{place(line)} at {line.timing.at:%H:%M}** · {STATE_NAMES[line.state]}",
        f"**{template_name(line.timing.plan)}:** {in_words(line.timing.plan)}",
    ]
    if line.reason:
        lines.append(f"{line.reason} Then press Resume.")
    if line.state is ScheduleState.ACTIVE and line.ahead:
        due = line.ahead[0]
        lines.append(f"**Next** {full_time(due.due_at)} ({relative(due.due_at)}) · {KINDS[due.slot]}")
    if line.left_out is not None:
        lines.append(f"**Left out** {line.left_out:%A, %B} {line.left_out.day}")
    return "\n".join([*lines, extras(line)])


def extras(line: ScheduleLine) -> str:
    """Return what comes with each post, on one line."""
    options = line.options
    mention = f"mentions <@&{options.ping_role_id}>" if options.ping_role_id else "mentions nobody"
    thread = "opens a thread" if options.thread else "no thread"
    return f"**Each post** {thread} · {'is pinned' if options.pin else 'not pinned'} · {mention}"


def preview(what: Preview) -> Reply:
    """Return the next post as it will be, without the buttons that count; a draft can be started from here."""
    line, shown = what.page.one, post(what.post)
    press = {verb: SchedulePress(schedule=line.schedule_id, verb=verb) for verb in ScheduleVerb}
    when = f"{full_time(what.due.due_at)}, {relative(what.due.due_at)}"
    if line.state is ScheduleState.DRAFT:
        first = (
            f"**The first post**, as it will look in {place(line)} on {when}. Only you see this.\n>>> {shown.content}"
        )
        buttons = [
            button("Change something", press[ScheduleVerb.EDIT]),
            button("Start", press[ScheduleVerb.START], Style.GO),
        ]
    else:
        first = (
            f"**The next post**, as it will look in {place(line)} on {when}. Only you see this.\n>>> {shown.content}"
        )
        buttons = [button("Back", press[ScheduleVerb.OPEN])]
    return Reply(first, shown.embed, rows(buttons))


def started(page: SchedulePage) -> Reply:
    """Return the panel after a schedule was started or resumed."""
    line = page.one
    if not line.ahead:
        return panel(page, "It posts, but no date is ahead.")
    due_at = line.ahead[0].due_at
    return panel(page, f"Started. The next post goes to {place(line)} on {full_time(due_at)}, {relative(due_at)}.")


def posted_now(what: PostedNow, guild_id: int) -> Reply:
    """Return what became of Post now: a notice on the panel, or the question whether to post once more."""
    where = f"<#{what.channel_id}>"
    match what.what:
        case PostNow.PLANNED:
            return panel(what.page, f"Today's post goes to {where} within 10 seconds. It is the only one today.")
        case PostNow.UNDER_WAY:
            return panel(what.page, f"Today's post is on its way to {where} already. Give it a minute.")
        case PostNow.ASKS:
            pass
    line = what.page.one
    link = f" ([see it](https://discord.com/channels/{guild_id}/{what.channel_id}/{what.message_id}))"
    embed = discord.Embed(title="Post it once more?", color=TROUBLE)
    embed.description = (
        f"Today's post went to {where} already{link if what.message_id else ''}. If it was deleted, it can go out "
        "anew: the same exercise, and what members did on it still counts."
    )
    again = AgainPress(schedule=line.schedule_id, number=what.number, generation=what.generation)
    keep = SchedulePress(schedule=line.schedule_id, verb=ScheduleVerb.OPEN)
    return Reply(None, embed, rows([button("Leave it", keep), button("Post it again", again, Style.DANGER)]))


def ask_delete(page: SchedulePage) -> Reply:
    """Return the question before a schedule is deleted."""
    line = page.one
    embed = discord.Embed(title="Delete this schedule?", color=TROUBLE)
    embed.description = (
        f"{brief(line)}\n\nIts posts stay, and so does all that members did on them. The schedule itself can't be "
        "brought back. To stop it for a while, use Pause."
    )
    press = {verb: SchedulePress(schedule=line.schedule_id, verb=verb) for verb in ScheduleVerb}
    return Reply(
        None,
        embed,
        rows(
            [
                button("Keep it", press[ScheduleVerb.OPEN]),
                button("Delete it for good", press[ScheduleVerb.SURE], Style.DANGER),
            ]
        ),
    )


def health_page(health: Health, wrong: Sequence[str]) -> Reply:
    """Return how a schedule does.

    Args:
        health: what is on record.
        wrong: what is wrong in Discord right now, one line each.
    """
    line = health.line
    embed = discord.Embed(title="Health", color=TROUBLE if wrong or line.reason else PROMPT)
    embed.description = clip(f"{brief(line)}\n{told(health, wrong)}", 4000)
    embed.add_field(name="Next", value="\n".join(ahead_lines(health)), inline=False)
    embed.add_field(name="How long the exercises last", value="\n".join(supply_lines(health)), inline=False)
    back = SchedulePress(schedule=line.schedule_id, verb=ScheduleVerb.OPEN)
    edit = SchedulePress(schedule=line.schedule_id, verb=ScheduleVerb.EDIT)
    fresh = SchedulePress(schedule=line.schedule_id, verb=ScheduleVerb.HEALTH)
    return Reply(None, embed, rows([button("Back", back), button("Edit", edit), button("Check again", fresh)]))
