"""What the members of one study group did: asked by their ids, so that no query walks through a whole guild."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, func, literal, select

from bot.domain.roadmap import Act, State, read_states
from bot.domain.streak import DayKind
from bot.storage.prompt import prompt_done
from bot.storage.roadmap import progress_act, progress_change, topic_mark
from bot.storage.schema import Instant
from bot.storage.streak import streak_day


def _theirs(rows: Table) -> tuple[ColumnElement[bool], ...]:
    return rows.c.guild_id == bindparam("guild"), rows.c.user_id.in_(bindparam("among", expanding=True))


_COLON: Final = literal(":", literal_execute=True)
_STATES: Final = (
    select(topic_mark.c.user_id, func.aggregate_strings(topic_mark.c.topic_id + _COLON + topic_mark.c.state, " "))
    .where(*_theirs(topic_mark))
    .group_by(topic_mark.c.user_id)
)
"""One row for each member: many for each cost more to fetch than all else that a group's page asks."""
_TOPICS_DONE: Final = (
    select(progress_act.c.user_id, func.count(topic_mark.c.topic_id.distinct()))
    .outerjoin(
        progress_change,
        (progress_change.c.guild_id == progress_act.c.guild_id)
        & (progress_change.c.user_id == progress_act.c.user_id)
        & (progress_change.c.number == progress_act.c.number)
        & (progress_change.c.state_after == State.DONE),
    )
    .outerjoin(
        topic_mark,
        (topic_mark.c.guild_id == progress_change.c.guild_id)
        & (topic_mark.c.user_id == progress_change.c.user_id)
        & (topic_mark.c.topic_id == progress_change.c.topic_id)
        & (topic_mark.c.state == State.DONE),
    )
    .where(
        *_theirs(progress_act), progress_act.c.at >= bindparam("since", type_=Instant), progress_act.c.act == Act.MARK
    )
    .group_by(progress_act.c.user_id)
)
"""Outer joins, so that SQLite begins with the acts of that time; else it goes through all changes of their lives."""
_PROMPTS_DONE: Final = (
    select(prompt_done.c.user_id, func.count())
    .where(*_theirs(prompt_done), prompt_done.c.day >= bindparam("since"))
    .group_by(prompt_done.c.user_id)
)
_LEARNING: Final = (
    select(topic_mark.c.user_id, topic_mark.c.topic_id, topic_mark.c.since)
    .where(*_theirs(topic_mark), topic_mark.c.state == State.LEARNING)
    .order_by(topic_mark.c.since.desc(), topic_mark.c.topic_id)
)


def _last(rows: Table, *where: ColumnElement[bool]) -> Select[Any, Any]:
    latest = func.max(rows.c.at, type_=rows.c.at.type)
    return select(rows.c.user_id, latest).where(*_theirs(rows), *where).group_by(rows.c.user_id)


_LAST_ACTS: Final = (_last(progress_act), _last(prompt_done), _last(streak_day, streak_day.c.kind == DayKind.KEPT))
_LATER: Final = streak_day.alias()
_AWAY: Final = select(streak_day.c.user_id).where(
    *_theirs(streak_day),
    streak_day.c.day == bindparam("day"),
    streak_day.c.kind == DayKind.VACATION,
    streak_day.c.withdraws.is_(None),
    ~select(_LATER.c.number)
    .where(
        _LATER.c.guild_id == bindparam("guild"),
        _LATER.c.user_id == streak_day.c.user_id,
        _LATER.c.withdraws == streak_day.c.number,
    )
    .exists(),
)


def states(tx: Connection, guild_id: int, among: Collection[int]) -> dict[int, dict[str, State]]:
    """Return the states of these members: member id to topic id to state; each of them is in it."""
    return {user_id: read_states(told) for user_id, told in packed_states(tx, guild_id, among).items()}


def packed_states(tx: Connection, guild_id: int, among: Collection[int]) -> dict[int, str]:
    """Return the states of these members, each member's as ``read_states`` reads it; each of them is in it."""
    found = dict.fromkeys(among, "")
    found.update(iter(tx.execute(_STATES, {"guild": guild_id, "among": list(among)})))
    return found


def learning(tx: Connection, guild_id: int, among: Collection[int]) -> dict[int, tuple[str, datetime]]:
    """Return the topic each of these members has been learning for the longest, and since when."""
    rows = tx.execute(_LEARNING, {"guild": guild_id, "among": list(among)})
    return {user_id: (topic_id, since) for user_id, topic_id, since in rows}


def last_acts(tx: Connection, guild_id: int, among: Collection[int]) -> dict[int, datetime]:
    """Return when each of these members did something last: on the road, with a prompt, or whatever kept a day."""
    found: dict[int, datetime] = {}
    for last in _LAST_ACTS:
        for user_id, at in tx.execute(last, {"guild": guild_id, "among": list(among)}):
            found[user_id] = max(at, found.get(user_id, at))
    return found


def away(tx: Connection, guild_id: int, among: Collection[int], day: date) -> set[int]:
    """Return which of these members are on a vacation on a study day."""
    values = {"guild": guild_id, "among": list(among), "day": day.isoformat()}
    return set(tx.execute(_AWAY, values).scalars())


def topics_done(tx: Connection, guild_id: int, among: Collection[int], since: datetime) -> dict[int, int]:
    """Return how many topics each of these members marked done since then that are done still."""
    values = {"guild": guild_id, "among": list(among), "since": since}
    return dict(iter(tx.execute(_TOPICS_DONE, values)))


def prompts_done(tx: Connection, guild_id: int, among: Collection[int], since: date) -> dict[int, int]:
    """Return how many prompts each of these members did since that study day."""
    values = {"guild": guild_id, "among": list(among), "since": since.isoformat()}
    return dict(iter(tx.execute(_PROMPTS_DONE, values)))
