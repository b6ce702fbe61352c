"""``/profile``: what a member chose for themselves."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.domain.day import zone_matches
from bot.services.profile import ProfilePage, ProfileService
from bot.ui import profile as ui
from bot.ui.errors import complete
from bot.ui.profile import ProfileVerb
from bot.ui.reply import Interaction, Reply, answer, open_form, turn, who
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot

ZONE_SET = "Your time zone is set."


class ProfileCog(commands.Cog):
    """Declares ``/profile`` and answers every press on its page. All of it is about whoever presses."""

    def __init__(self, service: ProfileService) -> None:
        self.service = service

    @app_commands.command(name="profile", description="Your time zone, your day and your daily reminder")
    @app_commands.describe(zone="Your own time zone, such as Europe/Berlin")
    @app_commands.guild_only()
    async def open_profile(self, interaction: Interaction, zone: app_commands.Range[str, 1, 60] | None = None) -> None:
        """Open the page; with a zone, set it first."""
        guild_id, user_id = who(interaction)
        if zone is None:
            await answer(interaction, _page(self.service.page(guild_id, user_id)))
        else:
            await answer(interaction, _page(self.service.put_zone(guild_id, user_id, zone), ZONE_SET))

    @open_profile.autocomplete("zone")
    @complete
    async def complete_zone(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Suggest IANA zones."""
        return [app_commands.Choice(name=name, value=name) for name in zone_matches(current, 25)]

    @on(ui.ProfilePress)
    async def press(self, press: Press[ui.ProfilePress]) -> None:
        """Do what a button of the page says."""
        me = press.guild_id, press.user_id
        match press.id.verb:
            case ProfileVerb.ZONE:
                await open_form(press.interaction, self.service.page(*me), ui.zone_form)
            case ProfileVerb.SERVER_ZONE:
                await turn(
                    press.interaction, _page(self.service.put_zone(*me, None), "The server's time zone is yours.")
                )
            case ProfileVerb.TRY_AGAIN:
                said = "Your reminders are on again. If the next one can't reach you either, this page says so."
                await turn(press.interaction, _page(self.service.try_again(*me), said))
            case ProfileVerb.HOME:
                await turn(press.interaction, _page(self.service.page(*me)))
            case ProfileVerb.HIDE | ProfileVerb.SHOW as verb:
                hidden = verb is ProfileVerb.HIDE
                said = "You are off all boards, from now on." if hidden else "You no longer hide from the boards."
                await turn(press.interaction, _page(self.service.put_hidden(*me, hidden=hidden), said))
            case ProfileVerb.COMPANY | ProfileVerb.ALONE as verb:
                wants = verb is ProfileVerb.COMPANY
                said = "Your captain may see it." if wants else "Nobody is told."
                await turn(press.interaction, _page(self.service.put_company(*me, wants=wants), said))

            case ProfileVerb.REVIEWS | ProfileVerb.NO_REVIEWS as verb:
                wants = verb is ProfileVerb.REVIEWS
                said = "I'll write to you while reviews are due." if wants else "No more messages about reviews."
                await turn(press.interaction, _page(self.service.put_reviews(*me, wants=wants), said))

    @on(ui.OwnZoneForm)
    async def submit_zone(self, press: Press[ui.OwnZoneForm]) -> None:
        """Set the time zone that was typed."""
        work = self.service.put_zone(press.guild_id, press.user_id, press.texts.get("text", ""))
        await turn(press.interaction, _page(work, ZONE_SET))

    @on(ui.OwnDayStartMenu)
    async def choose_day_start(self, press: Press[ui.OwnDayStartMenu]) -> None:
        """Set the hour at which this member's day starts."""
        work = self.service.put_day_start(press.guild_id, press.user_id, ui.hour_of(press.values))
        await turn(press.interaction, _page(work, "The start of your day is set."))

    @on(ui.DailyReminderMenu)
    async def choose_reminder(self, press: Press[ui.DailyReminderMenu]) -> None:
        """Set the hour of the daily reminder, or stop it."""
        hour = ui.hour_of(press.values)
        work = self.service.put_reminder(press.guild_id, press.user_id, hour)
        await turn(press.interaction, _page(work, "No more reminders." if hour is None else "The reminder is set."))


async def _page(page: Awaitable[ProfilePage], notice: str | None = None) -> Reply:
    return ui.profile(await page, notice)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(ProfileCog(bot.services.profile))
