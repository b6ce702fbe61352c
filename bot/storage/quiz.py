"""Quiz rounds: a row for each round with its step, the questions as they were chosen, and what everybody answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    RowMapping,
    Text,
    bindparam,
    delete,
    func,
    or_,
    select,
    text,
    update,
)

from bot.domain.cluster import WHOLE, Share
from bot.domain.quiz import COUNTS, SHARED_BY, Answered, Question, Round, RoundEnd, RoundState
from bot.domain.review import LETTERS, ChoiceCard, Letter
from bot.storage.member import member
from bot.storage.roadmap import topic_mark
from bot.storage.schema import WHERE, Instant, Snowflake, guild_key, partial_index, table, user_key
from bot.storage.share import Due, of_share
from bot.storage.upsert import insert


def _number(name: str = "number") -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


quiz_round: Final = table(
    "quiz_round",
    guild_key(),
    _number(),
    Column("channel_id", Snowflake, nullable=False),
    Column("group_id", Integer),
    Column("size", Integer, nullable=False),
    Column("shared", Integer, nullable=False),
    Column("stage", Text, nullable=False),
    Column("started_by", Snowflake, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("shown", Integer),
    Column("message_id", Snowflake),
    Column("ended", Text),
    Column("ended_by", Snowflake),
    Column("asked", Integer, nullable=False),
    without_rowid=True,
)
"""``due_at`` is when the step is over, ``next_at`` when it is to be looked at again."""
_OPEN: Final = text("state = 'open'")
Index(
    "uq_quiz_round_open", quiz_round.c.guild_id, quiz_round.c.channel_id, unique=True,
    sqlite_where=_OPEN, info={WHERE: _OPEN},
)  # fmt: skip
partial_index("ix_quiz_round_next_at", quiz_round.c.next_at, "state IN ('open', 'closing')")

quiz_question: Final = table(
    "quiz_question",
    guild_key(),
    _number(),
    _number("question"),
    Column("card_id", Text, nullable=False),
    Column("card", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("order", Text, nullable=False),
    without_rowid=True,
)

quiz_answer: Final = table(
    "quiz_answer",
    guild_key(),
    _number(),
    _number("question"),
    user_key(),
    Column("letter", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("taken_at", Instant),
    without_rowid=True,
)
"""``taken_at``: when the member took what was missed in the round into the own review."""

_GUILD, _NUMBER = bindparam("guild", type_=Snowflake), bindparam("number", type_=Integer)
_ONE: Final = select(quiz_round).where(quiz_round.c.guild_id == _GUILD, quiz_round.c.number == _NUMBER)
_QUESTIONS: Final = (
    select(quiz_question)
    .where(quiz_question.c.guild_id == _GUILD, quiz_question.c.number == _NUMBER)
    .order_by(quiz_question.c.question)
)
_ANSWERS: Final = (
    select(quiz_answer.c.question, quiz_answer.c.user_id, quiz_answer.c.letter)
    .where(quiz_answer.c.guild_id == _GUILD, quiz_answer.c.number == _NUMBER)
    .order_by(quiz_answer.c.question, quiz_answer.c.user_id)
)
_NEW: Final = insert(quiz_answer)
_ANSWER: Final = _NEW.on_conflict_do_update(
    index_elements=["guild_id", "number", "question", "user_id"],
    set_={"letter": _NEW.excluded.letter, "at": _NEW.excluded.at},
)
_DUE: Final = (
    select(quiz_round.c.guild_id, quiz_round.c.number)
    .where(text("state IN ('open', 'closing')"), quiz_round.c.next_at <= bindparam("now", type_=Instant))
    .order_by(quiz_round.c.next_at)
    .limit(bindparam("most"))
)
_DUE_OF: Final = Due(_DUE, quiz_round.c.guild_id, quiz_round.c.next_at)
_NEXT: Final = select(func.min(quiz_round.c.next_at)).where(text("state IN ('open', 'closing')"))
LETTER: Final[dict[str, Letter]] = {letter: letter for letter in LETTERS}


def begin(tx: Connection, one: Round, questions: Sequence[Question]) -> Round | None:
    """Record a round that begins, under the guild's next number; None where one is played in that channel.

    It is to be looked at at once.
    """
    mine = quiz_round.c.guild_id == one.guild_id
    newest = tx.execute(select(func.max(quiz_round.c.number)).where(mine)).scalar()
    made = replace(one, number=(newest or 0) + 1)
    done = tx.execute(
        insert(quiz_round).values(**_values(made), next_at=made.started_at).on_conflict_do_nothing()
    )  # fmt: skip
    if not done.rowcount:
        return None
    rows = [
        {
            "guild_id": made.guild_id,
            "number": made.number,
            "question": question.number,
            "card_id": question.card.id,
            "card": question.card.model_dump_json(),
            "topic": question.topic,
            "order": "".join(question.order),
        }
        for question in questions
    ]
    tx.execute(quiz_question.insert(), rows)
    return made


def get(tx: Connection, guild_id: int, number: int) -> Round | None:
    """Return a round of a guild."""
    row = tx.execute(_ONE, {"guild": guild_id, "number": number}).mappings().one_or_none()
    return None if row is None else _round(row)


def put(tx: Connection, one: Round, next_at: datetime) -> None:
    """Save a round, to be looked at again at an instant."""
    where = quiz_round.c.guild_id == one.guild_id, quiz_round.c.number == one.number
    tx.execute(update(quiz_round).where(*where).values(**_values(one), next_at=next_at))


def due(tx: Connection, now: datetime, most: int, share: Share = WHOLE) -> list[tuple[int, int]]:
    """Return guild and number of up to ``most`` rounds of this share that are to be looked at, the longest first."""
    return [(guild_id, number) for guild_id, number in tx.execute(*_DUE_OF.of(share, now, most))]


def next_at(tx: Connection, share: Share = WHOLE) -> datetime | None:
    """Return when a round of this share's guilds is to be looked at next; None where none is played."""
    return tx.execute(_NEXT if share.is_whole else _NEXT.where(of_share(quiz_round.c.guild_id, share))).scalar()


