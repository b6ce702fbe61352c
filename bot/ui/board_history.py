"""The page **History** of ``/leaderboard``: the boards of the past and who won them."""

from __future__ import annotations

from typing import Final

import discord

from bot.domain.board import Rivals, Window
from bot.services.board_history import SHOWN, History, Past, Winner
from bot.services.board_lines import Ask
from bot.ui.board import BoardVerb, percent, press, span, title, who
from bot.ui.board import place as place_of
from bot.ui.components import Component, ComponentId, button, menu, option, rows
from bot.ui.reply import Reply
from bot.ui.text import BOARD, plural, safe

NOUNS: Final = {
    Window.WEEK: "week",
    Window.MONTH: "month",
    Window.SEASON: "season",
    Window.ALL: "board",
}


class HistoryMenu(ComponentId, code="lh"):
    """The menu of past boards to open."""

    owner: int
    rivals: Rivals
    window: Window


def history_page(found: History, user_id: int) -> Reply:
    """Return a page of the past, the latest first."""
    ask, noun = found.ask, NOUNS[found.ask.window]
    embed = discord.Embed(title=f"Past {noun}s", color=BOARD)
    back = button("Back", press(user_id, BoardVerb.WINDOW, Ask(ask.rivals, ask.window)))
    if not found.pasts:
        embed.description = f"No {noun} is over yet. The first one shows here when it is, with its winners."
        return Reply(embed=embed, view=rows([back]))
    embed.description = "\n\n".join(_told(one, by_share=found.by_share, rivals=ask.rivals) for one in found.pasts)
    first = ask.page * SHOWN + 1
    embed.set_footer(text=f"{first}–{first + len(found.pasts) - 1} of {plural(found.total, noun)}, the latest first")
    options = [
        option(title(one.stretch), str(one.stretch.start.toordinal()), span(one.stretch))
        for one in found.pasts
        if one.stretch.start is not None
    ]
    opened = menu("Open one", HistoryMenu(owner=user_id, rivals=ask.rivals, window=ask.window), options)
    return Reply(embed=embed, view=rows([opened], [back, *_turning(found, user_id)]))


def _turning(found: History, user_id: int) -> list[Component]:
    ask = found.ask
    other = Rivals.GROUPS if ask.rivals is Rivals.MEMBERS else Rivals.MEMBERS

    def to(page: int, rivals: Rivals = ask.rivals) -> ComponentId:
        return press(user_id, BoardVerb.HISTORY, Ask(rivals, ask.window, None, page))

    buttons: list[Component] = []
    if ask.page > 0:
        buttons.append(button("Newer", to(ask.page - 1)))
    if (ask.page + 1) * SHOWN < found.total:
        buttons.append(button("Older", to(ask.page + 1)))
    buttons.append(button("Groups" if other is Rivals.GROUPS else "Members", to(0, other)))
    return buttons


def _told(one: Past, *, by_share: bool, rivals: Rivals) -> str:
    head = f"**{safe(title(one.stretch))}**"
    if one.stretch.window is Window.SEASON:
        head += f" · {span(one.stretch)}"
    if not one.winners:
        return f"{head}\n{'No group had a place.' if rivals is Rivals.GROUPS else 'Nobody had points.'}"
    names = [_winner(winner, by_share=by_share) for winner in one.winners]
    if one.more:
        names.append(f"and {one.more:,} more with as many")
    return "\n".join([head, *names])


def _winner(one: Winner, *, by_share: bool) -> str:
    if one.user_id is not None:
        return f"{place_of(one.rank)} {who(one.user_id, one.name)} · {int(one.score):,}"
    figure = percent(one.score / 100) if by_share else f"{one.score:,.1f} each"
    return f"{place_of(one.rank)} {who(0, one.name)} · {figure}"
