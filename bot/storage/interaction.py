"""Which interactions some process has begun to deal with, for as long as they could come to another one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Column, Connection, bindparam, delete

from bot.storage.schema import Snowflake, table
from bot.storage.upsert import insert

DISCORDS_EPOCH_MS: Final = 1_420_070_400_000

interaction_seen: Final = table(
    "interaction_seen",
    Column("interaction_id", Snowflake, primary_key=True, autoincrement=False),
    without_rowid=True,
)

_TAKE: Final = insert(interaction_seen).values(interaction_id=bindparam("one")).on_conflict_do_nothing()


def take(tx: Connection, interaction_id: int) -> bool:
    """Note that an interaction is dealt with; False where it was before."""
    return tx.execute(_TAKE, {"one": interaction_id}).rowcount > 0


def forget(tx: Connection, before: datetime) -> int:
    """Forget the interactions of before an instant, aware, and return how many; an id says when it was made."""
    ms = (before - datetime.fromtimestamp(0, before.tzinfo)) // timedelta(milliseconds=1)
    oldest = (ms - DISCORDS_EPOCH_MS) << 22
    return tx.execute(delete(interaction_seen).where(interaction_seen.c.interaction_id < oldest)).rowcount
