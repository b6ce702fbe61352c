"""The gap list of ``/content manage``, the phrasings that votes suggest, and **Save as FAQ answer**."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.entry import Kind
from bot.errors import BadInputError
from bot.services.content_entry import ContentEntryService
from bot.services.form import FormService, Refused
from bot.services.gap import GapService
from bot.ui import gap as ui
from bot.ui.entry_form import Part, entry_form, form_fields, refused, typed_fields
from bot.ui.gap import PhrasingVerb
from bot.ui.reply import Interaction, Reply, open_form, turn, who
from bot.ui.rights import for_moderators
from bot.ui.router import Press, on
from bot.ui.save_answer import CREDIT, FIELDS, SaveForm, credit_words, saved_fields, saved_page

if TYPE_CHECKING:
    from bot.client import Syllabot

T = TypeVar("T")

ASKED = form_fields(Kind.FAQ, Part.MAIN, {})


class GapCog(commands.Cog):
    """Answers every press on the gap list and declares the message menu; the right is checked at each of them."""

    def __init__(self, bot: Syllabot, service: GapService, entries: ContentEntryService, forms: FormService) -> None:
        self.bot = bot
        self.service = service
        self.entries = entries
        self.forms = forms
        self.save_menu = app_commands.ContextMenu(name="Save as FAQ answer", callback=self.save)
        self.save_menu.guild_only = True
        self.save_menu.default_permissions = discord.Permissions(manage_messages=True)

    async def cog_load(self) -> None:
        """Put the message menu on the tree; unlike commands, discord.py does not find it by itself."""
        self.bot.tree.add_command(self.save_menu)

    async def cog_unload(self) -> None:
        """Take the message menu away again."""
        self.bot.tree.remove_command(self.save_menu.name, type=self.save_menu.type)

    async def save(self, interaction: Interaction, message: discord.Message) -> None:
        """Turn a message into an answer of the FAQ."""
        guild_id, _ = who(interaction)
        form = self._checked(interaction, lambda: self._save_form(guild_id, message))
        await open_form(interaction, form, _as_it_is)

    @on(SaveForm)
    async def take_saved(self, press: Press[SaveForm]) -> None:
        """Load the answer that was made of a message, or open its form again."""
        if not press.texts:
            await open_form(press.interaction, self._checked(press.interaction, lambda: self._again(press)), _as_it_is)
            return

        async def load() -> Reply:
            fields = saved_fields(press.texts, press.guild_id, press.id)
            await self.service.save_answer(press.guild_id, press.user_id, fields)
            return saved_page(fields)

        await self._turn(
            press, lambda: self._taken(press, load(), lambda draft: press.id.model_copy(update={"draft": draft}))
        )

    @on(ui.GapsPage)
    async def open_gaps(self, press: Press[ui.GapsPage]) -> None:
        """Open a page of the questions without answer."""
        await self._turn(press, lambda: self._gaps(press.guild_id, press.id.page))

    @on(ui.GapMenu)
    async def choose_gap(self, press: Press[ui.GapMenu]) -> None:
        """Open one of them."""

        async def work() -> Reply:
            return ui.gap_page(await self.service.gap(press.guild_id, press.values[0]))

        await self._turn(press, work)

    @on(ui.DismissGap)
    async def dismiss(self, press: Press[ui.DismissGap]) -> None:
        """Close one that needs no answer."""

        async def work() -> Reply:
            await self.service.dismiss(press.guild_id, press.user_id, press.id.mark)
            return await self._gaps(press.guild_id, 0, "Closed. Asked again, it comes back.")

        await self._turn(press, work)

    @on(ui.GapForm)
    async def write_answer(self, press: Press[ui.GapForm]) -> None:
        """Open the form for an answer, or load what was typed into it."""
        if not press.texts:
            await open_form(
                press.interaction, self._checked(press.interaction, lambda: self._gap_form(press)), _as_it_is
            )
            return

        async def load() -> Reply:
            fields = typed_fields(ASKED, press.texts)
            await self.service.write_answer(press.guild_id, press.user_id, press.id.mark, fields)
            return await self._gaps(press.guild_id, 0, "Loaded: /faq answers with it from now on.")

        await self._turn(
            press, lambda: self._taken(press, load(), lambda draft: press.id.model_copy(update={"draft": draft}))
        )

    @on(ui.PhrasingsPage)
    async def open_phrasings(self, press: Press[ui.PhrasingsPage]) -> None:
        """Open a suggested phrasing."""

        async def work() -> Reply:
            return ui.phrasings_page(await self.service.phrasings(press.guild_id), press.id.page)

        await self._turn(press, work)

    @on(ui.PhrasingPress)
    async def settle_phrasing(self, press: Press[ui.PhrasingPress]) -> None:
        """Keep a phrasing, or turn it down."""

        async def work() -> Reply:
            keep = press.id.verb is PhrasingVerb.KEEP
            await self.service.settle(press.guild_id, press.user_id, press.id.mark, keep=keep)
            told = "Kept: asked like this, the answer is found at once." if keep else "Turned down for good."
            return ui.phrasings_page(await self.service.phrasings(press.guild_id), 0, told)

        await self._turn(press, work)

    async def _gaps(self, guild_id: int, page: int, told: str = "") -> Reply:
        return ui.gaps_page(await self.service.gaps(guild_id), page, told)

    async def _gap_form(self, press: Press[ui.GapForm]) -> discord.ui.Modal:
        texts = ui.gap_texts(await self.service.gap(press.guild_id, press.id.mark))
        if press.id.draft:
            texts = await self.forms.typed(press.guild_id, press.user_id, press.id.draft)
        sent = ui.GapForm(mark=press.id.mark, draft=0)
        return entry_form("Write the answer", sent, ASKED, texts, await self._shelves(press.guild_id))

    async def _save_form(self, guild_id: int, message: discord.Message) -> discord.ui.Modal:
        if not message.content.strip():
            raise BadInputError("There is no text in that message to save. Add an answer in /content manage.")
        before = message.reference.resolved if message.reference else None
        asked = " ".join(before.content.split()) if isinstance(before, discord.Message) else ""
        near = await self.service.about(guild_id, asked or message.content)
        texts = {
            "question": asked[:250] or (f"{near[0].capitalize()}?" if near else ""),
            "answer": message.content,
            "phrasings": "\n".join(near),
            CREDIT.key: credit_words(message.author.display_name),
        }
        sent = SaveForm(channel=message.channel.id, message=message.id, author=message.author.id, draft=0)
        return entry_form("Save as FAQ answer", sent, FIELDS, texts, await self._shelves(guild_id))

    async def _again(self, press: Press[SaveForm]) -> discord.ui.Modal:
        texts = await self.forms.typed(press.guild_id, press.user_id, press.id.draft)
        sent = press.id.model_copy(update={"draft": 0})
        return entry_form("Save as FAQ answer", sent, FIELDS, texts, await self._shelves(press.guild_id))

    async def _shelves(self, guild_id: int) -> dict[str, str]:
        return {one.entry_id: one.title for one in await self.entries.shelves(guild_id, Kind.FAQ)}

    async def _taken(self, press: Press[Any], load: Awaitable[Reply], again: Callable[[int], Any]) -> Reply:
        outcome = await self.forms.taking(press.guild_id, press.user_id, press.texts, load)
        return refused(outcome, again) if isinstance(outcome, Refused) else outcome

    async def _turn(self, press: Press[Any], work: Callable[[], Awaitable[Reply]]) -> None:
        await turn(press.interaction, self._checked(press.interaction, work))

    async def _checked(self, interaction: Interaction, work: Callable[[], Awaitable[T]]) -> T:
        return await for_moderators(interaction, self.bot.services.schedule.moderator_role, work)


def _as_it_is(form: discord.ui.Modal) -> discord.ui.Modal:
    return form


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    services = bot.services
    await bot.add_cog(GapCog(bot, services.gap, services.content_entry, services.form))
