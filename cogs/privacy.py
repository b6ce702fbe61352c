"""**My data** on ``/profile``: what is kept about a member, as files, and its deletion."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from discord.ext import commands

from bot.services.privacy import PrivacyService
from bot.ui import privacy as ui
from bot.ui.privacy import PrivacyVerb
from bot.ui.reply import Reply, answer, show, turn
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot

T = TypeVar("T")


class PrivacyCog(commands.Cog):
    """Answers every press on the pages of **My data**. All of it is about whoever presses."""

    def __init__(self, service: PrivacyService) -> None:
        self.service = service

    @on(ui.PrivacyPress)
    async def press(self, press: Press[ui.PrivacyPress]) -> None:
        """Do what a button of the pages says."""
        me = press.guild_id, press.user_id
        match press.id.verb:
            case PrivacyVerb.OPEN:
                await turn(press.interaction, _page(self.service.kept(*me), ui.my_data))
            case PrivacyVerb.EXPORT:
                await answer(press.interaction, _page(self.service.export(*me), ui.exported))
            case PrivacyVerb.ASK:
                await turn(press.interaction, _page(self.service.kept(*me), ui.ask))
            case PrivacyVerb.ASK_AGAIN:
                await show(press.interaction, ui.ask_again())
            case PrivacyVerb.DELETE:
                await turn(press.interaction, _page(self.service.delete(*me), lambda _none: ui.deleted()))


async def _page(work: Awaitable[T], render: Callable[[T], Reply]) -> Reply:
    return render(await work)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(PrivacyCog(bot.services.privacy))
