"""Study groups within a guild: who is in which, and who was invited."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Index, Integer, Row, Text, bindparam, func, select, update

from bot.domain.frozen import frozen
from bot.domain.marks import safe, safe_title
from bot.storage.member import member
from bot.storage.schema import Instant, Snowflake, guild_key, table, user_key
from bot.storage.upsert import insert

group: Final = table(
    "group",
    guild_key(),
    Column("group_id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("emoji", Text),
    Column("size_limit", Integer, nullable=False),
    Column("is_open", Integer, nullable=False),
    Column("captain_id", Snowflake, nullable=False),
    Column("role_id", Snowflake),
    Column("channel_id", Snowflake),
    Column("created_at", Instant, nullable=False),
    Column("archived_at", Instant),
    without_rowid=True,
)

group_member: Final = table(
    "group_member",
    guild_key(),
    user_key(),
    Column("group_id", Integer, nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("here", Integer, nullable=False),
    without_rowid=True,
)
"""One group for each member at a time; ``here`` is 0 for who left the guild, so that sizes are counted in an index."""
Index("ix_group_member_guild_id_here_group_id", group_member.c.guild_id, group_member.c.here, group_member.c.group_id)

group_invite: Final = table(
    "group_invite",
    guild_key(),
    Column("group_id", Integer, primary_key=True, autoincrement=False),
    user_key(),
    Column("by_user_id", Snowflake, nullable=False),
    Column("at", Instant, nullable=False),
    without_rowid=True,
)

COLUMNS: Final = len(group.c)
GROUP_OF: Final = select(group_member.c.group_id).where(
    group_member.c.guild_id == bindparam("guild"), group_member.c.user_id == bindparam("user")
)
_SIZES: Final = (
    select(group_member.c.group_id, func.count().label("size"))
    .where(group_member.c.guild_id == bindparam("guild"), group_member.c.here == 1)
    .group_by(group_member.c.group_id)
)

_ONE: Final = select(group).where(group.c.guild_id == bindparam("guild"), group.c.group_id == bindparam("which"))
_ALL: Final = (
    select(group).where(group.c.guild_id == bindparam("guild")).order_by(func.lower(group.c.name), group.c.group_id)
)
_LIVING: Final = _ALL.where(group.c.archived_at.is_(None))
MEMBERS: Final = (
    select(group_member.c.user_id, group_member.c.joined_at)
    .where(
        group_member.c.guild_id == bindparam("guild"),
        group_member.c.here == 1,
        group_member.c.group_id == bindparam("which"),
    )
    .order_by(group_member.c.joined_at, group_member.c.user_id)
)
_INVITES: Final = (
    select(group_invite.c.group_id)
    .where(group_invite.c.guild_id == bindparam("guild"), group_invite.c.user_id == bindparam("user"))
    .order_by(group_invite.c.at.desc())
)


@frozen
class Group:
    """A study group.

    Attributes:
        size_limit: how many members it takes.
        is_open: whether anybody may join, or only who was invited.
        captain_id: who looks after it.
        role_id: a role of the server it is linked to.
        channel_id: a channel of the server it is linked to.
        archived_at: since when it takes nobody any more; None while it lives.
    """

    guild_id: int
    group_id: int
    name: str
    emoji: str | None
    size_limit: int
    is_open: bool
    captain_id: int
    role_id: int | None
    channel_id: int | None
    created_at: datetime
    archived_at: datetime | None = None

    @classmethod
    def of(cls, row: Row[Any]) -> Group:
        """Return the group that a row begins with."""
        # by their places: to look up a dozen columns by name costs more than the question itself
        guild_id, group_id, name, emoji, size, is_open, *more = tuple(row)[:COLUMNS]
        return cls(guild_id, group_id, name, emoji, size, bool(is_open), *more)

    @property
    def shown_name(self) -> str:
        """The emoji and the name, made safe to be shown in a message."""
        return f"{self.emoji} {safe(self.name)}" if self.emoji else safe(self.name)

    @property
    def label(self) -> str:
        """The emoji and the name, for places that show no markdown: buttons and menus."""
        name = safe_title(self.name) or self.name
        return f"{self.emoji} {name}" if self.emoji else name


def get(tx: Connection, guild_id: int, group_id: int) -> Group | None:
    """Return a group of a guild, archived or not."""
    row = tx.execute(_ONE, {"guild": guild_id, "which": group_id}).one_or_none()
    return None if row is None else Group.of(row)


def all_of(tx: Connection, guild_id: int, *, archived: bool = False) -> list[Group]:
    """Return a guild's groups by name; the archived ones too where asked for."""
    return [Group.of(row) for row in tx.execute(_ALL if archived else _LIVING, {"guild": guild_id})]


