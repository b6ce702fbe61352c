"""What a person typed into a form that could not be taken: kept so that the form can be opened again, one a person."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Integer, Text, select

from bot.storage.schema import Instant, guild_key, table, user_key
from bot.storage.upsert import insert

form: Final = table(
    "form",
    guild_key(),
    user_key(),
    Column("number", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("texts", Text, nullable=False),
    without_rowid=True,
)


def put(tx: Connection, guild_id: int, user_id: int, texts: dict[str, str], now: datetime) -> int:
    """Keep what somebody typed, in place of what was kept before; return its number, which never comes again."""
    written = json.dumps(texts, ensure_ascii=False)
    statement = insert(form).values(guild_id=guild_id, user_id=user_id, number=1, at=now, texts=written)
    new = {"number": form.c.number + 1, "at": now, "texts": written}
    tx.execute(statement.on_conflict_do_update(index_elements=["guild_id", "user_id"], set_=new))
    return tx.execute(select(form.c.number).where(form.c.guild_id == guild_id, form.c.user_id == user_id)).scalar_one()


def get(tx: Connection, guild_id: int, user_id: int, number: int) -> dict[str, str] | None:
    """Return what somebody typed; None where it was sent since, or where something newer took its place."""
    where = form.c.guild_id == guild_id, form.c.user_id == user_id, form.c.number == number
    text = tx.execute(select(form.c.texts).where(*where)).scalar()
    found: dict[str, Any] = json.loads(text) if text else {}
    return found or None


def drop(tx: Connection, guild_id: int, user_id: int) -> None:
    """Forget what somebody typed, because it was taken."""
    where = form.c.guild_id == guild_id, form.c.user_id == user_id
    tx.execute(form.update().where(*where).values(texts=""))
