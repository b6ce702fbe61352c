"""Posts messages of the bot's own accord to Discord; answers to interactions do not come here."""

from __future__ import annotations

import discord

from bot.errors import NotAllowedError, SyllabotError
from bot.log import get_logger
from bot.ui.reply import Reply

log = get_logger(__name__)


class Courier:
    """Takes a message to a channel, and tells in words when it could not."""

    async def post(self, channel: discord.TextChannel, reply: Reply) -> discord.Message:
        """Post ``reply`` and return the message; nobody is ever pinged.

        Raises:
            NotAllowedError: where the bot may not write there.
            SyllabotError: where Discord did not take it.
        """
        try:
            return await channel.send(
                content=reply.content,
                embed=reply.embed or discord.utils.MISSING,
                view=reply.view or discord.utils.MISSING,
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except discord.Forbidden as error:
            log.info("post_refused", channel_id=channel.id, code=error.code)
            raise NotAllowedError(
                f"I can't write in {channel.mention}. Give **Syllabot** *Send Messages* and *Embed Links* there, "
                "then try again."
            ) from error
        except discord.HTTPException as error:
            log.warning("post_failed", channel_id=channel.id, status=error.status, code=error.code)
            raise SyllabotError("Discord did not take the message. Nothing is lost; try again in a minute.") from error

    async def edit(self, message: discord.PartialMessage, reply: Reply) -> None:
        """Bring a message of ours up to date: its embed and components; its first line stays.

        What Discord refuses is logged and left: the message is as it was, and nothing else hangs on it.
        """
        try:
            await message.edit(embed=reply.embed, view=reply.view)
        except discord.HTTPException as error:
            log.info("edit_refused", message_id=message.id, status=error.status, code=error.code)
