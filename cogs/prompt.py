"""The buttons of a post, and of the pages that open from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.domain.reminder import Later
from bot.errors import StaleComponentError, SyllabotError
from bot.log import get_logger
from bot.services.answer import AnswerService
from bot.services.later import LaterService
from bot.services.prompt import PromptService
from bot.ui import answer as answers
from bot.ui import later as times
from bot.ui import post, prompt
from bot.ui.components import STALE
from bot.ui.post import PostPress, PostVerb
from bot.ui.prompt import PromptVerb
from bot.ui.reply import Reply, Turned, open_form, turn, turn_and_tell
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot

log = get_logger(__name__)


class PromptCog(commands.Cog):
    """Answers every press on a post, and on a member's own pages of it."""

    def __init__(self, bot: Syllabot, service: PromptService, written: AnswerService, later: LaterService) -> None:
        self.bot = bot
        self.service = service
        self.answers = written
        self.later = later
        self._stale: set[tuple[int, int]] = set()
        self._redrawing: set[tuple[int, int]] = set()

    @on(PostPress)
    async def press_post(self, press: Press[PostPress]) -> None:
        """Do what a button of a post says; the page it opens is the presser's own."""
        guild_id, user_id, number = press.guild_id, press.user_id, press.id.number
        match press.id.verb:
            case PostVerb.DONE:
                await turn_and_tell(press.interaction, self._done_on_post(press))
                return
            case PostVerb.HELP:
                work = self._help(guild_id, user_id, number)
            case PostVerb.ANSWERS:
                work = self._answers(guild_id, user_id, number)
            case PostVerb.LATER:
                work = self._later(guild_id, user_id, number)
        await turn(press.interaction, work)

    @on(prompt.PromptPress)
    async def press_page(self, press: Press[prompt.PromptPress]) -> None:
        """Do what a button of one's own page of a post says."""
        guild_id, user_id, number = press.guild_id, press.user_id, press.id.number
        match press.id.verb:
            case PromptVerb.WRITE:
                page = self.service.open(guild_id, user_id, number)
                await open_form(press.interaction, page, answers.answer_form)
            case PromptVerb.DONE | PromptVerb.UNDO | PromptVerb.DROP_ANSWER as verb:
                await turn(press.interaction, self._act(verb, guild_id, user_id, number))
                await self._redraw_post(guild_id, number)
            case PromptVerb.LATER:
                await turn(press.interaction, self._later(guild_id, user_id, number))
            case PromptVerb.FORGET:
                await turn(press.interaction, self._forget(guild_id, user_id, number))
            case verb:
                await turn(press.interaction, self._look(verb, guild_id, user_id, number))

    @on(prompt.VotePress)
    async def vote(self, press: Press[prompt.VotePress]) -> None:
        """Record how hard somebody found it, and give another one."""

        async def work() -> Reply:
            pressed = press.id
            return prompt.voted(
                await self.service.vote(press.guild_id, press.user_id, pressed.number, pressed.vote, pressed.shown)
            )

        await turn(press.interaction, work())

    @on(prompt.AnswersPress)
    async def open_answers(self, press: Press[prompt.AnswersPress]) -> None:
        """Open a page of what was shared."""
        work = self._answers(press.guild_id, press.user_id, press.id.number, press.id.index)
        await turn(press.interaction, work)

    @on(answers.AnswerAnyway)
    async def open_answers_anyway(self, press: Press[answers.AnswerAnyway]) -> None:
        """Open what was shared to somebody who has not done it."""
        work = self._answers(press.guild_id, press.user_id, press.id.number, press.id.index, anyway=True)
        await turn(press.interaction, work)

    @on(answers.AnswerMenu)
    async def read_answer(self, press: Press[answers.AnswerMenu]) -> None:
        """Open one answer in full."""
        if not press.values[0].isdecimal():
            raise StaleComponentError(STALE)
        author_id = int(press.values[0])

        async def work() -> Reply:
            number = press.id.number
            one = await self.answers.one(press.guild_id, number, author_id)
            page = await self.service.open(press.guild_id, press.user_id, number)
            return answers.one_answer(one, page, press.id.index, press.user_id)

        await turn(press.interaction, work())

    @on(answers.AnswerForm)
    async def keep_answer(self, press: Press[answers.AnswerForm]) -> None:
        """Keep what was written."""
        text, shared = press.texts.get("text", ""), press.texts.get("audience") == answers.SHARED

        async def work() -> Reply:
            page = await self.answers.write(press.guild_id, press.user_id, press.id.number, text, shared=shared)
            return answers.kept(page)

        await turn(press.interaction, work())
        await self._redraw_post(press.guild_id, press.id.number)

    @on(times.LaterMenu)
    async def remind(self, press: Press[times.LaterMenu]) -> None:
        """Remind somebody at the chosen time."""
        if press.values[0] not in set(Later):
            raise StaleComponentError(STALE)

        async def work() -> Reply:
            choice = Later(press.values[0])
            return times.later(await self.later.remind(press.guild_id, press.user_id, press.id.number, choice))

        await turn(press.interaction, work())

    async def _done_on_post(self, press: Press[PostPress]) -> Turned:
        what = await self.service.done(press.guild_id, press.user_id, press.id.number)
        return Turned(post.up_to_date(press.interaction.message, press.id, what.page.counts), prompt.finished(what))

    async def _act(self, verb: PromptVerb, guild_id: int, user_id: int, number: int) -> Reply:
        match verb:
            case PromptVerb.DONE:
                return prompt.finished(await self.service.done(guild_id, user_id, number))
            case PromptVerb.UNDO:
                return prompt.withdrawn(await self.service.take_back(guild_id, user_id, number))
            case _:
                return answers.dropped(await self.answers.take_back(guild_id, user_id, number))

    async def _look(self, verb: PromptVerb, guild_id: int, user_id: int, number: int) -> Reply:
        if verb is PromptVerb.POSTED:
            return prompt.help_page(await self.service.restore(guild_id, user_id, number), "Back to the posted one.")
        page = await self.service.open(guild_id, user_id, number)
        match verb:
            case PromptVerb.OUTLINE if page.done is None:
                return answers.try_first(page, answers=False)
            case PromptVerb.OUTLINE | PromptVerb.OUTLINE_ANYWAY:
                return answers.outline(page)
            case _:
                return prompt.help_page(page, hint=verb is PromptVerb.HINT)

    async def _help(self, guild_id: int, user_id: int, number: int) -> Reply:
        return prompt.help_page(await self.service.open(guild_id, user_id, number))

    async def _answers(
        self, guild_id: int, user_id: int, number: int, index: int = 0, *, anyway: bool = False
    ) -> Reply:
        found = await self.answers.shared(guild_id, user_id, number, index)
        if found.page.done is None and not anyway:
            return answers.try_first(found.page, answers=True)
        return answers.answers(found, user_id)

    async def _later(self, guild_id: int, user_id: int, number: int) -> Reply:
        return times.later(await self.later.page(guild_id, user_id, number))

    async def _forget(self, guild_id: int, user_id: int, number: int) -> Reply:
        found = await self.later.forget(guild_id, user_id, number)
        return times.later(found, "Taken back: I won't write to you about this one.")

    async def _redraw_post(self, guild_id: int, number: int) -> None:
        """Bring a post up to date after a press elsewhere; many presses at once share one edit.

        Whoever pressed has been answered by now, so what fails here is theirs no more: the next press mends it.
        """
        key = guild_id, number
        self._stale.add(key)
        if key in self._redrawing:
            return
        self._redrawing.add(key)
        try:
            while key in self._stale:
                self._stale.discard(key)
                shown = await self.service.shown(guild_id, number)
                if shown is not None:
                    channel = self.bot.get_partial_messageable(shown.channel_id, guild_id=guild_id)
                    await self.bot.courier.edit(channel.get_partial_message(shown.message_id), post.post(shown.post))
        except SyllabotError as error:
            log.info("post_not_redrawn", guild_id=guild_id, number=number, error=type(error).__name__)
        finally:
            self._redrawing.discard(key)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    services = bot.services
    await bot.add_cog(PromptCog(bot, services.prompt, services.answer, services.later))
