"""``/content export``: a server's content as files that load back to the same, and templates."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.domain.entry import LOADABLE, Kind
from bot.errors import BadInputError, NotFoundError
from bot.services.content_entry import ContentEntryService
from bot.ui import content_export as ui
from bot.ui.content_export import Written
from bot.ui.content_row import KIND_NAMES
from bot.ui.reply import Interaction, Reply, answer, turn, who
from bot.ui.rights import RoleOf, for_moderators
from bot.ui.router import Press, on
from cogs.content_group import add_to_group

if TYPE_CHECKING:
    from bot.client import Syllabot

KINDS = [app_commands.Choice(name=KIND_NAMES[kind], value=kind.value) for kind in LOADABLE]
FORMS = [app_commands.Choice(name=ui.FORMAT_NAMES[form][0], value=form.value) for form in Written]


class ContentExportCog(commands.Cog):
    """Answers ``/content export`` and every press on its page. The right to do so is checked at each of them."""

    def __init__(self, service: ContentEntryService, role_of: RoleOf) -> None:
        self.service = service
        self.role_of = role_of

    @app_commands.rename(form="format")
    @app_commands.describe(kind="What to take out", form="How it is written; YAML where left out")
    @app_commands.choices(kind=KINDS, form=FORMS)
    async def export(self, interaction: Interaction, kind: str | None = None, form: str | None = None) -> None:
        """Attach the files of a kind; without one, open the page to choose on."""
        guild_id, _ = who(interaction)

        async def work() -> Reply:
            written = _written(form)
            if kind is None:
                return ui.export_page(Kind.FAQ, written)
            return await self._exported(guild_id, _kind(kind), written, 0)

        await answer(interaction, self._checked(interaction, work))

    @on(ui.ExportKindMenu)
    async def choose_kind(self, press: Press[ui.ExportKindMenu]) -> None:
        """Choose what to take out."""

        async def work() -> Reply:
            return ui.export_page(_kind(press.values[0]), press.id.written)

        await turn(press.interaction, self._checked(press.interaction, work))

    @on(ui.ExportFormMenu)
    async def choose_form(self, press: Press[ui.ExportFormMenu]) -> None:
        """Choose how it is written."""

        async def work() -> Reply:
            return ui.export_page(press.id.kind, _written(press.values[0]))

        await turn(press.interaction, self._checked(press.interaction, work))

    @on(ui.ExportPress)
    async def attach(self, press: Press[ui.ExportPress]) -> None:
        """Attach the files."""
        one = press.id
        work = self._checked(
            press.interaction, lambda: self._exported(press.guild_id, _kind(one.kind), one.written, one.start)
        )
        await turn(press.interaction, work)

    @on(ui.TemplatePress)
    async def attach_template(self, press: Press[ui.TemplatePress]) -> None:
        """Attach a template."""

        async def work() -> Reply:
            kind, written = _kind(press.id.kind), press.id.written
            return ui.with_template(kind, written, await self.service.template(kind, ui.FORMATS[written]))

        await turn(press.interaction, self._checked(press.interaction, work))

    async def _exported(self, guild_id: int, kind: Kind, written: Written, start: int) -> Reply:
        files = await self.service.export(guild_id, kind, ui.FORMATS[written])
        if start >= len(files):
            raise NotFoundError("The content became smaller meanwhile. Press Export again.")
        return ui.exported(kind, written, files, start)

    async def _checked(self, interaction: Interaction, work: Callable[[], Awaitable[Reply]]) -> Reply:
        return await for_moderators(interaction, self.role_of, work)


def _kind(value: str) -> Kind:
    found = next((kind for kind in LOADABLE if kind == value), None)
    if found is None:
        known = ", ".join(KIND_NAMES[one] for one in LOADABLE)
        raise BadInputError(f"I don't know that kind. Choose one of: {known}.")
    return found


def _written(value: str | None) -> Written:
    found = next((form for form in Written if form == (value or Written.YAML)), None)
    if found is None:
        raise BadInputError("I don't know that format. Choose YAML, CSV or Markdown.")
    return found


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot, and its command into the group."""
    cog = ContentExportCog(bot.services.content_entry, bot.services.schedule.moderator_role)
    await bot.add_cog(cog)
    add_to_group(bot, "export", "Take the content out as a file, or a template to begin with", cog.export)
