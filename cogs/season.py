"""Seasons, and how groups are made and compared: a page of ``/setup``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.domain.board import Measure
from bot.domain.group import GroupMakers
from bot.services.season import SeasonPage, SeasonService
from bot.ui import season as ui
from bot.ui.reply import Reply, open_form, turn
from bot.ui.rights import require_manager
from bot.ui.router import Press, on
from bot.ui.season import SeasonVerb

if TYPE_CHECKING:
    from bot.client import Syllabot


class SeasonCog(commands.Cog):
    """Answers every press on the page. Manage Server is checked at each of them."""

    def __init__(self, service: SeasonService) -> None:
        self.service = service

    @on(ui.OpenSeasons)
    async def open_page(self, press: Press[ui.OpenSeasons]) -> None:
        """Turn the panel into the page."""
        require_manager(press.interaction)
        await turn(press.interaction, _page(self.service.page(press.guild_id)))

    @on(ui.BeginForm)
    async def press_begin(self, press: Press[ui.BeginForm]) -> None:
        """Open the form; once it is sent, begin the season."""
        require_manager(press.interaction)
        if "name" not in press.texts:
            await open_form(press.interaction, self.service.page(press.guild_id), ui.begin_form)
            return
        work = self.service.begin(press.guild_id, press.texts["name"], press.texts.get("first", ""))
        await turn(press.interaction, _page(work, ui.begun))

    @on(ui.SeasonPress)
    async def press_season(self, press: Press[ui.SeasonPress]) -> None:
        """End a season, by a form, or take its beginning or its end back."""
        require_manager(press.interaction)
        guild_id, number = press.guild_id, press.id.number
        match press.id.verb:
            case SeasonVerb.END if "last" not in press.texts:
                page = self.service.page(guild_id)
                await open_form(press.interaction, page, lambda found: ui.end_form(found, press.id))
            case SeasonVerb.END:
                work = self.service.end(guild_id, number, press.texts["last"])
                await turn(press.interaction, _page(work, "The season is over. Its board stays under History."))
            case SeasonVerb.UNBEGIN:
                said = "That season never was. Its points still count everywhere else."
                await turn(press.interaction, _page(self.service.unbegin(guild_id, number), said))
            case SeasonVerb.RESUME:
                said = "The season runs on. What was earned meanwhile counts for it."
                await turn(press.interaction, _page(self.service.resume(guild_id, number), said))

    @on(ui.MakersMenu)
    async def choose_makers(self, press: Press[ui.MakersMenu]) -> None:
        """Set who may make groups."""
        require_manager(press.interaction)
        work = self.service.put_makers(press.guild_id, GroupMakers(press.values[0]))
        await turn(press.interaction, _page(work, "Who makes groups is set."))

    @on(ui.MeasureMenu)
    async def choose_measure(self, press: Press[ui.MeasureMenu]) -> None:
        """Set what groups are compared by."""
        require_manager(press.interaction)
        work = self.service.put_measure(press.guild_id, Measure(press.values[0]))
        await turn(press.interaction, _page(work, "Groups are compared that way from now on, and on past boards too."))

    @on(ui.LeastMenu)
    async def choose_least(self, press: Press[ui.LeastMenu]) -> None:
        """Set how many members a group needs to stand on the board."""
        require_manager(press.interaction)
        work = self.service.put_least(press.guild_id, int(press.values[0]))
        await turn(press.interaction, _page(work, "The smallest group on the board is set."))


async def _page(work: Awaitable[SeasonPage], notice: str | Callable[[SeasonPage], str] | None = None) -> Reply:
    page = await work
    return ui.season_page(page, notice(page) if callable(notice) else notice)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(SeasonCog(bot.services.season))
