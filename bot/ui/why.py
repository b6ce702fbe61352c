"""Why each day counts: the list behind a streak, for its owner and for moderators."""

from __future__ import annotations

import discord

from bot.domain.streak import DayKind
from bot.services.why import Reason, WhyPage
from bot.ui.components import button, rows
from bot.ui.member import OpenMember
from bot.ui.reply import Reply
from bot.ui.streak import NAMES, SIGNS, StreakPress, StreakVerb, WhyPress
from bot.ui.text import PROMPT, clip, day_name, plural, safe
from bot.ui.turning import turning

ACTS_SHOWN = 3
TITLE_CHARACTERS = 70


def why_page(found: WhyPage, user_id: int, of: int) -> Reply:
    """Return a page of the reasons behind the streak of the member ``of``."""
    embed = discord.Embed(title="Why each day counts", color=PROMPT)
    whose = "" if of == user_id else f"Days of <@{of}>.\n"
    embed.description = whose + "\n".join(_line(one) for one in found.reasons)
    last = found.first + len(found.reasons) - 1
    embed.set_footer(text=f"{found.first}–{last} of {plural(found.total, 'day')}, the newest first")
    turn = turning(found.page, found.pages, lambda page: WhyPress(owner=user_id, of=of, page=page))
    back = (
        button("Back", StreakPress(owner=user_id, verb=StreakVerb.HOME))
        if of == user_id
        else button("Back", OpenMember(owner=user_id, of=of))
    )
    return Reply(embed=embed, view=rows([back, *turn]))


def _line(one: Reason) -> str:
    told = NAMES[one.kind]
    if one.kind is DayKind.KEPT:
        shown = [safe(clip(act, TITLE_CHARACTERS)) for act in one.acts[:ACTS_SHOWN]]
        more = [f"{len(one.acts) - ACTS_SHOWN} more"] if len(one.acts) > ACTS_SHOWN else []
        told = f"kept by {' · '.join([*shown, *more])}"
    elif one.kind is DayKind.FREEZE:
        told = "missed, and a freeze covered it"
    elif one.kind is DayKind.MISSED:
        told = "missed: the streak began anew"
    elif one.repair:
        told = f"repaired by a moderator: {safe(one.repair)}"
    return f"{SIGNS[one.kind]} **{day_name(one.day)}** {told}"
