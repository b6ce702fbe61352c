"""``/leaderboard``: members and groups, this week and before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from discord import app_commands
from discord.ext import commands

from bot.domain.board import Rivals, Window
from bot.domain.card import LeaderboardCard
from bot.domain.frozen import frozen
from bot.services.board import BoardService, Renderer
from bot.services.board_history import BoardHistoryService
from bot.services.board_lines import Ask
from bot.services.membership import MembershipService
from bot.ui import board as ui
from bot.ui.board import BoardVerb
from bot.ui.board_card import group_card, member_card, pictured
from bot.ui.board_history import HistoryMenu, history_page
from bot.ui.reply import Interaction, Reply, amend, answer, share, turn, who
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot

Deliver: TypeAlias = Callable[[Interaction, Awaitable[Reply]], Awaitable[None]]

RIVALS: Final = [
    app_commands.Choice(name="members", value=Rivals.MEMBERS.value),
    app_commands.Choice(name="groups", value=Rivals.GROUPS.value),
]
WINDOWS: Final = [app_commands.Choice(name=words.lower(), value=window.value) for window, words in ui.WINDOWS.items()]


@frozen
class _Drawn:
    """A page as it can be shown at once.

    Attributes:
        card: what its picture shows; None for a page without one.
        unsure: finds the members to ask Discord about; None where nobody needs it.
    """

    reply: Reply
    card: LeaderboardCard | None
    unsure: Callable[[], Awaitable[Sequence[int]]] | None


class BoardCog(commands.Cog):
    """Declares ``/leaderboard`` and answers the presses on its pages."""

    def __init__(
        self, service: BoardService, history: BoardHistoryService, members: MembershipService, pictures: Renderer
    ) -> None:
        self.service = service
        self.history = history
        self.membership = members
        self.pictures = pictures
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
                await share(press.interaction, self._shared(press.interaction, ask))
            case _:
                await self._show(press.interaction, ask, turn)

    @on(HistoryMenu)
    async def choose_past(self, press: Press[HistoryMenu]) -> None:
        """Open a board of the past."""
        ask = Ask(press.id.rivals, press.id.window, date.fromordinal(int(press.values[0])))
        await self._show(press.interaction, ask, turn)

    async def _show(self, interaction: Interaction, ask: Ask, deliver: Deliver) -> None:
        """Show a board as it is known, and then, if that takes longer, as it is and with its picture."""
        guild_id, user_id = who(interaction)
        drawn: list[_Drawn] = []

        async def work() -> Reply:
            drawn[:] = [await self._drawn(interaction, ask)]
            return drawn[0].reply

        self._latest.pop((guild_id, user_id), None)
        await deliver(interaction, work())
        first = drawn[0]
        if not first.unsure and (first.card is None or first.reply.picture):
            return

        async def better() -> Reply | None:
            changed = bool(first.unsure) and await self.membership.check(guild_id, await first.unsure(), user_id)
            now = await self._drawn(interaction, ask) if changed else first
            if now.card is None or now.reply.picture:
                return now.reply if changed else None
            png = await self.pictures.leaderboard(now.card)
            return pictured(now.reply, now.card, png) if changed or png else None

        await self._amend(interaction, better)

    async def _show_history(self, press: Press[ui.BoardPress], ask: Ask) -> None:
        unsure: list[int] = []

        async def work() -> Reply:
            found = await self.history.page(press.guild_id, ask)
            unsure.extend(found.unsure)
            return history_page(found, press.user_id)

        async def better() -> Reply | None:
            changed = await self.membership.check(press.guild_id, unsure.copy(), press.user_id)
            return await work() if changed else None

        self._latest.pop((press.guild_id, press.user_id), None)
        await turn(press.interaction, work())
        if unsure:
            await self._amend(press.interaction, better)

    async def _amend(self, interaction: Interaction, better: Callable[[], Awaitable[Reply | None]]) -> None:
        """Change a page that was answered, if there is better, unless its owner has pressed on meanwhile."""
        mine = who(interaction)
        self._latest[mine] = interaction
        try:
            reply = await better()
            if reply is not None and self._latest.get(mine) is interaction:
                await amend(interaction, reply)
        finally:
            if self._latest.get(mine) is interaction:
                del self._latest[mine]

    async def _drawn(self, interaction: Interaction, ask: Ask, *, public: bool = False) -> _Drawn:
        """Return a page as far as it is there without waiting."""
        guild_id, user_id = who(interaction)
        unsure = None
        if ask.rivals is Rivals.GROUPS:
            groups = await self.service.groups(guild_id, user_id, ask)
            card = group_card(groups, own=not public)
            reply = ui.shared(groups, user_id) if public else ui.group_page(groups, user_id)
        else:
            found = await self.service.members(guild_id, user_id, ask)
            card = member_card(found, None if public else user_id, interaction.user.display_name)
            reply = ui.shared(found, user_id) if public else ui.member_page(found, user_id)
            unsure = partial(self.service.nearby, guild_id, found) if found.unsure else None
        png = self.pictures.kept_leaderboard(card) if card else None
        return _Drawn(pictured(reply, card, png), card, unsure)

    async def _shared(self, interaction: Interaction, ask: Ask) -> Reply:
        """Return a board for everybody, drawn: a message of others is not edited later."""
        drawn = await self._drawn(interaction, ask, public=True)
        if drawn.card is None or drawn.reply.picture:
            return drawn.reply
        return pictured(drawn.reply, drawn.card, await self.pictures.leaderboard(drawn.card))


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    services = bot.services
    await bot.add_cog(BoardCog(services.board, services.board_history, services.membership, services.pictures))
