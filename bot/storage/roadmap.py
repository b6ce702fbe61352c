"""Progress on the roadmap.

``progress_act`` and ``progress_change`` are the truth and only ever grow: an act is what a member did at one moment,
its changes are the topics it moved, each with the mark before and after. Undoing is an act of its own that names the
one it takes back. ``topic_mark`` is materialized from them in the same transaction and can be rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    exists,
    func,
    select,
)

from bot.domain.frozen import frozen
from bot.domain.roadmap import STATES, Act, Change, Mark, State
from bot.storage.schema import Instant, Snowflake, guild_key, table, user_key
from bot.storage.upsert import insert

progress_act: Final = table(
    "progress_act",
    guild_key(),
    user_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("act", Text, nullable=False),
    Column("undoes", Integer),
    Column("at", Instant, nullable=False),
    UniqueConstraint("guild_id", "user_id", "undoes"),
    without_rowid=True,
)

progress_change: Final = table(
    "progress_change",
    guild_key(),
    user_key(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("topic_id", Text, primary_key=True),
    Column("state_before", Text, nullable=False),
    Column("state_after", Text, nullable=False),
    Column("evidence_before", Text),
    Column("evidence_after", Text),
    ForeignKeyConstraint(
        ["guild_id", "user_id", "number"], ["progress_act.guild_id", "progress_act.user_id", "progress_act.number"]
    ),
    without_rowid=True,
)

topic_mark: Final = table(
    "topic_mark",
    guild_key(),
    user_key(),
    Column("topic_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("evidence", Text),
    Column("since", Instant, nullable=False),
    without_rowid=True,
)
Index("ix_topic_mark_guild_id_topic_id", topic_mark.c.guild_id, topic_mark.c.topic_id, topic_mark.c.state)

topic_note: Final = table(
    "topic_note",
    guild_key(),
    user_key(),
    Column("topic_id", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)


_MARKS: Final = select(topic_mark.c.topic_id, topic_mark.c.state, topic_mark.c.evidence).where(
    topic_mark.c.guild_id == bindparam("guild"), topic_mark.c.user_id == bindparam("user")
)
_STATES: Final = select(topic_mark.c.topic_id, topic_mark.c.state).where(
    topic_mark.c.guild_id == bindparam("guild"), topic_mark.c.user_id == bindparam("user")
)
_NOTE: Final = select(topic_note.c.text).where(
    topic_note.c.guild_id == bindparam("guild"),
    topic_note.c.user_id == bindparam("user"),
    topic_note.c.topic_id == bindparam("topic"),
)
_NEW_NOTE: Final = insert(topic_note)
_PUT_NOTE: Final = _NEW_NOTE.on_conflict_do_update(
    index_elements=["guild_id", "user_id", "topic_id"],
    set_={"text": _NEW_NOTE.excluded.text, "at": _NEW_NOTE.excluded.at},
)
_GUILD, _USER = bindparam("guild", type_=Snowflake), bindparam("user", type_=Snowflake)
_NEXT: Final = select(func.coalesce(func.max(progress_act.c.number), 0) + 1).where(
    progress_act.c.guild_id == _GUILD, progress_act.c.user_id == _USER
)
_ACT: Final[dict[str, Any]] = {"act": bindparam("done"), "undoes": bindparam("taken"), "at": bindparam("now")}
_NEW_ACT: Final[dict[str, Any]] = {
    "guild_id": _GUILD,
    "user_id": _USER,
    "number": _NEXT.scalar_subquery(),
    **_ACT,
}
_ADD_ACT: Final = progress_act.insert().values(_NEW_ACT).returning(progress_act.c.number)
_GUILD_MARKS: Final = select(topic_mark.c.user_id, topic_mark.c.topic_id, topic_mark.c.state).where(
    topic_mark.c.guild_id == bindparam("guild")
)
_ADD_CHANGE: Final = progress_change.insert()
_NEW_MARK: Final = insert(topic_mark)
_PUT_MARK: Final = _NEW_MARK.on_conflict_do_update(
    index_elements=["guild_id", "user_id", "topic_id"],
    set_={
        "state": _NEW_MARK.excluded.state,
        "evidence": _NEW_MARK.excluded.evidence,
        "since": _NEW_MARK.excluded.since,
    },
)


@frozen
class RecordedAct:
    """An act as it was recorded at an instant; ``number`` counts a member's acts from 1."""

    number: int
    act: Act
    at: datetime
    changes: tuple[Change, ...]


def marks(tx: Connection, guild_id: int, user_id: int) -> dict[str, Mark]:
    """Return the member's marks by topic; topics that are not started are absent."""
    rows = tx.execute(_MARKS, {"guild": guild_id, "user": user_id})
    return {topic_id: Mark(STATES[state], evidence) for topic_id, state, evidence in rows}


def states(tx: Connection, guild_id: int, user_id: int) -> dict[str, State]:
    """Return the states of the member's topics; those that are not started are absent."""
    rows = tx.execute(_STATES, {"guild": guild_id, "user": user_id}).all()
    return {topic_id: STATES[state] for topic_id, state in rows}


def record(tx: Connection, guild_id: int, user_id: int, act: Act, changes: Iterable[Change], now: datetime) -> None:
    """Record one act and move the member's marks by its changes."""
    _append(tx, guild_id, user_id, act, tuple(changes), now, undoes=None)


