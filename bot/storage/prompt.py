"""What members made of a post: done, answers, votes on how hard it was, and another exercise in its place."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    select,
    union,
)

from bot.domain.answer import Answer, Counts, Done, Vote
from bot.domain.frozen import frozen
from bot.domain.reminder import ReminderKind, ReminderState
from bot.storage.reminder import reminder
from bot.storage.schema import ONE_ROW, Instant, guild_key, table, user_key
from bot.storage.upsert import insert


def _number() -> Column[int]:
    """Return the part of a key that names the occurrence."""
    return Column("number", Integer, primary_key=True, autoincrement=False)


prompt_done: Final = table(
    "prompt_done",
    guild_key(),
    _number(),
    user_key(),
    Column("exercise_id", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)
Index("ix_prompt_done_guild_id_user_id", prompt_done.c.guild_id, prompt_done.c.user_id, prompt_done.c.day)

prompt_answer: Final = table(
    "prompt_answer",
    guild_key(),
    _number(),
    user_key(),
    Column("exercise_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("shared", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)

prompt_vote: Final = table(
    "prompt_vote",
    guild_key(),
    user_key(),
    Column("exercise_id", Text, primary_key=True),
    Column("vote", Text, nullable=False),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)

prompt_instead: Final = table(
    "prompt_instead",
    guild_key(),
    _number(),
    user_key(),
    Column("exercise_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)
"""The exercise a member got in place of the posted one; the latest counts."""


def _mine(of: Table) -> tuple[ColumnElement[bool], ...]:
    """Return what picks a member's row of a post; a statement that is built once spares the time to build it."""
    return of.c.guild_id == bindparam("guild"), of.c.number == bindparam("number"), of.c.user_id == bindparam("user")


_DONE: Final = select(prompt_done).where(*_mine(prompt_done))
_ANSWER: Final = select(prompt_answer).where(*_mine(prompt_answer))
_INSTEAD: Final = select(prompt_instead.c.exercise_id).where(*_mine(prompt_instead))
_ALL_DONE: Final = prompt_done.alias()
_ALL_ANSWERS: Final = prompt_answer.alias()
_BOTH_COUNTS: Final = (
    select(func.count())
    .where(_ALL_DONE.c.guild_id == bindparam("guild"), _ALL_DONE.c.number == bindparam("number"))
    .scalar_subquery()
    .label("done"),
    select(func.count())
    .where(
        _ALL_ANSWERS.c.guild_id == bindparam("guild"),
        _ALL_ANSWERS.c.number == bindparam("number"),
        _ALL_ANSWERS.c.shared == 1,
    )
    .scalar_subquery()
    .label("shared"),
)
_COUNTS: Final = select(*_BOTH_COUNTS)
_LATER: Final = (
    select(reminder.c.due_at)
    .where(
        *_mine(reminder),
        reminder.c.kind == ReminderKind.LATER.value,
        reminder.c.state == ReminderState.DUE.value,
    )
    .scalar_subquery()
)
_MADE: Final = select(
    _INSTEAD.scalar_subquery(),
    prompt_done.c.exercise_id, prompt_done.c.day, prompt_done.c.at,
    prompt_answer.c.exercise_id, prompt_answer.c.text, prompt_answer.c.shared, prompt_answer.c.at,
    *_BOTH_COUNTS,
    _LATER,
).select_from(
    ONE_ROW
    .outerjoin(prompt_done, and_(*_mine(prompt_done)))
    .outerjoin(prompt_answer, and_(*_mine(prompt_answer)))
)  # fmt: skip

