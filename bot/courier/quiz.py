"""Takes the message of a quiz round to its channel or thread. Nobody is ever pinged."""

from __future__ import annotations

import asyncio
from typing import Final

import discord

from bot.courier.courier import WITHIN, Courier
from bot.courier.failures import FAILURES, NO_MEMBER, is_standstill
from bot.domain.occurrence import base36
from bot.services.courier import Later, Posted, Refused
from bot.services.quiz_play import Screen
from bot.ui.quiz import screen as page_of
from bot.ui.quiz import shut

FOR_GOOD: Final = frozenset({400, 403, 404})


class QuizCourier:
    """Posts and edits by the courier's client and at its pace."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier

    async def show(self, screen: Screen) -> Posted | Refused | Later:
        """Post the message of a round with a nonce of its own, or bring it up to date."""
        one, courier = screen.one, self._courier
        if courier.stopped() or not courier.client.is_ready():
            return Later()
        guild = courier.client.get_guild(one.guild_id)
        if guild is None and courier.knows(one.guild_id):
            return Refused(NO_MEMBER)
        if guild is not None and guild.unavailable:
            return Later()
        shown, nobody = page_of(screen), discord.AllowedMentions.none()
        embed, view = shown.embed or discord.utils.MISSING, shown.view or discord.utils.MISSING
        channel = courier.client.get_partial_messageable(one.channel_id, guild_id=one.guild_id)
        try:
            async with asyncio.timeout(WITHIN), courier.calls:
                if one.message_id is not None:
                    message = channel.get_partial_message(one.message_id)
                    await message.edit(embed=shown.embed, view=shown.view, allowed_mentions=nobody)
                    return Posted(one.message_id)
                nonce = f"quiz.{base36(one.guild_id)}.{base36(one.number)}"
                sent = await channel.send(
                    content=shown.content, embed=embed, view=view, nonce=nonce, allowed_mentions=nobody
                )
        except FAILURES as error:
            courier.note(error, one.guild_id)
            for_good = isinstance(error, discord.HTTPException) and error.status in FOR_GOOD
            return Refused(shut(one.channel_id)) if for_good and not is_standstill(error) else Later()
        return Posted(sent.id)
