"""``/member``: a member's streak for moderators, and the repair of days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.services.member import MemberPage, MemberService
from bot.ui import member as ui
from bot.ui.reply import Interaction, Reply, answer, open_form, turn
from bot.ui.reply import who as place_and_person
from bot.ui.rights import require_moderator
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot


class MemberCog(commands.Cog):
    """Declares ``/member``; that a moderator asks is checked at every call and press."""

    def __init__(self, service: MemberService) -> None:
        self.service = service

    @app_commands.command(name="member", description="A member's streak and points: look at them, repair a day, adjust")
    @app_commands.describe(who="Whose streak and points")
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    async def show_member(self, interaction: Interaction, who: discord.User) -> None:
        """Open a member's page."""
        guild_id, user_id = place_and_person(interaction)
        await answer(interaction, self._page(interaction, guild_id, user_id, who.id))

    @on(ui.OpenMember)
    async def open_member(self, press: Press[ui.OpenMember]) -> None:
        """Turn the page back into the member's."""
        await turn(press.interaction, self._page(press.interaction, press.guild_id, press.user_id, press.id.of))

    @on(ui.RepairForm)
    async def press_repair(self, press: Press[ui.RepairForm]) -> None:
        """Open the form; once it is sent, repair the day."""
        if "day" in press.texts:
            await turn(press.interaction, self._repair(press))
        else:
            await open_form(press.interaction, self._asked(press), lambda found: ui.repair_form(press.id, found))

    @on(ui.RepairsMenu)
    async def choose_repair(self, press: Press[ui.RepairsMenu]) -> None:
        """Take the chosen repair back."""
        await turn(press.interaction, self._take_back(press))

    @on(ui.LeaveOffForm)
    async def press_leave_off(self, press: Press[ui.LeaveOffForm]) -> None:
        """Open the form; once it is sent, leave the member off the boards."""
        if "reason" in press.texts:
            await turn(press.interaction, self._leave_off(press))
        else:
            await open_form(press.interaction, self._asked(press), lambda _: ui.leave_off_form(press.id))

    @on(ui.PutBackPress)
    async def press_put_back(self, press: Press[ui.PutBackPress]) -> None:
        """Let the member stand on the boards again."""
        await turn(press.interaction, self._put_back(press))

    async def _page(self, interaction: Interaction, guild_id: int, user_id: int, of: int) -> Reply:
        require_moderator(interaction, await self.service.moderator_role(guild_id))
        return ui.member_page(await self.service.page(guild_id, of), user_id)

    async def _asked(self, press: Press[ui.RepairForm] | Press[ui.LeaveOffForm]) -> MemberPage:
        require_moderator(press.interaction, await self.service.moderator_role(press.guild_id))
        return await self.service.page(press.guild_id, press.id.of)

    async def _repair(self, press: Press[ui.RepairForm]) -> Reply:
        require_moderator(press.interaction, await self.service.moderator_role(press.guild_id))
        typed = press.texts["day"], press.texts.get("reason", "")
        found = await self.service.repair(press.guild_id, press.id.of, press.user_id, typed)
        return ui.member_page(found, press.user_id, "The day is repaired.")

    async def _take_back(self, press: Press[ui.RepairsMenu]) -> Reply:
        require_moderator(press.interaction, await self.service.moderator_role(press.guild_id))
        day = press.values[0]
        found = await self.service.take_repair_back(press.guild_id, press.id.of, press.user_id, day)
        return ui.member_page(found, press.user_id, "The repair is taken back.")

    async def _leave_off(self, press: Press[ui.LeaveOffForm]) -> Reply:
        require_moderator(press.interaction, await self.service.moderator_role(press.guild_id))
        found = await self.service.leave_off(press.guild_id, press.id.of, press.user_id, press.texts["reason"])
        return ui.member_page(found, press.user_id, "Left off all boards. The member reads why in /profile.")

    async def _put_back(self, press: Press[ui.PutBackPress]) -> Reply:
        require_moderator(press.interaction, await self.service.moderator_role(press.guild_id))
        found = await self.service.put_back(press.guild_id, press.id.of, press.user_id)
        notice = "They still hide by their own choice." if found.hidden else "Back on the boards, with every point."
        return ui.member_page(found, press.user_id, notice)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(MemberCog(bot.services.member))
