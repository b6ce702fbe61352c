"""The guide's chapters, opened from the road."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.services.packs import Packs
from bot.ui import guide
from bot.ui.reply import ready, share, show
from bot.ui.resource import COLLECTED, collected_page
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot


class GuideCog(commands.Cog):
    """Answers every press on the guide's pages; what is content alone needs no service."""

    def __init__(self, packs: Packs) -> None:
        self.packs = packs

    @on(guide.OpenGuide)
    async def open_contents(self, press: Press[guide.OpenGuide]) -> None:
        """Turn the page into the guide's contents."""
        pack = await self.packs.of(press.guild_id)
        await show(press.interaction, guide.contents_page(pack, press.user_id))

    @on(guide.GuideMenu)
    async def choose_chapter(self, press: Press[guide.GuideMenu]) -> None:
        """Open the chosen chapter, or what the server collected beside it."""
        pack = await self.packs.of(press.guild_id)
        if press.values[0] == COLLECTED:
            await show(press.interaction, collected_page(pack, press.user_id))
            return
        chapter = pack.chapter(press.values[0])
        await show(press.interaction, guide.chapter_page(chapter, pack, press.user_id))

    @on(guide.OpenChapter)
    async def open_chapter(self, press: Press[guide.OpenChapter]) -> None:
        """Open a chapter that somebody shared."""
        pack = await self.packs.of(press.guild_id)
        chapter = pack.chapter(press.id.chapter_id)
        await show(press.interaction, guide.chapter_page(chapter, pack, press.user_id))

    @on(guide.GuideShare)
    async def share_chapter(self, press: Press[guide.GuideShare]) -> None:
        """Show a chapter to the channel."""
        pack = await self.packs.of(press.guild_id)
        chapter = pack.chapter(press.id.chapter_id)
        await share(press.interaction, ready(guide.shared_chapter(chapter, press.user_id)))


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(GuideCog(bot.services.packs))
