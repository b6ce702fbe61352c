"""Points: what an act scores, how it is taken back, and computing everything anew from the ledger.

All take a transaction, because points are written together with the act they are for.

What is taken back and done again scores again. Where it had stood beyond its own study day, it comes back as it stood:
the same day, group and points. Otherwise undoing and redoing what is old would carry points into a new week, or into
another group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Final, Self

from sqlalchemy import Connection

from bot.domain.day import study_day
from bot.domain.frozen import frozen
from bot.domain.points import PointsTable, Reason, full_worth, worth
from bot.storage import acting, board_add, board_recount
from bot.storage import board as board_store
from bot.storage import member as member_store
from bot.storage import points as store
from bot.storage.acting import Actor
from bot.storage.database import Database
from bot.storage.points import Entry


@frozen
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


@frozen
class Gain:
    """What an act brought. ``capped``: it would have brought more, were it not for the most of a day."""

    points: int = 0
    capped: bool = False

    def __add__(self, other: Gain) -> Gain:
        return Gain(self.points + other.points, self.capped or other.capped)


NOTHING: Final = Gain()


@frozen
class Rebuilt:
    """A guild whose boards were computed anew: the how-manieth of how many, and whether they were right before."""

    guild_id: int
    at: int
    of: int
    same: bool


class Book:
    """A member's part of the ledger, open for one act: what its rows need is read once, and the boards move once.

    A context manager; the boards move when it is left. Who was never seen before is noted as a member.

    Args:
        tx: the transaction in which the act itself is recorded.
        guild_id: the guild.
        user_id: the member.
        now: the instant of the act.
        actor: what is known of the member, where that was read already.
    """

    def __init__(self, tx: Connection, guild_id: int, user_id: int, now: datetime, actor: Actor | None = None) -> None:
        self.tx = tx
        self.whose = guild_id, user_id
        self.actor = acting.of(tx, guild_id, user_id) if actor is None else actor
        self.now = now
        self._noted = self.actor.known
        self._today = study_day(now, self.actor.guild_rule)
        self._moves: dict[date, dict[int | None, int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            for day, moves in self._moves.items():
                self._move(day, moves)
            self._moves.clear()

    def earn(self, table: PointsTable, what: Earning) -> Gain:
        """Record what an act scores, once for each source, and return it; ``NOTHING`` where it counts already.

        What goes over the day's most is written with what is left of it, be it nothing: a source counts once all the
        same.
        """
        found = store.before(self.tx, *self.whose, what.reason, what.source, self._today)
        before = found.latest
        if before is not None and before.turn % 2 == 0:
            return NOTHING
        if before is not None and study_day(before.at, self.actor.guild_rule) > before.day:
            again = replace(before, delta=-before.delta, at=self.now, turn=before.turn + 1, note=None, by_user_id=None)
            self._write(again)
            return Gain(again.delta)
        priced = table.rule(what.reason)
        delta = worth(priced, found.own, what.hours, found.earned)
        self._write(self._entry(delta, what.reason, what.source, turn=0 if before is None else before.turn + 1))
        return Gain(delta, capped=delta < full_worth(priced, found.own, what.hours))

    def take_back(self, reason: Reason, source: str, by_user_id: int | None = None) -> int:
        """Take back what a source scored and return the points.

        The counter-row stands for the day and the group it counted for, and carries the moderator who wrote it.
        """
        before = store.latest(self.tx, *self.whose, reason, source)
        if before is None or before.turn % 2 == 1:
            return 0
        self._write(replace(before, delta=-before.delta, at=self.now, turn=before.turn + 1, by_user_id=by_user_id))
        return before.delta

    def settle(self, table: PointsTable, what: Earning, *, stands: bool) -> Gain:
        """Let an act's points stand exactly if the act does, and return what that brought; negative what it took."""
        return self.earn(table, what) if stands else Gain(-self.take_back(what.reason, what.source))

    def adjust(self, delta: int, note: str, by_user_id: int) -> Entry:
        """Give or take points by a moderator's decision, with the reason; return the row."""
        # the ledger only grows, so this names no two adjustments of a member, not even of one instant
        source = f"{by_user_id}:{store.count_of_member(self.tx, *self.whose)}"
        row = replace(self._entry(delta, Reason.ADJUSTMENT, source), note=note, by_user_id=by_user_id)
        self._write(row)
        return row

    def _entry(self, delta: int, reason: Reason, source: str, turn: int = 0) -> Entry:
        return Entry(self.whose[1], self.actor.group_id, delta, reason, source, self._today, self.now, turn=turn)

    def note_member(self) -> None:
        """Write the member's own row, where there is none; it comes before what is written of the member."""
        if not self._noted:
            member_store.ensure(self.tx, *self.whose, self.now)
            self._noted = True

    def _write(self, row: Entry) -> None:
        self.note_member()
        if store.append(self.tx, self.whose[0], row):
            moves = self._moves.setdefault(row.day, {})
            moves[row.group_id] = moves.get(row.group_id, 0) + row.delta

    def _move(self, day: date, moves: Mapping[int | None, int]) -> None:
        guild_id, user_id = self.whose
        boards = board_add.of_day(self.tx, guild_id, day)
        board_add.add(self.tx, boards, user_id, sum(moves.values()), shown=self.actor.shown)
        for group_id, delta in moves.items():
            if group_id is not None:
                board_add.add_for_group(self.tx, boards, group_id, user_id, delta)


