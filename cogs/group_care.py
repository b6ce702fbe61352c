"""What a captain and the moderators press on a study group's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from discord.ext import commands

from bot.errors import BadInputError
from bot.services.group import GroupService, Person, Wish
from bot.services.group_care import GroupCareService
from bot.services.group_page import GroupPage, GroupPageService
from bot.ui import group as page_ui
from bot.ui import group_care as ui
from bot.ui.group import person_of
from bot.ui.group_care import CareVerb
from bot.ui.group_form import wish_form, wish_of
from bot.ui.reply import Interaction, Reply, Turned, open_form, turn, turn_and_tell
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot


class GroupCareCog(commands.Cog):
    """Answers presses of whoever looks after a group; the right to it is checked at each of them."""

    def __init__(self, groups: GroupService, service: GroupCareService, pages: GroupPageService) -> None:
        self.groups = groups
        self.service = service
        self.pages = pages

    @on(page_ui.CarePress)
    async def open_care(self, press: Press[page_ui.CarePress]) -> None:
        """Open the page on which a group is looked after."""
        await turn(press.interaction, self._care(press.interaction, press.id.group))

    @on(page_ui.CompanyPress)
    async def show_company(self, press: Press[page_ui.CompanyPress]) -> None:
        """Show who may need company, to the presser alone."""

        async def work() -> Reply:
            person = await self._person(press.interaction)
            return ui.company_page(await self.pages.company(press.guild_id, press.id.group, person))

        await turn(press.interaction, work())

    @on(ui.EditForm)
    async def press_edit(self, press: Press[ui.EditForm]) -> None:
        """Open the form; once it is sent, change the group."""
        if "name" in press.texts:
            await turn(press.interaction, self._edit(press))
        else:
            await open_form(press.interaction, self._wish(press), lambda wish: wish_form(press.id, wish))

    @on(ui.LinksPress)
    async def open_links(self, press: Press[ui.LinksPress]) -> None:
        """Open the page of the group's role and channel."""
        await turn(press.interaction, self._links(press.interaction, press.id.group))

    @on(ui.GroupRoleMenu)
    async def choose_role(self, press: Press[ui.GroupRoleMenu]) -> None:
        """Set or clear the role that is shown."""

        async def work() -> Reply:
            role_id = _chosen(press.values)
            person = await self._person(press.interaction)
            await self.service.group(press.guild_id, press.id.group, person)
            guild = press.interaction.guild
            role = guild.get_role(role_id) if guild is not None and role_id is not None else None
            if role_id is not None and (role is None or role.is_default() or role.managed):
                raise BadInputError("A group's role is one that people are given, not everybody's and not a bot's.")
            await self.service.link_role(press.guild_id, press.id.group, person, role_id)
            return await self._links(press.interaction, press.id.group, "The group's role is set.")

        await turn(press.interaction, work())

    @on(ui.GroupChannelMenu)
    async def choose_channel(self, press: Press[ui.GroupChannelMenu]) -> None:
        """Set or clear the channel that is shown."""

        async def work() -> Reply:
            person = await self._person(press.interaction)
            await self.service.link_channel(press.guild_id, press.id.group, person, _chosen(press.values))
            return await self._links(press.interaction, press.id.group, "The group's channel is set.")

        await turn(press.interaction, work())

    @on(ui.InviteMenu)
    async def choose_to_invite(self, press: Press[ui.InviteMenu]) -> None:
        """Invite the chosen person, in this channel."""
        user_id = _chosen(press.values)
        if user_id is None:
            await turn(press.interaction, self._care(press.interaction, press.id.group))
            return
        await turn_and_tell(press.interaction, self._invite(press, user_id), public=True)

    @on(ui.HandMenu)
    async def choose_to_hand_over(self, press: Press[ui.HandMenu]) -> None:
        """Ask whether the chosen member should be captain."""
        await turn(press.interaction, self._ask(press, CareVerb.HAND_OVER))

    @on(ui.RemoveMenu)
    async def choose_to_remove(self, press: Press[ui.RemoveMenu]) -> None:
        """Ask whether the chosen member should be removed."""
        await turn(press.interaction, self._ask(press, CareVerb.REMOVE))

    @on(ui.ArchivePress)
    async def press_archive(self, press: Press[ui.ArchivePress]) -> None:
        """Ask whether the group should be archived, the first time."""

        async def work() -> Reply:
            return ui.question(CareVerb.ARCHIVE, await self._looked_after(press.interaction, press.id.group), 0)

        await turn(press.interaction, work())

    @on(ui.SurePress)
    async def press_sure(self, press: Press[ui.SurePress]) -> None:
        """Do what was asked, or ask the second time."""
        await turn(press.interaction, self._do(press))

    async def _person(self, interaction: Interaction) -> Person:
        return await person_of(interaction, self.groups.moderator_role)

    async def _looked_after(self, interaction: Interaction, group_id: int) -> GroupPage:
        """Return a group's page for whoever looks after it."""
        guild_id, person = interaction.guild_id or 0, await self._person(interaction)
        await self.service.group(guild_id, group_id, person)
        return await self.pages.page(guild_id, group_id, person)

    async def _care(self, interaction: Interaction, group_id: int, notice: str | None = None) -> Reply:
        return ui.care_page(await self._looked_after(interaction, group_id), notice)

    async def _links(self, interaction: Interaction, group_id: int, notice: str | None = None) -> Reply:
        return ui.links_page(await self._looked_after(interaction, group_id), notice)

    async def _wish(self, press: Press[ui.EditForm]) -> Wish:
        group = await self.service.group(press.guild_id, press.id.group, await self._person(press.interaction))
        return Wish(group.name, group.emoji or "", str(group.size_limit), group.is_open)

    async def _edit(self, press: Press[ui.EditForm]) -> Reply:
        person = await self._person(press.interaction)
        await self.service.edit(press.guild_id, press.id.group, person, wish_of(press.texts))
        return await self._care(press.interaction, press.id.group, "The group is changed.")

    async def _invite(self, press: Press[ui.InviteMenu], user_id: int) -> Turned:
        person = await self._person(press.interaction)
        if _is_bot(press.interaction, user_id):
            await self.service.group(press.guild_id, press.id.group, person)
            raise BadInputError("A bot studies nothing. Choose a person.")
        group = await self.service.invite(press.guild_id, press.id.group, person, user_id)
        page = await self._care(press.interaction, press.id.group, f"<@{user_id}> is invited, below.")
        return Turned(page, page_ui.invitation(group.shown_name, group.group_id, user_id, press.user_id))

    async def _ask(self, press: Press[ui.HandMenu] | Press[ui.RemoveMenu], verb: CareVerb) -> Reply:
        user_id, group_id = _chosen(press.values), press.id.group
        page = await self._looked_after(press.interaction, group_id)
        if user_id is None:
            return ui.care_page(page)
        await self.service.require_member(press.guild_id, group_id, user_id)
        return ui.question(verb, page, user_id)

    async def _do(self, press: Press[ui.SurePress]) -> Reply:
        guild_id, group_id, of = press.guild_id, press.id.group, press.id.of
        person = await self._person(press.interaction)
        match press.id.verb:
            case CareVerb.ARCHIVE:
                page = await self._looked_after(press.interaction, group_id)
                return ui.question(CareVerb.ARCHIVE_SURE, page, 0)
            case CareVerb.ARCHIVE_SURE:
                group = await self.service.archive(guild_id, group_id, person)
                return ui.archived(group.shown_name)
            case CareVerb.HAND_OVER:
                await self.service.hand_over(guild_id, group_id, person, of)
                page = await self.pages.page(guild_id, group_id, person)
                return page_ui.group_page(page, f"<@{of}> is the captain now.")
            case CareVerb.REMOVE:
                left = await self.service.remove(guild_id, group_id, person, of)
                words = page_ui.left_words(left, of)
                if left.archived:
                    return ui.archived(left.group.shown_name)
                page = await self.pages.page(guild_id, group_id, person)
                return page_ui.group_page(page, words)


def _chosen(values: tuple[str, ...]) -> int | None:
    return int(values[0]) if values else None


def _is_bot(interaction: Interaction, user_id: int) -> bool:
    """Whether Discord says that the chosen person is a bot."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    chosen: Mapping[str, Any] = data.get("resolved", {}).get("users", {}).get(str(user_id), {})
    return bool(chosen.get("bot"))


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    services = bot.services
    await bot.add_cog(GroupCareCog(services.group, services.group_care, services.group_page))
