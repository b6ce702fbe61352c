"""All tables in one place, for the migrations and for whoever must see every column."""

from bot.storage import bot_state, guild, member, occurrence, roadmap, schedule
from bot.storage.schema import metadata

FEATURES = (bot_state, guild, member, occurrence, roadmap, schedule)
"""The modules that declare tables; importing them fills ``metadata``."""

__all__ = ["FEATURES", "metadata"]
