"""Takes direct messages to members; what happens in a server's channels is the courier's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any, Final

import aiohttp
import discord

from bot.domain.letter import Letter
from bot.log import get_logger
from bot.services.reminder import Closed, Notice, Outcome, Sent, Unclear
from bot.ui.letter import letter as letter_page
from bot.ui.reminder import has_title, reminder

WITHIN: Final = 30.0
"""Seconds for opening the conversation, looking into it and sending: less than half of a lease."""
LOOK_BACK: Final = 25
SKEW: Final = timedelta(minutes=5)
"""How far Discord's clock may be behind this machine's."""
OURS: Final = frozenset({20026, 40003})
"""Refusals that are about the bot and not about the person: flagged as a spammer, opening conversations too fast."""

log = get_logger(__name__)


class DirectMessenger:
    """Writes to people through the bot's client."""

    def __init__(
        self,
        client: discord.Client,
        limiter: AbstractAsyncContextManager[Any, Any],
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """Take the client, the limiter that every request of ours passes, and what says that none may be made."""
        self._client = client
        self._limiter = limiter
        self._stopped = stopped

    async def write(self, notice: Notice) -> Outcome:
        """Send a notice, unless an earlier try of it arrived. Nothing is raised: whatever fails has its outcome."""
        if self._stopped():
            return Unclear()
        try:
            async with asyncio.timeout(WITHIN):
                return await self._write(notice)
        except (discord.Forbidden, discord.NotFound) as error:
            log.info("direct_message_refused", user_id=notice.user_id, code=error.code)
            return Unclear() if error.code in OURS else Closed()
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("direct_message_unclear", user_id=notice.user_id, error=type(error).__name__)
            return Unclear()

    async def deliver(self, letter: Letter) -> bool:
        """Send a letter; whether it arrived. Nothing is raised: what fails is tried again, or read elsewhere."""
        if self._stopped():
            return False
        page = letter_page(letter)
        try:
            async with asyncio.timeout(WITHIN):
                async with self._limiter:
                    conversation = await self._client.create_dm(discord.Object(letter.user_id))
                async with self._limiter:
                    await conversation.send(
                        embed=page.embed or discord.utils.MISSING,
                        view=page.view or discord.utils.MISSING,
                        nonce=letter.nonce,
                        allowed_mentions=discord.AllowedMentions.none(),
                    )
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.info("letter_not_delivered", user_id=letter.user_id, error=type(error).__name__)
            return False
        return True

    async def tell_owner(self, sentence: str) -> bool:
        """Tell the person the application belongs to, or the owner of its team; whether it arrived."""
        if self._stopped():
            return False
        try:
            async with asyncio.timeout(WITHIN):
                async with self._limiter:
                    application = await self._client.application_info()
                owner = application.team.owner_id if application.team else application.owner.id
                if owner is None:
                    return False
                async with self._limiter:
                    conversation = await self._client.create_dm(discord.Object(owner))
                async with self._limiter:
                    await conversation.send(sentence, allowed_mentions=discord.AllowedMentions.none())
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("owner_not_told", error=type(error).__name__)
            return False
        return True

    async def _write(self, notice: Notice) -> Outcome:
        async with self._limiter:
            conversation = await self._client.create_dm(discord.Object(notice.user_id))
        if notice.tries > 1:
            async with self._limiter:
                if await self._arrived(conversation, notice):
                    return Sent()
        page = reminder(notice)
        async with self._limiter:
            await conversation.send(
                content=page.content,
                embed=page.embed or discord.utils.MISSING,
                view=page.view or discord.utils.MISSING,
                nonce=notice.nonce,
                allowed_mentions=discord.AllowedMentions.none(),
            )
        return Sent()

    async def _arrived(self, conversation: discord.DMChannel, notice: Notice) -> bool:
        """Whether the conversation holds a message of ours, since it was due, that leads to the same post.

        What leads to the server alone is told apart by its title.
        """
        me = self._client.user
        async for message in conversation.history(limit=LOOK_BACK, after=notice.due_at - SKEW, oldest_first=False):
            ours = me is not None and message.author.id == me.id and notice.link in _links(message)
            if ours and any(has_title(notice, embed.title or "") for embed in message.embeds):
                return True
        return False


def _links(message: discord.Message) -> list[str]:
    rows = [one for one in message.components if isinstance(one, discord.ActionRow)]
    buttons = [one for row in rows for one in row.children if isinstance(one, discord.Button)]
    return [one.url for one in buttons if one.url]
