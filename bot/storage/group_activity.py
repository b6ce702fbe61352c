"""What the members of one study group did: asked by their ids, so that no query walks through a whole guild."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Table, func, select

from bot.domain.roadmap import Act, State
from bot.domain.streak import DayKind
from bot.storage.prompt import prompt_done
from bot.storage.roadmap import progress_act, progress_change, topic_mark
from bot.storage.streak import streak_day


def _of(rows: Table, guild_id: int, among: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return rows.c.guild_id == guild_id, rows.c.user_id.in_(among)


def states(tx: Connection, guild_id: int, among: Collection[int]) -> dict[int, dict[str, State]]:
    """Return the states of these members: member id to topic id to state; each of them is in it."""
    found: dict[int, dict[str, State]] = {user_id: {} for user_id in among}
    columns = topic_mark.c.user_id, topic_mark.c.topic_id, topic_mark.c.state
    for user_id, topic_id, state in tx.execute(select(*columns).where(*_of(topic_mark, guild_id, among))):
        found[user_id][topic_id] = State(state)
    return found


def learning(tx: Connection, guild_id: int, among: Collection[int]) -> dict[int, tuple[str, datetime]]:
    """Return the topic each of these members has been learning for the longest, and since when."""
    rows = tx.execute(
        select(topic_mark.c.user_id, topic_mark.c.topic_id, topic_mark.c.since)
        .where(*_of(topic_mark, guild_id, among), topic_mark.c.state == State.LEARNING)
        .order_by(topic_mark.c.since.desc(), topic_mark.c.topic_id)
    )
    return {user_id: (topic_id, since) for user_id, topic_id, since in rows}


def last_acts(tx: Connection, guild_id: int, among: Collection[int]) -> dict[int, datetime]:
    """Return when each of these members did something last: on the road, with a prompt, or whatever kept a day."""
    found: dict[int, datetime] = {}
    for rows in (progress_act, prompt_done, streak_day):
        query = select(rows.c.user_id, func.max(rows.c.at, type_=rows.c.at.type)).where(*_of(rows, guild_id, among))
        if rows is streak_day:
            query = query.where(streak_day.c.kind == DayKind.KEPT)
        for user_id, at in tx.execute(query.group_by(rows.c.user_id)):
            found[user_id] = max(at, found.get(user_id, at))
    return found


def away(tx: Connection, guild_id: int, among: Collection[int], day: date) -> set[int]:
    """Return which of these members are on a vacation on a study day."""
    later = streak_day.alias()
    taken_back = select(later.c.number).where(
        later.c.guild_id == guild_id,
        later.c.user_id == streak_day.c.user_id,
        later.c.withdraws == streak_day.c.number,
    )
    rows = tx.execute(
        select(streak_day.c.user_id).where(
            *_of(streak_day, guild_id, among),
            streak_day.c.day == day.isoformat(),
            streak_day.c.kind == DayKind.VACATION,
            streak_day.c.withdraws.is_(None),
            ~taken_back.exists(),
        )
    )
    return set(rows.scalars())


def topics_done(tx: Connection, guild_id: int, among: Collection[int], since: datetime) -> dict[int, int]:
    """Return how many topics each of these members marked done since then that are still done."""
    act, change = progress_act, progress_change
    rows = tx.execute(
        select(act.c.user_id, func.count(change.c.topic_id.distinct()).label("number"))
        .join(
            change,
            (change.c.guild_id == act.c.guild_id)
            & (change.c.user_id == act.c.user_id)
            & (change.c.number == act.c.number),
        )
        .join(
            topic_mark,
            (topic_mark.c.guild_id == act.c.guild_id)
            & (topic_mark.c.user_id == act.c.user_id)
            & (topic_mark.c.topic_id == change.c.topic_id),
        )
        .where(
            *_of(act, guild_id, among),
            act.c.at >= since,
            act.c.act == Act.MARK,
            change.c.state_after == State.DONE,
            topic_mark.c.state == State.DONE,
        )
        .group_by(act.c.user_id)
    )
    return {row.user_id: row.number for row in rows}


def prompts_done(tx: Connection, guild_id: int, among: Collection[int], since: date) -> dict[int, int]:
    """Return how many prompts each of these members did since that study day."""
    rows = tx.execute(
        select(prompt_done.c.user_id, func.count().label("number"))
        .where(*_of(prompt_done, guild_id, among), prompt_done.c.day >= since.isoformat())
        .group_by(prompt_done.c.user_id)
    )
    return {row.user_id: row.number for row in rows}
