"""``/group``: one's own study group, or the groups one can join."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.errors import NotAllowedError
from bot.services.board import Renderer
from bot.services.group import GroupService, Person
from bot.services.group_page import GroupPage, GroupPageService
from bot.ui import group as ui
from bot.ui.group import person_of
from bot.ui.group_card import group_card, pictured
from bot.ui.group_form import wish_form, wish_of
from bot.ui.reply import Interaction, Reply, Turned, answer, open_form, turn, turn_and_tell, who
from bot.ui.rights import is_moderator
from bot.ui.router import Press, on
from bot.ui.text import safe

if TYPE_CHECKING:
    from bot.client import Syllabot


class GroupCog(commands.Cog):
    """Declares ``/group`` and answers what everybody may press on its pages."""

    def __init__(self, service: GroupService, pages: GroupPageService, pictures: Renderer) -> None:
        self.service = service
        self.pages = pages
        self.pictures = pictures

    @app_commands.command(name="group", description="Your study group, or the groups you can join")
    @app_commands.guild_only()
    async def show_group(self, interaction: Interaction) -> None:
        """Open the person's group, or the groups there are."""
        await answer(interaction, self._home(interaction))

    @on(ui.MyGroup)
    async def open_mine(self, press: Press[ui.MyGroup]) -> None:
        """Open the presser's group, or the groups there are."""
        await turn(press.interaction, self._home(press.interaction))

    @on(ui.OpenGroups)
    async def open_groups(self, press: Press[ui.OpenGroups]) -> None:
        """Open a page of all groups."""
        await turn(press.interaction, self._list(press.interaction, press.id.page))

    @on(ui.OpenGroup)
    async def open_group(self, press: Press[ui.OpenGroup]) -> None:
        """Open a group."""
        await turn(press.interaction, self._page(press.interaction, press.id.group, press.id.page))

    @on(ui.LookMenu)
    async def choose_group(self, press: Press[ui.LookMenu]) -> None:
        """Open the chosen group."""
        await turn(press.interaction, self._page(press.interaction, int(press.values[0])))

    @on(ui.JoinMenu)
    async def choose_to_join(self, press: Press[ui.JoinMenu]) -> None:
        """Join the chosen group."""
        await turn(press.interaction, self._join(press.interaction, int(press.values[0])))

    @on(ui.JoinPress)
    async def press_join(self, press: Press[ui.JoinPress]) -> None:
        """Join a group."""
        await turn(press.interaction, self._join(press.interaction, press.id.group))

    @on(ui.DeclinePress)
    async def press_decline(self, press: Press[ui.DeclinePress]) -> None:
        """Decline an invitation."""

        async def work() -> Reply:
            await self.service.decline(press.guild_id, press.id.group, press.user_id)
            return await self._list(press.interaction, 0, "The invitation is declined.")

        await turn(press.interaction, work())

    @on(ui.InviteAnswer)
    async def answer_invitation(self, press: Press[ui.InviteAnswer]) -> None:
        """Accept or decline the invitation that was posted in a channel."""
        if press.id.of != press.user_id:
            raise NotAllowedError(f"This invitation is for <@{press.id.of}>. See the groups you can join with /group.")
        await turn_and_tell(press.interaction, self._answer(press))

    @on(ui.MakeForm)
    async def press_make(self, press: Press[ui.MakeForm]) -> None:
        """Open the form; once it is sent, make the group."""
        if "name" in press.texts:
            await turn(press.interaction, self._make(press))
        else:
            await open_form(press.interaction, self._may_make(press), lambda _: wish_form(press.id))

    @on(ui.LeavePress)
    async def press_leave(self, press: Press[ui.LeavePress]) -> None:
        """Ask, then leave the group."""
        await turn(press.interaction, self._leave(press) if press.id.sure else self._ask_leave(press))

    @on(ui.AskAfterMe)
    async def press_ask_after_me(self, press: Press[ui.AskAfterMe]) -> None:
        """Switch whether captain and moderators may see that the presser might need company."""

        async def work() -> Reply:
            wanted = bool(press.id.on)
            await self.service.put_company(press.guild_id, press.user_id, wanted=wanted)
            may = "may ask after you when it gets quiet" if wanted else "is not told when it gets quiet around you"
            return await self._page(press.interaction, press.id.group, notice=f"Your captain {may}.")

        await turn(press.interaction, work())

    async def _person(self, interaction: Interaction) -> Person:
        return await person_of(interaction, self.service.moderator_role)

    async def _home(self, interaction: Interaction) -> Reply:
        found = await self.pages.own(*who(interaction), partial(is_moderator, interaction))
        return await self._list(interaction, 0) if found is None else await self._drawn(found, interaction.user.id)

    async def _list(self, interaction: Interaction, page: int, notice: str | None = None) -> Reply:
        found = await self.service.listing(*who(interaction), partial(is_moderator, interaction), page)
        return ui.groups_page(found, notice)

    async def _page(self, interaction: Interaction, group_id: int, page: int = 0, notice: str | None = None) -> Reply:
        person = await self._person(interaction)
        found = await self.pages.page(interaction.guild_id or 0, group_id, person, page)
        return await self._drawn(found, person.user_id, notice)

    async def _drawn(self, found: GroupPage, user_id: int, notice: str | None = None) -> Reply:
        card = group_card(found, user_id)
        png = await self.pictures.group(card) if card is not None else None
        return pictured(ui.group_page(found, notice), card, png)

    async def _join(self, interaction: Interaction, group_id: int) -> Reply:
        group = await self.service.join(interaction.guild_id or 0, group_id, await self._person(interaction))
        notice = f"You are in **{group.shown_name}** now. What you earn from here on counts for it too."
        return await self._page(interaction, group_id, notice=notice)

    async def _answer(self, press: Press[ui.InviteAnswer]) -> Turned:
        group_id, name = press.id.group, safe(press.name)
        if not press.id.yes:
            await self.service.decline(press.guild_id, group_id, press.user_id)
            declined = Reply(f"**{name}** stays without this group for now.")
            return Turned(declined, await self._list(press.interaction, 0, "The invitation is declined."))
        told = await self._join(press.interaction, group_id)
        page = await self.pages.page(press.guild_id, group_id, await self._person(press.interaction))
        return Turned(Reply(f"**{name}** is in **{page.group.shown_name}** now."), told)

    async def _may_make(self, press: Press[ui.MakeForm]) -> None:
        if not await self.service.may_make(press.guild_id, await self._person(press.interaction)):
            raise NotAllowedError("Moderators make the groups here. Ask one of them, or join one with /group.")

    async def _make(self, press: Press[ui.MakeForm]) -> Reply:
        person = await self._person(press.interaction)
        made = await self.service.make(press.guild_id, person, wish_of(press.texts))
        notice = f"**{made.shown_name}** is there. Invite people with *Look after it*, or let them find it in /group."
        return await self._page(press.interaction, made.group_id, notice=notice)

    async def _ask_leave(self, press: Press[ui.LeavePress]) -> Reply:
        page = await self.pages.page(press.guild_id, press.id.group, await self._person(press.interaction))
        return ui.leave_question(page, press.user_id)

    async def _leave(self, press: Press[ui.LeavePress]) -> Reply:
        left = await self.service.leave(press.guild_id, press.id.group, press.user_id)
        return await self._list(press.interaction, 0, ui.left_words(left))


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(GroupCog(bot.services.group, bot.services.group_page, bot.services.pictures))
