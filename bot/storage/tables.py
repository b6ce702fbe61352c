"""All tables in one place, for the migrations and for whoever must see every column."""

from bot.storage import (
    bot_state,
    faq,
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
    vector,
)
from bot.storage.schema import metadata

FEATURES = (
    bot_state,
    faq,
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
    vector,
)
"""The modules that declare tables; importing them fills ``metadata``."""

__all__ = ["FEATURES", "metadata"]