def questions(tx: Connection, guild_id: int, number: int) -> list[Question]:
    """Return the questions of a round, in order."""
    return [
        Question(
            row.question,
            ChoiceCard.model_validate_json(row.card),
            row.topic,
            tuple(LETTER[letter] for letter in row.order),
        )
        for row in tx.execute(_QUESTIONS, {"guild": guild_id, "number": number})
    ]


def used(tx: Connection, guild_id: int) -> dict[str, int]:
    """Return how often each card was asked in a guild."""
    rows = quiz_question.c
    counted = select(rows.card_id, func.count().label("number")).where(rows.guild_id == guild_id).group_by(rows.card_id)
    return {row.card_id: row.number for row in tx.execute(counted)}


def answer(tx: Connection, guild_id: int, user_id: int, number: int, what: tuple[int, Letter], now: datetime) -> None:
    """Record what a member chose for a question, in place of what the member chose before."""
    question, letter = what
    values = {"guild_id": guild_id, "number": number, "question": question, "user_id": user_id}
    tx.execute(_ANSWER, values | {"letter": letter, "at": now, "taken_at": None})


def answers(tx: Connection, guild_id: int, number: int) -> list[Answered]:
    """Return everything that was answered in a round."""
    rows = tx.execute(_ANSWERS, {"guild": guild_id, "number": number})
    return [Answered(question, user_id, LETTER[letter]) for question, user_id, letter in rows]


def take(tx: Connection, guild_id: int, user_id: int, number: int, now: datetime) -> bool:
    """Note that a member takes what was missed in a round into the own review; False where that was noted before."""
    rows = quiz_answer.c
    mine = rows.guild_id == guild_id, rows.number == number, rows.user_id == user_id, rows.taken_at.is_(None)
    return tx.execute(update(quiz_answer).where(*mine).values(taken_at=now)).rowcount > 0


def shared_topics(tx: Connection, guild_id: int, among: Collection[int] | None) -> dict[str, int]:
    """Return how many members have begun, finished or known each topic, where at least ``SHARED_BY`` have.

    Args:
        tx: a transaction.
        guild_id: the guild; who left it does not count.
        among: ids of the members who count; None for everybody.
    """
    here = topic_mark.outerjoin(
        member, (member.c.guild_id == topic_mark.c.guild_id) & (member.c.user_id == topic_mark.c.user_id)
    )
    found = (
        select(topic_mark.c.topic_id, func.count().label("number"))
        .select_from(here)
        .where(
            topic_mark.c.guild_id == guild_id,
            topic_mark.c.user_id > 0,
            topic_mark.c.state.in_([state.value for state in sorted(COUNTS)]),
            or_(member.c.user_id.is_(None), member.c.left_at.is_(None)),
        )
        .group_by(topic_mark.c.topic_id)
        .having(func.count() >= SHARED_BY)
    )
    if among is not None:
        found = found.where(topic_mark.c.user_id.in_(among))
    return {row.topic_id: row.number for row in tx.execute(found)}


def forget_old(tx: Connection, before: datetime) -> int:
    """Delete the rounds of all guilds that began before an instant and are over; return how many."""
    rows = quiz_round.c
    old = [
        (guild_id, number)
        for guild_id, number in tx.execute(
            select(rows.guild_id, rows.number).where(rows.started_at < before, rows.state == RoundState.ENDED)
        )
    ]
    for guild_id, number in old:
        for one in (quiz_answer, quiz_question, quiz_round):
            tx.execute(delete(one).where(one.c.guild_id == guild_id, one.c.number == number))
    return len(old)


def _values(one: Round) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(one)}


def _round(row: RowMapping) -> Round:
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(Round)}
    values["state"] = RoundState(values["state"])
    values["ended"] = RoundEnd(values["ended"]) if values["ended"] else None
    return Round(**values)
