"""``/schedule``: one panel for all daily posts of a server, and the pages on which one is made and changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.domain.schedule import PostOptions, ScheduleState
from bot.errors import NotAllowedError
from bot.services.schedule import ScheduleService
from bot.services.schedule_page import SchedulePage
from bot.ui import schedule as ui
from bot.ui import schedule_edit as edit
from bot.ui.reply import Interaction, Reply, answer, turn, who
from bot.ui.rights import for_moderators, postable, require_post_rights, role_trouble
from bot.ui.router import Press, on
from bot.ui.schedule import ScheduleVerb

if TYPE_CHECKING:
    from bot.client import Syllabot


class ScheduleCog(commands.Cog):
    """Declares ``/schedule`` and answers every press on its pages. The right to do so is checked at each of them."""

    def __init__(self, service: ScheduleService) -> None:
        self.service = service

    @app_commands.command(name="schedule", description="Daily posts: when, where and what; pause, post now, health")
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    async def open_panel(self, interaction: Interaction) -> None:
        """Open the panel."""
        guild_id, _ = who(interaction)
        await answer(interaction, self._checked(interaction, lambda: _panel(self.service.page(guild_id))))

    @on(ui.OpenSchedules)
    async def open_or_begin(self, press: Press[ui.OpenSchedules]) -> None:
        """Open the panel from elsewhere; where nothing was started yet, begin."""

        async def work() -> Reply:
            page = await self.service.page(press.guild_id)
            started = any(line.state is not ScheduleState.DRAFT for line in page.lines)
            return ui.panel(page) if started else await self._begin(press.interaction, press.guild_id)

        await turn(press.interaction, self._checked(press.interaction, work))

    @on(ui.NewSchedule)
    async def begin(self, press: Press[ui.NewSchedule]) -> None:
        """Begin a schedule, or go on with the one that was begun."""
        work = self._checked(press.interaction, lambda: self._begin(press.interaction, press.guild_id))
        await turn(press.interaction, work)

    @on(ui.NewRecap)
    async def begin_recap(self, press: Press[ui.NewRecap]) -> None:
        """Begin the weekly recap, or open the one there is."""
        work = self._checked(press.interaction, lambda: self._begin(press.interaction, press.guild_id, recap=True))
        await turn(press.interaction, work)

    @on(ui.ScheduleMenu)
    async def choose(self, press: Press[ui.ScheduleMenu]) -> None:
        """Look at another schedule."""
        work = self._checked(press.interaction, lambda: _panel(self.service.page(press.guild_id, int(press.values[0]))))
        await turn(press.interaction, work)

    @on(ui.SchedulePress)
    async def press(self, press: Press[ui.SchedulePress]) -> None:
        """Do what a button of the panel says."""
        await turn(press.interaction, self._checked(press.interaction, lambda: self._done(press)))

    @on(ui.AgainPress)
    async def post_again(self, press: Press[ui.AgainPress]) -> None:
        """Post today's post once more."""

        async def work() -> Reply:
            again = press.id.number, press.id.generation
            return ui.posted_now(await self.service.post_now(press.guild_id, press.id.schedule, again), press.guild_id)

        await turn(press.interaction, self._checked(press.interaction, work))

    async def _done(self, press: Press[ui.SchedulePress]) -> Reply:
        guild_id, this, service = press.guild_id, press.id.schedule, self.service
        match press.id.verb:
            case ScheduleVerb.START:
                return await self._start(press.interaction, guild_id, this)
            case ScheduleVerb.NOW:
                return ui.posted_now(await service.post_now(guild_id, this), guild_id)
            case ScheduleVerb.HEALTH:
                return await self._health(press.interaction, guild_id, this)
            case ScheduleVerb.PREVIEW:
                return await self._preview(guild_id, this)
            case ScheduleVerb.OPEN | ScheduleVerb.EDIT | ScheduleVerb.DELETE:
                shown = {
                    ScheduleVerb.OPEN: ui.panel,
                    ScheduleVerb.EDIT: edit.editor,
                    ScheduleVerb.DELETE: ui.ask_delete,
                }
                return shown[press.id.verb](await service.page(guild_id, this))
            case verb:
                return await self._changed(verb, guild_id, this)

    async def _changed(self, verb: ScheduleVerb, guild_id: int, this: int) -> Reply:
        service = self.service
        changes = {
            ScheduleVerb.PAUSE: (service.pause, "Paused. Nothing is posted until you press Resume."),
            ScheduleVerb.SKIP: (service.skip_next, "The next date is left out."),
            ScheduleVerb.UNSKIP: (service.skip_nothing, "No date is left out."),
            ScheduleVerb.SURE: (service.delete, "The schedule is deleted."),
        }
        change, notice = changes[verb]
        return ui.panel(await change(guild_id, this), notice)

    async def _preview(self, guild_id: int, this: int) -> Reply:
        page = await self.service.page(guild_id, this)
        if page.one.channel_id is None:
            return edit.editor(page, "Choose the channel first: where should the posts go?")
        return ui.preview(await self.service.preview(guild_id, this))

    async def _start(self, interaction: Interaction, guild_id: int, this: int) -> Reply:
        page = await self.service.page(guild_id, this)
        if page.one.channel_id is not None:
            require_post_rights(postable(interaction, page.one.channel_id), page.one.options)
        return ui.started(await self.service.start(guild_id, this))

    async def _health(self, interaction: Interaction, guild_id: int, this: int) -> Reply:
        health = await self.service.health(guild_id, this)
        wrong: list[str] = []
        if health.line.channel_id is not None:
            try:
                channel = postable(interaction, health.line.channel_id)
                require_post_rights(channel, health.line.options)
            except NotAllowedError as error:
                wrong.append(error.sentence)
        wrong += role_trouble(interaction, health.line.options.ping_role_id)
        return ui.health_page(health, wrong)

    async def _begin(self, interaction: Interaction, guild_id: int, *, recap: bool = False) -> Reply:
        usual = await self.service.welcome_channel(guild_id)
        try:
            if usual is not None:
                require_post_rights(postable(interaction, usual), PostOptions())
        except NotAllowedError:
            usual = None
        return edit.editor(await self.service.open_draft(guild_id, usual, recap=recap))

    async def _checked(self, interaction: Interaction, work: Callable[[], Awaitable[Reply]]) -> Reply:
        return await for_moderators(interaction, self.service.moderator_role, work)


async def _panel(page: Awaitable[SchedulePage]) -> Reply:
    return ui.panel(await page)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(ScheduleCog(bot.services.schedule))
