"""Quiz rounds: seeing what one would be, beginning it, answering, stopping it, and learning from it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.errors import NotAllowedError
from bot.services.group import Person
from bot.services.quiz import Locked, QuizService
from bot.services.quiz_play import QuizPlay
from bot.services.quiz_result import Mine, Taken
from bot.ui import quiz as ui
from bot.ui.group import person_of
from bot.ui.home import OpenQuiz
from bot.ui.quiz_place import first_place, playable
from bot.ui.reply import Interaction, Reply, answer, turn
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot


class QuizCog(commands.Cog):
    """Answers every press around a round. The round's own message changes by ``QuizPlay`` alone."""

    def __init__(self, service: QuizService, play: QuizPlay) -> None:
        self.service = service
        self.play = play

    @on(OpenQuiz)
    async def open_offer(self, press: Press[OpenQuiz]) -> None:
        """Show what a round would be, and where."""
        await turn(press.interaction, self._offer(press))

    @on(ui.QuizStart)
    async def start(self, press: Press[ui.QuizStart]) -> None:
        """Begin a round."""
        await turn(press.interaction, self._start(press))

    @on(ui.QuizAnswer)
    async def choose(self, press: Press[ui.QuizAnswer]) -> None:
        """Lock an answer in; only who chose it sees it."""
        at = press.id
        found = self.service.answer(press.guild_id, press.user_id, at.number, at.question, at.letter.value)
        await answer(press.interaction, _locked(found))

    @on(ui.QuizStop)
    async def stop(self, press: Press[ui.QuizStop]) -> None:
        """Ask, then stop a round."""
        await turn(press.interaction, self._stop(press))

    @on(ui.QuizMine)
    async def open_mine(self, press: Press[ui.QuizMine]) -> None:
        """Show one's own answers."""
        await turn(press.interaction, _mine(self.service.mine(press.guild_id, press.user_id, press.id.number)))

    @on(ui.QuizTake)
    async def take(self, press: Press[ui.QuizTake]) -> None:
        """Put what one missed into one's own review."""
        await turn(press.interaction, _taken(self.service.take(press.guild_id, press.user_id, press.id.number)))

    async def _person(self, interaction: Interaction) -> Person:
        return await person_of(interaction, self.service.moderator_role)

    async def _offer(self, press: Press[OpenQuiz]) -> Reply:
        person, at = await self._person(press.interaction), press.id
        found = await self.service.offer(press.guild_id, person, at.group or None, at.post or None)
        return ui.offer(found, first_place(press.interaction, found.places).id)

    async def _start(self, press: Press[ui.QuizStart]) -> Reply:
        person, at = await self._person(press.interaction), press.id
        place = playable(press.interaction, at.channel)
        begun = await self.service.start(press.guild_id, person, place.id, at.group or None, at.size)
        refused = await self.play.run(press.guild_id, begun.number)
        if refused is not None:
            raise NotAllowedError(refused.mend)
        return ui.started(await self.service.round(press.guild_id, begun.number))

    async def _stop(self, press: Press[ui.QuizStop]) -> Reply:
        person, number = await self._person(press.interaction), press.id.number
        if not press.id.sure:
            return ui.stop_question(await self.service.may_stop(press.guild_id, number, person))
        await self.service.stop(press.guild_id, number, person)
        await self.play.run(press.guild_id, number)
        return ui.stopped()


async def _locked(found: Awaitable[Locked]) -> Reply:
    return ui.locked(await found)


async def _mine(found: Awaitable[Mine]) -> Reply:
    return ui.mine(await found)


async def _taken(found: Awaitable[Taken]) -> Reply:
    return ui.taken(await found)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(QuizCog(bot.services.quiz, bot.services.quiz_play))