def earn(tx: Connection, table: PointsTable, guild_id: int, user_id: int, what: Earning, now: datetime) -> Gain:
    """Record what a single act scores, as ``Book.earn`` does."""
    with Book(tx, guild_id, user_id, now) as book:
        return book.earn(table, what)


def take_back(
    tx: Connection,
    guild_id: int,
    user_id: int,
    reason: Reason,
    source: str,
    now: datetime,
    by_user_id: int | None = None,
) -> int:
    """Take back what a source scored, as ``Book.take_back`` does."""
    with Book(tx, guild_id, user_id, now) as book:
        return book.take_back(reason, source, by_user_id)


def adjust(tx: Connection, guild_id: int, user_id: int, delta: int, note: str, by_user_id: int, now: datetime) -> Entry:
    """Give or take points by a moderator's decision, as ``Book.adjust`` does."""
    with Book(tx, guild_id, user_id, now) as book:
        return book.adjust(delta, note, by_user_id)


def rebuild(tx: Connection, guild_id: int) -> bool:
    """Compute a guild's boards anew from its ledger; return whether they were what they should be."""
    before = board_recount.contents(tx, guild_id)
    board_recount.clear(tx, guild_id)
    boards: dict[date, list[int]] = {}
    scores: defaultdict[tuple[int, int], int] = defaultdict(int)
    shares: defaultdict[tuple[int, int, int], int] = defaultdict(int)
    for row in store.every(tx, guild_id):
        if row.day not in boards:
            boards[row.day] = board_add.of_day(tx, guild_id, row.day)
        for board_id in boards[row.day]:
            scores[board_id, row.user_id] += row.delta
            if row.group_id is not None:
                shares[board_id, row.group_id, row.user_id] += row.delta
    for (board_id, user_id), score in scores.items():
        board_add.add(tx, [board_id], user_id, score, shown=_shown(tx, guild_id, user_id))
    for (board_id, group_id, user_id), score in shares.items():
        board_add.add_for_group(tx, [board_id], group_id, user_id, score)
    return board_recount.contents(tx, guild_id) == before


async def rebuild_all(database: Database) -> AsyncIterator[Rebuilt]:
    """Compute the boards of every guild anew, one transaction for each, and yield how each turned out.

    Raises:
        StorageError: where the database can't be written.
    """
    guild_ids = await database.read(lambda tx: sorted({*store.guilds(tx), *board_store.guilds(tx)}))
    for at, guild_id in enumerate(guild_ids, 1):
        same = await database.write(partial(rebuild, guild_id=guild_id))
        yield Rebuilt(guild_id, at, len(guild_ids), same=same)


def _shown(tx: Connection, guild_id: int, user_id: int) -> bool:
    person = member_store.get(tx, guild_id, user_id)
    return person is None or person.shown
