"""Where a quiz round can be played: a text channel or an open thread in which the person and the bot may write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

import discord

from bot.errors import NotAllowedError
from bot.ui.reply import Interaction
from bot.ui.rights import give

Place: TypeAlias = discord.TextChannel | discord.Thread

IN_A_CHANNEL: Final = {"view_channel": "View Channels", "send_messages": "Send Messages", "embed_links": "Embed Links"}
IN_A_THREAD: Final = {
    "view_channel": "View Channels",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
}


def first_place(interaction: Interaction, wanted: Iterable[int]) -> Place:
    """Return the first of these channels that will do, or the one in which the person is.

    Raises:
        NotAllowedError: where none will do; the sentence is about the first.
    """
    here = [interaction.channel_id] if interaction.channel_id is not None else []
    refusal: NotAllowedError | None = None
    for channel_id in (*wanted, *here):
        try:
            return playable(interaction, channel_id)
        except NotAllowedError as error:
            refusal = refusal or error
    raise refusal or NotAllowedError("A round is played in a text channel or a thread. Open one, and try there.")


def playable(interaction: Interaction, channel_id: int) -> Place:
    """Return a channel or thread of this server in which a round can be played.

    Raises:
        NotAllowedError: where it is gone or of another kind, or where the person or the bot may not write.
    """
    guild = interaction.guild
    channel = guild.get_channel_or_thread(channel_id) if guild is not None else None
    if guild is None or channel is None:
        raise NotAllowedError("That channel is gone, for voice, or one I can't see. Start the round in another one.")
    if not isinstance(channel, discord.TextChannel | discord.Thread) or _is_shut(channel):
        raise NotAllowedError("A round is played in a text channel or an open thread. Start it in another one.")
    needed = IN_A_THREAD if isinstance(channel, discord.Thread) else IN_A_CHANNEL
    speaks = list(needed)[:2]
    person = interaction.user
    if not isinstance(person, discord.Member) or not _has(channel, person, speaks):
        raise NotAllowedError(f"You can't write in {channel.mention}, so start the round where you can.")
    missing = [name for flag, name in needed.items() if not _has(channel, guild.me, [flag])]
    if missing:
        raise NotAllowedError(f"I can't write in {channel.mention}. {give(missing)} there, then start the round again.")
    return channel


def _is_shut(channel: Place) -> bool:
    """Whether a thread takes no round: it is locked, private, or its channel is not known."""
    if not isinstance(channel, discord.Thread):
        return False
    return channel.locked or channel.is_private() or channel.parent is None


def _has(channel: Place, member: discord.Member, flags: Iterable[str]) -> bool:
    may = channel.permissions_for(member)
    return all(getattr(may, flag) for flag in flags)
