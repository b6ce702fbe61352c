"""Reports of an answer by members, and the moderators' queue of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from discord.ext import commands

from bot.domain.report import Thing
from bot.errors import StaleComponentError
from bot.services.answer import AnswerService
from bot.services.report import ReportService
from bot.ui import report as ui
from bot.ui.components import STALE
from bot.ui.manage import EVERY
from bot.ui.reply import Interaction, Reply, answer, turn
from bot.ui.report import ReportVerb
from bot.ui.rights import for_moderators
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot

T = TypeVar("T")


class ReportCog(commands.Cog):
    """Takes members' reports, and the moderators' rulings; the right to rule is checked at each press."""

    def __init__(self, bot: Syllabot, service: ReportService, answers: AnswerService) -> None:
        self.bot = bot
        self.service = service
        self.answers = answers

    @on(ui.ReportForm)
    async def report(self, press: Press[ui.ReportForm]) -> None:
        """Open the form for a report, or take what was typed into it."""
        if "reason" not in press.texts:
            await press.interaction.response.send_modal(ui.report_form(press.id))
            return

        async def work() -> Reply:
            await self.service.report(press.guild_id, press.user_id, press.id.thing, press.texts["reason"])
            return ui.reported()

        await answer(press.interaction, work())

    @on(ui.ReportAnswers)
    async def choose_answer(self, press: Press[ui.ReportAnswers]) -> None:
        """Ask which answer on a page is meant."""

        async def work() -> Reply:
            found = await self.answers.shared(press.guild_id, press.user_id, press.id.number, press.id.index)
            return ui.choose_answer(found, press.user_id)

        await answer(press.interaction, work())

    @on(ui.ReportAnswerMenu)
    async def report_answer(self, press: Press[ui.ReportAnswerMenu]) -> None:
        """Open the form for a report of the chosen answer."""
        if not press.values[0].isdecimal():
            raise StaleComponentError(STALE)
        form = ui.ReportForm(entry_id=EVERY, number=press.id.number, author=int(press.values[0]))
        await press.interaction.response.send_modal(ui.report_form(form))

    @on(ui.ReportsPage)
    async def open_queue(self, press: Press[ui.ReportsPage]) -> None:
        """Open a page of what waits."""
        await self._turn(press, lambda: self._queue(press.guild_id, press.id.page))

    @on(ui.ReportMenu)
    async def look_at_one(self, press: Press[ui.ReportMenu]) -> None:
        """Open one thing that was reported."""

        async def work() -> Reply:
            return ui.report_page(await self.service.page(press.guild_id, _thing(press.values[0])))

        await self._turn(press, work)

    @on(ui.EntryReport)
    async def rule_entry(self, press: Press[ui.EntryReport]) -> None:
        """Keep an entry that was reported, or remove it."""
        pressed = press.id
        await self._turn(press, lambda: self._ruled(press, Thing(pressed.entry_id), pressed.verb, pressed.seen))

    @on(ui.AnswerReport)
    async def rule_answer(self, press: Press[ui.AnswerReport]) -> None:
        """Keep a shared answer that was reported, or remove it."""
        pressed = press.id
        thing = Thing("", pressed.number, pressed.author)
        await self._turn(press, lambda: self._ruled(press, thing, pressed.verb, pressed.seen))

    async def _ruled(self, press: Press[Any], thing: Thing, verb: ReportVerb, seen: int) -> Reply:
        match verb:
            case ReportVerb.ASK:
                return ui.ask_remove(await self.service.page(press.guild_id, thing))
            case ReportVerb.KEEP:
                await self.service.keep(press.guild_id, press.user_id, thing)
                told = "Kept as it is."
            case ReportVerb.REMOVE:
                await self.service.remove(press.guild_id, press.user_id, thing, seen)
                told = "Removed."
        return await self._queue(press.guild_id, 0, told)

    async def _queue(self, guild_id: int, page: int, told: str = "") -> Reply:
        return ui.reports_page(await self.service.queue(guild_id, page), told)

    async def _turn(self, press: Press[Any], work: Callable[[], Awaitable[Reply]]) -> None:
        await turn(press.interaction, self._checked(press.interaction, work))

    async def _checked(self, interaction: Interaction, work: Callable[[], Awaitable[T]]) -> T:
        return await for_moderators(interaction, self.bot.services.schedule.moderator_role, work)


def _thing(key: str) -> Thing:
    """Return what a key names.

    Raises:
        StaleComponentError: where it names nothing.
    """
    try:
        return Thing.of_key(key)
    except ValueError:
        raise StaleComponentError(STALE) from None


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(ReportCog(bot, bot.services.report, bot.services.answer))
