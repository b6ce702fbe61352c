"""The page *Pace*, opened from ``/roadmap`` and ``/group``; and the plans of groups and of the server."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.services.group import GroupService, Person
from bot.services.pace import PaceService
from bot.services.pace_plan import PacePlanService, PlanPage
from bot.ui import pace as ui
from bot.ui.group import CarePress, person_of
from bot.ui.home import OpenPace, PlanPress
from bot.ui.pace import PaceVerb
from bot.ui.reply import Interaction, Reply, open_form, share, turn
from bot.ui.rights import require_manager
from bot.ui.router import Press, on
from bot.ui.season import OpenSeasons

if TYPE_CHECKING:
    from bot.client import Syllabot


class PaceCog(commands.Cog):
    """Answers every press on the pages."""

    def __init__(self, service: PaceService, plans: PacePlanService, groups: GroupService) -> None:
        self.service = service
        self.plans = plans
        self.groups = groups

    @on(OpenPace)
    async def open_pace(self, press: Press[OpenPace]) -> None:
        """Open the presser's own pace."""
        await turn(press.interaction, self._own(press.guild_id, press.user_id, press.name))

    @on(ui.PacePress)
    async def press_pace(self, press: Press[ui.PacePress]) -> None:
        """Do what a button of the page says."""
        guild_id, user_id = press.guild_id, press.user_id
        match press.id.verb:
            case PaceVerb.HOME:
                await turn(press.interaction, self._own(guild_id, user_id, press.name))
            case PaceVerb.MEET:
                await turn(press.interaction, self._meet(guild_id, user_id))
            case PaceVerb.SHARE:
                await share(press.interaction, self._share(guild_id, user_id, press.name))

    @on(PlanPress)
    async def open_plan(self, press: Press[PlanPress]) -> None:
        """Open a plan, for whoever may make it."""
        await turn(press.interaction, self._shown(self._plan(press.interaction, press.id.group)))

    @on(ui.PlanForm)
    async def press_form(self, press: Press[ui.PlanForm]) -> None:
        """Open the form; once it is sent, keep the plan."""
        if "first" not in press.texts:
            await open_form(press.interaction, self._plan(press.interaction, press.id.group), ui.plan_form)
            return
        await turn(press.interaction, self._shown(self._put(press), "The plan is kept. Everybody it is for sees it."))

    @on(ui.DropPress)
    async def press_drop(self, press: Press[ui.DropPress]) -> None:
        """Ask, then take a plan away."""
        if not press.id.sure:
            await turn(press.interaction, self._ask(press))
            return
        await turn(press.interaction, self._shown(self._drop(press), "The plan is removed."))

    async def _own(self, guild_id: int, user_id: int, name: str) -> Reply:
        page = await self.service.page(guild_id, user_id)
        return ui.pace_page(page, user_id, await self.service.picture(page, name))

    async def _meet(self, guild_id: int, user_id: int) -> Reply:
        return ui.meet_page(await self.service.page(guild_id, user_id), user_id)

    async def _share(self, guild_id: int, user_id: int, name: str) -> Reply:
        page = await self.service.page(guild_id, user_id)
        return ui.shared(page, user_id, await self.service.picture(page, name))

    async def _person(self, interaction: Interaction, group_id: int) -> Person:
        """Return who asks. The server's plan belongs to ``/setup``, so it takes Manage Server."""
        if not group_id:
            require_manager(interaction)
        return await person_of(interaction, self.groups.moderator_role)

    async def _plan(self, interaction: Interaction, group_id: int) -> PlanPage:
        person = await self._person(interaction, group_id)
        return await self.plans.page(interaction.guild_id or 0, group_id, person)

    async def _put(self, press: Press[ui.PlanForm]) -> PlanPage:
        person = await self._person(press.interaction, press.id.group)
        weeks = press.texts.get("weeks", "")
        return await self.plans.put(press.guild_id, press.id.group, person, press.texts["first"], weeks)

    async def _drop(self, press: Press[ui.DropPress]) -> PlanPage:
        person = await self._person(press.interaction, press.id.group)
        return await self.plans.remove(press.guild_id, press.id.group, person)

    async def _ask(self, press: Press[ui.DropPress]) -> Reply:
        return ui.drop_question(await self._plan(press.interaction, press.id.group))

    async def _shown(self, work: Awaitable[PlanPage], notice: str | None = None) -> Reply:
        page = await work
        back = CarePress(group=page.group_id) if page.group_id else OpenSeasons()
        return ui.plan_page(page, back, notice)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    services = bot.services
    await bot.add_cog(PaceCog(services.pace, services.pace_plan, services.group))
