"""``/today``: the day's prompt, one's own state, the streak."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.services.today import TodayService
from bot.ui.reply import Interaction, Reply, answer, turn, who
from bot.ui.review import OpenToday
from bot.ui.router import Press, on
from bot.ui.today import TodayMenu, today

if TYPE_CHECKING:
    from bot.client import Syllabot


class TodayCog(commands.Cog):
    """Declares ``/today``."""

    def __init__(self, bot: Syllabot, service: TodayService) -> None:
        self.bot = bot
        self.service = service

    @app_commands.command(name="today", description="Today's prompt, your streak, and when your day ends")
    @app_commands.guild_only()
    async def show_today(self, interaction: Interaction) -> None:
        """Open the member's day."""
        await answer(interaction, self._page(*who(interaction)))

    @on(TodayMenu)
    async def choose_post(self, press: Press[TodayMenu]) -> None:
        """Show another of the day's posts."""
        chosen = press.values[0]
        number = int(chosen) if chosen.isdecimal() else None
        await turn(press.interaction, self._page(press.guild_id, press.user_id, number))

    @on(OpenToday)
    async def open_today(self, press: Press[OpenToday]) -> None:
        """Go back to the day."""
        await turn(press.interaction, self._page(press.guild_id, press.user_id))

    async def _page(self, guild_id: int, user_id: int, number: int | None = None) -> Reply:
        return today(await self.service.page(guild_id, user_id), guild_id, self.bot.mention, number)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(TodayCog(bot, bot.services.today))
