"""Direct messages to come: *Later* on a post, and the daily reminder. The rows are the truth, as with posts."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    Text,
    UniqueConstraint,
    func,
    select,
    update,
)

from bot.domain.cluster import WHOLE, Share
from bot.domain.frozen import frozen
from bot.domain.occurrence import LEASE
from bot.domain.reminder import ReminderKind, ReminderState
from bot.storage.lease import lease_clock
from bot.storage.schema import Instant, Snowflake, guild_key, partial_index, table
from bot.storage.share import leased

reminder: Final = table(
    "reminder",
    guild_key(),
    Column("reminder_id", Integer, primary_key=True, autoincrement=False),
    Column("user_id", Snowflake, nullable=False),
    Column("kind", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("tries", Integer, nullable=False),
    Column("owner", Text),
    Column("lease_until", Instant),
    Column("at", Instant, nullable=False),
    UniqueConstraint("guild_id", "user_id", "kind", "number"),
    without_rowid=True,
)
_OPEN: Final = "state IN ('due', 'sending')"
"""As it stands in the index, which neither engine takes for a condition that only amounts to it."""
partial_index("ix_reminder_open", reminder.c.due_at, _OPEN)


@frozen
class Reminder:
    """One direct message to come.

    Attributes:
        guild_id: the guild it is about.
        reminder_id: counts a guild's reminders from 1.
        user_id: who is written to.
        kind: why.
        number: the occurrence it is about; of reviews, the day as ``date.toordinal`` counts; of a week,
            its Monday likewise.
        due_at: when.
        tries: how often a process has begun to send it.
        lease_until: until when the process that has it may send it.
    """

    guild_id: int
    reminder_id: int
    user_id: int
    kind: ReminderKind
    number: int
    due_at: datetime
    tries: int
    lease_until: datetime


def put(
    tx: Connection, guild_id: int, user_id: int, kind: ReminderKind, number: int, due_at: datetime, now: datetime
) -> None:
    """Remind a member of an occurrence at ``due_at``, in place of an earlier reminder of that kind."""
    mine = reminder.c.guild_id == guild_id, reminder.c.user_id == user_id
    same = *mine, reminder.c.kind == kind, reminder.c.number == number
    fresh = {
        "due_at": due_at,
        "state": ReminderState.DUE,
        "reason": None,
        "tries": 0,
        "owner": None,
        "lease_until": None,
    }
    if tx.execute(update(reminder).where(*same).values(**fresh, at=now)).rowcount:
        return
    newest = tx.execute(select(func.max(reminder.c.reminder_id)).where(reminder.c.guild_id == guild_id)).scalar()
    tx.execute(
        reminder.insert().values(
            guild_id=guild_id,
            reminder_id=(newest or 0) + 1,
            user_id=user_id,
            kind=kind,
            number=number,
            at=now,
            **fresh,
        )
    )


def state_of(tx: Connection, guild_id: int, user_id: int, kind: ReminderKind, number: int) -> ReminderState | None:
    """Return where a member's reminder of an occurrence stands; None where there is none."""
    where = reminder.c.guild_id == guild_id, reminder.c.user_id == user_id
    state = tx.execute(
        select(reminder.c.state).where(*where, reminder.c.kind == kind, reminder.c.number == number)
    ).scalar()
    return None if state is None else ReminderState(state)


def drop(tx: Connection, guild_id: int, user_id: int, kind: ReminderKind, number: int) -> bool:
    """Take back a reminder that was not sent yet; False where there is none."""
    where = reminder.c.guild_id == guild_id, reminder.c.user_id == user_id
    same = *where, reminder.c.kind == kind, reminder.c.number == number, reminder.c.state == ReminderState.DUE
    return tx.execute(update(reminder).where(*same).values(state=ReminderState.DROPPED)).rowcount > 0


_FREE: Final = leased(reminder, ReminderState.DUE, ReminderState.SENDING, _OPEN)


def claim(tx: Connection, owner: str, now: datetime, most: int, share: Share = WHOLE) -> list[Reminder]:
    """Take up to ``most`` due reminders that nobody holds, of this share's guilds, for as long as the lease lasts."""
    at = lease_clock(tx, now)
    rows = tx.execute(*_FREE.of(share, at, most))
    taken = [
        Reminder(
            row.guild_id, row.reminder_id, row.user_id, ReminderKind(row.kind), row.number, row.due_at, row.tries + 1,
            now + LEASE,
        )
        for row in rows
    ]  # fmt: skip
    for one in taken:
        tx.execute(
            update(reminder)
            .where(reminder.c.guild_id == one.guild_id, reminder.c.reminder_id == one.reminder_id)
            .values(owner=owner, state=ReminderState.SENDING, lease_until=at + LEASE, tries=one.tries)
        )
    return taken


def settle(tx: Connection, one: Reminder, owner: str, state: ReminderState, reason: str | None = None) -> bool:
    """Give a reminder its final state; False where another process holds it by now."""
    mine = reminder.c.guild_id == one.guild_id, reminder.c.reminder_id == one.reminder_id
    held = *mine, reminder.c.owner == owner, reminder.c.state == ReminderState.SENDING
    done = tx.execute(update(reminder).where(*held).values(state=state, reason=reason, owner=None, lease_until=None))
    return done.rowcount > 0
