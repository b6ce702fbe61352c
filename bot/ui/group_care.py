"""The screens of whoever looks after a study group: invite, remove, hand over, link, archive, and who needs company."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import discord

from bot.domain.group import Company
from bot.services.group_page import CompanyLine, CompanyPage, GroupPage
from bot.ui.components import ComponentId, Style, button, channel_menu, role_menu, rows, user_menu
from bot.ui.group import CarePress, MyGroup, OpenGroup
from bot.ui.home import PlanPress
from bot.ui.reply import Reply
from bot.ui.text import BOARD, person, relative, safe

COMPANY_SHOWN: Final = 10


class CareVerb(StrEnum):
    """What is asked before it is done. Archiving is asked twice."""

    REMOVE = "remove"
    HAND_OVER = "hand"
    ARCHIVE = "archive"
    ARCHIVE_SURE = "sure"


class EditForm(ComponentId, code="ne"):
    """The form that changes a group; pressed as a button it opens the form."""

    group: int


class LinksPress(ComponentId, code="nx"):
    """Open the page of a group's role and channel."""

    group: int


class GroupRoleMenu(ComponentId, code="nr"):
    """The menu of the role that is shown with a group."""

    group: int


class GroupChannelMenu(ComponentId, code="nh"):
    """The menu of the channel that is shown with a group."""

    group: int


class InviteMenu(ComponentId, code="ni"):
    """The menu of people to invite."""

    group: int


class RemoveMenu(ComponentId, code="nv"):
    """The menu of people to remove."""

    group: int


class HandMenu(ComponentId, code="nd"):
    """The menu of people to hand over to."""

    group: int


class ArchivePress(ComponentId, code="nz"):
    """Ask whether to archive a group."""

    group: int


class SurePress(ComponentId, code="ns"):
    """The answer to a question: do it. ``of`` is the member it is about, 0 for nobody."""

    verb: CareVerb
    group: int
    of: int


def care_page(found: GroupPage, notice: str | None = None) -> Reply:
    """Return the page on which a group is looked after."""
    group, this = found.group, found.group.group_id
    embed = discord.Embed(title=f"Look after {group.shown_name}", color=BOARD)
    embed.description = "\n".join(
        [
            f"**Members** {found.size} of {group.size_limit}",
            f"**Joining** {'everybody may' if group.is_open else 'who is invited may'}",
            f"**Captain** {person(found.captain_id)}",
            f"**Role** {f'<@&{group.role_id}>' if group.role_id else 'none'}",
            f"**Channel** {f'<#{group.channel_id}>' if group.channel_id else 'none'}",
        ]
    )
    embed.set_footer(text="An invitation is posted here and notifies that one person; it waits in /group too.")
    return Reply(
        notice,
        embed,
        rows(
            [user_menu("Invite somebody", InviteMenu(group=this))],
            [user_menu("Hand over to another member", HandMenu(group=this))],
            [user_menu("Remove a member", RemoveMenu(group=this))],
            [
                button("Edit", EditForm(group=this), Style.PRIMARY),
                button("Role and channel", LinksPress(group=this)),
                button("Pace", PlanPress(group=this)),
                button("Back", OpenGroup(group=this, page=0)),
                button("Archive", ArchivePress(group=this), Style.DANGER),
            ],
        ),
    )


def links_page(found: GroupPage, notice: str | None = None) -> Reply:
    """Return the page of a group's role and channel."""
    group, this = found.group, found.group.group_id
    embed = discord.Embed(title=f"Role and channel of {group.shown_name}", color=BOARD)
    embed.description = (
        "A role and a channel that exist already can be shown on the group's page. Syllabot makes none, gives nobody "
        "the role and changes no permission: that stays with the people who manage this server."
    )
    return Reply(
        notice,
        embed,
        rows(
            [role_menu("Role of the group", GroupRoleMenu(group=this), group.role_id)],
            [channel_menu("Channel of the group", GroupChannelMenu(group=this), group.channel_id)],
            [button("Back", CarePress(group=this))],
        ),
    )


def question(verb: CareVerb, found: GroupPage, of: int) -> Reply:
    """Return the question before something is done that is hard to take back."""
    group, this = found.group, found.group.group_id
    again = " The group is open, so they could join again; *Edit* closes it." if group.is_open else ""
    asked = {
        CareVerb.REMOVE: ("Remove", f"<@{of}> would no longer be in **{group.shown_name}**.{again}"),
        CareVerb.HAND_OVER: ("Hand over", f"<@{of}> would look after **{group.shown_name}** from now on."),
        CareVerb.ARCHIVE: (
            "Archive",
            f"**{group.shown_name}** would end. Its members ({found.size}) could join other groups; its points stay.",
        ),
        CareVerb.ARCHIVE_SURE: ("Archive for good", "An archived group can't be opened again. Are you sure?"),
    }
    label, text = asked[verb]
    embed = discord.Embed(title=f"{label}?", description=text, color=BOARD)
    style = Style.PRIMARY if verb is CareVerb.HAND_OVER else Style.DANGER
    return Reply(
        embed=embed,
        view=rows(
            [button("Keep it so", CarePress(group=this)), button(label, SurePress(verb=verb, group=this, of=of), style)]
        ),
    )


def archived(name: str) -> Reply:
    """Return the page after a group was archived."""
    embed = discord.Embed(title="Archived", description=f"**{name}** has ended. Its points stay.", color=BOARD)
    return Reply(embed=embed, view=rows([button("All groups", MyGroup())]))


def company_page(found: CompanyPage) -> Reply:
    """Return who may need company, with words to begin with; for captain and moderators alone."""
    embed = discord.Embed(title=f"Who may need company in {found.group.shown_name}", color=BOARD)
    together = found.common.topic.title if found.common is not None else None
    lines = [text for line in found.lines[:COMPANY_SHOWN] for text in _company_lines(line, together)]
    if len(found.lines) > COMPANY_SHOWN:
        lines.append(f"And {len(found.lines) - COMPANY_SHOWN} more.")
    embed.description = "\n".join(lines) or (
        "Nobody at the moment: everybody did something in the last 10 days, and nobody is on one topic for 3 weeks."
    )
    embed.set_footer(
        text="Only you see this page. Who is on vacation or switched it off is not here. A hint, no verdict."
    )
    return Reply(embed=embed, view=rows([button("Back", OpenGroup(group=found.group.group_id, page=0))]))


def _company_lines(line: CompanyLine, together: str | None) -> list[str]:
    called = safe(line.name) if line.name else f"<@{line.need.user_id}>"
    if line.need.why is Company.STUCK and line.topic is not None:
        return [
            f"**{called}** · on *{line.topic}* since {relative(line.need.since)}",
            f"> Hi {called}, {line.topic} is a big one. Shall we talk it through, or do its practice together?",
        ]
    if line.need.why is Company.STUCK:
        return [
            f"**{called}** · on one topic since {relative(line.need.since)}",
            f"> Hi {called}, what are you working on? Shall we look at it together?",
        ]
    offer = f"We look at {together} next; join us for half an hour?" if together else "Join us for half an hour?"
    return [
        f"**{called}** · last seen at work {relative(line.need.since)}",
        f"> Hi {called}, good to have you here. Nothing to catch up on. {offer}",
    ]
