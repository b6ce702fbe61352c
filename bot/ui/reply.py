"""How an interaction is answered: directly, or deferred by itself when the work takes long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

import discord

from bot.errors import NotAllowedError, StorageError

T = TypeVar("T")
Interaction: TypeAlias = discord.Interaction[Any]

FORM_WITHIN: Final = 1.5
"""Seconds for reading what a form is filled with."""
DEFER_AFTER: Final = 1.2
"""Seconds. Discord takes a first answer within 3 s; this leaves the rest to a slow network."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is shown: a first line, a page, and the components below it."""

    content: str | None = None
    embed: discord.Embed | None = None
    view: discord.ui.View | None = None


def who(interaction: Interaction) -> tuple[int, int]:
    """Return the guild and the member of an interaction.

    Raises:
        NotAllowedError: where it came from outside a server.
    """
    if interaction.guild_id is None:
        raise NotAllowedError("This works in a server. Use it there.")
    return interaction.guild_id, interaction.user.id


async def ready(reply: Reply) -> Reply:
    """Return ``reply`` as work that is done, for ``answer`` and ``turn``."""
    return reply


async def answer(interaction: Interaction, work: Awaitable[Reply], *, public: bool = False) -> None:
    """Send the outcome of ``work`` as a new message, to the person alone unless ``public``.

    Raises:
        SyllabotError: what ``work`` raises, for the one error path.
    """
    task = asyncio.ensure_future(work)
    if not await _quick(task):
        await interaction.response.defer(ephemeral=not public, thinking=True)
        reply = await task
        await interaction.edit_original_response(content=reply.content, embed=reply.embed, view=reply.view)
        return
    await send(interaction, task.result(), public=public)


async def send(interaction: Interaction, reply: Reply, *, public: bool = False) -> None:
    """Send a message that is ready as the first answer."""
    await interaction.response.send_message(
        content=reply.content,
        embed=reply.embed or discord.utils.MISSING,
        view=reply.view or discord.utils.MISSING,
        ephemeral=not public,
    )


async def turn(interaction: Interaction, work: Awaitable[Reply]) -> None:
    """Turn the page that was pressed into the outcome of ``work``.

    A page that others see is left as it is: whoever presses there gets a page of their own.

    Raises:
        SyllabotError: what ``work`` raises, for the one error path.
    """
    message = interaction.message
    if message is None or not message.flags.ephemeral:
        await answer(interaction, work)
        return
    task = asyncio.ensure_future(work)
    if not await _quick(task):
        await interaction.response.defer()
        reply = await task
        await interaction.edit_original_response(content=reply.content, embed=reply.embed, view=reply.view)
        return
    reply = task.result()
    await interaction.response.edit_message(content=reply.content, embed=reply.embed, view=reply.view)


async def open_form(interaction: Interaction, page: Awaitable[T], make: Callable[[T], discord.ui.Modal]) -> None:
    """Open a form that is filled from ``page``. A form can't follow a deferral, so what it reads has little time.

    Raises:
        StorageError: where reading took too long; nothing was changed.
    """
    try:
        async with asyncio.timeout(FORM_WITHIN):
            filled = await page
    except TimeoutError:
        raise StorageError("That can't be opened just now: the database is busy. Press again in a minute.") from None
    await interaction.response.send_modal(make(filled))


async def _quick(task: asyncio.Future[Reply]) -> bool:
    """Wait for ``task`` as long as a first answer may take; whether it is done then."""
    done, _ = await asyncio.wait({task}, timeout=DEFER_AFTER)
    return bool(done)
