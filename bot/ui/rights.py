"""Who may do what: the person's rights, checked at every call, and the bot's own rights in a channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final, TypeAlias, TypeVar

import discord

from bot.domain.schedule import PostOptions
from bot.errors import NotAllowedError
from bot.ui.reply import Interaction, who
from bot.ui.text import listed

T = TypeVar("T")

NEEDED: Final = {
    "view_channel": ("View Channels", "to see the channels it is asked to write in"),
    "send_messages": ("Send Messages", "to post the welcome and to answer"),
    "embed_links": ("Embed Links", "because its pages are embeds"),
}
"""The permissions the bot can't do without: Discord's flag, its name in the server settings, and what it is for."""

FOR_POSTS: Final = {
    "read_message_history": ("Read Message History", "to find its own post after a crash instead of sending it twice")
}
FOR_THREADS: Final = {
    "create_public_threads": ("Create Public Threads", "to open a thread on each daily post, where you choose that"),
    "send_messages_in_threads": ("Send Messages in Threads", "to answer in those threads"),
}
FOR_PINS: Final = {"pin_messages": ("Pin Messages", "to pin the latest daily post, where you choose that")}
"""Since February 2026 Discord asks for this one, and *Manage Messages* no longer pins."""

INVITED_WITH: Final = NEEDED | FOR_POSTS | FOR_THREADS | FOR_PINS
"""What the invite asks for. Nothing breaks where the last ones are not given: there are no threads and pins then."""

Writable: TypeAlias = discord.abc.GuildChannel | discord.Thread


def invite_permissions() -> discord.Permissions:
    """Return exactly the permissions of ``INVITED_WITH``."""
    return discord.Permissions(**dict.fromkeys(INVITED_WITH, True))


def invite_link(application_id: int) -> str:
    """Return the link with which the bot is put on a server, with exactly the permissions it needs."""
    return discord.utils.oauth_url(
        application_id, permissions=invite_permissions(), scopes=("bot", "applications.commands")
    )


def missing_rights(channel: Writable, me: discord.Member) -> list[str]:
    """Return the names of the permissions that the bot lacks in a channel."""
    return _missing(NEEDED, channel, me)


def mend(channel: Writable, missing: Iterable[str]) -> str:
    """Return what is missing in a channel and how to give it."""
    return f"I can't write in {channel.mention}. {give(missing)} there, then press Check again."


def give(missing: Iterable[str]) -> str:
    """Return what to give the bot, without a full stop: ``Give **Syllabot** *Send Messages*``."""
    return f"Give **Syllabot** {listed(f'*{name}*' for name in missing)}"


def is_mentionable(role: discord.Role) -> bool:
    """Whether a post can ping a role: the bot asks for no right to ping everybody, so the role must allow it."""
    return role.mentionable and not role.is_default()


def require_manager(interaction: Interaction) -> None:
    """Refuse whoever lacks Manage Server, whatever the server's settings let them see.

    Raises:
        NotAllowedError: where the person may not.
    """
    if not interaction.permissions.manage_guild:
        raise NotAllowedError(
            "Only people with *Manage Server* here can do this. Ask one of them, or see what you can do in /help."
        )


def missing_for_posts(channel: Writable, me: discord.Member, options: PostOptions) -> list[str]:
    """Return the names of the permissions that the bot lacks for posts in a channel, with what comes with them."""
    wanted = NEEDED | FOR_POSTS | (FOR_THREADS if options.thread else {}) | (FOR_PINS if options.pin else {})
    return _missing(wanted, channel, me)


def _missing(wanted: Mapping[str, tuple[str, str]], channel: Writable, me: discord.Member) -> list[str]:
    have = channel.permissions_for(me)
    return [name for flag, (name, _) in wanted.items() if not getattr(have, flag)]


def is_moderator(interaction: Interaction, role_id: int | None) -> bool:
    """Whether a person has Manage Server or the role of this server's moderators."""
    person = interaction.user
    has_role = role_id is not None and isinstance(person, discord.Member) and person.get_role(role_id) is not None
    return interaction.permissions.manage_guild or has_role


def require_moderator(interaction: Interaction, role_id: int | None) -> None:
    """Refuse whoever has neither Manage Server nor the role of this server's moderators.

    Raises:
        NotAllowedError: where the person may not.
    """
    if not is_moderator(interaction, role_id):
        whom = f"<@&{role_id}>" if role_id else "somebody with *Manage Server*"
        raise NotAllowedError(
            f"Only moderators of this server can do this. Ask {whom}, or see what you can do in /help."
        )


RoleOf: TypeAlias = Callable[[int], Awaitable[int | None]]
"""Finds the moderators' role of a guild."""


async def for_moderators(interaction: Interaction, role_of: RoleOf, work: Callable[[], Awaitable[T]]) -> T:
    """Do ``work`` for a moderator of this server and return its outcome.

    Args:
        interaction: whose rights are checked.
        role_of: finds the moderators' role of a guild; asked only where Manage Server does not suffice already.
        work: begun once the person may.

    Raises:
        NotAllowedError: where the person may not.
    """
    guild_id, _ = who(interaction)
    if not interaction.permissions.manage_guild:
        require_moderator(interaction, await role_of(guild_id))
    return await work()


def postable(interaction: Interaction, channel_id: int) -> discord.TextChannel:
    """Return a channel of this server that can hold daily posts.

    Raises:
        NotAllowedError: where it is gone, hidden from the bot, or of another kind.
    """
    channel = interaction.guild.get_channel(channel_id) if interaction.guild else None
    if channel is None:
        raise NotAllowedError(
            "That channel is gone, or I can't see it. Give **Syllabot** *View Channels* there, or choose another one."
        )
    if not isinstance(channel, discord.TextChannel):
        raise NotAllowedError("Posts go to text and announcement channels only. Choose another one.")
    return channel


def require_post_rights(channel: discord.TextChannel, options: PostOptions) -> None:
    """Refuse a channel in which the bot can't do all that a post needs, with the permissions to give.

    Raises:
        NotAllowedError: where one is missing.
    """
    if missing := missing_for_posts(channel, channel.guild.me, options):
        names = " and ".join(f"*{name}*" for name in missing)
        raise NotAllowedError(f"I can't do that in {channel.mention}. Give **Syllabot** {names} there, then try again.")


def role_trouble(interaction: Interaction, role_id: int | None) -> list[str]:
    """Return why a role can't be mentioned in posts, and the mend; nothing where it can, or where there is none."""
    if role_id is None or interaction.guild is None:
        return []
    role = interaction.guild.get_role(role_id)
    if role is None:
        return ["The role to mention is gone. Choose another one with Edit."]
    if role.mentionable:
        return []
    how = "switch on *Allow anyone to @mention this role* in *Server Settings > Roles*."
    return [f"<@&{role_id}> can't be mentioned yet: {how}"]
