"""The pages on which a schedule is made and changed: every choice is kept at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from discord.ext import commands

from bot.domain.week import TEMPLATES, recap_plan
from bot.errors import BadInputError
from bot.services.schedule import ScheduleService
from bot.services.schedule_page import SchedulePage
from bot.ui import schedule_edit as edit
from bot.ui.reply import Interaction, Reply, open_form, turn
from bot.ui.rights import for_moderators, postable, require_post_rights, role_trouble
from bot.ui.router import Press, on
from bot.ui.schedule_edit import EditVerb, Extra

if TYPE_CHECKING:
    from bot.client import Syllabot

T = TypeVar("T")


class ScheduleEditCog(commands.Cog):
    """Answers every press on the editor of a schedule. The right to do so is checked at each of them."""

    def __init__(self, service: ScheduleService) -> None:
        self.service = service

    @on(edit.EditPress)
    async def open_editing(self, press: Press[edit.EditPress]) -> None:
        """Open the form or the page on which something is changed."""
        page = self._checked(press.interaction, lambda: self.service.page(press.guild_id, press.id.schedule))
        match press.id.verb:
            case EditVerb.TIME:
                await open_form(press.interaction, page, edit.time_form)
            case EditVerb.PAPERS:
                await open_form(press.interaction, page, edit.papers_form)
            case EditVerb.DAYS:
                await turn(press.interaction, _shown(page, edit.days_page))

    @on(edit.TimeForm)
    async def submit_time(self, press: Press[edit.TimeForm]) -> None:
        """Set the time of day that was typed."""
        text = press.texts.get("text", "")
        await self._edit(
            press.interaction,
            lambda: self.service.put_time(press.guild_id, press.id.schedule, text),
            "The time is set.",
        )

    @on(edit.PapersForm)
    async def submit_papers(self, press: Press[edit.PapersForm]) -> None:
        """Set where fresh papers come from, as it was typed."""
        classes, words = press.texts.get("categories", ""), press.texts.get("keywords", "")
        await self._edit(
            press.interaction,
            lambda: self.service.put_papers(press.guild_id, press.id.schedule, classes, words),
            "What papers are taken is set.",
        )

    @on(edit.TemplateMenu)
    async def choose_week(self, press: Press[edit.TemplateMenu]) -> None:
        """Take a week by its name; one's own stays as it is."""
        plan = TEMPLATES.get("".join(press.values))
        this = press.guild_id, press.id.schedule
        if plan is None:
            await self._edit(press.interaction, lambda: self.service.page(*this), "The week stays as it is.")
        else:
            await self._edit(press.interaction, lambda: self.service.put_plan(*this, plan), "The week is set.")

    @on(edit.RecapDayMenu)
    async def choose_recap_day(self, press: Press[edit.RecapDayMenu]) -> None:
        """Set the weekday of the recap."""
        await self._edit(
            press.interaction,
            lambda: self.service.put_plan(press.guild_id, press.id.schedule, recap_plan(int(press.values[0]))),
            "The day is set.",
        )

    @on(edit.DaysMenu)
    async def choose_days(self, press: Press[edit.DaysMenu]) -> None:
        """Set which days bring one kind."""
        days = {int(value) for value in press.values}
        page = self._checked(
            press.interaction,
            lambda: self.service.put_days(press.guild_id, press.id.schedule, press.id.slot, days),
        )
        await turn(press.interaction, _shown(page, edit.days_page))

    @on(edit.ChannelMenu)
    async def choose_channel(self, press: Press[edit.ChannelMenu]) -> None:
        """Set the channel, where the bot can post there."""

        async def work() -> SchedulePage:
            page = await self.service.page(press.guild_id, press.id.schedule)
            if not press.values:
                return page
            channel = postable(press.interaction, int(press.values[0]))
            require_post_rights(channel, page.one.options)
            return await self.service.put_channel(press.guild_id, press.id.schedule, channel.id)

        await self._edit(
            press.interaction, work, "The channel is set." if press.values else "The posts need a channel."
        )

    @on(edit.ExtraPress)
    async def switch(self, press: Press[edit.ExtraPress]) -> None:
        """Switch the thread or the pin on or off, where the bot may do that in the channel."""
        change = {press.id.extra.value: bool(press.id.on)}

        async def work() -> SchedulePage:
            page = await self.service.page(press.guild_id, press.id.schedule)
            channel_id = page.one.channel_id
            if press.id.on and channel_id is not None:
                wanted = replace(page.one.options, **change)
                require_post_rights(postable(press.interaction, channel_id), wanted)
            return await self.service.put_options(
                press.guild_id, press.id.schedule, lambda options: replace(options, **change)
            )

        what = "A thread on each post" if press.id.extra is Extra.THREAD else "Pinning the latest post"
        await self._edit(press.interaction, work, f"{what} is {'on' if press.id.on else 'off'}.")

    @on(edit.PingRoleMenu)
    async def choose_role(self, press: Press[edit.PingRoleMenu]) -> None:
        """Set the role that is mentioned, or none."""
        role_id = int(press.values[0]) if press.values else None
        notice = _role_notice(press.interaction, role_id)

        async def work() -> SchedulePage:
            if role_id == press.guild_id:
                raise BadInputError("Everybody at once is never mentioned. Choose a role that people take themselves.")
            return await self.service.put_options(
                press.guild_id, press.id.schedule, lambda options: replace(options, ping_role_id=role_id)
            )

        await self._edit(press.interaction, work, notice)

    async def _edit(self, interaction: Interaction, work: Callable[[], Awaitable[SchedulePage]], notice: str) -> None:
        page = self._checked(interaction, work)
        await turn(interaction, _shown(page, lambda done: edit.editor(done, notice)))

    async def _checked(self, interaction: Interaction, work: Callable[[], Awaitable[T]]) -> T:
        return await for_moderators(interaction, self.service.moderator_role, work)


async def _shown(page: Awaitable[SchedulePage], show: Callable[[SchedulePage], Reply]) -> Reply:
    return show(await page)


def _role_notice(interaction: Interaction, role_id: int | None) -> str:
    if role_id is None:
        return "Nobody is mentioned."
    trouble = role_trouble(interaction, role_id)
    return trouble[0] if trouble else f"Each post mentions <@&{role_id}>, and nobody else."


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(ScheduleEditCog(bot.services.schedule))
