"""Files that were read and wait for a moderator's decision."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, Integer, LargeBinary, Text, delete, func, select

from bot.domain.frozen import frozen
from bot.storage.schema import Instant, Snowflake, guild_key, table
from bot.storage.upsert import insert

content_draft: Final = table(
    "content_draft",
    guild_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("actor_id", Snowflake, nullable=False),
    Column("at", Instant, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("same_as", Text, nullable=False),
    Column("source", LargeBinary, nullable=False),
)

EMPTY: Final = {"body": "", "same_as": "{}", "file_name": "", "source": b""}


@frozen
class StoredDraft:
    """A file that was read and waits for a decision. ``body`` and ``same_as`` are JSON of the service's."""

    number: int
    actor_id: int
    at: datetime
    file_name: str
    body: str
    same_as: str


def put(
    tx: Connection, guild_id: int, actor_id: int, file_name: str, body: str, now: datetime, source: bytes = b""
) -> int:
    """Keep a file that was read, in the place of the same person's last one; return its number.

    ``source`` is the file itself, for reading it once more; empty where that is not wanted.
    """
    draft = content_draft.c
    number = tx.execute(
        select(func.coalesce(func.max(draft.number), 0) + 1).where(draft.guild_id == guild_id)
    ).scalar_one()
    done = (draft.actor_id == actor_id) | (draft.body == "")
    tx.execute(delete(content_draft).where(draft.guild_id == guild_id, done))
    texts = {"file_name": file_name, "body": body, "same_as": "{}", "source": source}
    tx.execute(insert(content_draft).values(guild_id=guild_id, number=number, actor_id=actor_id, at=now, **texts))
    return number


def get(tx: Connection, guild_id: int, number: int) -> StoredDraft | None:
    """Return a draft; None where it was applied, cancelled or replaced."""
    mine = content_draft.c.guild_id == guild_id, content_draft.c.number == number, content_draft.c.body != ""
    names = ("number", "actor_id", "at", "file_name", "body", "same_as")
    row = tx.execute(select(*(content_draft.c[name] for name in names)).where(*mine)).mappings().one_or_none()
    return None if row is None else StoredDraft(**{name: row[name] for name in names})


def source(tx: Connection, guild_id: int, number: int) -> bytes:
    """Return the file of a draft as it was attached; empty where it was not kept, or is not waiting any more."""
    mine = content_draft.c.guild_id == guild_id, content_draft.c.number == number
    return tx.execute(select(content_draft.c.source).where(*mine)).scalar_one_or_none() or b""


def put_same_as(tx: Connection, guild_id: int, number: int, same_as: str) -> None:
    """Keep which entries a person said are meant."""
    mine = content_draft.c.guild_id == guild_id, content_draft.c.number == number
    tx.execute(content_draft.update().where(*mine).values(same_as=same_as))


def drop(tx: Connection, guild_id: int, number: int) -> None:
    """Forget a draft. An empty row stays until the next one, so that no number ever comes again."""
    mine = content_draft.c.guild_id == guild_id, content_draft.c.number == number
    tx.execute(content_draft.update().where(*mine).values(**EMPTY))


def drop_old(tx: Connection, before: datetime) -> int:
    """Forget the drafts of all guilds that nobody decided about; return how many there were."""
    old = content_draft.c.at < before, content_draft.c.body != ""
    return tx.execute(content_draft.update().where(*old).values(**EMPTY)).rowcount
