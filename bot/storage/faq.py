"""What a guild's questions teach: votes on answers, phrasings they suggest, and questions that found no answer.

Nothing here changes the content: moderators decide. A question is kept in plain small words. A vote carries who gave
it, so that nobody counts twice; a gap carries nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Column, Connection, Integer, Text, case, delete, func, select

from bot.domain.faq import Learned, Vote
from bot.domain.frozen import frozen
from bot.storage.schema import Instant, guild_key, table, user_key
from bot.storage.upsert import insert

MOST_GAPS: Final = 1000
"""Gaps kept for a guild; the rarest and oldest give way."""
SAME_ASKING: Final = timedelta(minutes=10)
"""A question asked again so soon is the same asking: nobody's name is kept to tell askers apart."""


class SuggestionState(StrEnum):
    """What became of a suggested phrasing."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


faq_vote: Final = table(
    "faq_vote",
    guild_key(),
    user_key(),
    Column("question", Text, primary_key=True),
    Column("entry_id", Text, primary_key=True),
    Column("vote", Text, nullable=False),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)
faq_suggestion: Final = table(
    "faq_suggestion",
    guild_key(),
    Column("question", Text, primary_key=True),
    Column("entry_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)
faq_gap: Final = table(
    "faq_gap",
    guild_key(),
    Column("question", Text, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("passed_on", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    without_rowid=True,
)


@frozen
class Gap:
    """A question that found no answer.

    Attributes:
        question: in plain small words.
        times: how often it was asked.
        passed_on: how often somebody pressed for it to be passed on.
        last_at: when it was last asked.
    """

    question: str
    times: int
    passed_on: int
    last_at: datetime


def vote(tx: Connection, guild_id: int, user_id: int, learned: Learned, given: Vote, now: datetime) -> None:
    """Keep what a member says of an entry for a question; a later word replaces an earlier one."""
    statement = insert(faq_vote).values(
        guild_id=guild_id, user_id=user_id, question=learned.question, entry_id=learned.entry_id, vote=given, at=now
    )
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["guild_id", "user_id", "question", "entry_id"], set_={"vote": given, "at": now}
        )
    )


def evidence(tx: Connection, guild_id: int, learned: Learned) -> tuple[int, int]:
    """Return how many members found an entry right for a question, and how many did not."""
    against = func.sum(case((faq_vote.c.vote == Vote.MISSED, 1), else_=0))
    where = (
        faq_vote.c.guild_id == guild_id,
        faq_vote.c.question == learned.question,
        faq_vote.c.entry_id == learned.entry_id,
    )
    count, missed = tx.execute(select(func.count(), func.coalesce(against, 0)).where(*where)).one()
    return count - missed, missed


def suggest(tx: Connection, guild_id: int, learned: Learned, now: datetime) -> None:
    """Suggest a question as a phrasing of an entry; what was suggested before stays as it was settled."""
    statement = insert(faq_suggestion).values(
        guild_id=guild_id,
        question=learned.question,
        entry_id=learned.entry_id,
        state=SuggestionState.OPEN,
        at=now,
    )
    tx.execute(statement.on_conflict_do_nothing())


def suggestions(tx: Connection, guild_id: int) -> list[Learned]:
    """Return the suggested phrasings that nobody has settled, oldest first."""
    row = faq_suggestion.c
    where = row.guild_id == guild_id, row.state == SuggestionState.OPEN
    rows = tx.execute(select(row.question, row.entry_id).where(*where).order_by(row.at, row.question))
    return [Learned(one.question, one.entry_id) for one in rows]


def settle(tx: Connection, guild_id: int, learned: Learned, state: SuggestionState, now: datetime) -> bool:
    """Settle a suggested phrasing; False where there is none open."""
    row = faq_suggestion.c
    where = (
        row.guild_id == guild_id,
        row.question == learned.question,
        row.entry_id == learned.entry_id,
        row.state == SuggestionState.OPEN,
    )
    return tx.execute(faq_suggestion.update().where(*where).values(state=state, at=now)).rowcount > 0


def log_gap(tx: Connection, guild_id: int, question: str, now: datetime, *, passed_on: bool) -> None:
    """Count a question that found no answer."""
    row = faq_gap.c
    statement = insert(faq_gap).values(
        guild_id=guild_id, question=question, times=1, passed_on=int(passed_on), last_at=now
    )
    again = case((row.last_at <= now - SAME_ASKING, 1), else_=0)
    changed = {"times": row.times + again, "passed_on": row.passed_on + int(passed_on), "last_at": now}
    tx.execute(statement.on_conflict_do_update(index_elements=["guild_id", "question"], set_=changed))
    kept = tx.execute(select(func.count()).where(row.guild_id == guild_id)).scalar_one()
    if kept > MOST_GAPS:
        rarest = (
            select(row.question)
            .where(row.guild_id == guild_id, row.question != question)
            .order_by(row.times, row.last_at)
            .limit(kept - MOST_GAPS)
        )
        tx.execute(delete(faq_gap).where(row.guild_id == guild_id, row.question.in_(rarest)))


def gaps(tx: Connection, guild_id: int, most: int) -> list[Gap]:
    """Return up to ``most`` gaps of a guild, those passed on first, then by how often and how lately they came."""
    row = faq_gap.c
    order = row.passed_on.desc(), row.times.desc(), row.last_at.desc()
    rows = tx.execute(select(faq_gap).where(row.guild_id == guild_id).order_by(*order).limit(most))
    return [Gap(one.question, one.times, one.passed_on, one.last_at) for one in rows]


def close_gap(tx: Connection, guild_id: int, question: str) -> bool:
    """Forget a gap that has its answer, or needs none; False where there is none."""
    where = faq_gap.c.guild_id == guild_id, faq_gap.c.question == question
    return tx.execute(delete(faq_gap).where(*where)).rowcount > 0
