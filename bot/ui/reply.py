"""How an interaction is answered: directly, or deferred by itself when the work takes long."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeAlias, TypeVar

import discord

from bot.domain.frozen import frozen
from bot.errors import NotAllowedError, StorageError
from bot.log import get_logger
from bot.ui.callback import follow_up
from bot.ui.deferral import DEFER_AFTER as DEFER_AFTER  # noqa: PLC0414  (how long an answer may take)
from bot.ui.deferral import Deferral

T = TypeVar("T")
Interaction: TypeAlias = discord.Interaction[Any]
Attached: TypeAlias = discord.Attachment | discord.File

log = get_logger(__name__)

FORM_WITHIN: Final = 1.5
"""Seconds for reading what a form is filled with."""


@frozen
class Picture:
    """A picture that goes with a page; ``alt`` says in words what it shows. The page's embed shows it by its name."""

    png: bytes
    name: str
    alt: str

    def file(self) -> discord.File:
        """Return it as Discord takes it; each sending needs a file of its own."""
        return discord.File(io.BytesIO(self.png), self.name, description=self.alt[:1024])


@frozen
class Document:
    """A file that goes with a page, to be kept."""

    data: bytes
    name: str

    def file(self) -> discord.File:
        """Return it as Discord takes it; each sending needs a file of its own."""
        return discord.File(io.BytesIO(self.data), self.name)


@frozen
class Reply:
    """What is shown: a first line, a page, the components below it, a picture, and files.

    ``ping`` is the one person who is notified, where the first line mentions that person and the message is new.
    """

    content: str | None = None
    embed: discord.Embed | None = None
    view: discord.ui.View | None = None
    picture: Picture | None = None
    ping: int | None = None
    documents: tuple[Document, ...] = ()

    @property
    def mentions(self) -> discord.AllowedMentions:
        """Whom the message may notify: at most one person."""
        people = [discord.Object(self.ping)] if self.ping is not None else []
        return discord.AllowedMentions(everyone=False, roles=False, replied_user=False, users=people)

    @property
    def files(self) -> list[discord.File]:
        """Everything that is attached, fresh for one sending."""
        return [one.file() for one in (self.picture, *self.documents) if one is not None]


@frozen
class Turned:
    """What a press led to: the page that was pressed as it is now, and what is told beside it.

    A page without a first line or an embed leaves those of the message as they are.
    """

    page: Reply
    told: Reply


def who(interaction: Interaction) -> tuple[int, int]:
    """Return the guild and the member of an interaction.

    Raises:
        NotAllowedError: where it came from outside a server.
    """
    if interaction.guild_id is None:
        raise NotAllowedError("This works in a server. Use it there.")
    return interaction.guild_id, interaction.user.id


async def answer(interaction: Interaction, work: Awaitable[Reply]) -> None:
    """Send the outcome of ``work`` as a new message, to the person alone.

    Raises:
        SyllabotError: what ``work`` raises, for the one error path.
    """
    deferral = Deferral(interaction, lambda: interaction.response.defer(ephemeral=True, thinking=True))
    reply = await deferral.within_patience(work)
    if deferral.begun:
        await _fill_in(interaction, reply)
    else:
        await send(interaction, reply)


async def share(interaction: Interaction, work: Awaitable[Reply]) -> None:
    """Send the outcome of ``work`` to the channel, for everybody there.

    Raises:
        NotAllowedError: where the person may not write there.
        SyllabotError: what ``work`` raises; it is told to the person alone.
    """
    _require_voice(interaction, work)
    deferral = Deferral(interaction, lambda: interaction.response.defer(ephemeral=True, thinking=True))
    reply = await deferral.within_patience(work)
    if not deferral.begun:
        await send(interaction, reply, public=True)
        return
    await _fill_in(interaction, Reply("Shared below."))
    await _follow_up(interaction, reply, public=True)


async def turn_and_tell(interaction: Interaction, work: Awaitable[Turned], *, public: bool = False) -> None:
    """Turn the message that was pressed, whoever sees it, and then send a new one: to the person, or to everybody.

    Where the message can't be changed (it was deleted meanwhile), the new one is sent all the same.

    Raises:
        NotAllowedError: where the new one is for everybody, and the person may not write there.
        SyllabotError: what ``work`` raises, for the one error path.
    """
    if public:
        _require_voice(interaction, work)
    deferral = Deferral(interaction, interaction.response.defer)
    turned = await deferral.within_patience(work)
    edit = interaction.edit_original_response if deferral.begun else interaction.response.edit_message
    page = turned.page
    try:
        await edit(content=page.content or discord.utils.MISSING, embed=_given(page.embed), view=page.view)
    except discord.HTTPException as error:
        log.info("page_not_turned", guild_id=interaction.guild_id, status=error.status, code=error.code)
        if not deferral.begun:
            await send(interaction, turned.told, public=public)
            return
    await _follow_up(interaction, turned.told, public=public)


