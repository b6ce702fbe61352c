"""The showcase: posting a finished project, taking it back, and choosing its channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.domain.schedule import PostOptions
from bot.domain.showcase import Exhibit
from bot.errors import NotAllowedError, SyllabotError
from bot.services.courier import Done, Place, Refused
from bot.ui import showcase as ui
from bot.ui import topic
from bot.ui.reply import Interaction, Reply, turn
from bot.ui.rights import for_moderators, postable, require_post_rights
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot


class ShowcaseCog(commands.Cog):
    """Answers every press around the showcase. Only the author shows a project and takes it back."""

    def __init__(self, bot: Syllabot) -> None:
        self.bot = bot
        self.service = bot.services.showcase

    @on(ui.ShowPress)
    async def show(self, press: Press[ui.ShowPress]) -> None:
        """Show a finished project."""
        await turn(press.interaction, self._show(press))

    @on(ui.TakeDownPress)
    async def take_down(self, press: Press[ui.TakeDownPress]) -> None:
        """Take one's own project out of the showcase."""

        async def work() -> Reply:
            guild_id, user_id, topic_id = press.guild_id, press.user_id, press.id.topic_id
            channel_id, message_id = await self.service.shown_at(guild_id, user_id, topic_id)
            step = await self.bot.courier.take_down(Place(guild_id, channel_id, message_id))
            if not isinstance(step, Done):
                raise SyllabotError(ui.still_there(channel_id))
            await self.service.taken_down(guild_id, user_id, topic_id, message_id)
            page = await self.bot.services.roadmap.topic_page(guild_id, user_id, topic_id)
            return topic.topic_page(page, user_id, ui.taken_down(page.topic.title))

        await turn(press.interaction, work())

    @on(ui.OpenShowcaseSettings)
    async def open_settings(self, press: Press[ui.OpenShowcaseSettings]) -> None:
        """Open the page on which moderators choose the channel."""

        async def work() -> Reply:
            return ui.settings(await self.service.channel(press.guild_id))

        await turn(press.interaction, for_moderators(press.interaction, self.service.moderator_role, work))

    @on(ui.ShowcaseChannelMenu)
    async def choose_channel(self, press: Press[ui.ShowcaseChannelMenu]) -> None:
        """Set the channel, where the bot can post and open threads there; or none."""

        async def work() -> Reply:
            channel_id = int(press.values[0]) if press.values else None
            if channel_id is not None:
                require_post_rights(postable(press.interaction, channel_id), PostOptions(thread=True))
            await self.service.put_channel(press.guild_id, channel_id)
            return ui.settings(channel_id, "The channel is set." if channel_id else "Projects are shown nowhere now.")

        await turn(press.interaction, for_moderators(press.interaction, self.service.moderator_role, work))

    async def _show(self, press: Press[ui.ShowPress]) -> Reply:
        guild_id, user_id, topic_id = press.guild_id, press.user_id, press.id.topic_id
        what = await self.service.claim(guild_id, user_id, topic_id)
        try:
            message = await self.bot.courier.post(
                _place(press.interaction, what), ui.exhibit(what, user_id, press.name)
            )
        except SyllabotError:
            await self.service.let_go(guild_id, user_id, what)
            raise
        await self.service.record(guild_id, user_id, topic_id, message.id)
        place = Place(guild_id, what.channel_id, message.id)
        step = await self.bot.courier.discuss(place, ui.thread_title(what, press.name))
        if what.before is not None:
            await self.bot.courier.take_down(Place(guild_id, *what.before))
        page = await self.bot.services.roadmap.topic_page(guild_id, user_id, topic_id)
        return topic.topic_page(page, user_id, ui.shown(what, step.mend if isinstance(step, Refused) else None))


def _place(interaction: Interaction, what: Exhibit) -> discord.TextChannel:
    """Return the channel of the showcase.

    Raises:
        NotAllowedError: where it is gone, or the person may not see it.
    """
    channel = postable(interaction, what.channel_id)
    person = interaction.user
    if not isinstance(person, discord.Member) or not channel.permissions_for(person).view_channel:
        raise NotAllowedError("You can't see the channel in which projects are shown here. Ask a moderator.")
    return channel


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(ShowcaseCog(bot))
