"""``/help``: what this person can do here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.services.setup import SetupService
from bot.ui.help import help_page
from bot.ui.reply import Interaction, Reply, answer, who
from bot.ui.rights import is_moderator

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
        await answer(interaction, self._page(interaction, guild_id))

    async def _page(self, interaction: Interaction, guild_id: int) -> Reply:
        role_id = (await self.service.page(guild_id)).guild.moderator_role_id
        return help_page(
            self.bot.mention,
            manages=interaction.permissions.manage_guild,
            moderates=is_moderator(interaction, role_id),
            moderator_role_id=role_id,
        )


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(HelpCog(bot, bot.services.setup))