def _given(part: T | None) -> T:
    """Return what is shown as discord.py takes it: an embed weighs all its fields to say whether there is one."""
    return discord.utils.MISSING if part is None else part


async def _follow_up(interaction: Interaction, reply: Reply, *, public: bool) -> None:
    await follow_up(
        interaction,
        ephemeral=not public,
        content=reply.content or discord.utils.MISSING,
        embed=_given(reply.embed),
        view=_given(reply.view),
        files=reply.files or discord.utils.MISSING,
        allowed_mentions=reply.mentions if reply.ping is not None else discord.utils.MISSING,
    )


def _require_voice(interaction: Interaction, work: Awaitable[object]) -> None:
    """Refuse whoever may not write in this channel, and let go of the work.

    Raises:
        NotAllowedError: where the person may not.
    """
    may = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    if not (may.send_messages_in_threads if in_thread else may.send_messages):
        _let_go_of(work)
        raise NotAllowedError("You can't write in this channel, so nothing was shared here. Share it in another one.")


def _let_go_of(work: Awaitable[object]) -> None:
    """Let go of work that will not be done, so that Python does not complain of it."""
    if isinstance(work, Coroutine):
        work.close()


async def turn(interaction: Interaction, work: Awaitable[Reply]) -> None:
    """Turn the page that was pressed into the outcome of ``work``.

    A page that others see is left as it is: whoever presses there gets a page of their own.

    Raises:
        SyllabotError: what ``work`` raises, for the one error path.
    """
    if not _own_page(interaction):
        await answer(interaction, work)
        return
    deferral = Deferral(interaction, interaction.response.defer)
    reply = await deferral.within_patience(work)
    if deferral.begun:
        await _fill_in(interaction, reply)
    else:
        await show(interaction, reply)


async def send(interaction: Interaction, reply: Reply, *, public: bool = False) -> None:
    """Send a message that is ready as the answer; where the interaction was deferred meanwhile, in its place."""
    if interaction.response.is_done():
        await _follow_up(interaction, reply, public=public)
        return
    await interaction.response.send_message(
        content=reply.content,
        embed=_given(reply.embed),
        view=_given(reply.view),
        files=reply.files or discord.utils.MISSING,
        allowed_mentions=reply.mentions if reply.ping is not None else discord.utils.MISSING,
        ephemeral=not public,
    )


async def show(interaction: Interaction, reply: Reply) -> None:
    """Turn the page that was pressed into one that is ready; where others see it, send one of the presser's own."""
    if interaction.response.is_done():
        await _fill_in(interaction, reply)
    elif _own_page(interaction):
        await interaction.response.edit_message(
            content=reply.content, embed=reply.embed, view=reply.view, attachments=_attachments(interaction, reply)
        )
    else:
        await send(interaction, reply)


async def amend(interaction: Interaction, reply: Reply) -> None:
    """Change the answer that was given to what is known better now; an answer that is gone stays gone."""
    try:
        await _fill_in(interaction, reply)
    except discord.HTTPException as error:
        log.info("answer_not_amended", guild_id=interaction.guild_id, status=error.status, code=error.code)


async def ready(reply: Reply) -> Reply:
    """Return a reply that needs no work as work, for ``share``."""
    return reply


async def open_form(interaction: Interaction, page: Awaitable[T], make: Callable[[T], discord.ui.Modal]) -> None:
    """Open a form that is filled from ``page``. A form can't follow a deferral, so what it reads has little time.

    Raises:
        StorageError: where reading took too long; nothing was changed.
    """
    busy = StorageError("That can't be opened just now: the database is busy. Press again in a minute.")
    try:
        async with asyncio.timeout(FORM_WITHIN):
            filled = await page
    except TimeoutError:
        raise busy from None
    if interaction.response.is_done():
        raise busy
    await interaction.response.send_modal(make(filled))


def _own_page(interaction: Interaction) -> bool:
    return interaction.message is not None and interaction.message.flags.ephemeral


async def _fill_in(interaction: Interaction, reply: Reply) -> None:
    await interaction.edit_original_response(
        content=reply.content, embed=reply.embed, view=reply.view, attachments=_attachments(interaction, reply)
    )


def _attachments(interaction: Interaction, reply: Reply) -> list[Attached]:
    """Return what an edited message carries: its picture and files, or nothing in the place of the one it had."""
    if files := reply.files:
        return [*files]
    had_one = interaction.message is not None and interaction.message.attachments
    return [] if had_one else discord.utils.MISSING
