"""The pages of ``/leaderboard``: members, groups, and what each line says."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

import discord

from bot.domain.board import Measure, Rivals, Window
from bot.errors import StaleComponentError
from bot.services.board import LINES, GroupBoard, GroupLine, MemberBoard, Standing
from bot.services.board_lines import Ask, MemberLine, Stretch
from bot.ui.components import STALE, Component, ComponentId, Style, button, rows
from bot.ui.reply import Reply
from bot.ui.text import BOARD, clip, day_name, plural, safe

NAME_CHARACTERS: Final = 40
WINDOWS: Final = {
    Window.WEEK: "This week",
    Window.MONTH: "This month",
    Window.SEASON: "Season",
    Window.ALL: "All time",
}
MEDALS: Final = {1: "🥇", 2: "🥈", 3: "🥉"}
ISOLATED: Final = "\u2068{}\u2069"
"""Around a name of any script: one written from right to left would turn the figures beside it round."""


class BoardVerb(StrEnum):
    """What the buttons do; it keeps the ids of two buttons apart that lead to the same page."""

    WINDOW = "w"
    TURN = "t"
    ME = "m"
    RIVALS = "r"
    HISTORY = "h"
    SHARE = "s"


class BoardPress(ComponentId, code="l"):
    """A button of one's own page. ``start`` is the first day of a past window by its ordinal, 0 for the present."""

    owner: int
    verb: BoardVerb
    rivals: Rivals
    window: Window
    start: int
    page: int

    def ask(self) -> Ask:
        """Return what it asks for.

        Raises:
            StaleComponentError: where there is no such day.
        """
        return Ask(self.rivals, self.window, _day(self.start), self.page, around_me=self.verb is BoardVerb.ME)


class OpenBoard(ComponentId, code="lo"):
    """Open the board at one's own line, for whoever presses."""

    rivals: Rivals
    window: Window


def press(owner: int, verb: BoardVerb, ask: Ask) -> BoardPress:
    """Return the id of a button that asks for this."""
    start = ask.start.toordinal() if ask.start else 0
    return BoardPress(owner=owner, verb=verb, rivals=ask.rivals, window=ask.window, start=start, page=ask.page)


def member_page(found: MemberBoard, user_id: int) -> Reply:
    """Return the members' board as the member sees it."""
    jump = found.mine is not None and not found.mine.hidden
    jump = jump and all(line.user_id != user_id for line in found.lines)
    return Reply(embed=members_embed(found, user_id), view=_view(found, user_id, jump=jump))


def group_page(found: GroupBoard, user_id: int) -> Reply:
    """Return the groups' board as the member sees it."""
    jump = found.mine is not None and found.mine not in found.lines
    return Reply(embed=groups_embed(found, own=True), view=_view(found, user_id, jump=jump))


def shared(found: MemberBoard | GroupBoard, user_id: int) -> Reply:
    """Return a board as the whole channel sees it: without what it means for one person."""
    embed = members_embed(found, None) if isinstance(found, MemberBoard) else groups_embed(found, own=False)
    opened = button("My place", OpenBoard(rivals=found.ask.rivals, window=found.ask.window))
    return Reply(f"<@{user_id}> shares the board.", embed, rows([opened]))


def members_embed(found: MemberBoard, user_id: int | None) -> discord.Embed:
    """Return the members' board in words; for everybody where no ``user_id`` is given."""
    embed = discord.Embed(title=title(found.stretch), color=BOARD)
    if not found.lines:
        embed.description = _empty(found.stretch, Rivals.MEMBERS)
        return embed
    lines = [_member_line(line, found.stretch, own=line.user_id == user_id) for line in found.lines]
    if user_id is not None:
        lines += ["", _meaning(found.mine, found.stretch)]
    counted = plural(found.size, "member")
    embed.description = "\n".join([f"Members · {span(found.stretch)} · {counted} with points", *lines])
    embed.set_footer(text=f"{_position(found.ask, len(found.lines), found.size)}{_legend(found.stretch)}")
    return embed


