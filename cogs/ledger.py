"""A member's points row by row, and what moderators add: the pages behind ``/profile`` and ``/member``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.services.ledger import LedgerService
from bot.services.member import MemberService
from bot.ui import ledger as ui
from bot.ui.points import LedgerPress
from bot.ui.reply import Interaction, Reply, open_form, turn
from bot.ui.rights import require_moderator
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot


class LedgerCog(commands.Cog):
    """Shows a member the own rows, and moderators everybody's; that one may is checked at every press."""

    def __init__(self, service: LedgerService, members: MemberService) -> None:
        self.service = service
        self.members = members

    @on(LedgerPress)
    async def open_page(self, press: Press[LedgerPress]) -> None:
        """Show a page of rows."""
        await turn(press.interaction, self._page(press))

    @on(ui.RulesPress)
    async def open_rules(self, press: Press[ui.RulesPress]) -> None:
        """Show what scores how much."""
        await turn(press.interaction, self._rules(press))

    @on(ui.AdjustForm)
    async def press_adjust(self, press: Press[ui.AdjustForm]) -> None:
        """Open the form; once it is sent, adjust."""
        if "points" in press.texts:
            await turn(press.interaction, self._adjust(press))
        else:
            await open_form(press.interaction, self._asked(press), ui.adjust_form)

    @on(ui.AdjustmentsMenu)
    async def choose_adjustment(self, press: Press[ui.AdjustmentsMenu]) -> None:
        """Take the chosen adjustment back."""
        await turn(press.interaction, self._take_back(press))

    async def _page(self, press: Press[LedgerPress]) -> Reply:
        of = press.id.of
        if of != press.user_id:
            await self._require_moderator(press.interaction, press.guild_id)
        return ui.ledger_page(await self.service.page(press.guild_id, of, press.id.page), press.user_id)

    async def _rules(self, press: Press[ui.RulesPress]) -> Reply:
        return ui.rules_page(await self.service.rules(press.guild_id), press.user_id, press.id.of)

    async def _asked(self, press: Press[ui.AdjustForm]) -> ui.AdjustForm:
        await self._require_moderator(press.interaction, press.guild_id)
        return press.id

    async def _adjust(self, press: Press[ui.AdjustForm]) -> Reply:
        await self._require_moderator(press.interaction, press.guild_id)
        typed = press.texts["points"], press.texts.get("note", "")
        found = await self.service.adjust(press.guild_id, press.id.of, press.user_id, typed)
        return ui.ledger_page(found, press.user_id, "The points are adjusted. The member sees it with your reason.")

    async def _take_back(self, press: Press[ui.AdjustmentsMenu]) -> Reply:
        await self._require_moderator(press.interaction, press.guild_id)
        found = await self.service.take_back(press.guild_id, press.id.of, press.user_id, press.values[0])
        return ui.ledger_page(found, press.user_id, "The adjustment is taken back.")

    async def _require_moderator(self, interaction: Interaction, guild_id: int) -> None:
        require_moderator(interaction, await self.members.moderator_role(guild_id))


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(LedgerCog(bot.services.ledger, bot.services.member))
