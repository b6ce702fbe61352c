"""The group ``/content``: its subcommands stand in several cogs, and each puts its own into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import discord
from discord import app_commands

NAME: Final = "content"


def subcommand(name: str, description: str, callback: Callable[..., Any]) -> app_commands.Command[Any, ..., Any]:
    """Return a subcommand that calls a cog's method; its parameters and their words are read from the method."""
    return app_commands.Command(name=name, description=description, callback=callback)


def add_to_content(tree: app_commands.CommandTree[Any], command: app_commands.Command[Any, ..., Any]) -> None:
    """Put a subcommand into the group, which is made for the first one."""
    group = tree.get_command(NAME)
    if not isinstance(group, app_commands.Group):
        group = app_commands.Group(
            name=NAME,
            description="What this server learns from: load, look through, change, take back",
            guild_only=True,
            default_permissions=discord.Permissions(manage_messages=True),
        )
        tree.add_command(group)
    group.add_command(command)


def take_from_content(tree: app_commands.CommandTree[Any], name: str) -> None:
    """Take a subcommand out again, and the group with its last one."""
    group = tree.get_command(NAME)
    if isinstance(group, app_commands.Group):
        group.remove_command(name)
        if not group.commands:
            tree.remove_command(NAME)
