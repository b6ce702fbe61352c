"""What the members of one study group did: asked by their ids, so that no query walks through a whole guild."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, func, literal, select

from bot.domain.roadmap import State, read_states
from bot.domain.streak import DayKind
from bot.storage.prompt import prompt_done
from bot.storage.roadmap import progress_act, topic_mark
from bot.storage.streak import streak_day


def _theirs(rows: Table) -> tuple[ColumnElement[bool], ...]:
    return rows.c.guild_id == bindparam("guild"), rows.c.user_id.in_(bindparam("among", expanding=True))


_COLON: Final = literal(":", literal_execute=True)
PACKED_STATES: Final = func.aggregate_strings(topic_mark.c.topic_id + _COLON + topic_mark.c.state, " ")
"""One text for each member: many rows for each cost more to fetch than all else that a group's page asks."""
_STATES: Final = select(topic_mark.c.user_id, PACKED_STATES).where(*_theirs(topic_mark)).group_by(topic_mark.c.user_id)
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
