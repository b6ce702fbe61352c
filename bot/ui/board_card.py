"""The picture of a board, and the words that stand for it where it can't be seen."""

from __future__ import annotations

from typing import Final

from bot.domain.board import Measure
from bot.domain.card import BoardRow, LeaderboardCard
from bot.services.board import GroupBoard, GroupLine, MemberBoard
from bot.services.board_lines import MemberLine
from bot.ui.board import nth, percent, span, title
from bot.ui.reply import Picture, Reply
from bot.ui.text import plural

FILE: Final = "leaderboard.png"


def member_card(found: MemberBoard, user_id: int | None, name: str) -> LeaderboardCard | None:
    """Return what the picture of the members' board shows to a member; None for a board that nobody stands on.

    Args:
        found: a page of it.
        user_id: who sees it; None for everybody.
        name: how that member is called.
    """
    if not found.lines:
        return None
    rows = tuple(_member_row(line, mine=line.user_id == user_id) for line in found.lines)
    mine, own = found.mine if user_id is not None else None, None
    if mine is not None and not mine.hidden and not any(row.mine for row in rows):
        own = BoardRow(mine.rank, name, mine.score, f"{mine.score:,}", mine=True)
    meaning = ""
    if mine is not None and not mine.hidden:
        ahead = f" · {plural(mine.to_next, 'point')} to {nth(mine.next_rank)}" if mine.next_rank else ""
        meaning = f"You: {nth(mine.rank)} of {found.size:,}{ahead}"
    subtitle = f"Members · {span(found.stretch)} · {found.size:,} with points"
    return LeaderboardCard(title(found.stretch), subtitle, rows, found.best, own, meaning)


def group_card(found: GroupBoard, *, own: bool) -> LeaderboardCard | None:
    """Return what the picture of the groups' board shows, with ``own`` to a member; None where it is empty."""
    if not found.lines:
        return None
    mine = found.mine if own else None
    rows = tuple(_group_row(line, found, mine=line == mine) for line in found.lines)
    off_page = _group_row(mine, found, mine=True) if mine is not None and mine not in found.lines else None
    by = "points for each active member" if found.measure is Measure.MEAN else "share who took part"
    meaning = f"Your group is {nth(mine.rank)} of {found.size}" if mine is not None else ""
    subtitle = f"Groups by {by} · {span(found.stretch)}"
    return LeaderboardCard(title(found.stretch), subtitle, rows, found.best, off_page, meaning, "Yours")


def pictured(reply: Reply, card: LeaderboardCard | None, png: bytes | None) -> Reply:
    """Return a page with its picture; as it is where there is none."""
    if card is None or png is None or reply.embed is None:
        return reply
    reply.embed.set_image(url=f"attachment://{FILE}")
    lines = "; ".join(f"{row.rank} {row.name or 'a member'} {row.shown}" for row in card.rows)
    alt = f"{card.title}. {card.subtitle}. {lines}. {card.meaning}"
    return Reply(reply.content, reply.embed, reply.view, Picture(png, FILE, alt))


def _member_row(line: MemberLine, *, mine: bool) -> BoardRow:
    return BoardRow(line.rank, line.name or "", line.score, f"{line.score:,}", line.moved, mine)


def _group_row(line: GroupLine, found: GroupBoard, *, mine: bool) -> BoardRow:
    one = line.figures
    value, shown = (one.mean, f"{one.mean:,.1f}") if found.measure is Measure.MEAN else (one.share, percent(one.share))
    name = " ".join(filter(None, (line.emoji, line.name)))
    return BoardRow(line.rank, f"{name} · {one.active}/{max(one.size, one.active)}", value, shown, mine=mine)