_DROP_DONE: Final = delete(prompt_done).where(
    prompt_done.c.guild_id == bindparam("guild"),
    prompt_done.c.number == bindparam("number"),
    prompt_done.c.user_id == bindparam("user"),
)
_DROP_ANSWER: Final = delete(prompt_answer).where(
    prompt_answer.c.guild_id == bindparam("guild"),
    prompt_answer.c.number == bindparam("number"),
    prompt_answer.c.user_id == bindparam("user"),
)
_NEW_ANSWER: Final = insert(prompt_answer)
_PUT_ANSWER: Final = _NEW_ANSWER.on_conflict_do_update(
    index_elements=["guild_id", "number", "user_id"],
    set_={name: _NEW_ANSWER.excluded[name] for name in ("exercise_id", "text", "shared", "at")},
)
_NEW_VOTE: Final = insert(prompt_vote)
_PUT_VOTE: Final = _NEW_VOTE.on_conflict_do_update(
    index_elements=["guild_id", "user_id", "exercise_id"],
    set_={"vote": _NEW_VOTE.excluded.vote, "at": _NEW_VOTE.excluded.at},
)
_NEW_INSTEAD: Final = insert(prompt_instead)
_PUT_INSTEAD: Final = _NEW_INSTEAD.on_conflict_do_update(
    index_elements=["guild_id", "number", "user_id"],
    set_={"exercise_id": _NEW_INSTEAD.excluded.exercise_id, "at": _NEW_INSTEAD.excluded.at},
)
_DONE_EVER: Final = select(prompt_done.c.exercise_id).where(
    prompt_done.c.guild_id == bindparam("guild"), prompt_done.c.user_id == bindparam("user")
)
_VOTED_EVER: Final = select(prompt_vote.c.exercise_id).where(
    prompt_vote.c.guild_id == bindparam("guild"), prompt_vote.c.user_id == bindparam("user")
)
# a SELECT around it, because a bare UNION is none of the statements that are kept prepared
_HAD: Final = select(union(_DONE_EVER, _VOTED_EVER).subquery().c.exercise_id)
_ADD_DONE: Final = insert(prompt_done).on_conflict_do_nothing()


@frozen
class Made:
    """What a member made of a post.

    Attributes:
        instead: the exercise in place of the posted one; None for none.
        done: that the member did it; None where not.
        answer: what the member wrote.
        counts: how many did it and shared an answer.
        remind_at: when the member is reminded of it; None for not.
    """

    instead: str | None
    done: Done | None
    answer: Answer | None
    counts: Counts
    remind_at: datetime | None


def made(tx: Connection, guild_id: int, user_id: int, number: int) -> Made:
    """Return all that a member made of a post, in one question."""
    row = tx.execute(_MADE, {"guild": guild_id, "number": number, "user": user_id}).one()
    instead, did, day, did_at, answered, text, shared, wrote_at, all_done, all_shared, remind_at = row
    return Made(
        instead,
        None if did is None else Done(number, user_id, did, date.fromisoformat(day), did_at),
        None if answered is None else Answer(number, user_id, answered, text, bool(shared), wrote_at),
        Counts(all_done, all_shared),
        remind_at,
    )


def done(tx: Connection, guild_id: int, user_id: int, number: int) -> Done | None:
    """Return that a member did a post's exercise; None where not."""
    row = tx.execute(_DONE, {"guild": guild_id, "number": number, "user": user_id}).one_or_none()
    return None if row is None else Done(row.number, user_id, row.exercise_id, date.fromisoformat(row.day), row.at)


def mark_done(
    tx: Connection, guild_id: int, user_id: int, number: int, exercise_id: str, day: date, now: datetime
) -> bool:
    """Record that a member did a post's exercise; False where it was recorded before."""
    row = {
        "guild_id": guild_id,
        "number": number,
        "user_id": user_id,
        "exercise_id": exercise_id,
        "day": day.isoformat(),
        "at": now,
    }
    return tx.execute(_ADD_DONE, row).rowcount > 0


def unmark_done(tx: Connection, guild_id: int, user_id: int, number: int) -> bool:
    """Take back that a member did a post's exercise; False where there was nothing to take back."""
    return tx.execute(_DROP_DONE, {"guild": guild_id, "number": number, "user": user_id}).rowcount > 0


