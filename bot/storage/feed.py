"""What the outside sources brought, kept until it is too old, and how each source is. It belongs to no guild."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, Index, Text, bindparam, delete, select

from bot.domain.frozen import frozen
from bot.storage.occurrence import occurrence
from bot.storage.schema import Instant, table
from bot.storage.upsert import insert

feed_item: Final = table(
    "feed_item",
    Column("item_id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    without_rowid=True,
)
Index("ix_feed_item_source", feed_item.c.source, feed_item.c.first_seen_at)

feed_source: Final = table(
    "feed_source",
    Column("source", Text, primary_key=True),
    Column("asked_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("down_since", Instant),
    Column("reason", Text),
    Column("not_before", Instant),
    without_rowid=True,
)


@frozen
class SourceState:
    """How a source is.

    Attributes:
        source: its name.
        asked_at: when it was asked last.
        answered_at: when it last gave something that can be used; None for never.
        down_since: the first of the failures without an answer since; None where the last one was answered.
        reason: what the last failure was.
        not_before: when it may be asked again, where it said so.
    """

    source: str
    asked_at: datetime
    answered_at: datetime | None
    down_since: datetime | None
    reason: str | None
    not_before: datetime | None


def put(tx: Connection, source: str, payloads: Mapping[str, str], now: datetime) -> None:
    """Keep what a source brought: the JSON of each item by its id, in place of what was known of it."""
    for item_id, payload in payloads.items():
        statement = insert(feed_item).values(
            item_id=item_id, source=source, payload=payload, first_seen_at=now, seen_at=now
        )
        tx.execute(
            statement.on_conflict_do_update(index_elements=["item_id"], set_={"payload": payload, "seen_at": now})
        )


def get(tx: Connection, item_id: str) -> str | None:
    """Return the JSON of one item."""
    return tx.execute(select(feed_item.c.payload).where(feed_item.c.item_id == item_id)).scalar()


def since(tx: Connection, source: str, instant: datetime, most: int) -> Sequence[str]:
    """Return the JSON of up to ``most`` of what a source brought, seen since ``instant``, the latest found first."""
    rows = tx.execute(
        select(feed_item.c.payload)
        .where(feed_item.c.source == source, feed_item.c.seen_at >= instant)
        .order_by(feed_item.c.first_seen_at.desc(), feed_item.c.item_id.desc())
        .limit(most)
    )
    return rows.scalars().all()


def forget(tx: Connection, before: datetime) -> int:
    """Forget what was last seen before then and never posted anywhere; return how much that was."""
    posted = select(occurrence.c.exercise_id)
    done = tx.execute(delete(feed_item).where(feed_item.c.seen_at < before, feed_item.c.item_id.not_in(posted)))
    return done.rowcount


def source(tx: Connection, name: str) -> SourceState | None:
    """Return how a source is; None where it was never asked."""
    row = tx.execute(select(feed_source).where(feed_source.c.source == name)).one_or_none()
    return None if row is None else SourceState(*row)


def put_source(tx: Connection, state: SourceState) -> None:
    """Record how a source is."""
    values = {
        "asked_at": state.asked_at,
        "answered_at": state.answered_at,
        "down_since": state.down_since,
        "reason": state.reason,
        "not_before": state.not_before,
    }
    statement = insert(feed_source).values(source=state.source, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["source"], set_=values))


_SOURCES: Final = select(feed_source).where(feed_source.c.source.in_(bindparam("among", expanding=True)))


def sources(tx: Connection, among: Collection[str]) -> dict[str, SourceState]:
    """Return how each of these sources is; one that was never asked is absent."""
    rows = tx.execute(_SOURCES, {"among": list(among)})
    return {row.source: SourceState(*row) for row in rows}
