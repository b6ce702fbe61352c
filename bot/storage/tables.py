"""All tables in one place, for the migrations and for whoever must see every column."""

from bot.storage import (
    audit,
    board,
    bot_state,
    content,
    content_draft,
    faq,
    feed,
    group,
    guild,
    member,
    occurrence,
    outage,
    points,
    prompt,
    reminder,
    roadmap,
    schedule,
    season,
    showcase,
    streak,
    supply,
    thanks,
    vector,
)
from bot.storage.schema import metadata

FEATURES = (
    audit,
    board,
    bot_state,
    content,
    content_draft,
    faq,
    feed,
    group,
    guild,
    member,
    occurrence,
    outage,
    points,
    prompt,
    reminder,
    roadmap,
    schedule,
    season,
    showcase,
    streak,
    supply,
    thanks,
    vector,
)
"""The modules that declare tables; importing them fills ``metadata``."""

__all__ = ["FEATURES", "metadata"]
