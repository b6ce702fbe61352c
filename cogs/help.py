"""``/help``: what this person can do here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.services.setup import SetupService
from bot.ui.help import help_page
from bot.ui.reply import Interaction, Reply, answer, who

if TYPE_CHECKING:
    from bot.client import Syllabot


class HelpCog(commands.Cog):
    """Declares ``/help``."""

    def __init__(self, bot: Syllabot, service: SetupService) -> None:
        self.bot = bot
        self.service = service

    @app_commands.command(name="help", description="What you can do here")
    @app_commands.guild_only()
    async def show_help(self, interaction: Interaction) -> None:
        """Show what this person can do here, by task."""
        guild_id, _ = who(interaction)
        await answer(interaction, self._page(guild_id, manages=interaction.permissions.manage_guild))

    async def _page(self, guild_id: int, *, manages: bool) -> Reply:
        page = await self.service.page(guild_id)
        return help_page(self.bot.mention, manages=manages, moderator_role_id=page.guild.moderator_role_id)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(HelpCog(bot, bot.services.setup))
