"""The functions of the repository behind the pace, as units of work for ``test_guilds_apart``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.domain.pace import CohortPlan
from bot.storage import pace

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

Unit: TypeAlias = Callable[[Connection, int, int], object]

READS: Final[dict[str, Unit]] = {
    "pace.get": lambda tx, guild_id, _user: pace.get(tx, guild_id, 1),
    "pace.reached": pace.reached,
    "pace.began": pace.began,
}
OF_A_GUILD: Final = {"pace.get"}
"""What is asked for a guild, not for a member."""
WRITES: Final[dict[str, Unit]] = {
    "pace.put": lambda tx, guild_id, user_id: pace.put(
        tx, guild_id, 1, CohortPlan(date(2026, 11, 23), {"math": 3}), user_id, NOW
    ),
    "pace.remove": lambda tx, guild_id, _user: pace.remove(tx, guild_id, 1),
}
TAKES_BACK: Final = {"pace.remove"}
"""What would leave nothing to find."""
OF_ALL_GUILDS: Final[set[str]] = set()
