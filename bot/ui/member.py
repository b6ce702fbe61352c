"""The screens of ``/member``: a member's streak as moderators see it, the repair of days, and the boards."""

from __future__ import annotations

from datetime import timedelta

import discord

from bot.domain.streak import REPAIRS_WITHIN
from bot.services.member import REASON_CHARACTERS, MemberPage
from bot.ui.components import ComponentId, button, form, menu, option, rows, text_field
from bot.ui.points import LedgerPress
from bot.ui.reply import Reply
from bot.ui.streak import NAMES, SIGNS, WhyPress, title
from bot.ui.text import PROMPT, day_name, plural, safe

DAYS_SHOWN = 14
REPAIRS_LISTED = 25


class OpenMember(ComponentId, code="kp"):
    """Turn the page back into the page of the member ``of``."""

    owner: int
    of: int


class RepairForm(ComponentId, code="kf"):
    """The form that repairs a day of the member ``of``; pressed as a button it opens the form."""

    owner: int
    of: int


class RepairsMenu(ComponentId, code="kt"):
    """The menu of a member's repairs; choosing one takes it back."""

    owner: int
    of: int


class LeaveOffForm(ComponentId, code="kd"):
    """The form that leaves the member ``of`` off the boards; pressed as a button it opens the form."""

    owner: int
    of: int


class PutBackPress(ComponentId, code="kb"):
    """Let the member ``of`` stand on the boards again."""

    owner: int
    of: int


def member_page(found: MemberPage, user_id: int, notice: str | None = None) -> Reply:
    """Return a member's page for the moderator ``user_id``. Nobody is pinged: it is seen by the moderator alone."""
    streak = found.streak.streak
    embed = discord.Embed(title=title(found.streak), color=PROMPT)
    oldest = found.streak.today - timedelta(days=DAYS_SHOWN)
    days = [one for one in reversed(found.streak.shown) if one.day > oldest]
    heading = f"<@{found.user_id}> · longest {plural(streak.longest, 'day')} · freezes in hand: {streak.freezes}"
    embed.description = "\n".join(
        [
            heading,
            *_boards(found),
            "",
            *(f"{SIGNS[one.kind]} {day_name(one.day)} · {NAMES[one.kind]}" for one in days),
        ]
    )
    embed.set_footer(text=f"Missed days of the last {REPAIRS_WITHIN} can be repaired. The member reads the reason.")
    mine = {"owner": user_id, "of": found.user_id}
    repairs = [option(day_name(one.day), one.day.isoformat(), one.reason) for one in found.repairs[:REPAIRS_LISTED]]
    return Reply(
        notice,
        embed,
        rows(
            [
                button("Repair a day", RepairForm(**mine)),
                button("Why", WhyPress(**mine, page=0)),
                button("Points", LedgerPress(**mine, page=0)),
                button("Put back on the boards", PutBackPress(**mine))
                if found.left_off
                else button("Leave off the boards", LeaveOffForm(**mine)),
            ],
            [menu("Take a repair back", RepairsMenu(**mine), repairs)] if repairs else [],
        ),
    )


def _boards(found: MemberPage) -> list[str]:
    """Return the line that says why a member is on no board; none for one who is."""
    if found.left_off is not None:
        return [f"Left off the boards by <@{found.left_off.by_user_id}>: {safe(found.left_off.reason)}"]
    return ["Off the boards by their own choice."] if found.hidden else []


def leave_off_form(press: LeaveOffForm) -> discord.ui.Modal:
    """Return the form that leaves a member off the boards."""
    return form(
        "Leave off the boards",
        press,
        text_field(
            "reason", "Why (the member reads it)", example="Points for work that is a copy", most=REASON_CHARACTERS
        ),
    )


def repair_form(press: RepairForm, found: MemberPage) -> discord.ui.Modal:
    """Return the form that repairs a day."""
    yesterday = found.streak.today - timedelta(days=1)
    return form(
        "Repair a day",
        press,
        text_field("day", "Day", example=f"{yesterday}, or yesterday", most=20),
        text_field("reason", "Why (the member reads it)", example="The post came late", most=REASON_CHARACTERS),
    )
