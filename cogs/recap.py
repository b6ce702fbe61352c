"""The button of the weekly recap: one's own week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.services.recap import RecapService
from bot.ui import recap as ui
from bot.ui.reply import Reply, answer
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot


class RecapCog(commands.Cog):
    """Answers the presses on a recap; everybody sees one's own week alone."""

    def __init__(self, service: RecapService) -> None:
        self.service = service

    @on(ui.RecapPress)
    async def open_my_week(self, press: Press[ui.RecapPress]) -> None:
        """Tell the presser of their own week."""

        async def work() -> Reply:
            return ui.my_week(await self.service.my_week(press.guild_id, press.user_id, press.id.number))

        await answer(press.interaction, work())


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(RecapCog(bot.services.recap))
