"""A topic's page: marking it, noting something, adding a link, sharing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.domain.roadmap import State
from bot.services.roadmap import RoadmapService
from bot.services.topic import NeedsConfirming
from bot.ui import guide, roadmap, topic
from bot.ui.reply import Reply, open_form, share, turn
from bot.ui.router import Press, on
from bot.ui.topic import TopicVerb

if TYPE_CHECKING:
    from bot.client import Syllabot

MARKS = {
    TopicVerb.START: State.LEARNING,
    TopicVerb.DONE: State.DONE,
    TopicVerb.DONE_ANYWAY: State.DONE,
    TopicVerb.KNOW: State.KNOWN,
    TopicVerb.SKIP: State.SKIPPED,
}


class TopicCog(commands.Cog):
    """Answers every press that opens or marks a topic."""

    def __init__(self, service: RoadmapService) -> None:
        self.service = service

    @on(topic.OpenTopic)
    async def open_topic(self, press: Press[topic.OpenTopic]) -> None:
        """Open a topic from a page that others see, or from an answer."""
        await turn(press.interaction, self._topic(press.guild_id, press.user_id, press.id.topic_id))

    @on(topic.TopicPress)
    async def press_topic(self, press: Press[topic.TopicPress]) -> None:
        """Do what a button of a topic's page says."""
        guild_id, user_id, topic_id = press.guild_id, press.user_id, press.id.topic_id
        match press.id.verb:
            case TopicVerb.NOTE | TopicVerb.LINK:
                page = self.service.topic_page(guild_id, user_id, topic_id)
                make = topic.note_form if press.id.verb is TopicVerb.NOTE else topic.link_form
                await open_form(press.interaction, page, lambda found: make(found, user_id))
            case TopicVerb.SHARE:
                await share(press.interaction, self._share_topic(guild_id, user_id, topic_id))
            case TopicVerb.OPEN:
                await turn(press.interaction, self._topic(guild_id, user_id, topic_id))
            case TopicVerb.UNDO:
                await turn(press.interaction, self._undo_on_topic(guild_id, user_id, topic_id))
            case verb:
                await turn(press.interaction, self._mark(guild_id, user_id, topic_id, verb))

    @on(topic.TopicForm)
    async def submit(self, press: Press[topic.TopicForm]) -> None:
        """Keep a note, or the link to somebody's work."""
        put = self.service.add_evidence if press.id.verb is TopicVerb.LINK else self.service.put_note
        text = press.texts.get("text", "")

        async def work() -> Reply:
            page = await put(press.guild_id, press.user_id, press.id.topic_id, text)
            return topic.topic_page(page, press.user_id, topic.kept(press.id.verb, text, page.gain))

        await turn(press.interaction, work())

    @on(roadmap.TopicMenu)
    async def choose_topic(self, press: Press[roadmap.TopicMenu]) -> None:
        """Open the chosen topic."""
        await turn(press.interaction, self._topic(press.guild_id, press.user_id, press.values[0]))

    @on(guide.GuideTopics)
    async def choose_guide_topic(self, press: Press[guide.GuideTopics]) -> None:
        """Open the topic chosen on a chapter's page."""
        await turn(press.interaction, self._topic(press.guild_id, press.user_id, press.values[0]))

    async def _topic(self, guild_id: int, user_id: int, topic_id: str, notice: str | None = None) -> Reply:
        return topic.topic_page(await self.service.topic_page(guild_id, user_id, topic_id), user_id, notice)

    async def _share_topic(self, guild_id: int, user_id: int, topic_id: str) -> Reply:
        return topic.shared_topic(await self.service.topic_page(guild_id, user_id, topic_id), user_id)

    async def _undo_on_topic(self, guild_id: int, user_id: int, topic_id: str) -> Reply:
        notice = topic.taken_back(await self.service.undo(guild_id, user_id), await self.service.pack(guild_id))
        return await self._topic(guild_id, user_id, topic_id, notice)

    async def _mark(self, guild_id: int, user_id: int, topic_id: str, verb: TopicVerb) -> Reply:
        confirmed = verb is TopicVerb.DONE_ANYWAY
        outcome = await self.service.mark(guild_id, user_id, topic_id, MARKS[verb], confirmed=confirmed)
        if isinstance(outcome, NeedsConfirming):
            return topic.confirm(outcome, user_id)
        return topic.topic_page(outcome.page, user_id, topic.marked(outcome))


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(TopicCog(bot.services.roadmap))
