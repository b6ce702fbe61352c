"""``/roadmap``: the road and its stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.services.progress import ProgressService
from bot.services.roadmap import RoadmapService
from bot.ui import home, placement, roadmap
from bot.ui import topic as topics
from bot.ui.errors import complete
from bot.ui.reply import Interaction, Reply, answer, share, turn, who
from bot.ui.roadmap import HomeVerb
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot


class RoadmapCog(commands.Cog):
    """Declares ``/roadmap`` and answers every press on its pages."""

    def __init__(self, service: RoadmapService, progress: ProgressService) -> None:
        self.service = service
        self.progress = progress

    @app_commands.command(name="roadmap", description="What to learn next, and how far you are")
    @app_commands.describe(topic="One topic: type any word of its title")
    @app_commands.guild_only()
    async def show_road(self, interaction: Interaction, topic: app_commands.Range[str, 1, 100] | None = None) -> None:
        """Open the road, or one topic."""
        guild_id, user_id = who(interaction)
        if topic is None:
            await answer(interaction, self._home(guild_id, user_id, interaction.user.display_name))
        else:
            await answer(interaction, self._topic(guild_id, user_id, topic))

    @show_road.autocomplete("topic")
    @complete
    async def complete_topic(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Suggest topics by any words of their titles."""
        guild_id, _ = who(interaction)
        return [
            app_commands.Choice(name=topics.topic_choice(topic, stage), value=topic.id)
            for topic, stage in await self.service.complete(guild_id, current)
        ]

    @on(home.OpenRoad)
    async def open_road(self, press: Press[home.OpenRoad]) -> None:
        """Open the presser's own road."""
        await turn(press.interaction, self._home(press.guild_id, press.user_id, press.name))

    @on(home.BackToRoad)
    async def back_to_road(self, press: Press[home.BackToRoad]) -> None:
        """Turn the page back into the road."""
        await turn(press.interaction, self._home(press.guild_id, press.user_id, press.name))

    @on(roadmap.HomePress)
    async def press_home(self, press: Press[roadmap.HomePress]) -> None:
        """Do what a button of the road says."""
        guild_id, user_id = press.guild_id, press.user_id
        match press.id.verb:
            case HomeVerb.WHY:
                work = self._home(guild_id, user_id, press.name, why=True)
            case HomeVerb.GROUP:
                work = self._people(guild_id, user_id)
            case HomeVerb.UNDO:
                work = self._undo(guild_id, user_id, press.name)
            case HomeVerb.RESET | HomeVerb.RESET_SURE:
                work = self._ask_reset(guild_id, user_id, second=press.id.verb is HomeVerb.RESET_SURE)
            case HomeVerb.RESET_NOW:
                work = self._reset(guild_id, user_id, press.name)
            case HomeVerb.SHARE:
                await share(press.interaction, self._share_home(guild_id, user_id, press.name))
                return
        await turn(press.interaction, work)

    @on(roadmap.StageMenu)
    async def choose_stage(self, press: Press[roadmap.StageMenu]) -> None:
        """Open the chosen stage."""

        async def work() -> Reply:
            stage, states = await self.service.stage_page(press.guild_id, press.user_id, press.values[0])
            return roadmap.stage_page(stage, states, press.user_id)

        await turn(press.interaction, work())

    async def _home(self, guild_id: int, user_id: int, name: str, *, why: bool = False) -> Reply:
        page = await self.service.page(guild_id, user_id)
        if not page.placed:
            return placement.welcome(await self.service.pack(guild_id), user_id)
        return roadmap.home(page, user_id, name, why=why)

    async def _share_home(self, guild_id: int, user_id: int, name: str) -> Reply:
        page = await self.service.page(guild_id, user_id)
        return roadmap.shared_home(page, name, user_id, await self.progress.picture(guild_id, page, name))

    async def _people(self, guild_id: int, user_id: int) -> Reply:
        return roadmap.people(await self.service.people(guild_id), user_id)

    async def _undo(self, guild_id: int, user_id: int, name: str) -> Reply:
        notice = topics.taken_back(await self.service.undo(guild_id, user_id), await self.service.pack(guild_id))
        page = await self.service.page(guild_id, user_id)
        return roadmap.home(page, user_id, name, notice=notice)

    async def _ask_reset(self, guild_id: int, user_id: int, *, second: bool) -> Reply:
        return roadmap.reset_question(await self.service.page(guild_id, user_id), user_id, second=second)

    async def _reset(self, guild_id: int, user_id: int, name: str) -> Reply:
        notice = roadmap.started_over(await self.service.reset(guild_id, user_id))
        page = await self.service.page(guild_id, user_id)
        return roadmap.home(page, user_id, name, notice=notice)

    async def _topic(self, guild_id: int, user_id: int, text: str) -> Reply:
        page = await self.service.topic_page(guild_id, user_id, await self.service.find_topic(guild_id, text))
        return topics.topic_page(page, user_id)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(RoadmapCog(bot.services.roadmap, bot.services.progress))
