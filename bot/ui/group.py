"""The screens of ``/group`` for everybody: the groups there are, one group's page, making one, an invitation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Final

import discord

from bot.domain.group import USUAL_SIZE
from bot.services.group import GROUPS_PER_PAGE, GroupLine, GroupList, Left, Person
from bot.services.group_page import MEMBERS_PER_PAGE, GroupPage, MemberLine, Week
from bot.ui.components import Component, ComponentId, Style, button, menu, option, rows
from bot.ui.home import OpenPace, OpenQuiz
from bot.ui.reply import Interaction, Reply, who
from bot.ui.rights import is_moderator
from bot.ui.text import BOARD, clip, hours, person, plural, safe
from bot.ui.topic import OpenTopic

KEPT: Final = 256
"""Groups whose members' buttons are kept; a server's groups count from 1, so most servers' are among them."""


class OpenGroup(ComponentId, code="n"):
    """Open a group at a page of its members, for whoever presses."""

    group: int
    page: int


class OpenGroups(ComponentId, code="nl"):
    """Open a page of all groups, for whoever presses."""

    page: int


class MyGroup(ComponentId, code="nm"):
    """Open one's own group, or the groups there are, for whoever presses."""


class LookMenu(ComponentId, code="nc"):
    """The menu of groups to look at."""


class JoinMenu(ComponentId, code="nt"):
    """The menu of groups to join."""


class JoinPress(ComponentId, code="nj"):
    """Join a group."""

    group: int


class DeclinePress(ComponentId, code="nn"):
    """Decline an invitation on one's own page."""

    group: int


class MakeForm(ComponentId, code="nk"):
    """The form that makes a group; pressed as a button it opens the form."""


class LeavePress(ComponentId, code="nq"):
    """Leave one's group: ``sure`` is 0 for the question and 1 for doing it."""

    group: int
    sure: int


class AskAfterMe(ComponentId, code="nw"):
    """Switch whether captain and moderators may see that one might need company."""

    group: int
    on: int


class InviteAnswer(ComponentId, code="na"):
    """The answer to an invitation that was posted in a channel; ``of`` alone may press. ``yes`` is 1 or 0."""

    group: int
    of: int
    yes: int


class CarePress(ComponentId, code="ng"):
    """Open the page on which a group is looked after."""

    group: int


class CompanyPress(ComponentId, code="ny"):
    """Show who in a group may need company."""

    group: int


class BalancePress(ComponentId, code="nb"):
    """Propose balanced groups of this size; the seed picks one of many."""

    size: int
    seed: int


async def person_of(interaction: Interaction, role_of: Callable[[int], Awaitable[int | None]]) -> Person:
    """Return who asks, and whether that is a moderator now.

    Args:
        interaction: what the person did.
        role_of: finds the moderators' role of a guild; asked only where Manage Server does not suffice already.
    """
    guild_id, user_id = who(interaction)
    role_id = None if interaction.permissions.manage_guild else await role_of(guild_id)
    return Person(user_id, interaction.user.display_name, is_moderator(interaction, role_id))


def groups_page(found: GroupList, notice: str | None = None) -> Reply:
    """Return a page of all groups."""
    embed = discord.Embed(title="Study groups", color=BOARD)
    if found.lines:
        embed.description = "\n".join(_group_line(line, found.mine) for line in found.lines)
    else:
        embed.description = (
            "There is no study group here yet. Make the first one: four to eight people who meet once a week go far."
            if found.may_make
            else "There is no study group here yet. Moderators make the groups here; tell one that you would join."
        )
    if place := _place(found.page, len(found.lines), found.total, GROUPS_PER_PAGE):
        embed.set_footer(text=place)
    look = [option(line.group.label, str(line.group.group_id), _state(line)) for line in found.lines]
    join = [one for line, one in zip(found.lines, look, strict=True) if line.joinable] if found.mine is None else []
    own = [button("My group", MyGroup(), Style.PRIMARY)] if found.mine is not None else []
    make = [button("Make a group", MakeForm())] if found.may_make and (found.mine is None or found.moderates) else []
    balance = [button("Make balanced groups", BalancePress(size=USUAL_SIZE, seed=1))] if found.moderates else []
    pages = [
        button(label, OpenGroups(page=page))
        for label, page in (("Previous", found.page - 1), ("Next", found.page + 1))
        if 0 <= page < found.pages
    ]
    return Reply(
        notice,
        embed,
        rows(
            [menu("Join a group", JoinMenu(), join)] if join else [],
            [menu("Look at a group", LookMenu(), look)] if look else [],
            [*own, *make, *balance],
            pages,
        ),
    )


def _group_line(line: GroupLine, mine: int | None) -> str:
    yours = " · yours" if line.group.group_id == mine else ""
    return f"**{line.group.shown_name}** · {_state(line)}{yours}"


def _state(line: GroupLine) -> str:
    size = f"{line.size} of {line.group.size_limit}"
    if line.invited and not line.full:
        return f"{size}, you are invited"
    how = "full" if line.full else "open to everybody" if line.group.is_open else "by invitation"
    return f"{size}, {how}"


def _place(page: int, shown: int, total: int, per_page: int) -> str:
    """Return which part of a list is shown; nothing where it is all of it."""
    return f"{page * per_page + 1}–{page * per_page + shown} of {total}" if total > shown else ""


