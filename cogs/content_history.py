"""``/content history``: what changed the content, rolling back, and what an upgrade of the pack left to settle."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.errors import ContentChangedError, NotFoundError
from bot.services.content_entry import ContentEntryService
from bot.services.content_history import ContentHistory
from bot.ui import content_conflict as clash
from bot.ui import content_history as ui
from bot.ui.reply import Interaction, Reply, answer, turn, who
from bot.ui.rights import RoleOf, for_moderators
from bot.ui.router import Press, on
from cogs.content_group import add_to_group

if TYPE_CHECKING:
    from bot.client import Syllabot


class ContentHistoryCog(commands.Cog):
    """Answers ``/content history`` and every press on its pages. The right to do so is checked at each of them."""

    def __init__(self, history: ContentHistory, entries: ContentEntryService, role_of: RoleOf) -> None:
        self.history = history
        self.entries = entries
        self.role_of = role_of

    async def open_history(self, interaction: Interaction) -> None:
        """Open the newest loads."""
        guild_id, _ = who(interaction)
        await answer(interaction, self._checked(interaction, lambda: self._listed(guild_id, 0)))

    @on(ui.HistoryPage)
    async def turn_history(self, press: Press[ui.HistoryPage]) -> None:
        """Turn to older or newer loads."""
        work = self._checked(press.interaction, lambda: self._listed(press.guild_id, press.id.before))
        await turn(press.interaction, work)

    @on(ui.LoadMenu)
    async def choose_load(self, press: Press[ui.LoadMenu]) -> None:
        """Open the load that was chosen."""
        number = int(press.values[0])
        await turn(press.interaction, self._checked(press.interaction, lambda: self._load(press.guild_id, number, 0)))

    @on(ui.LoadPage)
    async def turn_load(self, press: Press[ui.LoadPage]) -> None:
        """Turn to a page of what a load changed."""
        one = press.id
        work = self._checked(press.interaction, lambda: self._load(press.guild_id, one.number, one.page))
        await turn(press.interaction, work)

    @on(ui.AskRollback)
    async def ask_rollback(self, press: Press[ui.AskRollback]) -> None:
        """Show what rolling back would do."""
        one = press.id
        work = self._checked(press.interaction, lambda: self._asked(press.guild_id, one.number, one.page))
        await turn(press.interaction, work)

    @on(ui.RollBack)
    async def roll_back(self, press: Press[ui.RollBack]) -> None:
        """Roll back; where somebody changed something meanwhile, show anew what it would do."""

        async def work() -> Reply:
            number = press.id.number
            try:
                applied = await self.history.rollback(press.guild_id, press.user_id, number, press.id.seen)
            except ContentChangedError as error:
                return await self._asked(press.guild_id, number, 0, error.sentence)
            return await self._listed(press.guild_id, 0, ui.rolled_back(applied, number))

        await turn(press.interaction, self._checked(press.interaction, work))

    @on(ui.OpenConflicts)
    async def open_conflicts(self, press: Press[ui.OpenConflicts]) -> None:
        """Show what an upgrade and the server both changed."""

        async def work() -> Reply:
            every, version = await self.entries.conflicts(press.guild_id)
            return clash.conflict_page(every, version, press.id.index)

        await turn(press.interaction, self._checked(press.interaction, work))

    @on(clash.SettlePress)
    async def settle(self, press: Press[clash.SettlePress]) -> None:
        """Let one of the two values stand."""
        await turn(press.interaction, self._checked(press.interaction, lambda: self._settled(press)))

    async def _settled(self, press: Press[clash.SettlePress]) -> Reply:
        guild_id, pressed = press.guild_id, press.id
        every, _ = await self.entries.conflicts(guild_id)
        index = next((i for i, one in enumerate(every) if clash.mark_of(one) == pressed.mark), None)
        if index is None:
            raise NotFoundError("That is settled already. Open /content history again.")
        ours = pressed.choice is clash.Choice.OURS
        notice = "Ours stands." if ours else "The pack's stands."
        try:
            await self.entries.settle(guild_id, press.user_id, every[index], pressed.seen, ours=ours)
        except ContentChangedError as error:
            notice = error.sentence
        every, version = await self.entries.conflicts(guild_id)
        return clash.conflict_page(every, version, index, notice)

    async def _listed(self, guild_id: int, before: int, notice: str | None = None) -> Reply:
        loads = await self.history.history(guild_id, ui.LISTED, before or None)
        newest = await self.history.newest(guild_id)
        conflicts, _ = await self.entries.conflicts(guild_id)
        return ui.history_page(loads, newest, len(conflicts), notice)

    async def _load(self, guild_id: int, number: int, page: int) -> Reply:
        one, changed = await self.history.shown(guild_id, number)
        return ui.load_page(one, changed, page)

    async def _asked(self, guild_id: int, number: int, page: int, notice: str | None = None) -> Reply:
        return ui.rollback_page(await self.history.rolling_back(guild_id, number), page, notice)

    async def _checked(self, interaction: Interaction, work: Callable[[], Awaitable[Reply]]) -> Reply:
        return await for_moderators(interaction, self.role_of, work)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot, and its command into the group."""
    its = bot.services
    cog = ContentHistoryCog(its.content_history, its.content_entry, its.schedule.moderator_role)
    await bot.add_cog(cog)
    add_to_group(bot, "history", "What was loaded and edited, by whom; roll it back", cog.open_history)
