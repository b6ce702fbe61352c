"""``/streak``: the calendar, why each day counts, rest days and vacation."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.services.review import ReviewService
from bot.services.streak import StreakPage, StreakService
from bot.ui import streak as ui
from bot.ui.reply import Interaction, Reply, answer, open_form, share, turn, who
from bot.ui.router import Press, on
from bot.ui.streak import RestVerb, StreakVerb

if TYPE_CHECKING:
    from bot.client import Syllabot


class StreakCog(commands.Cog):
    """Declares ``/streak`` and answers the presses on its page."""

    def __init__(self, service: StreakService, reviews: ReviewService) -> None:
        self.service = service
        self.reviews = reviews

    @app_commands.command(name="streak", description="Your calendar of study days, why each counts, rest and vacation")
    @app_commands.guild_only()
    async def show_streak(self, interaction: Interaction) -> None:
        """Open one's own streak."""
        guild_id, user_id = who(interaction)
        await answer(interaction, self._home((guild_id, user_id), interaction.user.display_name))

    @on(ui.OpenStreak)
    async def open_streak(self, press: Press[ui.OpenStreak]) -> None:
        """Open the presser's own streak."""
        await turn(press.interaction, self._home((press.guild_id, press.user_id), press.name))

    @on(ui.StreakPress)
    async def press_streak(self, press: Press[ui.StreakPress]) -> None:
        """Do what a button of the page says."""
        guild_id, user_id = press.guild_id, press.user_id
        match press.id.verb:
            case StreakVerb.HOME:
                await turn(press.interaction, self._home((guild_id, user_id), press.name))
            case StreakVerb.VACATION:
                await turn(press.interaction, self._vacations(guild_id, user_id))
            case StreakVerb.BACK_AGAIN:
                work = self.service.end_vacation(guild_id, user_id)
                await turn(press.interaction, self._own(press, work, "The vacation is over. Good to have you back."))
            case StreakVerb.SHARE:
                await share(press.interaction, self._shared(guild_id, user_id, press.name))

    @on(ui.RestPress)
    async def press_rest(self, press: Press[ui.RestPress]) -> None:
        """Take a rest day, or take it back."""
        resting = press.id.verb is RestVerb.TAKE
        work = self.service.rest(press.guild_id, press.user_id, press.id.day, resting=resting)
        said = "Rest well: that day is owed to nobody." if resting else "That rest day is taken back."
        await turn(press.interaction, self._own(press, work, said))

    @on(ui.VacationMenu)
    async def choose_vacation(self, press: Press[ui.VacationMenu]) -> None:
        """Take the chosen vacation."""
        first, _, days = press.values[0].partition(".")
        await turn(press.interaction, self._away(press, first, days))

    @on(ui.VacationForm)
    async def submit_vacation(self, press: Press[ui.VacationForm]) -> None:
        """Open the form; once it is sent, take that vacation."""
        if "first" not in press.texts:
            page = self.service.page(press.guild_id, press.user_id)
            await open_form(press.interaction, page, lambda found: ui.vacation_form(press.user_id, found))
            return
        await turn(press.interaction, self._away(press, press.texts["first"], press.texts.get("days", "")))

    async def _home(self, me: tuple[int, int], name: str) -> Reply:
        found, coming = await self.reviews.beside_streak(*me)
        return ui.page(found, me[1], await self.service.picture(found, name), None, coming)

    async def _own(
        self, press: Press[ui.StreakPress] | Press[ui.RestPress], work: Awaitable[StreakPage], notice: str
    ) -> Reply:
        return await self._page(await work, (press.guild_id, press.user_id), press.name, notice)

    async def _away(self, press: Press[ui.VacationMenu] | Press[ui.VacationForm], first: str, days: str) -> Reply:
        found = await self.service.take_vacation(press.guild_id, press.user_id, first, days)
        return await self._page(found, (press.guild_id, press.user_id), press.name, ui.vacation_taken(found))

    async def _page(self, found: StreakPage, me: tuple[int, int], name: str, notice: str) -> Reply:
        png = await self.service.picture(found, name)
        return ui.page(found, me[1], png, notice, await self.reviews.coming(*me))

    async def _vacations(self, guild_id: int, user_id: int) -> Reply:
        return ui.vacation_page(await self.service.page(guild_id, user_id), user_id)

    async def _shared(self, guild_id: int, user_id: int, name: str) -> Reply:
        found = await self.service.page(guild_id, user_id)
        return ui.shared(found, user_id, await self.service.picture(found, name))


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(StreakCog(bot.services.streak, bot.services.review))
