"""Balanced groups: moderators divide everybody without a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.errors import NotAllowedError
from bot.services.group import GroupService, Person
from bot.services.group_balance import GroupBalanceService, Proposal
from bot.ui import group_balance as ui
from bot.ui.group import BalancePress, person_of
from bot.ui.reply import Interaction, Reply, ready, share, turn
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot


class GroupBalanceCog(commands.Cog):
    """Answers the presses on a proposal; that a moderator presses is checked at each."""

    def __init__(self, groups: GroupService, service: GroupBalanceService) -> None:
        self.groups = groups
        self.service = service

    @on(BalancePress)
    async def propose(self, press: Press[BalancePress]) -> None:
        """Show a proposal."""
        await turn(press.interaction, self._proposal(press.interaction, press.id.size, press.id.seed))

    @on(ui.BalanceSize)
    async def choose_size(self, press: Press[ui.BalanceSize]) -> None:
        """Show a proposal of another size."""
        await turn(press.interaction, self._proposal(press.interaction, int(press.values[0]), press.id.seed))

    @on(ui.BalanceApply)
    async def make(self, press: Press[ui.BalanceApply]) -> None:
        """Make the groups that were shown."""

        async def work() -> Reply:
            person = await self._person(press.interaction)
            shown = press.id.size, press.id.seed, press.id.mark
            made = await self.service.make(press.guild_id, person, shown)
            if isinstance(made, Proposal):
                return ui.proposal_page(made, "Something changed since: somebody joined, left or went on. Look again.")
            return ui.made_page([group.shown_name for group in made])

        await turn(press.interaction, work())

    @on(ui.ShowGroups)
    async def tell(self, press: Press[ui.ShowGroups]) -> None:
        """Tell the channel."""
        if not (await self._person(press.interaction)).moderates:
            raise NotAllowedError("Only moderators of this server can do this. Open your own group with /group.")
        await share(press.interaction, ready(ui.told_page(press.id.count)))

    async def _person(self, interaction: Interaction) -> Person:
        return await person_of(interaction, self.groups.moderator_role)

    async def _proposal(self, interaction: Interaction, size: int, seed: int) -> Reply:
        person = await self._person(interaction)
        return ui.proposal_page(await self.service.propose(interaction.guild_id or 0, person, size, seed))


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(GroupBalanceCog(bot.services.group, bot.services.group_balance))
