"""The screens of balanced groups: the proposal, and what was made of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import discord

from bot.services.group_balance import Placed, Proposal
from bot.ui.components import ComponentId, Style, button, menu, option, rows
from bot.ui.group import BalancePress, MyGroup, OpenGroups
from bot.ui.reply import Reply
from bot.ui.text import BOARD, clip, plural, safe

SIZES: Final = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50)
GROUPS_SHOWN: Final = 12
GROUP_CHARACTERS: Final = 230


class BalanceSize(ComponentId, code="nf"):
    """The menu of sizes."""

    seed: int


class BalanceApply(ComponentId, code="np"):
    """Make the groups of a proposal, if they still are what was shown."""

    size: int
    seed: int
    mark: int


class ShowGroups(ComponentId, code="no"):
    """Tell the channel that there are groups now."""

    count: int


def proposal_page(found: Proposal, notice: str | None = None) -> Reply:
    """Return the proposal."""
    people = sum(len(group) for group in found.groups)
    embed = discord.Embed(title=f"{plural(len(found.groups), 'balanced group')} of {people} people", color=BOARD)
    lines = [
        "Everybody without a group: near in time, mixed in progress, of even size. Nothing is made yet.",
        "",
        *(_group_line(number, group) for number, group in enumerate(found.groups[:GROUPS_SHOWN], 1)),
    ]
    if len(found.groups) > GROUPS_SHOWN:
        lines.append(f"And {len(found.groups) - GROUPS_SHOWN} more.")
    embed.description = "\n".join(lines)
    embed.set_footer(text="The first of each was active last and becomes captain. Everybody may change groups.")
    sizes = [option(f"{size} in a group", str(size), ticked=size == found.size) for size in SIZES]
    return Reply(
        notice,
        embed,
        rows(
            [menu("Size of a group", BalanceSize(seed=found.seed), sizes)],
            [
                button("Cancel", OpenGroups(page=0)),
                button("Shuffle", BalancePress(size=found.size, seed=found.seed + 1)),
                button("Make them", BalanceApply(size=found.size, seed=found.seed, mark=found.mark), Style.PRIMARY),
            ],
        ),
    )


def _group_line(number: int, group: Sequence[Placed]) -> str:
    stages = sorted(one.stage for one in group)
    clocks = sorted(one.hours for one in group)
    zone = f"UTC{clocks[0]:+g}" if clocks[0] == clocks[-1] else f"UTC{clocks[0]:+g} to {clocks[-1]:+g}"
    span = f"stage {stages[0]}" if stages[0] == stages[-1] else f"stages {stages[0]} to {stages[-1]}"
    names = ", ".join(safe(one.name) if one.name else f"<@{one.user_id}>" for one in group)
    size = plural(len(group), "person", "people")
    return f"**Group {number}** · {size} · {span} · {zone}\n{clip(names, GROUP_CHARACTERS)}"


def made_page(names: Sequence[str]) -> Reply:
    """Return the page after the groups were made."""
    embed = discord.Embed(title=f"{plural(len(names), 'group')} made", color=BOARD)
    rename = "Its captain can rename it" if len(names) == 1 else "Their captains can rename them"
    embed.description = clip(f"{', '.join(names)}. {rename}. Nobody was notified: tell the channel, if you like.", 3000)
    tell = button("Tell this channel", ShowGroups(count=len(names)), Style.PRIMARY)
    return Reply(embed=embed, view=rows([tell, button("All groups", OpenGroups(page=0))]))


def told_page(count: int) -> Reply:
    """Return what the channel is told."""
    embed = discord.Embed(title="There are study groups now", color=BOARD)
    embed.description = (
        f"{plural(count, 'group')} of people near in time and mixed in progress. Look who is in yours, say hello, and "
        "find an hour that suits you all. You can change groups at any time."
    )
    return Reply(embed=embed, view=rows([button("My group", MyGroup(), Style.PRIMARY)]))
