"""``/faq`` and the message menu **Find in FAQ**: answers, and the categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.faq import Vote
from bot.errors import BadInputError
from bot.services.faq import FaqService
from bot.ui import faq
from bot.ui.errors import complete
from bot.ui.reply import Interaction, Reply, answer, ready, send, share, show, turn, who
from bot.ui.router import Press, on

if TYPE_CHECKING:
    from bot.client import Syllabot


class FaqCog(commands.Cog):
    """Declares ``/faq`` and answers every press on its pages."""

    def __init__(self, bot: Syllabot, service: FaqService) -> None:
        self.bot = bot
        self.service = service
        self.find_menu = app_commands.ContextMenu(name="Find in FAQ", callback=self.find)
        self.find_menu.guild_only = True

    async def cog_load(self) -> None:
        """Put the message menu on the tree; unlike commands, discord.py does not find it by itself."""
        self.bot.tree.add_command(self.find_menu)

    async def cog_unload(self) -> None:
        """Take the message menu away again."""
        self.bot.tree.remove_command(self.find_menu.name, type=self.find_menu.type)

    async def find(self, interaction: Interaction, message: discord.Message) -> None:
        """Look up what somebody asked in a channel; the answer is for whoever looks it up."""
        shown = [part for embed in message.embeds for part in (embed.title, embed.description) if part]
        text = message.content.strip() or " ".join(shown)
        if not text:
            raise BadInputError("There is no text in that message to look up. Ask with /faq and your own words.")
        guild_id, _ = who(interaction)
        await answer(interaction, self._finding(guild_id, text, of_ones_own=False))

    @app_commands.command(name="faq", description="Ask a question, or look through the answers")
    @app_commands.describe(question="In your own words")
    @app_commands.guild_only()
    async def look_up(self, interaction: Interaction, question: str | None = None) -> None:
        """Answer a question, or show the categories."""
        guild_id, _ = who(interaction)
        if question is None or not question.strip():
            await send(interaction, faq.categories(await self.service.pack(guild_id)))
        else:
            await answer(interaction, self._finding(guild_id, question))

    @look_up.autocomplete("question")
    @complete
    async def complete_question(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Suggest questions for what has been typed so far."""
        guild_id, _ = who(interaction)
        found = await self.service.complete(guild_id, current)
        return [app_commands.Choice(name=entry.question, value=entry.id) for entry in found]

    @on(faq.OpenEntry)
    async def open_entry(self, press: Press[faq.OpenEntry]) -> None:
        """Open an entry."""
        found = await self.service.answer(press.guild_id, press.id.entry_id)
        await show(press.interaction, faq.answer(found, await self.service.pack(press.guild_id)))

    @on(faq.EntryMenu)
    async def choose_entry(self, press: Press[faq.EntryMenu]) -> None:
        """Open the chosen entry."""
        found = await self.service.answer(press.guild_id, press.values[0])
        await show(press.interaction, faq.answer(found, await self.service.pack(press.guild_id)))

    @on(faq.ShareEntry)
    async def share_entry(self, press: Press[faq.ShareEntry]) -> None:
        """Show an entry to the channel."""
        found = await self.service.answer(press.guild_id, press.id.entry_id)
        await share(press.interaction, ready(faq.shared_answer(found, press.user_id)))

    @on(faq.OpenCategories)
    async def open_categories(self, press: Press[faq.OpenCategories]) -> None:
        """Show the categories."""
        await show(press.interaction, faq.categories(await self.service.pack(press.guild_id)))

    @on(faq.CategoryMenu)
    async def choose_category(self, press: Press[faq.CategoryMenu]) -> None:
        """Open the chosen category."""
        category = (await self.service.pack(press.guild_id)).category(press.values[0])
        await show(press.interaction, faq.category_page(category, 0))

    @on(faq.CategoryPage)
    async def turn_page(self, press: Press[faq.CategoryPage]) -> None:
        """Open another page of a category."""
        category = (await self.service.pack(press.guild_id)).category(press.id.category_id)
        await show(press.interaction, faq.category_page(category, press.id.page))

    @on(faq.AskForm)
    async def ask(self, press: Press[faq.AskForm]) -> None:
        """Open the form for a question, or answer what was typed into it."""
        if "text" not in press.texts:
            await press.interaction.response.send_modal(faq.ask_form())
            return
        await turn(press.interaction, self._finding(press.guild_id, press.texts["text"]))

    @on(faq.PickGuess)
    async def pick(self, press: Press[faq.PickGuess]) -> None:
        """Open one of the entries offered."""
        await turn(press.interaction, self._voted(press, Vote.PICKED))

    @on(faq.Helped)
    async def helped(self, press: Press[faq.Helped]) -> None:
        """Take thanks for an answer."""
        told = "Good to know. Answers that help are found sooner."
        await turn(press.interaction, self._voted(press, Vote.HELPED, told))

    @on(faq.Missed)
    async def missed(self, press: Press[faq.Missed]) -> None:
        """Take that an answer missed the question."""
        await turn(press.interaction, self._missed(press))

    @on(faq.PassOn)
    async def pass_on(self, press: Press[faq.PassOn]) -> None:
        """Pass a question on to the moderators."""
        await turn(press.interaction, self._passed_on(press))

    async def _finding(self, guild_id: int, question: str, *, of_ones_own: bool = True) -> Reply:
        found = await self.service.ask(guild_id, question, of_ones_own=of_ones_own)
        return faq.finding(found, await self.service.pack(guild_id))

    async def _voted(self, press: Press[faq.PickGuess] | Press[faq.Helped], vote: Vote, told: str = "") -> Reply:
        asked = faq.asked(press.interaction.message)
        found = await self.service.vote(press.guild_id, press.user_id, press.id.entry_id, asked, vote)
        return faq.answer(found, await self.service.pack(press.guild_id), told=told)

    async def _missed(self, press: Press[faq.Missed]) -> Reply:
        asked = faq.asked(press.interaction.message)
        await self.service.vote(press.guild_id, press.user_id, press.id.entry_id, asked, Vote.MISSED)
        return faq.passed_on(await self.service.pack(press.guild_id), noted=bool(asked))

    async def _passed_on(self, press: Press[faq.PassOn]) -> Reply:
        noted = await self.service.pass_on(press.guild_id, faq.asked(press.interaction.message))
        return faq.passed_on(await self.service.pack(press.guild_id), noted=noted)


async def setup(bot: Syllabot) -> None:
    """Put the cog on the bot."""
    await bot.add_cog(FaqCog(bot, bot.services.faq))
