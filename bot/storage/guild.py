"""Guilds: the settings that moderators make in ``/setup``."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import Column, Connection, Integer, Row, Text, bindparam, select

from bot.domain.board import Measure
from bot.domain.day import DEFAULT_DAY_START, DEFAULT_ZONE, DayRule
from bot.domain.frozen import frozen
from bot.domain.group import GroupMakers
from bot.storage.schema import Instant, Snowflake, guild_key, minutes_of, table, time_of
from bot.storage.upsert import insert

guild: Final = table(
    "guild",
    guild_key(),
    Column("zone", Text, nullable=False, server_default=DEFAULT_ZONE),
    Column("day_start_minutes", Integer, nullable=False, server_default=str(DEFAULT_DAY_START.hour * 60)),
    Column("moderator_role_id", Snowflake),
    Column("moderator_channel_id", Snowflake),
    Column("welcome_channel_id", Snowflake),
    Column("greeted_at", Instant),
    Column("welcomed_at", Instant),
    Column("group_makers", Text, nullable=False, server_default=GroupMakers.MODERATORS.value),
    Column("group_measure", Text, nullable=False, server_default=Measure.MEAN.value),
    Column("group_least", Integer, nullable=False, server_default="2"),
    Column("showcase_channel_id", Snowflake),
)


_DAY_RULE: Final = select(guild.c.zone, guild.c.day_start_minutes).where(guild.c.guild_id == bindparam("guild"))
_ONE: Final = select(guild).where(guild.c.guild_id == bindparam("guild"))


@frozen
class Guild:
    """A guild's settings. Ids are Discord's.

    Attributes:
        greeted_at: when the bot said hello after joining.
        welcomed_at: when it introduced itself to the members.
        group_makers: who may make study groups.
        group_measure: by what groups are compared.
        group_least: how many members a group needs to stand on the board.
        showcase_channel_id: where finished projects are shown.
    """

    id: int
    zone: str = DEFAULT_ZONE
    day_start: time = DEFAULT_DAY_START
    moderator_role_id: int | None = None
    moderator_channel_id: int | None = None
    welcome_channel_id: int | None = None
    greeted_at: datetime | None = None
    welcomed_at: datetime | None = None
    group_makers: GroupMakers = GroupMakers.MODERATORS
    group_measure: Measure = Measure.MEAN
    group_least: int = 2
    showcase_channel_id: int | None = None

    @property
    def day_rule(self) -> DayRule:
        """Where and when this guild's day begins."""
        return DayRule(self.zone, self.day_start)


def get(tx: Connection, guild_id: int) -> Guild:
    """Return a guild's settings; the defaults where none were made."""
    row = tx.execute(_ONE, {"guild": guild_id}).one_or_none()
    return Guild(guild_id) if row is None else _guild(row)


def day_rule(tx: Connection, guild_id: int) -> DayRule:
    """Return where and when a guild's day begins; far less to read than all settings."""
    row = tx.execute(_DAY_RULE, {"guild": guild_id}).one_or_none()
    return DayRule() if row is None else DayRule(row.zone, time_of(row.day_start_minutes))


def moderator_channel(tx: Connection, guild_id: int) -> int | None:
    """Return the channel in which a guild's moderators are told things; None where none was chosen."""
    return tx.execute(select(guild.c.moderator_channel_id).where(guild.c.guild_id == guild_id)).scalar()


def put(tx: Connection, settings: Guild) -> None:
    """Save a guild's settings."""
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    values["guild_id"] = values.pop("id")
    start: time = values.pop("day_start")
    values["day_start_minutes"] = minutes_of(start)
    statement = insert(guild).values(values)
    tx.execute(statement.on_conflict_do_update(index_elements=["guild_id"], set_=values))


def _guild(row: Row[Any]) -> Guild:
    # by their places: to look up a dozen columns by name costs more than the question itself
    values: tuple[Any, ...] = tuple(row)
    guild_id, zone, minutes, role_id, told_in, welcomes_in, greeted_at, welcomed_at, *groups = values
    makers, measure, least, shows_in = groups
    return Guild(
        guild_id, zone, time_of(minutes), role_id, told_in, welcomes_in, greeted_at, welcomed_at,
        GroupMakers(makers), Measure(measure), least, shows_in,
    )  # fmt: skip
