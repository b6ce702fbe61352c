"""When a cohort begins the road and how long it takes for each stage; and when a member finished which topic."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from sqlalchemy import Column, Connection, Integer, Text, bindparam, delete, select

from bot.domain.frozen import frozen
from bot.domain.pace import CohortPlan
from bot.domain.roadmap import Act, State
from bot.storage.roadmap import progress_act, progress_change
from bot.storage.schema import Instant, Snowflake, guild_key, table
from bot.storage.upsert import insert

SERVER: Final = 0
"""Stands for the whole server where a group's number is asked for; groups count from 1."""

pace_plan: Final = table(
    "pace_plan",
    guild_key(),
    Column("group_id", Integer, primary_key=True, autoincrement=False),
    Column("first_day", Text, nullable=False),
    Column("weeks", Text, nullable=False),
    Column("by_user_id", Snowflake, nullable=False),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)

_ONE: Final = select(pace_plan.c.first_day, pace_plan.c.weeks).where(
    pace_plan.c.guild_id == bindparam("guild"), pace_plan.c.group_id == bindparam("group")
)
_STEPS: Final = (
    select(
        progress_act.c.at,
        progress_act.c.act,
        progress_change.c.topic_id,
        progress_change.c.state_before,
        progress_change.c.state_after,
    )
    .join(
        progress_change,
        (progress_change.c.guild_id == progress_act.c.guild_id)
        & (progress_change.c.user_id == progress_act.c.user_id)
        & (progress_change.c.number == progress_act.c.number),
    )
    .where(
        progress_act.c.guild_id == bindparam("guild", type_=Snowflake),
        progress_act.c.user_id == bindparam("user", type_=Snowflake),
    )
    .order_by(progress_act.c.number)
)


@frozen
class Reached:
    """Since when a topic counts for a member, and whether it was done rather than known before."""

    at: datetime
    worked: bool


def get(tx: Connection, guild_id: int, group_id: int) -> CohortPlan | None:
    """Return the plan of a group, or of the whole ``SERVER``; None where nobody made one."""
    row = tx.execute(_ONE, {"guild": guild_id, "group": group_id}).one_or_none()
    if row is None:
        return None
    weeks: Mapping[str, int] = json.loads(row.weeks)
    return CohortPlan(date.fromisoformat(row.first_day), weeks)


def put(tx: Connection, guild_id: int, group_id: int, plan: CohortPlan, by_user_id: int, now: datetime) -> None:
    """Keep a plan in the place of the one there was."""
    values = {
        "first_day": plan.first_day.isoformat(),
        "weeks": json.dumps(dict(plan.weeks)),
        "by_user_id": by_user_id,
        "at": now,
    }
    statement = insert(pace_plan).values(guild_id=guild_id, group_id=group_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["guild_id", "group_id"], set_=values))


def remove(tx: Connection, guild_id: int, group_id: int) -> bool:
    """Take a plan away; False where there is none."""
    where = pace_plan.c.guild_id == guild_id, pace_plan.c.group_id == group_id
    return tx.execute(delete(pace_plan).where(*where)).rowcount > 0


def reached(tx: Connection, guild_id: int, user_id: int) -> dict[str, Reached]:
    """Return since when each topic that counts now has counted, by the log of acts alone.

    Undoing a reset, or whatever else took a topic back, brings its earlier moment back: nobody learned it anew.
    """
    found: dict[str, Reached] = {}
    before: dict[str, Reached] = {}
    for row in tx.execute(_STEPS, {"guild": guild_id, "user": user_id}):
        was, state, topic_id = State(row.state_before), State(row.state_after), row.topic_id
        if not state.counts:
            if topic_id in found:
                before[topic_id] = found.pop(topic_id)
        elif row.act == Act.UNDO and topic_id in before:
            found[topic_id] = before[topic_id]
        elif not was.counts or was is not state:
            found[topic_id] = Reached(row.at, state is State.DONE)
    return found


def began(tx: Connection, guild_id: int, user_id: int) -> datetime | None:
    """Return when a member did something on the road for the first time; None where that never was."""
    first = select(progress_act.c.at).where(progress_act.c.guild_id == guild_id, progress_act.c.user_id == user_id)
    return tx.execute(first.order_by(progress_act.c.number).limit(1)).scalar()
