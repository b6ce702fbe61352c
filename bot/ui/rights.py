"""Who may do what: the person's rights, checked at every call, and the bot's own rights in a channel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

import discord

from bot.errors import NotAllowedError
from bot.ui.reply import Interaction

NEEDED: Final = {
    "view_channel": ("View Channels", "to see the channels it is asked to write in"),
    "send_messages": ("Send Messages", "to post the welcome and to answer"),
    "embed_links": ("Embed Links", "because its pages are embeds"),
}
"""The permissions the bot asks for: Discord's flag, its name in the server settings, and what it is for."""

Writable: TypeAlias = discord.abc.GuildChannel | discord.Thread


def invite_permissions() -> discord.Permissions:
    """Return exactly the permissions of ``NEEDED``."""
    return discord.Permissions(**dict.fromkeys(NEEDED, True))


def invite_link(application_id: int) -> str:
    """Return the link with which the bot is put on a server, with exactly the permissions it needs."""
    return discord.utils.oauth_url(
        application_id, permissions=invite_permissions(), scopes=("bot", "applications.commands")
    )


def missing_rights(channel: Writable, me: discord.Member) -> list[str]:
    """Return the names of the permissions that the bot lacks in a channel."""
    have = channel.permissions_for(me)
    return [name for flag, (name, _) in NEEDED.items() if not getattr(have, flag)]


def mend(channel: Writable, missing: Iterable[str]) -> str:
    """Return what is missing in a channel and how to give it."""
    names = " and ".join(f"*{name}*" for name in missing)
    return f"I can't write in {channel.mention}. Give **Syllabot** {names} there, then press Check again."


def require_manager(interaction: Interaction) -> None:
    """Refuse whoever lacks Manage Server, whatever the server's settings let them see.

    Raises:
        NotAllowedError: where the person may not.
    """
    if not interaction.permissions.manage_guild:
        raise NotAllowedError(
            "Only people with *Manage Server* here can do this. Ask one of them, or see what you can do in /help."
        )
