"""Asks Discord's gateway who of some people is in a guild: by id that works without the members' intent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import discord

from bot.log import get_logger

WITHIN: Final = 2.0
"""Seconds for an answer; a page shows what was known before it."""

log = get_logger(__name__)


class GatewayRoster:
    """Asks through the bot's client, once it serves one."""

    def __init__(self) -> None:
        self._client: discord.Client | None = None

    def serve(self, client: discord.Client) -> None:
        """Ask through this client from now on."""
        self._client = client

    async def names(self, guild_id: int, user_ids: Sequence[int]) -> Mapping[int, str] | None:
        """Return how those of up to 100 people are called who are in the guild; None where it can't be told now."""
        guild = self._client.get_guild(guild_id) if self._client else None
        if guild is None or guild.unavailable:
            return None
        try:
            async with asyncio.timeout(WITHIN):
                found = await guild.query_members(user_ids=list(user_ids), limit=len(user_ids), cache=False)
        # discord.py raises RuntimeError where its connection to the gateway is just being made
        except (discord.DiscordException, OSError, TimeoutError, RuntimeError) as error:
            log.warning("roster_not_told", guild_id=guild_id, error=type(error).__name__)
            return None
        return {one.id: one.display_name for one in found}