def counts(tx: Connection, guild_id: int, number: int) -> Counts:
    """Return how many members did a post's exercise and shared an answer."""
    row = tx.execute(_COUNTS, {"guild": guild_id, "number": number}).one()
    return Counts(row.done, row.shared)


def put_answer(tx: Connection, guild_id: int, what: Answer) -> None:
    """Keep what a member wrote, in place of what the member wrote before; an empty text takes it away."""
    if not what.text:
        tx.execute(_DROP_ANSWER, {"guild": guild_id, "number": what.number, "user": what.user_id})
        return
    row = {
        "guild_id": guild_id,
        "number": what.number,
        "user_id": what.user_id,
        "exercise_id": what.exercise_id,
        "text": what.text,
        "shared": int(what.shared),
        "at": what.at,
    }
    tx.execute(_PUT_ANSWER, row)


def answer(tx: Connection, guild_id: int, user_id: int, number: int) -> Answer | None:
    """Return what a member wrote to a post."""
    row = tx.execute(_ANSWER, {"guild": guild_id, "number": number, "user": user_id}).one_or_none()
    if row is None:
        return None
    return Answer(row.number, row.user_id, row.exercise_id, row.text, bool(row.shared), row.at)


def shared_answers(tx: Connection, guild_id: int, number: int, most: int, after: int = 0) -> list[Answer]:
    """Return the shared answers to a post, the oldest first: up to ``most``, without the first ``after``."""
    rows = tx.execute(
        select(prompt_answer)
        .where(prompt_answer.c.guild_id == guild_id, prompt_answer.c.number == number, prompt_answer.c.shared == 1)
        .order_by(prompt_answer.c.at, prompt_answer.c.user_id)
        .limit(most)
        .offset(after)
    )
    return [Answer(row.number, row.user_id, row.exercise_id, row.text, True, row.at) for row in rows]


def put_vote(tx: Connection, guild_id: int, user_id: int, exercise_id: str, vote: Vote, now: datetime) -> None:
    """Keep how hard a member found an exercise; the latest vote counts."""
    row = {"guild_id": guild_id, "user_id": user_id, "exercise_id": exercise_id, "vote": vote, "at": now}
    tx.execute(_PUT_VOTE, row)


def votes(tx: Connection, guild_id: int, since: datetime) -> dict[str, tuple[int, int]]:
    """Return, for each exercise that was voted on since then, how many found it too hard and too easy."""
    rows = tx.execute(
        select(prompt_vote.c.exercise_id, prompt_vote.c.vote, func.count())
        .where(prompt_vote.c.guild_id == guild_id, prompt_vote.c.at >= since)
        .group_by(prompt_vote.c.exercise_id, prompt_vote.c.vote)
    )
    found: dict[str, tuple[int, int]] = {}
    for exercise_id, vote, times in rows:
        hard, easy = found.get(exercise_id, (0, 0))
        found[exercise_id] = (hard + times, easy) if vote == Vote.TOO_HARD else (hard, easy + times)
    return found


def put_instead(tx: Connection, guild_id: int, user_id: int, number: int, exercise_id: str, now: datetime) -> None:
    """Give a member another exercise in place of the posted one."""
    row = {"guild_id": guild_id, "number": number, "user_id": user_id, "exercise_id": exercise_id, "at": now}
    tx.execute(_PUT_INSTEAD, row)


def instead(tx: Connection, guild_id: int, user_id: int, number: int) -> str | None:
    """Return the exercise a member got in place of the posted one."""
    return tx.execute(_INSTEAD, {"guild": guild_id, "number": number, "user": user_id}).scalar()


def had(tx: Connection, guild_id: int, user_id: int) -> set[str]:
    """Return the exercises a member has done or voted on."""
    return set(tx.execute(_HAD, {"guild": guild_id, "user": user_id}).scalars())
