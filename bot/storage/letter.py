"""What members are to be told, until they have it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Index, Integer, Row, Text, bindparam, func, select

from bot.domain.cluster import WHOLE, Share
from bot.domain.frozen import frozen
from bot.domain.letter import AGAIN_AFTER, MOST_TRIES, Letter, LetterKind, LetterState
from bot.storage.lease import lease_clock
from bot.storage.schema import Instant, Snowflake, guild_key, table
from bot.storage.share import Due
from bot.storage.upsert import insert

letter: Final = table(
    "letter",
    guild_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("user_id", Snowflake, nullable=False),
    Column("kind", Text, nullable=False),
    Column("noun", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Instant, nullable=True),
)
Index("ix_letter_next_at", letter.c.next_at)
Index("ix_letter_guild_id_user_id", letter.c.guild_id, letter.c.user_id, letter.c.state)


@frozen
class NewLetter:
    """What a member is to be told; the fields as in ``bot.domain.letter.Letter``."""

    user_id: int
    kind: LetterKind
    noun: str
    title: str
    reason: str = ""


def put(tx: Connection, guild_id: int, new: NewLetter, now: datetime) -> None:
    """Have a member told something."""
    number = select(func.coalesce(func.max(letter.c.number), 0) + 1).where(letter.c.guild_id == guild_id)
    tx.execute(
        insert(letter).values(
            guild_id=guild_id,
            number=number.scalar_subquery(),
            user_id=new.user_id,
            kind=new.kind,
            noun=new.noun,
            title=new.title,
            reason=new.reason,
            at=now,
            state=LetterState.WAITING,
            tries=0,
            next_at=now,
        )
    )


_DUE: Final = (
    select(letter)
    .where(letter.c.next_at <= bindparam("now"))
    .order_by(letter.c.next_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_DUE_OF: Final = Due(_DUE, letter.c.guild_id, letter.c.next_at)


def claim(tx: Connection, now: datetime, most: int, share: Share = WHOLE) -> list[Letter]:
    """Take letters of this share's guilds that are due, and set their next try; the last try sets none."""
    now = lease_clock(tx, now)
    found: list[Letter] = []
    for row in tx.execute(*_DUE_OF.of(share, now, most)).all():
        tries = row.tries + 1
        again = now + AGAIN_AFTER if tries < MOST_TRIES else None
        where = letter.c.guild_id == row.guild_id, letter.c.number == row.number
        tx.execute(letter.update().where(*where).values(tries=tries, next_at=again))
        found.append(_read(row, tries))
    return found


def settle(tx: Connection, one: Letter, state: LetterState) -> None:
    """Record that a letter arrived, or that it is not tried again and waits for the member's next page."""
    where = letter.c.guild_id == one.guild_id, letter.c.number == one.number
    tx.execute(letter.update().where(*where).values(state=state, next_at=None))


def untold(tx: Connection, guild_id: int, user_id: int) -> list[Letter]:
    """Return what a member has not been told yet, oldest first."""
    row = letter.c
    where = row.guild_id == guild_id, row.user_id == user_id, row.state == LetterState.WAITING
    return [_read(one, one.tries) for one in tx.execute(select(letter).where(*where).order_by(row.number))]


def _read(row: Row[Any], tries: int) -> Letter:
    names = ("guild_id", "number", "user_id", "noun", "title", "reason", "at")
    return Letter(kind=LetterKind(row.kind), tries=tries, **{name: getattr(row, name) for name in names})
