"""What is kept about members and of guilds, each function as a unit of work for ``test_guilds_apart``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TypeAlias

from sqlalchemy import Connection

from bot.storage import privacy, retention

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

Unit: TypeAlias = Callable[[Connection, int, int], object]

READS: Final[dict[str, Unit]] = {
    "privacy.counts": privacy.counts,
    "privacy.rows": privacy.rows,
    "retention.removed_at": lambda tx, guild_id, _user: retention.removed_at(tx, guild_id),
}
OF_A_GUILD: Final = {"retention.removed_at"}
WRITES: Final[dict[str, Unit]] = {
    "privacy.erase": lambda tx, guild_id, user_id: privacy.erase(tx, guild_id, user_id, NOW),
    "retention.put_removed": lambda tx, guild_id, _user: retention.put_removed(tx, guild_id, NOW),
    "retention.put_back": lambda tx, guild_id, _user: retention.put_back(tx, guild_id),
    "retention.purge": lambda tx, guild_id, _user: retention.purge(tx, guild_id),
}
TAKES_BACK: Final = {"privacy.erase", "retention.put_back", "retention.purge"}
OF_ALL_GUILDS: Final = {"retention.known_guilds", "retention.removed", "retention.forget_old"}
OF_THE_SCHEMA: Final = {"privacy.of_guild"}
"""What reads nothing: it says which rows of a table are a guild's."""