def add(tx: Connection, what: Group) -> Group:
    """Make a group; its id is given here."""
    newest = tx.execute(select(func.max(group.c.group_id)).where(group.c.guild_id == what.guild_id)).scalar()
    values = _values(what) | {"group_id": (newest or 0) + 1}
    tx.execute(group.insert().values(values))
    made = get(tx, what.guild_id, values["group_id"])
    assert made is not None  # noqa: S101  (inserted in this transaction)
    return made


def put(tx: Connection, what: Group) -> None:
    """Save a group."""
    where = group.c.guild_id == what.guild_id, group.c.group_id == what.group_id
    tx.execute(update(group).where(*where).values(_values(what)))


def members(tx: Connection, guild_id: int, group_id: int) -> dict[int, datetime]:
    """Return a group's members and since when each is in it, the longest first. Who left the guild is none."""
    return dict(iter(tx.execute(MEMBERS, {"guild": guild_id, "which": group_id})))


def sizes(tx: Connection, guild_id: int) -> dict[int, int]:
    """Return how many members each group of a guild has, without who left the guild; one of nobody is absent."""
    return dict(iter(tx.execute(_SIZES, {"guild": guild_id})))


def group_of(tx: Connection, guild_id: int, user_id: int) -> int | None:
    """Return the group a member is in."""
    return tx.execute(GROUP_OF, {"guild": guild_id, "user": user_id}).scalar()


def join(tx: Connection, guild_id: int, user_id: int, group_id: int, now: datetime) -> bool:
    """Put a member into a group; False where the member is in one already."""
    statement = insert(group_member).values(
        guild_id=guild_id, user_id=user_id, group_id=group_id, joined_at=now, here=1
    )
    return tx.execute(statement.on_conflict_do_nothing()).rowcount > 0


def put_here(tx: Connection, guild_id: int, user_id: int, *, here: bool) -> None:
    """Record that a member of a group left the guild, or is back."""
    where = group_member.c.guild_id == guild_id, group_member.c.user_id == user_id
    tx.execute(update(group_member).where(*where).values(here=int(here)))


def leave(tx: Connection, guild_id: int, user_id: int) -> bool:
    """Take a member out of the group; False where there is none."""
    where = group_member.c.guild_id == guild_id, group_member.c.user_id == user_id
    return tx.execute(group_member.delete().where(*where)).rowcount > 0


def invite(tx: Connection, guild_id: int, user_id: int, group_id: int, by_user_id: int, now: datetime) -> None:
    """Invite a member into a group."""
    statement = insert(group_invite).values(
        guild_id=guild_id, group_id=group_id, user_id=user_id, by_user_id=by_user_id, at=now
    )
    tx.execute(statement.on_conflict_do_nothing())


def invites(tx: Connection, guild_id: int, user_id: int) -> list[int]:
    """Return the groups a member was invited into, the latest first."""
    return list(tx.execute(_INVITES, {"guild": guild_id, "user": user_id}).scalars())


def invited(tx: Connection, guild_id: int, group_id: int) -> list[int]:
    """Return who was invited into a group and has not answered, the earliest first."""
    where = group_invite.c.guild_id == guild_id, group_invite.c.group_id == group_id
    return list(tx.execute(select(group_invite.c.user_id).where(*where).order_by(group_invite.c.at)).scalars())


def dissolve(tx: Connection, guild_id: int, group_id: int) -> int:
    """Take everybody out of a group, and all its invitations back; return how many members it had."""
    where = group_invite.c.guild_id == guild_id, group_invite.c.group_id == group_id
    tx.execute(group_invite.delete().where(*where))
    of_group = group_member.c.guild_id == guild_id, group_member.c.group_id == group_id
    return tx.execute(group_member.delete().where(*of_group)).rowcount


def without_group(tx: Connection, guild_id: int, most: int) -> list[int]:
    """Return up to ``most`` members of a guild who are in no group and have not left, by id."""
    grouped = select(group_member.c.user_id).where(group_member.c.guild_id == guild_id)
    rows = tx.execute(
        select(member.c.user_id)
        .where(member.c.guild_id == guild_id, member.c.left_at.is_(None), member.c.user_id.not_in(grouped))
        .order_by(member.c.user_id)
        .limit(most)
    )
    return list(rows.scalars())


def drop_invite(tx: Connection, guild_id: int, user_id: int, group_id: int) -> bool:
    """Take an invitation away; False where there is none."""
    where = group_invite.c.guild_id == guild_id, group_invite.c.user_id == user_id
    return tx.execute(group_invite.delete().where(*where, group_invite.c.group_id == group_id)).rowcount > 0


def _values(what: Group) -> dict[str, Any]:
    values = {field.name: getattr(what, field.name) for field in fields(what)}
    return values | {"is_open": int(what.is_open)}