def group_page(found: GroupPage, notice: str | None = None) -> Reply:
    """Return a group's page for one person. What each member did is for the group and who looks after it."""
    group = found.group
    inside = found.is_member or found.cares
    how = "open to everybody" if group.is_open else "by invitation"
    lines = [f"{found.size} of {group.size_limit} members · {how} · captain {person(found.captain_id)}"]
    if group.channel_id or group.role_id:
        links = [f"<#{group.channel_id}>"] if group.channel_id else []
        links += [f"<@&{group.role_id}>"] if group.role_id else []
        lines.append(" · ".join(links))
    if found.common is not None:
        topic, members = found.common.topic, found.common.members
        share = "all of you" if members == found.size and found.is_member else f"{members} of {found.size}"
        lines.append(f"**Next together** {topic.title} · {share} could take it next · {hours(topic.hours)}")
    lines.append(f"**This week** {_week(found.week) or 'nothing yet; the first step counts for all'}")
    lines += ["", *(_member_line(line, found, inside=inside) for line in found.lines)]
    if not found.lines:
        lines.append("Nobody yet. Whoever joins first becomes captain.")
    embed = discord.Embed(title=group.shown_name, description="\n".join(lines), color=BOARD)
    embed.set_footer(text=_footer(found))
    return Reply(notice, embed, rows(*_page_rows(found)))


def _footer(found: GroupPage) -> str:
    if place := _place(found.page, len(found.lines), found.size, MEMBERS_PER_PAGE):
        return place
    if found.is_member and found.wants_company and not found.cares:
        return "After 10 quiet days, or 3 weeks on one topic, your captain may ask after you. You can switch that off."
    return "Points stay with the group in which they were earned."


def _member_line(line: MemberLine, found: GroupPage, *, inside: bool) -> str:
    name = f"**{safe(line.name)}**" if line.name else f"<@{line.user_id}>"
    parts = [name, *(["captain"] if line.user_id == found.captain_id else [])]
    parts.append(f"stage {line.stage.order} · {line.percent} %" if line.stage is not None else "the whole road")
    if inside and line.week is not None and (week := _week(line.week)):
        parts.append(f"this week {week}")
    return " · ".join(parts)


def _week(week: Week) -> str:
    counted = (week.topics, "topic"), (week.prompts, "prompt"), (week.points, "point")
    return ", ".join([plural(number, noun) for number, noun in counted if number])


def _page_rows(found: GroupPage) -> list[list[Component]]:
    this = found.group.group_id
    first: list[Component] = []
    if found.joinable or (found.cares and not found.in_a_group):
        first.append(button("Join", JoinPress(group=this), Style.PRIMARY))
    if found.invited:
        first.append(button("Decline the invitation", DeclinePress(group=this)))
    if found.cares:
        first.append(button("Look after it", CarePress(group=this), Style.PLAIN if first else Style.PRIMARY))
        first.append(button("Who may need company", CompanyPress(group=this)))
    if found.is_member and found.common is not None:
        first.append(button(clip(f"Open {found.common.topic.title}", 40), OpenTopic(topic_id=found.common.topic.id)))
    second = [
        button(label, OpenGroup(group=this, page=page))
        for label, page in (("Previous", found.page - 1), ("Next", found.page + 1))
        if 0 <= page < found.pages
    ]
    together, settings = _members_buttons(this, found.wants_company) if found.is_member else ([], [])
    return [[*first, *together], [*second, button("All groups", OpenGroups(page=0)), *settings]]


@lru_cache(KEPT)
def _members_buttons(this: int, wants_company: bool) -> tuple[list[Component], list[Component]]:
    """Return what each member of a group may press: they are most of its page, and the same for each."""
    asked = f"Ask after me: {'on' if wants_company else 'off'}"
    return (
        [button("Pace", OpenPace()), button("Quiz round", OpenQuiz(group=this, post=0))],
        [
            button(asked, AskAfterMe(group=this, on=int(not wants_company))),
            button("Leave", LeavePress(group=this, sure=0), Style.DANGER),
        ],
    )


def leave_question(found: GroupPage, user_id: int) -> Reply:
    """Ask whether a member is sure to leave, and say what will become of the group."""
    this = found.group.group_id
    text = f"You would leave **{found.group.shown_name}**. The points you earned in it stay with it."
    if found.size <= 1:
        text += " You are its last member, so it would be archived."
    elif found.captain_id == user_id:
        text += " You are its captain: the member who has been in it the longest would follow you."
    if not found.group.is_open and found.size > 1:
        text += " To come back you would need an invitation."
    embed = discord.Embed(title="Leave the group?", description=text, color=BOARD)
    stay = button("Stay", OpenGroup(group=this, page=0))
    return Reply(embed=embed, view=rows([stay, button("Leave", LeavePress(group=this, sure=1), Style.DANGER)]))


def left_words(left: Left, removed: int | None = None) -> str:
    """Return the line after the person left a group, or after the member ``removed`` was taken out of it."""
    name = f"**{left.group.shown_name}**"
    line = f"You left {name}." if removed is None else f"<@{removed}> is no longer in {name}."
    if left.archived:
        return f"{line} It had nobody else, so it is archived."
    return f"{line} <@{left.captain_id}> is its captain now." if left.captain_id else line


def invitation(group_name: str, group_id: int, of: int, by: int) -> Reply:
    """Return an invitation as it stands in a channel: one person is notified, and that person alone may answer."""
    answers = [
        button("Accept", InviteAnswer(group=group_id, of=of, yes=1), Style.PRIMARY),
        button("Decline", InviteAnswer(group=group_id, of=of, yes=0)),
        button("Look at the group", OpenGroup(group=group_id, page=0)),
    ]
    text = f"<@{of}>, <@{by}> invites you into the study group **{group_name}**."
    return Reply(text, view=rows(answers), ping=of)
