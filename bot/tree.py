"""The command tree: what every slash command and suggestion goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.ui.callback import unechoed
from bot.ui.errors import report
from bot.ui.reply import Interaction

if TYPE_CHECKING:
    from bot.client import Syllabot


class Tree(app_commands.CommandTree[Any]):
    """The command tree, with our one path of errors."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Drop what a resumed connection brings again; watch over what is new."""
        client: Syllabot = interaction.client
        if not client.commands_seen.is_new(interaction):
            return False
        client.under_way.begin(interaction)
        unechoed(client.answering)
        if await client.is_ours(interaction):
            return True
        client.under_way.end(interaction)
        return False

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Tell the person what went wrong."""
        client: Syllabot = interaction.client
        client.under_way.end(interaction)
        name = interaction.command.qualified_name if interaction.command else "unknown command"
        await report(interaction, error, f"command {name}")
