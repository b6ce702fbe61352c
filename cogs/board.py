"""``/leaderboard``: members and groups, this week and before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

from discord import app_commands
from discord.ext import commands

from bot.domain.board import Rivals, Window
from bot.services.board import BoardService, MemberBoard
from bot.services.board_history import BoardHistoryService
from bot.services.board_lines import Ask
from bot.services.membership import MembershipService
from bot.ui import board as ui
from bot.ui.board import BoardVerb
from bot.ui.board_history import HistoryMenu, history_page
from bot.ui.reply import Interaction, Reply, amend, answer, share, turn, who
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot

Work: TypeAlias = Callable[[], Awaitable[Reply]]
Deliver: TypeAlias = Callable[[Interaction, Awaitable[Reply]], Awaitable[None]]

RIVALS: Final = [
    app_commands.Choice(name="members", value=Rivals.MEMBERS.value),
    app_commands.Choice(name="groups", value=Rivals.GROUPS.value),
]
WINDOWS: Final = [app_commands.Choice(name=words.lower(), value=window.value) for window, words in ui.WINDOWS.items()]


class BoardCog(commands.Cog):
    """Declares ``/leaderboard`` and answers the presses on its pages."""

    def __init__(self, service: BoardService, history: BoardHistoryService, members: MembershipService) -> None:
        self.service = service
        self.history = history
        self.membership = members
        self._latest: dict[tuple[int, int], Interaction] = {}

    @app_commands.command(name="leaderboard", description="Who earned how much: members or groups, and your place")
    @app_commands.describe(board="Members or groups", window="This week, this month, the season, or all time")
    @app_commands.choices(board=RIVALS, window=WINDOWS)
    @app_commands.guild_only()
    async def show_board(
        self,
        interaction: Interaction,
        board: app_commands.Choice[str] | None = None,
        window: app_commands.Choice[str] | None = None,
    ) -> None:
        """Open a board."""
        who(interaction)
        rivals = Rivals(board.value) if board else Rivals.MEMBERS
        ask = Ask(rivals, Window(window.value) if window else Window.WEEK)
        await self._show(interaction, ask, answer)

    @on(ui.OpenBoard)
    async def open_board(self, press: Press[ui.OpenBoard]) -> None:
        """Open the board at the presser's own line."""
        await self._show(press.interaction, Ask(press.id.rivals, press.id.window, around_me=True), turn)

    @on(ui.BoardPress)
    async def press_board(self, press: Press[ui.BoardPress]) -> None:
        """Do what a button of the page says."""
        ask = press.id.ask()
        match press.id.verb:
            case BoardVerb.HISTORY:
                await self._show_history(press, ask)
            case BoardVerb.SHARE:
                await share(press.interaction, self._shared(press.guild_id, press.user_id, ask))
            case _:
                await self._show(press.interaction, ask, turn)

    @on(HistoryMenu)
    async def choose_past(self, press: Press[HistoryMenu]) -> None:
        """Open a board of the past."""
        ask = Ask(press.id.rivals, press.id.window, date.fromordinal(int(press.values[0])))
        await self._show(press.interaction, ask, turn)

    async def _show(self, interaction: Interaction, ask: Ask, deliver: Deliver) -> None:
        """Show a board as it is known, and then, where somebody on it was not checked for long, as it is."""
        guild_id, user_id = who(interaction)
        if ask.rivals is Rivals.GROUPS:
            await deliver(interaction, self._groups(guild_id, user_id, ask))
            return
        unsure: list[MemberBoard] = []

        async def work() -> Reply:
            found = await self.service.members(guild_id, user_id, ask)
            if found.unsure:
                unsure.append(found)
            return ui.member_page(found, user_id)

        async def again() -> Reply:
            return ui.member_page(await self.service.members(guild_id, user_id, unsure[0].ask), user_id)

        self._latest.pop((guild_id, user_id), None)
        await deliver(interaction, work())
        if unsure:
            await self._check(interaction, await self.service.nearby(guild_id, unsure[0]), again)

    async def _show_history(self, press: Press[ui.BoardPress], ask: Ask) -> None:
        unsure: list[int] = []

        async def work() -> Reply:
            found = await self.history.page(press.guild_id, ask)
            unsure.extend(found.unsure)
            return history_page(found, press.user_id)

        self._latest.pop((press.guild_id, press.user_id), None)
        await turn(press.interaction, work())
        if unsure:
            await self._check(press.interaction, unsure.copy(), work)

    async def _check(self, interaction: Interaction, user_ids: Sequence[int], again: Work) -> None:
        """Ask Discord who of these is still here; show the page again if that changes it and it is still in view."""
        mine = who(interaction)
        self._latest[mine] = interaction
        try:
            changed = await self.membership.check(mine[0], user_ids, mine[1])
            # whoever has pressed on meanwhile sees another page
            if changed and self._latest.get(mine) is interaction:
                await amend(interaction, await again())
        finally:
            if self._latest.get(mine) is interaction:
                del self._latest[mine]

    async def _groups(self, guild_id: int, user_id: int, ask: Ask) -> Reply:
        return ui.group_page(await self.service.groups(guild_id, user_id, ask), user_id)

    async def _shared(self, guild_id: int, user_id: int, ask: Ask) -> Reply:
        if ask.rivals is Rivals.GROUPS:
            return ui.shared(await self.service.groups(guild_id, user_id, ask), user_id)
        return ui.shared(await self.service.members(guild_id, user_id, ask), user_id)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(BoardCog(bot.services.board, bot.services.board_history, bot.services.membership))
