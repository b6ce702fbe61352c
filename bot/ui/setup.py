"""The panel of ``/setup``, the line after joining a server, and the welcome."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import discord

from bot.domain.day import LATEST_DAY_START
from bot.services.setup import SetupPage
from bot.ui.components import ComponentId, Style, button, channel_menu, form, menu, option, role_menu, rows, text_field
from bot.ui.faq import AskForm
from bot.ui.group import MyGroup
from bot.ui.home import OpenRoad
from bot.ui.reply import Reply
from bot.ui.rights import Writable, mend, missing_rights
from bot.ui.schedule import OpenSchedules
from bot.ui.season import OpenSeasons
from bot.ui.text import PLAIN, clock_time, full_time, relative


class SetupVerb(StrEnum):
    """What the panel's buttons do."""

    CHECK = "check"
    ZONE = "zone"
    WELCOME = "welcome"


class SetupPress(ComponentId, code="u"):
    """A button of the panel."""

    verb: SetupVerb


class ZoneForm(ComponentId, code="uz"):
    """The form for the time zone."""


class DayStartMenu(ComponentId, code="ud"):
    """The menu of hours at which a day may start."""


class RoleMenu(ComponentId, code="ur"):
    """The menu of roles for the moderators."""


class ModeratorChannelMenu(ComponentId, code="um"):
    """The menu of channels for the moderators."""


class WelcomeChannelMenu(ComponentId, code="uw"):
    """The menu of channels for the welcome."""


def panel(page: SetupPage, findings: Sequence[str] = (), notice: str | None = None) -> Reply:
    """Return the panel.

    Args:
        page: the settings as they are.
        findings: what Check found, one line each.
        notice: a first line that says what was just done.
    """
    guild = page.guild
    embed = discord.Embed(title="Set up Syllabot", color=PLAIN)
    lines = [
        f"**Time zone** {guild.zone}",
        (
            f"**A day starts** at {guild.day_start:%H:%M}. It is {page.today:%A, %B} {page.today.day} here, "
            f"and that day ends {relative(page.day_ends_at)}, at {clock_time(page.day_ends_at)} on your clock."
        ),
        f"**Moderators** {_role(guild.moderator_role_id)}",
        f"**Moderators' channel** {_channel(guild.moderator_channel_id)}",
        f"**Welcome channel** {_channel(guild.welcome_channel_id)}",
        f"**Daily posts** {_posts(page)}",
    ]
    if guild.moderator_role_id:
        lines += [
            "",
            (
                f"Discord shows the moderators' commands to people with *Manage Messages*. To let <@&"
                f"{guild.moderator_role_id}> see them: *Server Settings > Integrations > Syllabot*, choose a command, "
                "*Add Roles*. Syllabot checks the role again at every use. `/setup` itself stays with *Manage Server*."
            ),
        ]
    embed.description = "\n".join(lines)
    if findings:
        embed.add_field(name="Check", value="\n".join(findings), inline=False)
    return Reply(notice, embed, _panel_view(page))


def _role(role_id: int | None) -> str:
    return f"<@&{role_id}>" if role_id else "not chosen: only people with *Manage Server*"


def _posts(page: SetupPage) -> str:
    if not page.posts:
        return "none yet: the next step, and it takes a minute"
    return f"the next {relative(page.next_post_at)}" if page.next_post_at else "none ahead"


def zone_notice(page: SetupPage) -> str:
    """Return the line after the time zone was set, with what it made of the next post."""
    if page.next_post_at is None:
        return "The time zone is set."
    return f"The time zone is set. The next daily post is now on {full_time(page.next_post_at)}."


def _channel(channel_id: int | None) -> str:
    return f"<#{channel_id}>" if channel_id else "not chosen"


def _panel_view(page: SetupPage) -> discord.ui.View:
    guild = page.guild
    hours = [
        option(f"A day starts at {hour:02}:00", str(hour), ticked=hour == guild.day_start.hour)
        for hour in range(LATEST_DAY_START + 1)
    ]
    buttons = [
        button("Check", SetupPress(verb=SetupVerb.CHECK), Style.PRIMARY if page.posts else Style.PLAIN),
        button("Time zone", SetupPress(verb=SetupVerb.ZONE)),
    ]
    if guild.welcome_channel_id:
        label = "Post the welcome again" if guild.welcomed_at else "Post the welcome"
        buttons.append(button(label, SetupPress(verb=SetupVerb.WELCOME)))
    posts = OpenSchedules()
    buttons.append(button("Daily posts", posts) if page.posts else button("Next: daily posts", posts, Style.PRIMARY))
    buttons.append(button("Seasons and groups", OpenSeasons()))
    return rows(
        [role_menu("Role of the moderators", RoleMenu(), guild.moderator_role_id)],
        [channel_menu("Channel of the moderators", ModeratorChannelMenu(), guild.moderator_channel_id)],
        [channel_menu("Channel for the welcome", WelcomeChannelMenu(), guild.welcome_channel_id)],
        [menu("Start of a day", DayStartMenu(), hours)],
        buttons,
    )


def zone_form(page: SetupPage) -> discord.ui.Modal:
    """Return the form for the time zone."""
    field = text_field("text", "Time zone", example="Europe/Berlin", value=page.guild.zone, most=60)
    return form("Time zone of this server", ZoneForm(), field)


def findings(channels: Sequence[tuple[str, int | None, Writable | None]], me: discord.Member) -> list[str]:
    """Return one line a channel: whether the bot may write there, and what to give it where it may not.

    Args:
        channels: what each is for, the id that was chosen, and the channel where it still exists.
        me: the bot in this guild.
    """
    lines: list[str] = []
    for purpose, chosen, channel in channels:
        if chosen is None:
            lines.append(f"○ {purpose}: not chosen yet.")
        elif channel is None:
            lines.append(f"✗ {purpose}: the channel is gone, or I can't see it. Choose another one.")
        elif missing := missing_rights(channel, me):
            lines.append(f"✗ {purpose}: {mend(channel, missing)}")
        else:
            lines.append(f"✓ {purpose}: {channel.mention}, and I can write there.")
    return lines


def greeting(setup_mention: str) -> str:
    """Return the one line that is posted after joining a server."""
    return f"Syllabot is here. Whoever manages this server: run {setup_mention} to choose its channels and time zone."


def welcome() -> Reply:
    """Return the message that introduces the bot to the members of a server."""
    embed = discord.Embed(title="Learn machine learning here, together", color=PLAIN)
    embed.description = (
        "**A road** from first Python to a job as a machine-learning engineer, at your own pace.\n"
        "**Answers** to the questions everybody has on the way.\n"
        "**Your progress**, kept for you. The group sees which stage you are at; the rest you share or keep."
    )
    return Reply(
        embed=embed,
        view=rows(
            [
                button("Start the roadmap", OpenRoad(), Style.PRIMARY),
                button("Join a group", MyGroup()),
                button("Ask a question", AskForm()),
            ]
        ),
    )
