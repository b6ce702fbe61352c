"""When the bot itself was away, or one process of it: that excuses everybody in the guilds it had then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeAlias

from sqlalchemy import Column, Connection, Integer, bindparam, delete, select, update

from bot.domain.cluster import WHOLE, Share
from bot.storage.schema import Instant, table
from bot.storage.upsert import insert

Span: TypeAlias = tuple[datetime, datetime]
"""From when to when, both aware and in UTC."""

outage: Final = table(
    "outage",
    Column("began_at", Instant, primary_key=True, autoincrement=False),
    Column("cluster", Integer, primary_key=True, autoincrement=False),
    Column("clusters", Integer, primary_key=True, autoincrement=False),
    Column("shards", Integer, nullable=False),
    Column("ended_at", Instant, nullable=False),
)


_SINCE: Final = (
    select(outage).where(outage.c.ended_at > bindparam("instant", type_=Instant)).order_by(outage.c.began_at)
)


def add(tx: Connection, began_at: datetime, ended_at: datetime, share: Share = WHOLE) -> None:
    """Record an outage of a process, once."""
    of = {"cluster": share.cluster, "clusters": share.clusters, "shards": share.shards}
    tx.execute(insert(outage).values(began_at=began_at, ended_at=ended_at, **of).on_conflict_do_nothing())


def since(tx: Connection, guild_id: int, instant: datetime) -> Sequence[Span]:
    """Return when the process that had a guild was away, as far as that ended after ``instant``, the oldest first."""
    rows = tx.execute(_SINCE, {"instant": instant})
    return [(row.began_at, row.ended_at) for row in rows if Share(row.cluster, row.clusters, row.shards).owns(guild_id)]


def cut(tx: Connection, now: datetime, share: Share = WHOLE) -> None:
    """Let no outage of a process reach beyond ``now``: what began later goes, what ended later ends now."""
    mine = outage.c.cluster == share.cluster, outage.c.clusters == share.clusters
    tx.execute(delete(outage).where(*mine, outage.c.began_at >= now))
    tx.execute(update(outage).where(*mine, outage.c.ended_at > now).values(ended_at=now))
