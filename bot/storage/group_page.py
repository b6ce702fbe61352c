"""What the page of a study group begins with: the group as one person comes to it, and who is in it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Integer, and_, bindparam, func, select

from bot.domain.day import DayRule
from bot.domain.frozen import frozen
from bot.storage.group import COLUMNS, GROUP_OF, MEMBERS, Group, group, group_invite, group_member
from bot.storage.guild import guild
from bot.storage.member import member
from bot.storage.schema import time_of

_COMPANIONS: Final = MEMBERS.add_columns(
    member.c.name, member.c.hidden, member.c.left_off_reason, member.c.wants_company
).outerjoin(member, and_(member.c.guild_id == group_member.c.guild_id, member.c.user_id == group_member.c.user_id))
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
class Companion:
    """A member of a group: since when, the name, and the choices that the group's pages heed."""

    joined_at: datetime
    name: str | None = None
    off_boards: bool = False
    wants_company: bool = True


def visit(tx: Connection, guild_id: int, user_id: int, group_id: int | None = None) -> Visit | None:
    """Return a group as somebody comes to it; the person's own where none is named. None where there is none."""
    row = tx.execute(_VISIT, {"guild": guild_id, "user": user_id, "which": group_id}).one_or_none()
    if row is None:
        return None
    mine, invited_by, zone, minutes, role_id = tuple(row)[COLUMNS:]
    rule = DayRule() if zone is None else DayRule(zone, time_of(minutes))
    return Visit(Group.of(row), mine, invited_by is not None, rule, role_id)


def companions(tx: Connection, guild_id: int, group_id: int) -> dict[int, Companion]:
    """Return the members that ``members`` does, in that order, each with what the group's pages say of it."""
    rows = tx.execute(_COMPANIONS, {"guild": guild_id, "which": group_id})
    return {
        user_id: Companion(joined_at)
        if wanted is None
        else Companion(joined_at, name, bool(hidden) or left_off is not None, bool(wanted))
        for user_id, joined_at, name, hidden, left_off, wanted in rows
    }
