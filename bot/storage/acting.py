"""What is known of the member who acts: the day it is, the group, and whether the boards show the member.

Most of what an act writes needs some of it, so an act asks once. What is read here changes within no act that scores.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, and_, bindparam, select

from bot.domain.day import DEFAULT_DAY_START, DEFAULT_ZONE, DayRule
from bot.domain.frozen import frozen
from bot.storage.group import group_member
from bot.storage.guild import guild
from bot.storage.member import member
from bot.storage.schema import ONE_ROW, Snowflake, time_of


@frozen
class Actor:
    """A member about to act.

    Attributes:
        known: whether there is a row of the member; who has none is shown.
        shown: whether the member stands on the boards.
        rule: where and when the member's day begins.
        guild_rule: where and when the guild's day begins.
        group_id: the study group the member is in; None for none.
    """

    known: bool
    shown: bool
    rule: DayRule
    guild_rule: DayRule
    group_id: int | None


_GUILD: Final = bindparam("guild", type_=Snowflake)
_USER: Final = bindparam("user", type_=Snowflake)
_ACTOR: Final = select(
    guild.c.zone, guild.c.day_start_minutes,
    member.c.user_id, member.c.zone, member.c.day_start_minutes,
    member.c.hidden, member.c.left_off_reason, member.c.left_at,
    group_member.c.group_id,
).select_from(
    ONE_ROW
    .outerjoin(guild, guild.c.guild_id == _GUILD)
    .outerjoin(member, and_(member.c.guild_id == _GUILD, member.c.user_id == _USER))
    .outerjoin(group_member, and_(group_member.c.guild_id == _GUILD, group_member.c.user_id == _USER))
)  # fmt: skip


def of(tx: Connection, guild_id: int, user_id: int) -> Actor:
    """Return what is known of a member."""
    row = tx.execute(_ACTOR, {"guild": guild_id, "user": user_id}).one()
    guild_zone, guild_minutes, found, zone, minutes, hidden, left_off, left_at, group_id = row
    of_guild = DayRule(
        guild_zone or DEFAULT_ZONE, DEFAULT_DAY_START if guild_minutes is None else time_of(guild_minutes)
    )
    return Actor(
        known=found is not None,
        shown=not hidden and left_off is None and left_at is None,
        rule=DayRule(zone or of_guild.zone, of_guild.day_start if minutes is None else time_of(minutes)),
        guild_rule=of_guild,
        group_id=group_id,
    )
