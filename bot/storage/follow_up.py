"""The steps after a post, kept with its occurrence so that a crash between them loses none.

While a process is at them, ``lease_until`` of a posted occurrence says until when nobody else takes them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, bindparam, or_, select, update

from bot.domain.cluster import WHOLE, Share
from bot.domain.frozen import frozen
from bot.domain.occurrence import LEASE, FollowUp
from bot.storage.lease import lease_clock
from bot.storage.occurrence import occurrence
from bot.storage.share import Due


@frozen
class Open:
    """A post with steps to do.

    Attributes:
        thread_id: its thread, where that was opened already.
    """

    guild_id: int
    number: int
    schedule_id: int
    local_date: date
    exercise_id: str
    channel_id: int
    message_id: int
    posted_at: datetime
    thread_id: int | None


def begin(tx: Connection, guild_id: int, number: int) -> None:
    """Note that a post has steps to do."""
    _change(tx, guild_id, number, follow_up=FollowUp.OPEN)


_FREE: Final = (
    select(occurrence)
    .where(
        occurrence.c.follow_up == FollowUp.OPEN,
        or_(occurrence.c.lease_until.is_(None), occurrence.c.lease_until <= bindparam("now")),
    )
    .order_by(occurrence.c.posted_at, occurrence.c.number)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_FREE_OF: Final = Due(_FREE, occurrence.c.guild_id, occurrence.c.posted_at)


def claim(tx: Connection, now: datetime, most: int, share: Share = WHOLE) -> list[Open]:
    """Take up to ``most`` posts of this share with open steps that nobody is at, the oldest first."""
    now = lease_clock(tx, now)
    found = tx.execute(*_FREE_OF.of(share, now, most))
    taken = [
        Open(
            guild_id=one.guild_id,
            number=one.number,
            schedule_id=one.schedule_id,
            local_date=date.fromisoformat(one.local_date),
            exercise_id=one.exercise_id,
            channel_id=one.channel_id,
            message_id=one.message_id,
            posted_at=one.posted_at,
            thread_id=one.thread_id,
        )
        for one in found
    ]
    for one in taken:
        _change(tx, one.guild_id, one.number, lease_until=now + LEASE)
    return taken


def put_thread(tx: Connection, guild_id: int, number: int, thread_id: int) -> None:
    """Record the thread of a post."""
    _change(tx, guild_id, number, thread_id=thread_id)


def close(tx: Connection, guild_id: int, number: int, end: FollowUp, reason: str | None) -> None:
    """End the steps of a post; ``reason`` is the mend where one was refused."""
    _change(tx, guild_id, number, follow_up=end, reason=reason, lease_until=None)


def last_refusal(tx: Connection, guild_id: int, schedule_id: int, before: int) -> str | None:
    """Return the mend where the steps of a schedule's last post before this number were refused."""
    row = occurrence.c
    last = tx.execute(
        select(row.follow_up, row.reason)
        .where(
            row.guild_id == guild_id,
            row.schedule_id == schedule_id,
            row.number < before,
            row.follow_up.in_([FollowUp.DONE, FollowUp.REFUSED]),
        )
        .order_by(row.number.desc())
        .limit(1)
    ).one_or_none()
    return last.reason if last is not None and last.follow_up == FollowUp.REFUSED else None


def _change(tx: Connection, guild_id: int, number: int, **values: object) -> None:
    where = occurrence.c.guild_id == guild_id, occurrence.c.number == number
    tx.execute(update(occurrence).where(*where).values(**values))
