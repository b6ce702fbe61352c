"""*My week*: looking back on it, and the goal of the next one."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Final

from discord.ext import commands

from bot.domain.look_back import Kept, Way
from bot.services.look_back import LookBackPage, LookBackService
from bot.ui import look_back as ui
from bot.ui.look_back import LookBackVerb
from bot.ui.reply import Reply, open_form, turn
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot

VERDICTS: Final = {
    LookBackVerb.KEPT: (Kept.KEPT, "Kept. Well done."),
    LookBackVerb.PARTLY: (Kept.PARTLY, "Partly is a good part of the way."),
    LookBackVerb.NOT: (Kept.NOT, "Not this time. The next week is a new one."),
}
CHOSEN: Final = {
    Way.MESSAGE: "Your week comes by direct message, in the evening of its last day.",
    Way.TODAY: "Your week waits in /today on its last day.",
    None: "Your week does not come by itself any more. This page stays in /profile.",
}


class LookBackCog(commands.Cog):
    """Answers every press on the page. All of it is about whoever presses."""

    def __init__(self, service: LookBackService) -> None:
        self.service = service

    @on(ui.LookBackPress)
    async def press(self, press: Press[ui.LookBackPress]) -> None:
        """Do what a button of the page says."""
        me, verb, week = (press.guild_id, press.user_id), press.id.verb, press.id.week
        if verb is LookBackVerb.OPEN:
            await turn(press.interaction, _page(self.service.page(*me, week)))
        elif verb is LookBackVerb.GOAL:
            await open_form(press.interaction, self.service.page(*me, week), ui.goal_form)
        else:
            kept, said = VERDICTS[verb]
            await turn(press.interaction, _page(self.service.judge(*me, week, kept), said))

    @on(ui.GoalForm)
    async def submit_goal(self, press: Press[ui.GoalForm]) -> None:
        """Set the goal that was typed."""
        text = press.texts.get("goal", "")
        said = "Your goal is set. You see it again when that week ends." if text.strip() else "The goal is taken away."
        await turn(
            press.interaction, _page(self.service.put_goal(press.guild_id, press.user_id, press.id.week, text), said)
        )

    @on(ui.LookBackMenu)
    async def choose(self, press: Press[ui.LookBackMenu]) -> None:
        """Set how the week comes, or that it does not."""
        way = ui.way_of(press.values[0])
        await turn(press.interaction, _page(self.service.choose(press.guild_id, press.user_id, way), CHOSEN[way]))


async def _page(page: Awaitable[LookBackPage], notice: str | None = None) -> Reply:
    return ui.look_back_page(await page, notice)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(LookBackCog(bot.services.look_back))
