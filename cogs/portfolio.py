"""The portfolio: a README of what a member has done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.services.portfolio import PortfolioService
from bot.ui import portfolio as ui
from bot.ui.reply import Reply, answer
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot


class PortfolioCog(commands.Cog):
    """Answers the button on ``/profile`` that asks for a portfolio."""

    def __init__(self, service: PortfolioService) -> None:
        self.service = service

    @on(ui.PortfolioPress)
    async def write_portfolio(self, press: Press[ui.PortfolioPress]) -> None:
        """Send the presser their own portfolio, beside the page that was pressed."""

        async def work() -> Reply:
            return ui.portfolio(await self.service.readme(press.guild_id, press.user_id, press.name))

        await answer(press.interaction, work())


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(PortfolioCog(bot.services.portfolio))