def last_act(tx: Connection, guild_id: int, user_id: int) -> RecordedAct | None:
    """Return the latest act that was not taken back and is no taking back itself."""
    undoing = progress_act.alias()
    row = tx.execute(
        select(progress_act.c.number, progress_act.c.act, progress_act.c.at)
        .where(
            progress_act.c.guild_id == guild_id,
            progress_act.c.user_id == user_id,
            progress_act.c.undoes.is_(None),
            ~exists().where(
                undoing.c.guild_id == guild_id,
                undoing.c.user_id == user_id,
                undoing.c.undoes == progress_act.c.number,
            ),
        )
        .order_by(progress_act.c.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return RecordedAct(row.number, Act(row.act), row.at, _changes(tx, guild_id, user_id, row.number))


def take_back(tx: Connection, guild_id: int, user_id: int, recorded: RecordedAct, now: datetime) -> None:
    """Undo an act: every topic it moved goes back to the mark it had before."""
    back = tuple(Change(change.topic_id, change.after, change.before) for change in recorded.changes)
    _append(tx, guild_id, user_id, Act.UNDO, back, now, undoes=recorded.number)


def note(tx: Connection, guild_id: int, user_id: int, topic_id: str) -> str | None:
    """Return the member's private note on a topic."""
    return tx.execute(_NOTE, {"guild": guild_id, "user": user_id, "topic": topic_id}).scalar()


def put_note(tx: Connection, guild_id: int, user_id: int, topic_id: str, text: str, now: datetime) -> None:
    """Save the member's private note on a topic; an empty text removes it."""
    if not text:
        tx.execute(delete(topic_note).where(_own_note(guild_id, user_id, topic_id)))
        return
    values = {"guild_id": guild_id, "user_id": user_id, "topic_id": topic_id, "text": text, "at": now}
    tx.execute(_PUT_NOTE, values)


def guild_marks(tx: Connection, guild_id: int) -> dict[int, dict[str, State]]:
    """Return the states of everybody in a guild: member id to topic id to state."""
    found: dict[int, dict[str, State]] = {}
    for user_id, topic_id, state in tx.execute(_GUILD_MARKS, {"guild": guild_id}):
        found.setdefault(user_id, {})[topic_id] = STATES[state]
    return found


def rebuilt_marks(tx: Connection, guild_id: int, user_id: int) -> dict[str, Mark]:
    """Return the member's marks computed from the log alone; equal to ``marks`` or something is wrong."""
    found: dict[str, Mark] = {}
    for row in tx.execute(
        select(progress_change)
        .where(progress_change.c.guild_id == guild_id, progress_change.c.user_id == user_id)
        .order_by(progress_change.c.number)
    ):
        found[row.topic_id] = Mark(State(row.state_after), row.evidence_after)
    return {topic_id: mark for topic_id, mark in found.items() if mark.state is not State.NOT_STARTED}


def _append(
    tx: Connection,
    guild_id: int,
    user_id: int,
    act: Act,
    changes: tuple[Change, ...],
    now: datetime,
    *,
    undoes: int | None,
) -> None:
    added = {"guild": guild_id, "user": user_id, "done": act, "taken": undoes, "now": now}
    key = {"guild_id": guild_id, "user_id": user_id, "number": tx.execute(_ADD_ACT, added).scalar_one()}
    if not changes:
        return
    rows = [
        {
            **key,
            "topic_id": change.topic_id,
            "state_before": change.before.state,
            "state_after": change.after.state,
            "evidence_before": change.before.evidence,
            "evidence_after": change.after.evidence,
        }
        for change in changes
    ]
    tx.execute(_ADD_CHANGE, rows)
    _move(tx, guild_id, user_id, {change.topic_id: change.after for change in changes}, now)


def _move(tx: Connection, guild_id: int, user_id: int, after: Mapping[str, Mark], now: datetime) -> None:
    cleared = [topic_id for topic_id, mark in after.items() if mark.state is State.NOT_STARTED]
    kept = [
        {
            "guild_id": guild_id,
            "user_id": user_id,
            "topic_id": topic_id,
            "state": mark.state,
            "evidence": mark.evidence,
            "since": now,
        }
        for topic_id, mark in after.items()
        if mark.state is not State.NOT_STARTED
    ]
    if cleared:
        tx.execute(
            delete(topic_mark).where(
                topic_mark.c.guild_id == guild_id,
                topic_mark.c.user_id == user_id,
                topic_mark.c.topic_id.in_(cleared),
            )
        )
    if kept:
        tx.execute(_PUT_MARK, kept)


def _changes(tx: Connection, guild_id: int, user_id: int, number: int) -> tuple[Change, ...]:
    rows = tx.execute(
        select(progress_change).where(
            and_(
                progress_change.c.guild_id == guild_id,
                progress_change.c.user_id == user_id,
                progress_change.c.number == number,
            )
        )
    )
    return tuple(
        Change(
            row.topic_id,
            Mark(State(row.state_before), row.evidence_before),
            Mark(State(row.state_after), row.evidence_after),
        )
        for row in rows
    )


def _own_note(guild_id: int, user_id: int, topic_id: str) -> ColumnElement[bool]:
    return and_(topic_note.c.guild_id == guild_id, topic_note.c.user_id == user_id, topic_note.c.topic_id == topic_id)
