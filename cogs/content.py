"""``/content load``: a file is read and reported; nothing changes before a moderator says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.draft import MOST_APKG, MOST_TEXT, FileRequest
from bot.domain.entry import LOADABLE, Kind
from bot.errors import BadInputError, ContentChangedError
from bot.services.content import ContentService
from bot.services.content_history import ContentHistory
from bot.ui import content as ui
from bot.ui import content_applied as done
from bot.ui import content_reading as reading
from bot.ui.content import LoadVerb
from bot.ui.content_part import Part, near_index
from bot.ui.content_report import whole_report
from bot.ui.content_row import KIND_NAMES
from bot.ui.reply import Interaction, Reply, answer, turn, who
from bot.ui.rights import RoleOf, for_moderators
from bot.ui.router import Press, on
from cogs.content_group import add_to_group

if TYPE_CHECKING:
    from bot.client import Syllabot

Fetch = Callable[[discord.Attachment, int], Awaitable[bytes]]
KINDS = [app_commands.Choice(name=KIND_NAMES[kind], value=kind.value) for kind in LOADABLE]
DECKS = (".apkg", ".colpkg")


class ContentCog(commands.Cog):
    """Answers ``/content load`` and every press on its report. The right to do so is checked at each of them."""

    def __init__(self, service: ContentService, history: ContentHistory, fetch: Fetch, role_of: RoleOf) -> None:
        self.service = service
        self.history = history
        self.fetch = fetch
        self.role_of = role_of

    @app_commands.describe(file="YAML, CSV, Markdown, or an Anki export", kind="What is in it; left out, I find out")
    @app_commands.choices(kind=KINDS)
    async def load(self, interaction: Interaction, file: discord.Attachment, kind: str | None = None) -> None:
        """Read a file and report on it."""
        guild_id, user_id = who(interaction)
        await answer(interaction, self._checked(interaction, lambda: self._load(guild_id, user_id, file, kind)))

    @on(ui.ReportPage)
    async def turn_page(self, press: Press[ui.ReportPage]) -> None:
        """Turn to a page of the report."""
        work = self._checked(press.interaction, lambda: self._page(press, press.id.part, press.id.page))
        await turn(press.interaction, work)

    @on(ui.ReportJump)
    async def jump(self, press: Press[ui.ReportJump]) -> None:
        """Turn to the page that was chosen."""
        to = int(press.values[0])
        await turn(press.interaction, self._checked(press.interaction, lambda: self._page(press, press.id.part, to)))

    @on(ui.ReportParts)
    async def choose_part(self, press: Press[ui.ReportParts]) -> None:
        """Turn to the part that was chosen."""
        chosen = press.values[0]
        if chosen == ui.READING:
            await turn(press.interaction, self._checked(press.interaction, lambda: self._reading(press)))
            return
        await turn(press.interaction, self._checked(press.interaction, lambda: self._page(press, Part(chosen), 0)))

    @on(ui.OpenReading)
    async def open_reading(self, press: Press[ui.OpenReading]) -> None:
        """Open the page on which one says how the file is meant."""
        await turn(press.interaction, self._checked(press.interaction, lambda: self._reading(press)))

    @on(reading.ReadingPage)
    async def turn_columns(self, press: Press[reading.ReadingPage]) -> None:
        """Turn to other columns."""
        await turn(press.interaction, self._checked(press.interaction, lambda: self._reading(press, press.id.page)))

    @on(reading.KindMenu)
    async def choose_kind(self, press: Press[reading.KindMenu]) -> None:
        """Read the file as another kind."""

        async def work() -> Reply:
            kind = Kind(press.values[0])
            report = await self.service.read_again(press.guild_id, press.user_id, press.id.number, kind)
            return reading.reading_page(report, notice=f"Read again, as {KIND_NAMES[kind]}.")

        await turn(press.interaction, self._checked(press.interaction, work))

    @on(reading.ColumnMenu)
    async def choose_column(self, press: Press[reading.ColumnMenu]) -> None:
        """Read the table with another column."""

        async def work() -> Reply:
            column, this = press.id.column, press.id.number
            before = await self.service.report(press.guild_id, this)
            columns = reading.columns_with(before, column, press.values[0])
            kind = before.draft.kind
            report = await self.service.read_again(press.guild_id, press.user_id, this, kind, columns)
            return reading.reading_page(report, reading.page_with(column), "Read again.")

        await turn(press.interaction, self._checked(press.interaction, work))

    @on(reading.HeaderPress)
    async def say_header(self, press: Press[reading.HeaderPress]) -> None:
        """Read the table with its first line as names, or as an entry."""

        async def work() -> Reply:
            names, this = press.id.header == 1, press.id.number
            before = await self.service.report(press.guild_id, this)
            kind, table = before.draft.kind, before.draft.table
            columns = table.taken if table is not None else ()
            report = await self.service.read_again(press.guild_id, press.user_id, this, kind, columns, header=names)
            said = "its first line holds the columns' names" if names else "its first line is an entry like the others"
            return reading.reading_page(report, notice=f"Read again: {said}.")

        await turn(press.interaction, self._checked(press.interaction, work))

    @on(ui.NearPress)
    async def say_which(self, press: Press[ui.NearPress]) -> None:
        """Keep which entry is meant, and go on to the next question."""

        async def work() -> Reply:
            entry = "" if press.id.entry == ui.DIFFERENT else press.id.entry
            report = await self.service.choose(press.guild_id, press.id.number, press.id.place, entry)
            return ui.report_page(report, Part.NEAR, near_index(report.plan, press.id.place))

        await turn(press.interaction, self._checked(press.interaction, work))

    @on(ui.LoadPress)
    async def press(self, press: Press[ui.LoadPress]) -> None:
        """Do what a button of the report says."""
        await turn(press.interaction, self._checked(press.interaction, lambda: self._done(press)))

    async def _done(self, press: Press[ui.LoadPress]) -> Reply:
        guild_id, number = press.guild_id, press.id.number
        match press.id.verb:
            case LoadVerb.CANCEL:
                await self.service.cancel(guild_id, number)
                return done.cancelled()
            case LoadVerb.WHOLE:
                report = await self.service.report(guild_id, number)
                page = ui.report_page(report, notice="The whole report is attached.")
                return Reply(page.content, page.embed, page.view, documents=(whole_report(report),))
            case LoadVerb.REPLACE:
                return ui.report_page(await self.service.report(guild_id, number, replace_all=True), rest=True)
            case verb:
                return await self._apply(press, verb)

    async def _apply(self, press: Press[ui.LoadPress], verb: LoadVerb) -> Reply:
        guild_id, number, rest = press.guild_id, press.id.number, verb is LoadVerb.REPLACED
        choice = {"good_only": verb is not LoadVerb.APPLY, "replace_all": rest}
        try:
            applied = await self.service.apply(guild_id, press.user_id, number, press.id.seen, **choice)
        except ContentChangedError as error:
            report = await self.service.report(guild_id, number, replace_all=rest)
            return ui.report_page(report, rest=rest, notice=error.sentence)
        if applied.number is None:
            return done.nothing_applied()
        load, _ = await self.history.load(guild_id, applied.number)
        return done.applied_page(load, again=not applied.changed)

    async def _load(self, guild_id: int, user_id: int, file: discord.Attachment, kind: str | None) -> Reply:
        wanted = ui.kind_named(kind) if kind else None
        if kind and wanted is None:
            known = ", ".join(KIND_NAMES[one] for one in LOADABLE)
            raise BadInputError(f"I don't know that kind. Choose one of: {known}.")
        most = MOST_APKG if file.filename.lower().endswith(DECKS) else MOST_TEXT
        if file.size > most:
            raise BadInputError(
                f"That file has {-(-file.size // 1024):,} KiB; at most {most // 1024:,} KiB can be loaded at once. "
                "Split it, and load the parts one by one."
            )
        data = await self.fetch(file, most)
        report = await self.service.inspect(guild_id, user_id, FileRequest(file.filename, data, wanted))
        return ui.report_page(report)

    async def _page(
        self, press: Press[ui.ReportPage] | Press[ui.ReportJump] | Press[ui.ReportParts], part: Part, page: int
    ) -> Reply:
        rest = press.id.rest == 1
        report = await self.service.report(press.guild_id, press.id.number, replace_all=rest)
        return ui.report_page(report, part, page, rest=rest)

    async def _reading(
        self, press: Press[ui.ReportParts] | Press[ui.OpenReading] | Press[reading.ReadingPage], page: int = 0
    ) -> Reply:
        return reading.reading_page(await self.service.report(press.guild_id, press.id.number), page)

    async def _checked(self, interaction: Interaction, work: Callable[[], Awaitable[Reply]]) -> Reply:
        return await for_moderators(interaction, self.role_of, work)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot, and its command into the group."""
    its = bot.services
    cog = ContentCog(its.content, its.content_history, its.fetch, its.schedule.moderator_role)
    await bot.add_cog(cog)
    add_to_group(bot, "load", "Load questions, prompts, cards, resources or topics from a file", cog.load)
