"""The one path of errors: whatever goes wrong in a command, a component, a form or an autocomplete ends here."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Final, TypeVar

import discord
from discord import app_commands

from bot.errors import SyllabotError
from bot.log import get_logger
from bot.ui.callback import follow_up
from bot.ui.reply import Interaction
from bot.ui.text import TROUBLE

log = get_logger(__name__)

OUR_FAULT: Final = (
    "Something went wrong on our side, and it is noted. Try again; if it stays, tell a moderator: ref {ref}."
)
OLD_COMMAND: Final = "This command has changed since your Discord loaded it. Restart Discord (Ctrl+R) and use it again."
SLOW: Final = "The database is busy: suggestions come in a minute. You can send what you typed."
SUGGEST_WITHIN: Final = 2.0
"""Seconds for suggestions; Discord waits for 3, and they can't be deferred."""
LOST: Final = {10062, 40060}
"""Discord's codes for an interaction that is too old or answered already: nobody is waiting for words any more."""

Cog = TypeVar("Cog")
Complete = Callable[[Cog, Interaction, str], Awaitable[list[app_commands.Choice[str]]]]


def reference() -> str:
    """Return a short id that a member can read out and an operator can find in the log."""
    return base64.b32encode(secrets.token_bytes(5)).decode()[:6]


def sentence_for(error: BaseException, where: str, interaction: Interaction) -> str:
    """Return what to tell the person; what we did not expect is logged under a reference."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, SyllabotError):
        log.info("refused", error=type(cause).__name__, where=where, guild_id=interaction.guild_id)
        return cause.sentence
    if isinstance(cause, (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)):
        return OLD_COMMAND
    if isinstance(cause, app_commands.NoPrivateMessage):
        return "This works in a server. Use it there."
    ref = reference()
    log.error(
        "interaction_failed",
        ref=ref,
        where=where,
        guild_id=interaction.guild_id,
        user_id=interaction.user.id,
        exc_info=cause,
    )
    return OUR_FAULT.format(ref=ref)


async def report(interaction: Interaction, error: BaseException, where: str) -> None:
    """Tell the person what went wrong, whether or not the interaction was answered or deferred already."""
    sentence = sentence_for(error, where, interaction)
    embed = discord.Embed(description=sentence, color=TROUBLE)
    try:
        if interaction.response.is_done():
            await follow_up(interaction, ephemeral=True, embed=embed)
        else:
            await interaction.response.send_message(embed=embed, ephemeral=True)
    except discord.HTTPException as failure:
        level = log.info if failure.code in LOST else log.error
        level("error_not_delivered", where=where, code=failure.code, guild_id=interaction.guild_id)


def complete(
    method: Complete[Cog],
) -> Callable[[Cog, Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]:
    """Wrap an autocomplete so that a failure shows as a suggestion that says so, instead of as nothing."""

    @wraps(method)
    async def guarded(cog: Cog, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        try:
            async with asyncio.timeout(SUGGEST_WITHIN):
                return await method(cog, interaction, current)
        except TimeoutError:
            return [app_commands.Choice(name=SLOW, value=current[:100] or "-")]
        except Exception as error:  # noqa: BLE001  (this is the one path where they all end)
            sentence = sentence_for(error, f"autocomplete {method.__name__}", interaction)
            return [app_commands.Choice(name=sentence[:100], value=current[:100] or "-")]

    return guarded
