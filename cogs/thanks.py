"""The message menu **This helped me**: credit for whoever wrote the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import BadInputError
from bot.services.thanks import ThanksService
from bot.ui import thanks
from bot.ui.reply import Interaction, Reply, Turned, answer, turn_and_tell, who
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot


class ThanksCog(commands.Cog):
    """Declares the message menu, and says it in the channel where that is wanted."""

    def __init__(self, bot: Syllabot, service: ThanksService) -> None:
        self.bot = bot
        self.service = service
        self.thank_menu = app_commands.ContextMenu(name="This helped me", callback=self.thank)
        self.thank_menu.guild_only = True

    async def cog_load(self) -> None:
        """Put the message menu on the tree; unlike commands, discord.py does not find it by itself."""
        self.bot.tree.add_command(self.thank_menu)

    async def cog_unload(self) -> None:
        """Take the message menu away again."""
        self.bot.tree.remove_command(self.thank_menu.name, type=self.thank_menu.type)

    async def thank(self, interaction: Interaction, message: discord.Message) -> None:
        """Give a message's author credit for it; the answer is for the giver alone."""
        guild_id, user_id = who(interaction)
        if message.author.bot or message.webhook_id is not None:
            raise BadInputError("A bot wrote that. Credit goes to people: thank the member whose message helped you.")

        async def work() -> Reply:
            return thanks.thanked(await self.service.thank(guild_id, user_id, message.id, message.author.id))

        await answer(interaction, work())

    @on(thanks.SayThanks)
    async def say(self, press: Press[thanks.SayThanks]) -> None:
        """Say in the channel that a message helped."""
        message_id = press.id.message_id

        async def work() -> Turned:
            author_id = await self.service.author(press.guild_id, press.user_id, message_id)
            address = f"https://discord.com/channels/{press.guild_id}/{press.interaction.channel_id}/{message_id}"
            return Turned(thanks.said_here(), thanks.in_channel(press.user_id, author_id, address))

        await turn_and_tell(press.interaction, work(), public=True)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(ThanksCog(bot, bot.services.thanks))
