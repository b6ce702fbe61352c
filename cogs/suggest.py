"""``/suggest``, the message menu **Suggest as prompt**, and the moderators' queue of suggestions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.entry import NOUNS, Kind
from bot.domain.suggest import SUGGESTED
from bot.errors import BadInputError, StaleComponentError
from bot.services.form import FormService, Refused
from bot.services.suggest import Source, SuggestService
from bot.ui import suggest as ui
from bot.ui.components import STALE
from bot.ui.entry_form import Part, entry_form, form_fields, form_title, refused, texts_of, typed_fields
from bot.ui.reply import Interaction, Reply, answer, open_form, turn, who
from bot.ui.rights import for_moderators
from bot.ui.router import Press, on
from bot.ui.suggest import QueueVerb

if TYPE_CHECKING:
    from bot.client import Syllabot

T = TypeVar("T")


class SuggestCog(commands.Cog):
    """Declares ``/suggest`` and the message menu, for everybody, and answers the queue's presses, for moderators."""

    def __init__(self, bot: Syllabot, service: SuggestService, forms: FormService) -> None:
        self.bot = bot
        self.service = service
        self.forms = forms
        self.suggest_menu = app_commands.ContextMenu(name="Suggest as prompt", callback=self.suggest_message)
        self.suggest_menu.guild_only = True

    async def cog_load(self) -> None:
        """Put the message menu on the tree; unlike commands, discord.py does not find it by itself."""
        self.bot.tree.add_command(self.suggest_menu)

    async def cog_unload(self) -> None:
        """Take the message menu away again."""
        self.bot.tree.remove_command(self.suggest_menu.name, type=self.suggest_menu.type)

    @app_commands.command(name="suggest", description="Suggest a prompt, a question or a resource to the moderators")
    @app_commands.guild_only()
    async def open_page(self, interaction: Interaction) -> None:
        """Open the member's page."""
        guild_id, user_id = who(interaction)

        async def work() -> Reply:
            return ui.suggest_page(await self.service.page(guild_id, user_id))

        await answer(interaction, work())

    async def suggest_message(self, interaction: Interaction, message: discord.Message) -> None:
        """Suggest what somebody wrote as a prompt."""
        text = message.content.strip()
        if not text:
            raise BadInputError("There is no text in that message. Suggest your own words with /suggest.")
        sent = ui.MessageForm(channel=message.channel.id, message=message.id, author=message.author.id, draft=0)
        fields = ui.suggest_fields(Kind.PROMPT)
        await interaction.response.send_modal(entry_form("Suggest as prompt", sent, fields, {"text": text[:1800]}, {}))

    @on(ui.OpenSuggest)
    async def choose_kind(self, press: Press[ui.OpenSuggest]) -> None:
        """Open the form of a kind."""
        if press.values[0] not in {kind.value for kind in SUGGESTED}:
            raise StaleComponentError(STALE)
        await press.interaction.response.send_modal(_form(Kind(press.values[0]), {}))

    @on(ui.SuggestForm)
    async def take(self, press: Press[ui.SuggestForm]) -> None:
        """Take what was typed, or open the form with it again."""
        kind = press.id.kind
        if not press.texts:
            texts = self.forms.typed(press.guild_id, press.user_id, press.id.draft)
            await open_form(press.interaction, texts, lambda typed: _form(kind, typed))
            return
        await turn(press.interaction, self._suggested(press, kind, None))

    @on(ui.MessageForm)
    async def take_message(self, press: Press[ui.MessageForm]) -> None:
        """Take a prompt that was made of a message, or open its form again."""
        pressed = press.id
        if not press.texts:
            sent, fields = pressed.model_copy(update={"draft": 0}), ui.suggest_fields(Kind.PROMPT)
            texts = self.forms.typed(press.guild_id, press.user_id, pressed.draft)
            await open_form(
                press.interaction, texts, lambda typed: entry_form("Suggest as prompt", sent, fields, typed, {})
            )
            return
        address = f"https://discord.com/channels/{press.guild_id}/{pressed.channel}/{pressed.message}"
        await turn(press.interaction, self._suggested(press, Kind.PROMPT, Source(address, pressed.author)))

    @on(ui.QueuePage)
    async def open_queue(self, press: Press[ui.QueuePage]) -> None:
        """Open a page of what waits."""
        await self._turn(press, lambda: self._queue(press.guild_id, press.id.page))

    @on(ui.QueueMenu)
    async def look_at_one(self, press: Press[ui.QueueMenu]) -> None:
        """Open one suggestion."""
        if not press.values[0].isdecimal():
            raise StaleComponentError(STALE)
        await self._turn(press, lambda: self._one(press.guild_id, int(press.values[0])))

    @on(ui.QueuePress)
    async def press_one(self, press: Press[ui.QueuePress]) -> None:
        """Look at a suggestion, or approve it as it is."""

        async def work() -> Reply:
            if press.id.verb is QueueVerb.OPEN:
                return await self._one(press.guild_id, press.id.number)
            await self.service.approve(press.guild_id, press.user_id, press.id.number)
            return await self._queue(press.guild_id, 0, "Approved: it is part of the content, and its author is told.")

        await self._turn(press, work)

    @on(ui.QueueForm)
    async def edit_one(self, press: Press[ui.QueueForm]) -> None:
        """Open a suggestion as a form, or approve what was typed into it."""
        if press.texts:
            await self._turn(press, lambda: self._approved(press))
        else:
            await open_form(
                press.interaction, self._checked(press.interaction, lambda: self._queue_form(press)), _as_it_is
            )

    @on(ui.DeclineForm)
    async def decline(self, press: Press[ui.DeclineForm]) -> None:
        """Open the form for a reason, or decline with it."""
        if "reason" not in press.texts:
            one = self._checked(press.interaction, lambda: self.service.one(press.guild_id, press.id.number))
            await open_form(press.interaction, one, lambda found: ui.decline_form(found.number))
            return

        async def work() -> Reply:
            await self.service.decline(press.guild_id, press.user_id, press.id.number, press.texts["reason"])
            return await self._queue(press.guild_id, 0, "Declined; its author is told why.")

        await self._turn(press, work)

    async def _suggested(self, press: Press[Any], kind: Kind, source: Source | None) -> Reply:
        fields = typed_fields(ui.suggest_fields(kind), press.texts)
        work = self.service.suggest(press.guild_id, press.user_id, kind, fields, source)
        outcome = await self.forms.taking(press.guild_id, press.user_id, press.texts, work)
        if isinstance(outcome, Refused):
            if source is not None:
                return refused(outcome, lambda draft: press.id.model_copy(update={"draft": draft}))
            return refused(outcome, lambda draft: ui.SuggestForm(kind=kind, draft=draft))
        return ui.suggest_page(outcome, ui.thanked(kind))

    async def _approved(self, press: Press[ui.QueueForm]) -> Reply:
        async def load() -> Reply:
            one = await self.service.one(press.guild_id, press.id.number)
            typed = typed_fields(form_fields(one.kind, Part.MAIN, {}), press.texts)
            await self.service.approve(press.guild_id, press.user_id, one.number, typed)
            noun = NOUNS[one.kind][0]
            return await self._queue(press.guild_id, 0, f"Approved: the {noun} is in, and its author is told.")

        outcome = await self.forms.taking(press.guild_id, press.user_id, press.texts, load())
        if isinstance(outcome, Refused):
            return refused(outcome, lambda draft: press.id.model_copy(update={"draft": draft}))
        return outcome

    async def _queue_form(self, press: Press[ui.QueueForm]) -> discord.ui.Modal:
        one = await self.service.one(press.guild_id, press.id.number)
        texts = texts_of(one.fields)
        if press.id.draft:
            texts = await self.forms.typed(press.guild_id, press.user_id, press.id.draft)
        shelves = await self.bot.services.content_entry.shelves(press.guild_id, one.kind)
        titles = {shelf.entry_id: shelf.title for shelf in shelves}
        sent = ui.QueueForm(number=one.number, draft=0)
        return entry_form(form_title("Approve", one.kind), sent, form_fields(one.kind, Part.MAIN, {}), texts, titles)

    async def _queue(self, guild_id: int, page: int, told: str = "") -> Reply:
        return ui.queue_page(await self.service.queue(guild_id, page), told)

    async def _one(self, guild_id: int, number: int) -> Reply:
        return ui.suggestion_page(await self.service.one(guild_id, number))

    async def _turn(self, press: Press[Any], work: Callable[[], Awaitable[Reply]]) -> None:
        await turn(press.interaction, self._checked(press.interaction, work))

    async def _checked(self, interaction: Interaction, work: Callable[[], Awaitable[T]]) -> T:
        return await for_moderators(interaction, self.bot.services.schedule.moderator_role, work)


def _form(kind: Kind, texts: dict[str, str]) -> discord.ui.Modal:
    sent = ui.SuggestForm(kind=kind, draft=0)
    return entry_form(form_title("Suggest", kind), sent, ui.suggest_fields(kind), texts, {})


def _as_it_is(form: discord.ui.Modal) -> discord.ui.Modal:
    return form


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(SuggestCog(bot, bot.services.suggest, bot.services.form))
