"""Takes note of the servers that the bot joins and is removed from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.services.retention import RetentionService

if TYPE_CHECKING:
    from bot.client import Syllabot


class RetentionCog(commands.Cog):
    """Listens to the gateway; it has no command."""

    def __init__(self, bot: Syllabot, service: RetentionService) -> None:
        self.bot = bot
        self.service = service

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that the bot was removed; a server that is only unavailable does not come here."""
        await self.service.note_removed(guild.id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note that the bot was invited, perhaps again."""
        await self.service.note_back(guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Note what happened while the bot was away; servers that are unavailable count as here."""
        await self.service.compare([guild.id for guild in self.bot.guilds])


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(RetentionCog(bot, bot.services.retention))
