"""Occurrences: one row for each post, unique by schedule and local date. The rows are the truth of what was posted.

Every change of a row that is being sent names its owner; a process that was taken over changes nothing any more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    RowMapping,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    select,
    type_coerce,
    update,
)  # fmt: skip

from bot.domain.cluster import WHOLE, Share
from bot.domain.frozen import frozen
from bot.domain.occurrence import LEASE, Crowd, FollowUp, Occurrence, OccurrenceState
from bot.domain.schedule import Slot
from bot.storage.lease import lease_clock
from bot.storage.schema import Instant, Snowflake, guild_key, microseconds, partial_index, table
from bot.storage.share import leased
from bot.storage.upsert import insert

DAILY, WEEKLY = "daily", "weekly"
"""The kinds of occurrences: what brings an exercise, and the recap."""

occurrence: Final = table(
    "occurrence",
    guild_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("schedule_id", Integer, nullable=False),
    Column("local_date", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("exercise_id", Text, nullable=False),
    Column("channel_id", Snowflake, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("tries", Integer, nullable=False),
    Column("owner", Text),
    Column("lease_until", Instant),
    Column("message_id", Snowflake),
    Column("posted_at", Instant),
    Column("thread_id", Snowflake),
    Column("follow_up", Text, nullable=False, server_default="none"),
    Column("at_stage", Integer),
    Column("on_road", Integer),
    UniqueConstraint("guild_id", "schedule_id", "local_date", "kind"),
    without_rowid=True,
)
Index("ix_occurrence_guild_id_due_at", occurrence.c.guild_id, occurrence.c.due_at)
_OPEN: Final = "state IN ('planned', 'sending')"
"""As it stands in the index, which neither engine takes for a condition that only amounts to it."""
partial_index("ix_occurrence_open", occurrence.c.due_at, _OPEN)
partial_index("ix_occurrence_follow_up", occurrence.c.posted_at, "follow_up = 'open'")


@frozen
class Recorded:
    """An occurrence as people look at it."""

    number: int
    schedule_id: int
    channel_id: int
    local_date: date
    slot: Slot
    exercise_id: str
    state: OccurrenceState
    reason: str | None
    due_at: datetime
    posted_at: datetime | None
    message_id: int | None
    generation: int
    thread_id: int | None
    follow_up: FollowUp
    crowd: Crowd | None = None


@frozen
class Plan:
    """What is to be posted, before it has a number. A ``state`` other than planned is recorded and never sent."""

    guild_id: int
    schedule_id: int
    local_date: date
    slot: Slot
    exercise_id: str
    channel_id: int
    due_at: datetime
    state: OccurrenceState = OccurrenceState.PLANNED
    reason: str | None = None


def plan(tx: Connection, what: Plan) -> bool:
    """Record a plan, once for each schedule and local date; False where it was planned before."""
    newest = select(func.max(occurrence.c.number)).where(occurrence.c.guild_id == what.guild_id)
    done = tx.execute(
        insert(occurrence)
        .values(
            guild_id=what.guild_id,
            number=(tx.execute(newest).scalar() or 0) + 1,
            schedule_id=what.schedule_id,
            local_date=what.local_date.isoformat(),
            kind=WEEKLY if what.slot is Slot.RECAP else DAILY,
            slot=what.slot,
            exercise_id=what.exercise_id,
            channel_id=what.channel_id,
            due_at=what.due_at,
            generation=1,
            state=what.state,
            reason=what.reason,
            tries=0,
        )
        .on_conflict_do_nothing(index_elements=["guild_id", "schedule_id", "local_date", "kind"])
    )
    return done.rowcount > 0


_FREE: Final = leased(occurrence, OccurrenceState.PLANNED, OccurrenceState.SENDING, _OPEN)


def claim(tx: Connection, owner: str, now: datetime, most: int, share: Share = WHOLE) -> list[Occurrence]:
    """Take up to ``most`` due occurrences that nobody holds; what is returned ends by the caller's clock."""
    at = lease_clock(tx, now)
    rows = tx.execute(*_FREE.of(share, at, most)).mappings()
    taken = [_occurrence(row, lease_until=now + LEASE, tries=row["tries"] + 1) for row in rows.all()]
    for one in taken:
        mine = occurrence.c.guild_id == one.guild_id, occurrence.c.number == one.number
        lease = {"owner": owner, "state": OccurrenceState.SENDING, "lease_until": at + LEASE, "tries": one.tries}
        tx.execute(update(occurrence).where(*mine).values(**lease))
    return taken


def settle(
    tx: Connection,
    one: Occurrence,
    owner: str,
    state: OccurrenceState,
    *,
    message_id: int | None = None,
    posted_at: datetime | None = None,
    reason: str | None = None,
) -> bool:
    """Give an occurrence its final state; False where another process holds it by now."""
    return _let_go(tx, one, owner, state=state, message_id=message_id, posted_at=posted_at, reason=reason)


def put_crowd(tx: Connection, guild_id: int, number: int, crowd: Crowd) -> None:
    """Remember whom a post met, so that showing it anew need not count everybody anew."""
    mine = occurrence.c.guild_id == guild_id, occurrence.c.number == number
    tx.execute(update(occurrence).where(*mine).values(at_stage=crowd.there, on_road=crowd.members))


def postpone(tx: Connection, one: Occurrence, owner: str, until: datetime) -> bool:
    """Hand back an occurrence of which nothing was asked of Discord in this try; nobody takes it before ``until``."""
    return _let_go(tx, one, owner, lease_until=until, tries=one.tries - 1)


