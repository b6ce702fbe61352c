"""What the page of a study group begins with: the group as one person comes to it, and who is in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, Integer, Table, and_, bindparam, func, select

from bot.domain.board import Window
from bot.domain.day import DayRule
from bot.domain.frozen import frozen
from bot.domain.roadmap import Act, State
from bot.storage.board import BOARD, group_share
from bot.storage.group import COLUMNS, GROUP_OF, MEMBERS, Group, group, group_invite, group_member
from bot.storage.group_activity import PACKED_STATES
from bot.storage.guild import guild
from bot.storage.member import member
from bot.storage.prepared import plain_rows
from bot.storage.prompt import prompt_done
from bot.storage.roadmap import progress_act, progress_change, topic_mark
from bot.storage.schema import Instant, time_of


def _theirs(rows: Table) -> tuple[ColumnElement[bool], ...]:
    return rows.c.guild_id == group_member.c.guild_id, rows.c.user_id == group_member.c.user_id


_NAMED: Final = MEMBERS.outerjoin(member, and_(*_theirs(member)))
_COMPANIONS: Final = _NAMED.add_columns(member.c.name, member.c.wants_company)
_STATES: Final = select(PACKED_STATES).where(*_theirs(topic_mark))
_TOPICS: Final = (
    select(func.count(topic_mark.c.topic_id.distinct()))
    .select_from(progress_act)
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
)
"""Outer joins, so that SQLite begins with the acts of that time; else it goes through all changes of their lives."""
_PROMPTS: Final = (
    select(func.count()).select_from(prompt_done).where(*_theirs(prompt_done), prompt_done.c.day >= bindparam("day"))
)
_POINTS: Final = select(group_share.c.score).where(
    group_share.c.board_id == BOARD.scalar_subquery(),
    group_share.c.group_id == group_member.c.group_id,
    group_share.c.user_id == group_member.c.user_id,
    group_share.c.score > 0,
)
_FELLOWS: Final = _NAMED.with_only_columns(
    group_member.c.user_id, member.c.name, member.c.hidden, member.c.left_off_reason, member.c.wants_company,
    *(one.scalar_subquery() for one in (_STATES, _TOPICS, _PROMPTS, _POINTS)),
)  # fmt: skip
"""One question for a member's whole line: asked one after the other, five cost half as much again."""
_MINE: Final = GROUP_OF.scalar_subquery()
_INVITED: Final = select(group_invite.c.by_user_id).where(
    group_invite.c.guild_id == group.c.guild_id,
    group_invite.c.group_id == group.c.group_id,
    group_invite.c.user_id == bindparam("user"),
)
_VISIT: Final = (
    select(group, _MINE, _INVITED.scalar_subquery())
    .add_columns(guild.c.zone, guild.c.day_start_minutes, guild.c.moderator_role_id)
    .outerjoin(guild, guild.c.guild_id == group.c.guild_id)
    .where(
        group.c.guild_id == bindparam("guild"),
        group.c.group_id == func.coalesce(bindparam("which", type_=Integer), _MINE),
    )
)


@frozen
class Visit:
    """A group, archived or not, as somebody comes to it.

    Attributes:
        group: the group.
        mine: the group that the person is in, this one or another.
        invited: whether the person was invited into this one.
        rule: where and when the guild's day begins.
        moderator_role_id: the role whose members are moderators of the guild.
    """

    group: Group
    mine: int | None
    invited: bool
    rule: DayRule
    moderator_role_id: int | None


@frozen
class Fellow:
    """A member of a group as the group's page shows one.

    Attributes:
        user_id: who.
        name: how the person was last called; None where nobody knows.
        off_boards: whether the boards leave the person off.
        wants_company: whether the person may be shown as in need of company.
        states: the states of the person's topics, as ``read_states`` reads them.
        topics: how many topics the person marked done in the week that are done still.
        prompts: how many prompts the person did in it.
        points: what that earned for the group.
    """

    user_id: int
    name: str | None
    off_boards: bool
    wants_company: bool
    states: str
    topics: int
    prompts: int
    points: int


@frozen
class Companion:
    """A member of a group who may need company: since when, the name, and whether that may be shown."""

    joined_at: datetime
    name: str | None = None
    wants_company: bool = True


def visit(tx: Connection, guild_id: int, user_id: int, group_id: int | None = None) -> Visit | None:
    """Return a group as somebody comes to it; the person's own where none is named. None where there is none."""
    row = tx.execute(_VISIT, {"guild": guild_id, "user": user_id, "which": group_id}).one_or_none()
    if row is None:
        return None
    mine, invited_by, zone, minutes, role_id = tuple(row)[COLUMNS:]
    rule = DayRule() if zone is None else DayRule(zone, time_of(minutes))
    return Visit(Group.of(row), mine, invited_by is not None, rule, role_id)


def fellows(tx: Connection, guild_id: int, group_id: int, monday: date, since: datetime) -> list[Fellow]:
    """Return the members that ``members`` does, in that order, each with the week that began on a Monday.

    Args:
        tx: a transaction.
        guild_id: the guild.
        group_id: the group.
        monday: the guild's study day on which the week began.
        since: when it began.
    """
    day = monday.isoformat()
    values = {"guild": guild_id, "which": group_id, "kind": Window.WEEK, "day": day, "since": since}
    return [
        Fellow(
            user_id,
            name,
            bool(hidden) or left_off is not None,
            wanted is None or bool(wanted),
            states or "",
            topics,
            prompts,
            points or 0,
        )
        for user_id, name, hidden, left_off, wanted, states, topics, prompts, points in plain_rows(
            tx.execute(_FELLOWS, values)
        )
    ]


def companions(tx: Connection, guild_id: int, group_id: int) -> dict[int, Companion]:
    """Return the members that ``members`` does, in that order, as far as their need of company is concerned."""
    rows = tx.execute(_COMPANIONS, {"guild": guild_id, "which": group_id})
    return {
        user_id: Companion(joined_at, name, wanted is None or bool(wanted)) for user_id, joined_at, name, wanted in rows
    }
