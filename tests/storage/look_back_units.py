"""The repository of looking back, each function as a unit of work for ``test_guilds_apart``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.domain.look_back import Kept, Way
from bot.storage import look_back
from bot.storage.look_back import Choice

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WEEK: Final = date(2026, 11, 23)

Unit: TypeAlias = Callable[[Connection, int, int], object]

READS: Final[dict[str, Unit]] = {
    "look_back.choice": look_back.choice,
    "look_back.written_to": lambda tx, guild_id, _user: look_back.written_to(tx, guild_id),
    "look_back.goal": lambda tx, guild_id, user_id: look_back.goal(tx, guild_id, user_id, WEEK),
    "look_back.counted": lambda tx, guild_id, user_id: look_back.counted(tx, guild_id, user_id, WEEK),
}
OF_A_GUILD: Final = {"look_back.written_to"}
"""What is asked for a guild, not for a member."""
WRITES: Final[dict[str, Unit]] = {
    "look_back.put_choice": lambda tx, guild_id, user_id: look_back.put_choice(
        tx, guild_id, user_id, Choice(Way.MESSAGE, NOW, NOW)
    ),
    "look_back.put_goal": lambda tx, guild_id, user_id: look_back.put_goal(
        tx, guild_id, user_id, WEEK, "two topics", NOW
    ),
    "look_back.judge": lambda tx, guild_id, user_id: look_back.judge(tx, guild_id, user_id, WEEK, Kept.PARTLY),
}
TAKES_BACK: Final[set[str]] = set()
"""What would leave nothing to find."""
OF_ALL_GUILDS: Final = {"look_back.due"}
