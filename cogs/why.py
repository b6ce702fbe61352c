"""Why each day counts: the pages behind the button of ``/streak`` and of ``/member``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.services.member import MemberService
from bot.services.why import WhyService
from bot.ui.reply import Reply, turn
from bot.ui.rights import require_moderator
from bot.ui.router import Press, on
from bot.ui.streak import WhyPress
from bot.ui.why import why_page

if TYPE_CHECKING:
    from bot.client import Syllabot


class WhyCog(commands.Cog):
    """Shows a member the own reasons, and moderators everybody's."""

    def __init__(self, service: WhyService, members: MemberService) -> None:
        self.service = service
        self.members = members

    @on(WhyPress)
    async def show_why(self, press: Press[WhyPress]) -> None:
        """Show a page of reasons."""
        await turn(press.interaction, self._why(press))

    async def _why(self, press: Press[WhyPress]) -> Reply:
        of = press.id.of
        if of != press.user_id:
            require_moderator(press.interaction, await self.members.moderator_role(press.guild_id))
        return why_page(await self.service.page(press.guild_id, of, press.id.page), press.user_id, of)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(WhyCog(bot.services.why, bot.services.member))
