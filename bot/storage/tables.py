"""All tables in one place, for the migrations and for whoever must see every column."""

from bot.storage import (
    audit,
    bot_state,
    content,
    content_draft,
    feed,
    guild,
    member,
    occurrence,
    outage,
    prompt,
    reminder,
    roadmap,
    schedule,
    streak,
    supply,
    thanks,
)
from bot.storage.schema import metadata

FEATURES = (
    audit,
    bot_state,
    content,
    content_draft,
    feed,
    guild,
    member,
    occurrence,
    outage,
    prompt,
    reminder,
    roadmap,
    schedule,
    streak,
    supply,
    thanks,
)
"""The modules that declare tables; importing them fills ``metadata``."""

__all__ = ["FEATURES", "metadata"]
