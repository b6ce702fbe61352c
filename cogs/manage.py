"""``/content manage``: look through a server's content, change it, take out, bring back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from discord.ext import commands

from bot.domain.entry import Kind
from bot.errors import StaleComponentError
from bot.services.content_entry import ContentEntryService
from bot.services.form import FormService, Refused
from bot.services.suggest import SuggestService
from bot.ui import manage as ui
from bot.ui.components import STALE
from bot.ui.entry_form import Part, entry_form, form_fields, form_title, refused, texts_of, typed_fields
from bot.ui.manage import EVERY, EntryVerb, Waiting
from bot.ui.queue import queue_buttons
from bot.ui.reply import Interaction, Reply, answer, open_form, turn, who
from bot.ui.rights import for_moderators
from bot.ui.router import Press, on
from cogs.content_group import add_to_group

if TYPE_CHECKING:
    import discord

    from bot.client import Syllabot

T = TypeVar("T")


class ManageCog(commands.Cog):
    """Declares ``/content manage`` and answers every press on its entries; the right is checked at each of them."""

    def __init__(self, bot: Syllabot, entries: ContentEntryService, forms: FormService) -> None:
        self.bot = bot
        self.entries = entries
        self.forms = forms
        self.suggest: SuggestService = bot.services.suggest

    async def open(self, interaction: Interaction) -> None:
        """Open the first page."""
        guild_id, _ = who(interaction)
        await answer(interaction, self._checked(interaction, lambda: self._home(guild_id)))

    @on(ui.OpenManage)
    async def go_home(self, press: Press[ui.OpenManage]) -> None:
        """Go back to the first page."""
        await self._turn(press, lambda: self._home(press.guild_id))

    @on(ui.KindMenu)
    async def choose_kind(self, press: Press[ui.KindMenu]) -> None:
        """Open the entries of a kind."""
        await self._turn(press, lambda: self._list(press.guild_id, _kind(press.values[0]), EVERY, 0))

    @on(ui.ShelfMenu)
    async def choose_shelf(self, press: Press[ui.ShelfMenu]) -> None:
        """Open the entries of one shelf."""
        await self._turn(press, lambda: self._list(press.guild_id, press.id.kind, press.values[0], 0))

    @on(ui.EntriesPage)
    async def turn_page(self, press: Press[ui.EntriesPage]) -> None:
        """Open another page of entries."""
        pressed = press.id
        await self._turn(press, lambda: self._list(press.guild_id, pressed.kind, pressed.shelf, pressed.page))

    @on(ui.PickEntry)
    async def pick(self, press: Press[ui.PickEntry]) -> None:
        """Open one entry."""
        await self._turn(press, lambda: self._entry(press.guild_id, press.id.kind, press.values[0]))

    @on(ui.SearchForm)
    async def search(self, press: Press[ui.SearchForm]) -> None:
        """Open the form for searching, or show what was found."""
        kind = press.id.kind
        if "text" not in press.texts:
            form = self._checked(press.interaction, lambda: _ready(kind))
            await open_form(press.interaction, form, ui.search_form)
            return

        async def work() -> Reply:
            typed = press.texts["text"]
            return ui.found_page(kind, await self.entries.search(press.guild_id, kind, typed, ui.MOST_FOUND), typed)

        await self._turn(press, work)

    @on(ui.EntryPress)
    async def press(self, press: Press[ui.EntryPress]) -> None:
        """Do what a button of an entry says."""
        await self._turn(press, lambda: self._done(press))

    @on(ui.EditForm)
    async def edit(self, press: Press[ui.EditForm]) -> None:
        """Open the form of an entry, or take what was typed into it."""
        if press.texts:
            await self._turn(press, lambda: self._edited(press))
        else:
            await open_form(press.interaction, self._checked(press.interaction, lambda: self._form(press)), _as_it_is)

    async def _done(self, press: Press[ui.EntryPress]) -> Reply:
        guild_id, actor_id, pressed = press.guild_id, press.user_id, press.id
        kind, entry_id, seen = pressed.kind, pressed.entry_id, pressed.seen
        told = ""
        match pressed.verb:
            case EntryVerb.OPEN:
                pass
            case EntryVerb.ASK_RETIRE | EntryVerb.ASK_RESET:
                one, seen = await self.entries.one(guild_id, kind, entry_id)
                sure = EntryVerb.RETIRE if pressed.verb is EntryVerb.ASK_RETIRE else EntryVerb.RESET
                return ui.ask(sure, kind, one, seen)
            case EntryVerb.RETIRE:
                await self.entries.retire(guild_id, actor_id, kind, entry_id, seen)
                told = "Retired. Members find it no more; **Restore** brings it back."
            case EntryVerb.RESTORE:
                await self.entries.restore(guild_id, actor_id, kind, entry_id, seen)
                told = "Restored: it is as it was before."
            case EntryVerb.RESET:
                await self.entries.reset(guild_id, actor_id, kind, entry_id, seen)
                told = "It is as shipped again."
        return await self._entry(guild_id, kind, entry_id, told)

    async def _form(self, press: Press[ui.EditForm]) -> discord.ui.Modal:
        kind, entry_id, part = press.id.kind, press.id.entry_id, press.id.part
        shelves = {one.entry_id: one.title for one in await self.entries.shelves(press.guild_id, kind)}
        if entry_id == EVERY:
            seen, texts, asked = await self.entries.version(press.guild_id), {}, form_fields(kind, part, {})
        else:
            one, seen = await self.entries.one(press.guild_id, kind, entry_id)
            texts, asked = texts_of(one.fields), form_fields(kind, part, one.fields)
        if not asked:
            raise StaleComponentError(STALE)
        if press.id.draft:
            texts = await self.forms.typed(press.guild_id, press.user_id, press.id.draft)
        sent = ui.EditForm(kind=kind, entry_id=entry_id, part=part, seen=seen, draft=0)
        return entry_form(form_title("Add" if entry_id == EVERY else "Edit", kind), sent, asked, texts, shelves)

    async def _edited(self, press: Press[ui.EditForm]) -> Reply:
        pressed = press.id
        outcome = await self.forms.taking(press.guild_id, press.user_id, press.texts, self._put(press))
        if isinstance(outcome, Refused):
            return refused(outcome, lambda draft: pressed.model_copy(update={"draft": draft}))
        return outcome

    async def _put(self, press: Press[ui.EditForm]) -> Reply:
        guild_id, pressed, entries = press.guild_id, press.id, self.entries
        kind, entry_id = pressed.kind, pressed.entry_id
        if entry_id == EVERY:
            fields = typed_fields(form_fields(kind, Part.MAIN, {}), press.texts)
            row, _ = await entries.check(guild_id, kind, fields)
            await entries.add(guild_id, press.user_id, kind, fields, pressed.seen)
            return await self._entry(guild_id, kind, row.entry_id, "Added. Members can use it from now on.")
        one, _ = await entries.one(guild_id, kind, entry_id)
        fields = typed_fields(form_fields(kind, pressed.part, one.fields), press.texts)
        done = await entries.edit(guild_id, press.user_id, kind, {"id": entry_id, **fields}, pressed.seen)
        told = "Saved. Members see it from now on." if done.changed else "Nothing to change: it says this already."
        return await self._entry(guild_id, kind, entry_id, told)

    async def _home(self, guild_id: int) -> Reply:
        services = self.bot.services
        waiting = Waiting(
            suggestions=(await services.suggest.queue(guild_id)).of,
            reports=(await services.report.queue(guild_id)).of,
            gaps=len(await services.gap.gaps(guild_id)),
            phrasings=len(await services.gap.phrasings(guild_id)),
        )
        return ui.home(waiting, queue_buttons(waiting))

    async def _list(self, guild_id: int, kind: Kind, shelf: str, page: int) -> Reply:
        listed, _ = await self.entries.entries(guild_id, kind)
        return ui.entries_page(kind, listed, await self.entries.shelves(guild_id, kind), shelf, page)

    async def _entry(self, guild_id: int, kind: Kind, entry_id: str, told: str = "") -> Reply:
        one, seen = await self.entries.one(guild_id, kind, entry_id)
        return ui.entry_page(kind, one, seen, told=told, credit=await self.suggest.credit(guild_id, kind, entry_id))

    async def _turn(self, press: Press[Any], work: Callable[[], Awaitable[Reply]]) -> None:
        await turn(press.interaction, self._checked(press.interaction, work))

    async def _checked(self, interaction: Interaction, work: Callable[[], Awaitable[T]]) -> T:
        return await for_moderators(interaction, self.bot.services.schedule.moderator_role, work)


def _kind(value: str) -> Kind:
    if value not in set(Kind):
        raise StaleComponentError(STALE)
    return Kind(value)


async def _ready(kind: Kind) -> Kind:
    return kind


def _as_it_is(form: discord.ui.Modal) -> discord.ui.Modal:
    return form


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    cog = ManageCog(bot, bot.services.content_entry, bot.services.form)
    await bot.add_cog(cog)
    add_to_group(bot, "manage", "Look through the content, change it; suggestions, reports, gaps", cog.open)
