"""A member's rows of the ledger: the page behind **My points** of ``/profile`` and **Points** of ``/member``."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.services.ledger import MOST_ADJUSTED, NOTE_CHARACTERS, Adjustment, LedgerPage, Line
from bot.ui.components import Component, ComponentId, button, form, menu, option, rows, text_field
from bot.ui.member import OpenMember
from bot.ui.points import LedgerPress, signed
from bot.ui.profile import ProfilePress, ProfileVerb
from bot.ui.reply import Reply
from bot.ui.text import BOARD, clip, day_name, plural, safe
from bot.ui.turning import turning

TITLE_CHARACTERS = 60
ADJUSTMENTS_LISTED = 25


class RulesPress(ComponentId, code="jr"):
    """Show what scores how much, on the way to the rows of the member ``of``."""

    owner: int
    of: int


class AdjustForm(ComponentId, code="ja"):
    """The form that adjusts the points of the member ``of``; pressed as a button it opens the form."""

    owner: int
    of: int


class AdjustmentsMenu(ComponentId, code="jt"):
    """The menu of a member's adjustments; choosing one takes it back."""

    owner: int
    of: int


def ledger_page(found: LedgerPage, user_id: int, notice: str | None = None) -> Reply:
    """Return a page of rows: the own ones, or for a moderator somebody else's with what adjusts them.

    Args:
        found: the rows.
        user_id: who looks.
        notice: a first line that says what was just done.
    """
    mine = found.user_id == user_id
    embed = discord.Embed(title="My points" if mine else "Points", color=BOARD)
    whose = "" if mine else f"<@{found.user_id}> · "
    lines = [f"{whose}**{plural(found.points, 'point')}** of all time", "", *map(_line, found.lines)]
    if not found.lines:
        lines.append("No rows yet. The first points come from today's prompt, or from a topic that is done.")
    embed.description = "\n".join(lines)
    if found.total:
        last = found.first + len(found.lines) - 1
        embed.set_footer(text=f"{found.first}–{last} of {plural(found.total, 'row')}, the newest first")
    back = (
        button("Back", ProfilePress(verb=ProfileVerb.HOME))
        if mine
        else button("Back", OpenMember(owner=user_id, of=found.user_id))
    )
    about = {"owner": user_id, "of": found.user_id}
    first = [back, button("What scores", RulesPress(**about))]
    if not mine:
        first.append(button("Adjust", AdjustForm(**about)))
    choices = [] if mine else [_choice(one) for one in found.adjustments[:ADJUSTMENTS_LISTED]]
    below = [menu("Take an adjustment back", AdjustmentsMenu(**about), choices)] if choices else []
    return Reply(notice, embed, rows(first, _turning(found, user_id), below))


def rules_page(rules: Sequence[tuple[str, int, int]], user_id: int, of: int) -> Reply:
    """Return what scores how much in this server."""
    embed = discord.Embed(title="What scores how much", color=BOARD)
    lines = [f"**{points}** · {safe(says)} · at most {most} a day" for says, points, most in rules if points]
    lines += ["", "A topic scores its points for each hour of its effort. What you take back takes its points along."]
    embed.description = "\n".join(lines)
    embed.set_footer(text="What you knew before the start scores nothing, and blocks nothing either.")
    return Reply(embed=embed, view=rows([button("Back", LedgerPress(owner=user_id, of=of, page=0))]))


def adjust_form(press: AdjustForm) -> discord.ui.Modal:
    """Return the form that gives or takes points."""
    return form(
        "Adjust points",
        press,
        text_field("points", f"Points, 1 to {MOST_ADJUSTED} with a sign", example="+20 or -5", most=8),
        text_field(
            "note", "Why (the member reads it)", example="Helped to run Saturday's session", most=NOTE_CHARACTERS
        ),
    )


def _turning(found: LedgerPage, user_id: int) -> list[Component]:
    return turning(found.page, found.pages, lambda page: LedgerPress(owner=user_id, of=found.user_id, page=page))


def _line(one: Line) -> str:
    told = f"**{safe(clip(one.title, TITLE_CHARACTERS))}** · {safe(one.says)}" if one.title else safe(one.says)
    if one.note:
        told += f": {safe(one.note)}"
    if one.taken_back:
        told = f"taken back · {told}"
    parts = [f"`{signed(one.delta):>4}` {told}", day_name(one.day)]
    if one.group:
        parts.append(safe(one.group))
    if one.by_user_id is not None:
        parts.append(f"by <@{one.by_user_id}>")
    return " · ".join(parts)


def _choice(one: Adjustment) -> Component:
    return option(f"{signed(one.delta)} · {day_name(one.day)}", one.source, one.note)
