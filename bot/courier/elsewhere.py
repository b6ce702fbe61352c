"""What Discord is asked about a server of another process, which this one's cache knows nothing of."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

import discord

from bot.domain.occurrence import Occurrence


async def may_read(client: discord.Client, calls: AbstractAsyncContextManager[None], me: int, one: Occurrence) -> bool:
    """Return whether the bot may read what was said where an occurrence is posted; it takes three calls or four.

    Args:
        client: asks.
        calls: the pace that calls keep.
        me: the bot's id.
        one: a post that was begun by another process.

    Raises:
        discord.HTTPException: where Discord does not say; NotFound where there is no such server or channel.
    """
    async with calls:
        guild = await client.fetch_guild(one.guild_id, with_counts=False)
    async with calls:
        member = await guild.fetch_member(me)
    async with calls:
        channel = await guild.fetch_channel(one.channel_id)
    if isinstance(channel, discord.Thread):
        async with calls:
            channel = await guild.fetch_channel(channel.parent_id)
    return not isinstance(channel, discord.Thread) and channel.permissions_for(member).read_message_history