def groups_embed(found: GroupBoard, *, own: bool) -> discord.Embed:
    """Return the groups' board in words, with ``own`` also what it means for the member."""
    embed = discord.Embed(title=title(found.stretch), color=BOARD)
    if not found.lines:
        embed.description = _empty(found.stretch, Rivals.GROUPS)
        if found.small:
            embed.description += f" {_too_small(found)}"
        return embed
    by = "points for each active member" if found.measure is Measure.MEAN else "share of members who took part"
    lines = [_group_line(line, found, own=own and line == found.mine) for line in found.lines]
    if own and found.mine is not None:
        lines += ["", f"Your group is {nth(found.mine.rank)} of {found.size}."]
    if found.small:
        lines += ["", _too_small(found)]
    embed.description = "\n".join([f"Groups by {by} · {span(found.stretch)}", *lines])
    embed.set_footer(text=_position(found.ask, len(found.lines), found.size))
    return embed


def title(stretch: Stretch) -> str:
    """Return what a stretch of time is called."""
    match stretch.window:
        case Window.WEEK if stretch.over and stretch.start:
            return f"Week of {day_name(stretch.start)} {stretch.start.year}"
        case Window.MONTH if stretch.over and stretch.start:
            return f"{stretch.start:%B %Y}"
        case Window.SEASON if stretch.name:
            return stretch.name
        case window:
            return WINDOWS[window]


def span(stretch: Stretch) -> str:
    """Return from when to when it goes."""
    if stretch.start is None or stretch.window is Window.ALL:
        return "since the first point"
    if stretch.end is None:
        return f"since {day_name(stretch.start)}"
    return f"{day_name(stretch.start)} – {day_name(stretch.end)}"


@lru_cache(maxsize=1024)
def who(user_id: int, name: str | None) -> str:
    """Return a member's name, safe in any script; the mention where no name is known. Nobody is pinged.

    A board names the same few again and again.
    """
    shown = safe(clip(" ".join((name or "").split()), NAME_CHARACTERS))
    return ISOLATED.format(shown) if shown else f"<@{user_id}>"


def nth(rank: int) -> str:
    """Return a place as it is said: ``1st``, ``22nd``."""
    last = 0 if rank % 100 in {11, 12, 13} else rank % 10
    return f"{rank:,}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def place(rank: int) -> str:
    """Return a place as a line begins with it; the first three have a medal beside the number."""
    return f"{MEDALS[rank]} **{rank}**" if rank in MEDALS else f"**{rank:,}**"


def percent(share: float) -> str:
    """Return a part of 1 as it is shown."""
    return f"{round(share * 100)} %"


def _member_line(line: MemberLine, stretch: Stretch, *, own: bool) -> str:
    told = f"{place(line.rank)} {who(line.user_id, line.name)} · **{line.score:,}**{_change(line, stretch)}"
    return f"▸ __{told}__ · you" if own else told


def _change(line: MemberLine, stretch: Stretch) -> str:
    if line.lately:
        return f" · {line.lately:+,} this week"
    if stretch.window is not Window.WEEK:
        return ""
    if line.moved is None:
        return " · new"
    if line.moved == 0:
        return " · ="
    return f" · ▲ {line.moved:,}" if line.moved > 0 else f" · ▼ {-line.moved:,}"


def _meaning(mine: Standing | None, stretch: Stretch) -> str:
    """Return what the board means for the member, in one line."""
    if mine is None:
        if stretch.over:
            return "You had no points in it."
        return "You have no points in it yet: your next topic changes that."
    points = plural(mine.score, "point")
    if mine.hidden:
        return f"You are off the boards; /profile says why. With {points} you would be {nth(mine.rank)}."
    if mine.next_rank is None:
        return f"You: {nth(mine.rank)}, with {points}."
    return f"You: {nth(mine.rank)}, with {points}, {mine.to_next:,} behind {nth(mine.next_rank)}."


