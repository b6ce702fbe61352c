"""What a server collected to learn from, opened from the guide's menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.services.packs import Packs
from bot.ui import resource
from bot.ui.reply import show
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot


class ResourceCog(commands.Cog):
    """Turns the pages; everybody sees the same, so nothing is asked of a service."""

    def __init__(self, packs: Packs) -> None:
        self.packs = packs

    @on(resource.ResourcePage)
    async def turn_page(self, press: Press[resource.ResourcePage]) -> None:
        """Turn to a page."""
        pack = await self.packs.of(press.guild_id)
        await show(press.interaction, resource.collected_page(pack, press.user_id, press.id.page))

    @on(resource.ResourceJump)
    async def jump(self, press: Press[resource.ResourceJump]) -> None:
        """Turn to the page that was chosen."""
        pack = await self.packs.of(press.guild_id)
        await show(press.interaction, resource.collected_page(pack, press.user_id, int(press.values[0])))


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(ResourceCog(bot.services.packs))
