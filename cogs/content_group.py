"""The command group ``/content``; its commands are put into it by the cogs that answer them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final

import discord
from discord import app_commands

if TYPE_CHECKING:
    from bot.client import Syllabot

NAME: Final = "content"


def add_to_group(
    bot: Syllabot, name: str, description: str, callback: Callable[..., Coroutine[Any, Any, None]]
) -> None:
    """Put a command into the group.

    Args:
        bot: on which the group is.
        name: of the command, after the group's.
        description: of the command.
        callback: a method of a cog that takes the interaction and the options.
    """
    group = bot.tree.get_command(NAME)
    if not isinstance(group, app_commands.Group):
        raise TypeError("cogs.content_group is loaded before whoever puts commands into it")
    group.add_command(app_commands.Command(name=name, description=description, callback=callback))


async def setup(bot: Syllabot) -> None:
    """Put the group on the bot. It is hidden from members; each command checks the right itself."""
    group: app_commands.Group = app_commands.Group(
        name=NAME,
        description="What members learn from: load, correct, take back, take out",
        guild_only=True,
        default_permissions=discord.Permissions(manage_messages=True),
    )
    bot.tree.add_command(group)
