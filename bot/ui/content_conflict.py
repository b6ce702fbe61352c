"""What both a server and an upgrade of the shipped pack changed, side by side, one field at a time."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Final

import discord

from bot.domain.entry import as_json
from bot.domain.overlay import WHOLE, Conflict
from bot.ui.components import ComponentId, Style, button, rows
from bot.ui.content_history import HistoryPage, OpenConflicts
from bot.ui.content_row import KIND_NAMES, page_of, plain
from bot.ui.reply import Reply
from bot.ui.text import TROUBLE, clip, safe

SIDE: Final = 1000
"""Characters of an embed's field, less its marks."""


class Choice(StrEnum):
    """Whose value stands from now on."""

    OURS = "ours"
    THEIRS = "theirs"


class SettlePress(ComponentId, code="qt"):
    """Settle the conflict of this ``mark``; ``seen`` is the version of the content in which it was shown."""

    seen: int
    mark: str
    choice: Choice


def mark_of(conflict: Conflict) -> str:
    """Return a short name of a conflict as it was shown: other values are another conflict."""
    told = as_json({"was": conflict.was, "ours": conflict.ours, "theirs": conflict.theirs})
    return sha256(
        f"{conflict.kind} {conflict.entry_id} {conflict.field} {told}".encode("utf-8", "replace")
    ).hexdigest()[:16]


def conflict_page(every: Sequence[Conflict], version: int, index: int, notice: str | None = None) -> Reply:
    """Return one conflict with both values.

    Args:
        every: all of them.
        version: of the content in which they stand.
        index: which one, from 0; the nearest there is.
        notice: a first line that says what was just done.
    """
    back = button("All loads", HistoryPage(before=0))
    embed = discord.Embed(title="Ours or the new one?", color=TROUBLE)
    if not every:
        embed.description = "There is nothing to settle: what this server changed and what the pack changed don't meet."
        return Reply(notice, embed, rows([back]))
    at = page_of(len(every), 1, index)
    one = every[at.number]
    field = "the whole entry" if one.field == WHOLE else f"`{one.field}`"
    embed.description = (
        f"**{safe(one.entry_id)}** · {KIND_NAMES[one.kind]} · {field}\n"
        "This server changed it, and so did the newer pack. Ours stands until you choose."
    )
    embed.add_field(name="Ours", value=_side(plain(one.ours)))
    embed.add_field(name="The pack's", value=_side(plain(one.theirs)))
    if plain(one.was):
        embed.add_field(name="Both began with", value=clip(_side(plain(one.was)), 300), inline=False)
    embed.set_footer(text=at.position)
    choose = {one_choice: SettlePress(seen=version, mark=mark_of(one), choice=one_choice) for one_choice in Choice}
    settle = [
        button("Keep ours", choose[Choice.OURS], Style.PRIMARY),
        button("Take the pack's", choose[Choice.THEIRS]),
    ]
    nav = [button("Previous", OpenConflicts(index=at.number - 1))] if at.number else []
    nav += [button("Next", OpenConflicts(index=at.number + 1))] if at.number + 1 < at.pages else []
    return Reply(notice, embed, rows(settle, [*nav, back]))


def _side(text: str) -> str:
    return clip(safe(clip(text, SIDE)), SIDE) if text else "*nothing*"
