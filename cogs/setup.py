"""``/setup``: the panel of whoever manages a server, and the line after joining one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.day import zone_matches
from bot.errors import NotAllowedError, NotFoundError
from bot.services.setup import SetupPage, SetupService
from bot.ui import setup as ui
from bot.ui.errors import complete
from bot.ui.home import OpenSetup
from bot.ui.reply import Interaction, Reply, answer, open_form, turn, who
from bot.ui.rights import mend, missing_rights, require_manager
from bot.ui.router import Press, on
from bot.ui.setup import SetupVerb

if TYPE_CHECKING:
    from bot.client import Syllabot


class SetupCog(commands.Cog):
    """Declares ``/setup`` and answers every press on its panel. Manage Server is checked at each of them."""

    def __init__(self, bot: Syllabot, service: SetupService) -> None:
        self.bot = bot
        self.service = service

    @app_commands.command(name="setup", description="Choose the time zone, the moderators and the channels")
    @app_commands.describe(zone="Time zone of this server, such as Europe/Berlin")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def open_panel(self, interaction: Interaction, zone: app_commands.Range[str, 1, 60] | None = None) -> None:
        """Open the panel; with a zone, set it first."""
        guild_id, _ = who(interaction)
        require_manager(interaction)
        if zone is None:
            await answer(interaction, _panel(self.service.page(guild_id)))
        else:
            await answer(interaction, _panel(self.service.put_zone(guild_id, zone), ui.zone_notice))

    @open_panel.autocomplete("zone")
    @complete
    async def complete_zone(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Suggest IANA zones."""
        return [app_commands.Choice(name=name, value=name) for name in zone_matches(current, 25)]

    @on(ui.SetupPress)
    async def press(self, press: Press[ui.SetupPress]) -> None:
        """Do what a button of the panel says."""
        require_manager(press.interaction)
        match press.id.verb:
            case SetupVerb.ZONE:
                await open_form(press.interaction, self.service.page(press.guild_id), ui.zone_form)
            case SetupVerb.CHECK:
                await turn(press.interaction, self._check(press.interaction, press.guild_id))
            case SetupVerb.WELCOME:
                await turn(press.interaction, self._welcome(press.interaction, press.guild_id))

    @on(OpenSetup)
    async def open_again(self, press: Press[OpenSetup]) -> None:
        """Turn a page of the setup back into the panel."""
        require_manager(press.interaction)
        await turn(press.interaction, _panel(self.service.page(press.guild_id)))

    @on(ui.ZoneForm)
    async def submit_zone(self, press: Press[ui.ZoneForm]) -> None:
        """Set the time zone that was typed."""
        require_manager(press.interaction)
        work = self.service.put_zone(press.guild_id, press.texts.get("text", ""))
        await turn(press.interaction, _panel(work, ui.zone_notice))

    @on(ui.DayStartMenu)
    async def choose_day_start(self, press: Press[ui.DayStartMenu]) -> None:
        """Set the hour at which a day starts."""
        require_manager(press.interaction)
        work = self.service.put_day_start(press.guild_id, int(press.values[0]))
        await turn(press.interaction, _panel(work, "The start of a day is set."))

    @on(ui.RoleMenu)
    async def choose_role(self, press: Press[ui.RoleMenu]) -> None:
        """Set the moderators' role."""
        require_manager(press.interaction)
        if (refusal := _refused(_guild(press.interaction), _chosen(press.values))) is not None:
            await turn(press.interaction, _panel(self.service.page(press.guild_id), refusal))
            return
        work = self.service.put_moderator_role(press.guild_id, _chosen(press.values))
        await turn(press.interaction, _panel(work, _chose("The moderators' role", press.values)))

    @on(ui.ModeratorChannelMenu)
    async def choose_moderator_channel(self, press: Press[ui.ModeratorChannelMenu]) -> None:
        """Set the moderators' channel."""
        require_manager(press.interaction)
        work = self.service.put_moderator_channel(press.guild_id, _chosen(press.values))
        await turn(press.interaction, _panel(work, _chose("The moderators' channel", press.values)))

    @on(ui.WelcomeChannelMenu)
    async def choose_welcome_channel(self, press: Press[ui.WelcomeChannelMenu]) -> None:
        """Set the welcome channel."""
        require_manager(press.interaction)
        work = self.service.put_welcome_channel(press.guild_id, _chosen(press.values))
        await turn(press.interaction, _panel(work, _chose("The welcome channel", press.values)))

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Post one line after joining a server, where the bot may."""
        places = [guild.system_channel, *guild.text_channels]
        channel = next((one for one in places if one is not None and not missing_rights(one, guild.me)), None)
        if channel is not None and await self.service.greet_once(guild.id):
            await self.bot.courier.post(channel, Reply(ui.greeting(self.bot.mention("setup"))))

    async def _check(self, interaction: Interaction, guild_id: int) -> Reply:
        page = await self.service.page(guild_id)
        guild, settings = _guild(interaction), page.guild
        chosen = [
            ("Moderators' channel", settings.moderator_channel_id),
            ("Welcome channel", settings.welcome_channel_id),
        ]
        channels = [(purpose, one, guild.get_channel(one) if one else None) for purpose, one in chosen]
        found = ui.findings(channels, guild.me)
        private = channels[0][2]
        if private is not None and private.permissions_for(guild.default_role).view_channel:
            found.append("○ Everybody can read the moderators' channel. Choose a private one.")
        if settings.moderator_role_id and guild.get_role(settings.moderator_role_id) is None:
            found.append("✗ Moderators' role: it is gone. Choose another one.")
        return ui.panel(page, found)

    async def _welcome(self, interaction: Interaction, guild_id: int) -> Reply:
        page = await self.service.page(guild_id)
        guild = _guild(interaction)
        channel = guild.get_channel(page.guild.welcome_channel_id or 0)
        if not isinstance(channel, discord.TextChannel):
            raise NotFoundError("The welcome channel is gone, or I can't see it. Choose another one.")
        if missing := missing_rights(channel, guild.me):
            raise NotAllowedError(mend(channel, missing))
        await self.bot.courier.post(channel, ui.welcome())
        return ui.panel(await self.service.note_welcomed(guild_id), notice=f"The welcome is in {channel.mention}.")


async def _panel(work: Awaitable[SetupPage], notice: str | Callable[[SetupPage], str] | None = None) -> Reply:
    page = await work
    return ui.panel(page, notice=notice(page) if callable(notice) else notice)


def _refused(guild: discord.Guild, role_id: int | None) -> str | None:
    """Return why a role can't be the moderators'; None where it can."""
    if role_id == guild.id:
        return "*@everyone* can't be the moderators' role: everybody would be one. Choose another."
    role = guild.get_role(role_id or 0)
    if role is not None and role.managed:
        return "That role belongs to a bot or to Discord, so nobody can be given it. Choose another."
    return None


def _chose(what: str, values: tuple[str, ...]) -> str:
    return f"{what} is set." if values else f"{what}: none is chosen now."


def _chosen(values: tuple[str, ...]) -> int | None:
    return int(values[0]) if values else None


def _guild(interaction: Interaction) -> discord.Guild:
    if interaction.guild is None:
        raise NotAllowedError("I am not a member of this server any more. Invite me again, then run /setup.")
    return interaction.guild


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(SetupCog(bot, bot.services.setup))
