"""A guild with points: members, groups and what they earned, written as acts are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.domain.points import PointsRule, PointsTable, Reason
from bot.services.points import Earning, earn
from bot.storage import group as group_store
from bot.storage import member as member_store
from bot.storage import points as points_store
from bot.storage.group import Group

GUILD, OTHER = 11, 12
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)

_RULE = PointsRule(points=1, per_hour=True, daily_most=10_000, says="anything")
TABLE = PointsTable(
    topic=_RULE, prompt=_RULE, answer=_RULE, day=_RULE, evidence=_RULE, thanks=_RULE, review=_RULE
)  # fmt: skip
"""As many points as an act has hours: tests say what they give."""


def give(tx: Connection, user_id: int, points: int, day: date = TODAY, *, guild_id: int = GUILD) -> None:
    """Let a member earn points on a study day."""
    now = datetime.combine(day, time(12), UTC)
    source = f"{day}:{points}:{points_store.count_of_member(tx, guild_id, user_id)}"
    earn(tx, TABLE, guild_id, user_id, Earning(Reason.TOPIC, source, points), now)


def call(tx: Connection, names: Mapping[int, str], now: datetime = NOW, *, guild_id: int = GUILD) -> None:
    """Let members be seen under these names."""
    for user_id, name in names.items():
        member_store.put_seen(tx, guild_id, user_id, name, now)


def found(tx: Connection, name: str, *members: int, guild_id: int = GUILD) -> int:
    """Make a group of these members and return its id."""
    made = group_store.add(tx, Group(guild_id, 0, name, "🦉", 8, True, members[0], None, None, NOW))
    for user_id in members:
        group_store.join(tx, guild_id, user_id, made.group_id, NOW)
    return made.group_id


def ago(days: int) -> date:
    """Return a study day so many days before today."""
    return TODAY - timedelta(days=days)
