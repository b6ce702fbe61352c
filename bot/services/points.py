"""Points: what an act scores, how it is taken back, and computing everything anew from the ledger.

The functions take a transaction, because points are written together with the act they are for.

What is taken back and done again scores again. Where it had stood beyond its own study day, it comes back as it stood:
the same day, group and points. Otherwise undoing and redoing what is old would carry points into a new week, or into
another group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from bot.domain.board import Window, window_start
from bot.domain.day import study_day
from bot.domain.points import PointsTable, Reason, full_worth, worth
from bot.storage import board as board_store
from bot.storage import group as group_store
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage import points as store
from bot.storage import season as season_store
from bot.storage.database import Database
from bot.storage.points import Entry


@dataclass(frozen=True, slots=True)
class Earning:
    """An act that scores.

    Attributes:
        reason: what kind of act it is.
        source: what for, an id that makes it count once.
        hours: the effort of what was done, where the rule asks for it.
    """

    reason: Reason
    source: str
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Gain:
    """What an act brought. ``capped``: it would have brought more, were it not for the most of a day."""

    points: int = 0
    capped: bool = False

    def __add__(self, other: Gain) -> Gain:
        return Gain(self.points + other.points, self.capped or other.capped)


NOTHING: Final = Gain()


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A guild whose boards were computed anew: the how-manieth of how many, and whether they were right before."""

    guild_id: int
    at: int
    of: int
    same: bool


def earn(tx: Connection, table: PointsTable, guild_id: int, user_id: int, what: Earning, now: datetime) -> Gain:
    """Record what an act scores, once for each source, and return it; ``NOTHING`` where it counts already.

    What goes over the day's most is written with what is left of it, be it nothing: a source counts once all the same.
    """
    before = store.latest(tx, guild_id, user_id, what.reason, what.source)
    if before is not None and before.turn % 2 == 0:
        return NOTHING
    rule = guild_store.get(tx, guild_id).day_rule
    if before is not None and study_day(before.at, rule) > before.day:
        again = replace(before, delta=-before.delta, at=now, turn=before.turn + 1, note=None, by_user_id=None)
        _write(tx, guild_id, again)
        return Gain(again.delta)
    day = study_day(now, rule)
    priced, own = table.rule(what.reason), store.overrides(tx, guild_id).get(what.reason)
    delta = worth(priced, own, what.hours, store.earned(tx, guild_id, user_id, what.reason, day))
    turn = 0 if before is None else before.turn + 1
    group_id = group_store.group_of(tx, guild_id, user_id)
    _write(tx, guild_id, Entry(user_id, group_id, delta, what.reason, what.source, day, now, turn=turn))
    return Gain(delta, capped=delta < full_worth(priced, own, what.hours))


def take_back(
    tx: Connection,
    guild_id: int,
    user_id: int,
    reason: Reason,
    source: str,
    now: datetime,
    by_user_id: int | None = None,
) -> int:
    """Take back what a source scored and return the points.

    The counter-row stands for the day and the group it counted for, and carries the moderator who wrote it.
    """
    before = store.latest(tx, guild_id, user_id, reason, source)
    if before is None or before.turn % 2 == 1:
        return 0
    counter = replace(before, delta=-before.delta, at=now, turn=before.turn + 1, by_user_id=by_user_id)
    _write(tx, guild_id, counter)
    return before.delta


def adjust(tx: Connection, guild_id: int, user_id: int, delta: int, note: str, by_user_id: int, now: datetime) -> Entry:
    """Give or take points by a moderator's decision, with the reason; return the row."""
    day = study_day(now, guild_store.get(tx, guild_id).day_rule)
    # the ledger only grows, so this names no two adjustments of a member, not even of one instant
    source = f"{by_user_id}:{store.count_of_member(tx, guild_id, user_id)}"
    row = Entry(
        user_id,
        group_store.group_of(tx, guild_id, user_id),
        delta,
        Reason.ADJUSTMENT,
        source,
        day,
        now,
        note=note,
        by_user_id=by_user_id,
    )
    _write(tx, guild_id, row)
    return row


def rebuild(tx: Connection, guild_id: int) -> bool:
    """Compute a guild's boards anew from its ledger; return whether they were what they should be."""
    before = board_store.contents(tx, guild_id)
    board_store.clear(tx, guild_id)
    days: dict[date, dict[Window, date]] = {}
    scores: defaultdict[tuple[Window, date, int], int] = defaultdict(int)
    shares: defaultdict[tuple[Window, date, int, int], int] = defaultdict(int)
    for row in store.every(tx, guild_id):
        if row.day not in days:
            days[row.day] = windows(tx, guild_id, row.day)
        for window, start in days[row.day].items():
            scores[window, start, row.user_id] += row.delta
            if row.group_id is not None:
                shares[window, start, row.group_id, row.user_id] += row.delta
    for (window, start, user_id), score in scores.items():
        board_id = board_store.ensure(tx, guild_id, {window: start})[window]
        board_store.add(tx, board_id, user_id, score, shown=_shown(tx, guild_id, user_id))
    for (window, start, group_id, user_id), score in shares.items():
        board_id = board_store.ensure(tx, guild_id, {window: start})[window]
        board_store.add_for_group(tx, board_id, group_id, user_id, score)
    return board_store.contents(tx, guild_id) == before


async def rebuild_all(database: Database) -> AsyncIterator[Rebuilt]:
    """Compute the boards of every guild anew, one transaction for each, and yield how each turned out.

    Raises:
        StorageError: where the database can't be written.
    """
    guild_ids = await database.read(lambda tx: sorted({*store.guilds(tx), *board_store.guilds(tx)}))
    for at, guild_id in enumerate(guild_ids, 1):
        same = await database.write(partial(rebuild, guild_id=guild_id))
        yield Rebuilt(guild_id, at, len(guild_ids), same=same)


def windows(tx: Connection, guild_id: int, day: date) -> dict[Window, date]:
    """Return the first day of every window that a study day of a guild is in."""
    season = season_store.on(tx, guild_id, day)
    starts = {window: window_start(window, day, season and season.first_day) for window in Window}
    return {window: start for window, start in starts.items() if start is not None}


def _write(tx: Connection, guild_id: int, row: Entry) -> None:
    person = member_store.get(tx, guild_id, row.user_id)
    if person is None:
        member_store.ensure(tx, guild_id, row.user_id, row.at)
    if store.append(tx, guild_id, row):
        _count(tx, guild_id, row, shown=person is None or person.shown)


def _count(tx: Connection, guild_id: int, row: Entry, *, shown: bool) -> None:
    starts = windows(tx, guild_id, row.day)
    for board_id in board_store.ensure(tx, guild_id, starts).values():
        board_store.add(tx, board_id, row.user_id, row.delta, shown=shown)
        if row.group_id is not None:
            board_store.add_for_group(tx, board_id, row.group_id, row.user_id, row.delta)


def _shown(tx: Connection, guild_id: int, user_id: int) -> bool:
    person = member_store.get(tx, guild_id, user_id)
    return person is None or person.shown