def _group_line(line: GroupLine, found: GroupBoard, *, own: bool) -> str:
    one = line.figures
    name = " ".join(filter(None, (line.emoji, ISOLATED.format(safe(line.name)))))
    took_part = f"{one.active} of {max(one.size, one.active)} took part"
    figure = (
        f"**{one.mean:,.1f}** each · {took_part} · {one.total:,} in all"
        if found.measure is Measure.MEAN
        else f"**{percent(one.share)}** · {took_part} · {one.mean:,.1f} each"
    )
    told = f"{place(line.rank)} {name} · {figure}"
    return f"▸ __{told}__ · yours" if own else told


def _too_small(found: GroupBoard) -> str:
    groups = plural(found.small, "group")
    verb = "has" if found.small == 1 else "have"
    return f"{groups} more {verb} points and fewer than {plural(found.least, 'member')}, so not yet a place."


def _empty(stretch: Stretch, rivals: Rivals) -> str:
    if stretch.start is None:
        return "No season is running. Whoever manages this server begins one in /setup, under Seasons and groups."
    if stretch.over:
        return "Nobody has a place on this board."
    when = {Window.WEEK: " this week", Window.MONTH: " this month", Window.SEASON: " this season"}
    if rivals is Rivals.GROUPS:
        return (
            f"No group has points{when.get(stretch.window, '')} yet. A group's points are what its members earn "
            "while they are in it: see /group."
        )
    return (
        f"Nobody has points{when.get(stretch.window, '')} yet. The first ones come from today's prompt in /today, "
        "or from a topic done in /roadmap."
    )


def _legend(stretch: Stretch) -> str:
    return " · ▲ ▼ places since the week before" if stretch.window is Window.WEEK else ""


def _position(ask: Ask, shown: int, size: int) -> str:
    first = ask.page * LINES + 1
    return f"{first:,}–{first + shown - 1:,} of {size:,}"


def _view(found: MemberBoard | GroupBoard, owner: int, *, jump: bool) -> discord.ui.View:
    ask, stretch = found.ask, found.stretch
    windows = [
        button(
            words,
            press(owner, BoardVerb.WINDOW, Ask(ask.rivals, window)),
            Style.PRIMARY if window is ask.window and not stretch.over else Style.PLAIN,
        )
        for window, words in WINDOWS.items()
        if window is not Window.SEASON or stretch.seasons
    ]
    if ask.window is not Window.ALL:
        windows.append(button("History", press(owner, BoardVerb.HISTORY, Ask(ask.rivals, ask.window))))
    return rows(windows, _turning(found, owner, jump=jump))


def _turning(found: MemberBoard | GroupBoard, owner: int, *, jump: bool) -> list[Component]:
    ask = found.ask
    last = max(found.size - 1, 0) // LINES
    other = Rivals.GROUPS if ask.rivals is Rivals.MEMBERS else Rivals.MEMBERS

    def to(page: int) -> BoardPress:
        return press(owner, BoardVerb.TURN, Ask(ask.rivals, ask.window, ask.start, page))

    buttons: list[Component] = []
    if ask.page > 0:
        buttons.append(button("Higher", to(ask.page - 1)))
    if ask.page < last:
        buttons.append(button("Lower", to(ask.page + 1)))
    if jump:
        label = "Jump to me" if ask.rivals is Rivals.MEMBERS else "Jump to my group"
        buttons.append(button(label, press(owner, BoardVerb.ME, Ask(ask.rivals, ask.window, ask.start))))
    swap = press(owner, BoardVerb.RIVALS, Ask(other, ask.window, ask.start))
    buttons.append(button("Groups" if other is Rivals.GROUPS else "Members", swap))
    if found.size:
        buttons.append(button("Share", press(owner, BoardVerb.SHARE, ask)))
    return buttons


def _day(ordinal: int) -> date | None:
    if ordinal == 0:
        return None
    try:
        return date.fromordinal(ordinal)
    except (ValueError, OverflowError) as error:
        raise StaleComponentError(STALE) from error
