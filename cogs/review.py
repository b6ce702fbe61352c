"""The two-minute review, begun from ``/today``. All of it is about whoever presses."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.services.review import Graded, ReviewService, Step, Told
from bot.ui import review as ui
from bot.ui.reply import Reply, turn
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot


class ReviewCog(commands.Cog):
    """Answers every press on a page of reviews."""

    def __init__(self, service: ReviewService) -> None:
        self.service = service

    @on(ui.ReviewBegin)
    async def begin(self, press: Press[ui.ReviewBegin]) -> None:
        """Ask the first card."""
        await turn(press.interaction, _step(self.service.begin(press.guild_id, press.user_id)))

    @on(ui.ReviewShow)
    async def show(self, press: Press[ui.ReviewShow]) -> None:
        """Turn a card over."""
        at = press.id
        found = self.service.show(press.guild_id, press.user_id, at.card_id, at.seen, at.done)
        await turn(press.interaction, _shown(found, at.pick))

    @on(ui.ReviewGrade)
    async def grade(self, press: Press[ui.ReviewGrade]) -> None:
        """Record a grade and go on."""
        at = press.id
        found = self.service.grade(press.guild_id, press.user_id, at.card_id, at.seen, at.grade, at.done)
        await turn(press.interaction, _graded(found))

    @on(ui.ReviewStop)
    async def stop(self, press: Press[ui.ReviewStop]) -> None:
        """End the sitting."""
        await turn(press.interaction, _step(self.service.stop(press.guild_id, press.user_id)))


async def _step(found: Awaitable[Step]) -> Reply:
    return ui.step(await found)


async def _shown(found: Awaitable[Told | Step], pick: ui.Pick) -> Reply:
    shown = await found
    return ui.told(shown, pick) if isinstance(shown, Told) else ui.step(shown)


async def _graded(found: Awaitable[Graded]) -> Reply:
    return ui.graded(await found)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(ReviewCog(bot.services.review))
