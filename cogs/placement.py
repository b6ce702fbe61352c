"""The placement: what a newcomer answers before the road opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.domain.roadmap import Act
from bot.services.placement import PlacementPage, PlacementService
from bot.services.roadmap import RoadmapService
from bot.ui import placement, roadmap
from bot.ui.placement import PlaceVerb
from bot.ui.reply import Reply, turn
from bot.ui.router import Press, on
from bot.ui.topic import taken_back

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from bot.client import Syllabot


class PlacementCog(commands.Cog):
    """Answers every press of the placement."""

    def __init__(self, service: PlacementService, road: RoadmapService) -> None:
        self.service = service
        self.road = road

    @on(placement.BackgroundPress)
    async def choose_background(self, press: Press[placement.BackgroundPress]) -> None:
        """Take where somebody comes from, and ask what they know."""
        page = self.service.choose(press.guild_id, press.user_id, press.id.background_id)
        await turn(press.interaction, self._ticking(page, press.guild_id, press.user_id))

    @on(placement.PlacePress)
    async def press_place(self, press: Press[placement.PlacePress]) -> None:
        """Do what a button of the placement says."""
        guild_id, user_id, stage_id = press.guild_id, press.user_id, press.id.stage_id
        match press.id.verb:
            case PlaceVerb.FINISH:
                work = self._finish(guild_id, user_id, press.name)
            case PlaceVerb.OFFERED:
                work = self._ticking(self.service.know_offered(guild_id, user_id, stage_id), guild_id, user_id)
            case PlaceVerb.UNDO:
                work = self._undo(guild_id, user_id, stage_id)
            case PlaceVerb.STAGE:
                work = self._ticking(self.service.page(guild_id, user_id, stage_id), guild_id, user_id)
        await turn(press.interaction, work)

    @on(placement.KnownTopics)
    async def tick_topics(self, press: Press[placement.KnownTopics]) -> None:
        """Take the ticked topics of a stage as known."""
        page = self.service.know_topics(press.guild_id, press.user_id, press.id.stage_id, press.values)
        await turn(press.interaction, self._ticking(page, press.guild_id, press.user_id))

    @on(placement.KnownStages)
    async def tick_stages(self, press: Press[placement.KnownStages]) -> None:
        """Take whole stages as known."""
        page = self.service.know_stages(press.guild_id, press.user_id, press.id.stage_id, press.values)
        await turn(press.interaction, self._ticking(page, press.guild_id, press.user_id))

    async def _ticking(self, page: Awaitable[PlacementPage], guild_id: int, user_id: int) -> Reply:
        return placement.ticking(await page, await self.service.pack(guild_id), user_id)

    async def _undo(self, guild_id: int, user_id: int, stage_id: str) -> Reply:
        undone = await self.road.undo(guild_id, user_id, only=Act.PLACEMENT)
        notice = (
            taken_back(undone, await self.service.pack(guild_id)) if undone else "There is no tick to take back here."
        )
        page = await self.service.page(guild_id, user_id, stage_id)
        return placement.ticking(page, await self.service.pack(guild_id), user_id, notice)

    async def _finish(self, guild_id: int, user_id: int, name: str) -> Reply:
        await self.service.finish(guild_id, user_id)
        page = await self.road.page(guild_id, user_id)
        return roadmap.home(page, user_id, name, notice="Your road is ready.")


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(PlacementCog(bot.services.placement, bot.services.roadmap))