def swap_exercise(tx: Connection, one: Occurrence, owner: str, exercise_id: str) -> bool:
    """Put another exercise in the place of one that Discord would not take; it goes out as a new generation."""
    planned = {"state": OccurrenceState.PLANNED, "generation": one.generation + 1, "tries": 0}
    return _let_go(tx, one, owner, exercise_id=exercise_id, **planned)


def recent(tx: Connection, guild_id: int, schedule_id: int, most: int) -> list[Recorded]:
    """Return a schedule's last occurrences, the newest first."""
    rows = tx.execute(
        _RECORDED.where(occurrence.c.guild_id == guild_id, occurrence.c.schedule_id == schedule_id)
        .order_by(occurrence.c.due_at.desc())
        .limit(most)
    )
    return [_recorded(row) for row in rows]


_RECORDED: Final = select(
    occurrence.c.number, occurrence.c.schedule_id, occurrence.c.channel_id, occurrence.c.local_date,
    occurrence.c.slot, occurrence.c.exercise_id, occurrence.c.state, occurrence.c.reason, occurrence.c.due_at,
    occurrence.c.posted_at, occurrence.c.message_id, occurrence.c.generation, occurrence.c.thread_id,
    occurrence.c.follow_up, occurrence.c.at_stage, occurrence.c.on_road,
)  # fmt: skip
"""The columns of a ``Recorded``, in the order of its fields; the last two are its crowd."""
_POSTED_SINCE: Final = _RECORDED.where(
    occurrence.c.guild_id == bindparam("guild"),
    occurrence.c.kind == DAILY,
    occurrence.c.due_at >= bindparam("since", type_=Instant),
    occurrence.c.state == OccurrenceState.POSTED,
).order_by(occurrence.c.due_at.desc(), occurrence.c.number.desc())
_ONE: Final = _RECORDED.where(occurrence.c.guild_id == bindparam("guild"), occurrence.c.number == bindparam("number"))

_OF_DATE: Final = _RECORDED.where(
    occurrence.c.guild_id == bindparam("guild"),
    occurrence.c.schedule_id == bindparam("schedule"),
    occurrence.c.local_date == bindparam("day"),
)


def get(tx: Connection, guild_id: int, number: int) -> Recorded | None:
    """Return one occurrence of a guild."""
    return next(map(_recorded, tx.execute(_ONE, {"guild": guild_id, "number": number})), None)


def of_date(tx: Connection, guild_id: int, schedule_id: int, day: date) -> Recorded | None:
    """Return the occurrence of a schedule for a local date; None where it was not planned."""
    values = {"guild": guild_id, "schedule": schedule_id, "day": day.isoformat()}
    return next(map(_recorded, tx.execute(_OF_DATE, values)), None)


def posted_since(tx: Connection, guild_id: int, since: datetime) -> list[Recorded]:
    """Return the exercises that were posted in a guild and were due since then, the latest first."""
    return [_recorded(row) for row in tx.execute(_POSTED_SINCE, {"guild": guild_id, "since": since})]


def owed(tx: Connection, guild_id: int, spans: Mapping[date, tuple[datetime, datetime]]) -> set[date]:
    """Return on which of these days a post of a guild was due that went out, as far as is known.

    Args:
        tx: a transaction.
        guild_id: the guild.
        spans: from when on and until before when each day lasts, aware.
    """
    if not spans:
        return set()
    since = min(begins for begins, _ in spans.values())
    due = sorted(tx.execute(_OWED, {"guild": guild_id, "since": since}).scalars().all())
    return {
        day
        for day, (begins, ends) in spans.items()
        if bisect_left(due, microseconds(begins)) < bisect_left(due, microseconds(ends))
    }


_OWED: Final = select(type_coerce(occurrence.c.due_at, BigInteger)).where(
    occurrence.c.guild_id == bindparam("guild"),
    occurrence.c.kind == DAILY,
    occurrence.c.due_at >= bindparam("since"),
    occurrence.c.state.in_([OccurrenceState.POSTED, OccurrenceState.UNKNOWN]),
)
"""Bare numbers: to make datetimes of a year of instants costs more than all the rest of it."""


def _recorded(row: Sequence[Any]) -> Recorded:
    # by their places: to look up a dozen columns by name costs more than the question itself
    number, schedule_id, channel_id, day, slot, exercise_id, state, *more = row
    reason, due_at, posted_at, message_id, generation, thread_id, follow_up, there, members = more
    return Recorded(
        number, schedule_id, channel_id, date.fromisoformat(day), Slot(slot), exercise_id, OccurrenceState(state),
        reason, due_at, posted_at, message_id, generation, thread_id, FollowUp(follow_up),
        None if members is None else Crowd(there, members),
    )  # fmt: skip


def _let_go(tx: Connection, one: Occurrence, owner: str, **values: object) -> bool:
    """Change an occurrence that ``owner`` is sending, and end its lease; False where it is no longer the owner's."""
    mine = occurrence.c.guild_id == one.guild_id, occurrence.c.number == one.number
    held = occurrence.c.owner == owner, occurrence.c.state == OccurrenceState.SENDING
    ended = {"owner": None, "lease_until": None} | values
    return tx.execute(update(occurrence).where(*mine, *held).values(**ended)).rowcount > 0


def _occurrence(row: RowMapping, *, lease_until: datetime, tries: int) -> Occurrence:
    return Occurrence(
        guild_id=row["guild_id"],
        number=row["number"],
        schedule_id=row["schedule_id"],
        local_date=date.fromisoformat(row["local_date"]),
        slot=Slot(row["slot"]),
        exercise_id=row["exercise_id"],
        channel_id=row["channel_id"],
        due_at=row["due_at"],
        generation=row["generation"],
        tries=tries,
        lease_until=lease_until,
    )
