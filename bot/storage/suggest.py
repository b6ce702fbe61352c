"""What members suggest for a guild's content, and what became of it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Index, Integer, Row, Text, func, select

from bot.domain.entry import Fields, Kind, as_json
from bot.domain.frozen import frozen
from bot.domain.suggest import Decision, Suggestion
from bot.storage.schema import Instant, Snowflake, guild_key, table
from bot.storage.upsert import insert

suggestion: Final = table(
    "suggestion",
    guild_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("user_id", Snowflake, nullable=False),
    Column("kind", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("source", Text, nullable=False),
    Column("author_id", Snowflake, nullable=True),
    Column("decision", Text, nullable=False),
    Column("actor_id", Snowflake, nullable=True),
    Column("entry_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
Index("ix_suggestion_guild_id_decision", suggestion.c.guild_id, suggestion.c.decision, suggestion.c.number)
Index("ix_suggestion_guild_id_user_id", suggestion.c.guild_id, suggestion.c.user_id, suggestion.c.at)


@frozen
class NewSuggestion:
    """What is suggested; ``source`` and ``author_id`` as in ``bot.domain.suggest.Suggestion``."""

    user_id: int
    kind: Kind
    fields: Fields
    source: str = ""
    author_id: int | None = None


def add(tx: Connection, guild_id: int, new: NewSuggestion, now: datetime) -> int:
    """Keep a suggestion and return its number; the very same one that still waits is not kept twice."""
    row, text = suggestion.c, as_json(new.fields)
    same = select(row.number).where(
        row.guild_id == guild_id,
        row.user_id == new.user_id,
        row.kind == new.kind,
        row.fields == text,
        row.decision == Decision.OPEN,
    )
    known = tx.execute(same).scalar()
    if known is not None:
        return known
    number = tx.execute(select(func.coalesce(func.max(row.number), 0) + 1).where(row.guild_id == guild_id)).scalar_one()
    tx.execute(
        insert(suggestion).values(
            guild_id=guild_id,
            number=number,
            user_id=new.user_id,
            kind=new.kind,
            fields=text,
            at=now,
            source=new.source,
            author_id=new.author_id,
            decision=Decision.OPEN,
            entry_id="",
            reason="",
        )
    )
    return number


def get(tx: Connection, guild_id: int, number: int) -> Suggestion | None:
    """Return one suggestion of a guild."""
    where = suggestion.c.guild_id == guild_id, suggestion.c.number == number
    row = tx.execute(select(suggestion).where(*where)).one_or_none()
    return None if row is None else _read(row)


def decide(
    tx: Connection, guild_id: int, number: int, actor_id: int, decision: Decision, *, entry_id: str = "", why: str = ""
) -> bool:
    """Settle a suggestion; False where there is none open."""
    row = suggestion.c
    where = row.guild_id == guild_id, row.number == number, row.decision == Decision.OPEN
    values = {"decision": decision, "actor_id": actor_id, "entry_id": entry_id, "reason": why}
    return tx.execute(suggestion.update().where(*where).values(**values)).rowcount > 0


def waiting(tx: Connection, guild_id: int, most: int, after: int = 0) -> list[Suggestion]:
    """Return the suggestions that nobody has decided about, oldest first, without the first ``after``."""
    where = suggestion.c.guild_id == guild_id, suggestion.c.decision == Decision.OPEN
    rows = tx.execute(select(suggestion).where(*where).order_by(suggestion.c.number).limit(most).offset(after))
    return [_read(row) for row in rows]


def count_waiting(tx: Connection, guild_id: int) -> int:
    """Return how many suggestions wait."""
    where = suggestion.c.guild_id == guild_id, suggestion.c.decision == Decision.OPEN
    return tx.execute(select(func.count()).select_from(suggestion).where(*where)).scalar_one()


def count_since(tx: Connection, guild_id: int, user_id: int, since: datetime) -> tuple[int, datetime | None]:
    """Return how much a member has suggested since then, and when the first of it."""
    row = suggestion.c
    where = row.guild_id == guild_id, row.user_id == user_id, row.at > since
    found = tx.execute(select(func.count(), func.min(row.at)).where(*where)).one()
    return found[0], found[1]


def of_member(tx: Connection, guild_id: int, user_id: int, most: int) -> list[Suggestion]:
    """Return what a member suggested, newest first."""
    where = suggestion.c.guild_id == guild_id, suggestion.c.user_id == user_id
    rows = tx.execute(select(suggestion).where(*where).order_by(suggestion.c.number.desc()).limit(most))
    return [_read(row) for row in rows]


def suggested_by(tx: Connection, guild_id: int, kind: Kind, entry_id: str) -> int | None:
    """Return who is credited with an entry: who wrote it, or who suggested it; None where nobody did."""
    row = suggestion.c
    where = row.guild_id == guild_id, row.kind == kind, row.entry_id == entry_id, row.decision == Decision.APPROVED
    credit = select(func.coalesce(row.author_id, row.user_id)).where(*where)
    return tx.execute(credit.order_by(row.number.desc()).limit(1)).scalar()


def _read(row: Row[Any]) -> Suggestion:
    return Suggestion(
        number=row.number,
        user_id=row.user_id,
        kind=Kind(row.kind),
        fields=json.loads(row.fields),
        at=row.at,
        source=row.source,
        author_id=row.author_id,
        decision=Decision(row.decision),
        actor_id=row.actor_id,
        entry_id=row.entry_id,
        reason=row.reason,
    )
