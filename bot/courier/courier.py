"""Posts messages of the bot's own accord to Discord; answers to interactions do not come here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import date, datetime, timedelta
from typing import Final

import discord

from bot.clock import Clock
from bot.courier.elsewhere import may_read
from bot.courier.failures import (
    FAILURES,
    NO_MEMBER,
    UNAUTHORIZED,
    Failure,
    is_standstill,
    names_for,
    of_a_post,
    of_a_step,
)
from bot.courier.pace import Pace
from bot.domain.cluster import Share, budget_of, whole
from bot.domain.item import Item
from bot.domain.occurrence import Occurrence
from bot.domain.schedule import PostOptions
from bot.errors import NotAllowedError, SyllabotError
from bot.log import get_logger
from bot.services.courier import Done, Found, Later, Outcome, Place, Posted, Refused, Step, StopAll, Unclear, Unreadable
from bot.services.post import Post
from bot.ui.post import carries, thread_name
from bot.ui.post import post as page_of
from bot.ui.reply import Reply
from bot.ui.text import TROUBLE

WITHIN: Final = 45.0
"""Seconds that a call may take, with its turn at the limiter and discord.py's own retries."""
STANDSTILL: Final = timedelta(minutes=10)
"""How long nothing is sent after Discord's edge refused us. A token it does not know stays refused until a restart."""
MARGIN: Final = timedelta(minutes=5)
"""By how much Discord's clock may be behind ours when we look for a post."""
PAGE: Final = 100
PAGES: Final = 20
"""How many pages of messages are looked through for a post."""

log = get_logger(__name__)


class Courier:
    """Takes messages to Discord by one limiter for all of them, and says what became of each.

    Attributes:
        calls: the pace that every REST call of ours keeps, except answers to interactions.
    """

    def __init__(
        self,
        clock: Clock,
        moderator_channel: Callable[[int], Awaitable[int | None]],
        *,
        share: Callable[[], Share] = whole,
        paced: bool = True,
    ) -> None:
        """Take what it works with.

        Args:
            clock: tells the time.
            moderator_channel: knows in which channel a guild's moderators are told things.
            share: says which guilds are this process's, and of how many it is one: they share what Discord allows.
            paced: whether calls wait their turn; not for a simulated Discord, whose loop's clock stands still.
        """
        self._share = share
        budget = budget_of(share().clusters)
        self.calls: Final[AbstractAsyncContextManager[None]] = (
            Pace(budget.calls, budget.burst) if paced else nullcontext()
        )
        self._posts: Final[AbstractAsyncContextManager[None]] = (
            Pace(budget.posts, budget.burst) if paced else nullcontext()
        )
        self._most_invalid = budget.invalid
        self._clock = clock
        self._moderator_channel = moderator_channel
        self._stopped_until: datetime | None = None
        self._client: discord.Client | None = None
        self._invalid: Callable[[], int] = int

    def heed(self, invalid: Callable[[], int]) -> None:
        """Stop sending by this count of what Discord held against this address in the last ten minutes."""
        self._invalid = invalid

    def serve(self, client: discord.Client) -> None:
        """Send by this client from now on."""
        self._client = client

    @property
    def client(self) -> discord.Client:
        """The client it sends by."""
        if self._client is None:
            raise SyllabotError("The bot is still starting. Try again in a minute.")
        return self._client

    def stopped(self) -> bool:
        """Whether all sending has stopped for a while."""
        if self._invalid() >= self._most_invalid:
            return True
        return self._stopped_until is not None and self._clock.now() < self._stopped_until

    async def post(self, channel: discord.TextChannel, reply: Reply) -> discord.Message:
        """Post ``reply`` and return the message; nobody is ever pinged.

        Raises:
            NotAllowedError: where the bot may not write there.
            SyllabotError: where Discord did not take it.
        """
        try:
            async with self.calls:
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
            async with self.calls:
                await message.edit(embed=reply.embed, view=reply.view)
        except discord.HTTPException as error:
            log.info("edit_refused", message_id=message.id, status=error.status, code=error.code)

    async def send(self, one: Occurrence, post: Post) -> Outcome:
        """Send an occurrence with its nonce; at most the one configured role is pinged."""
        if self._must_wait(one.guild_id):
            return Later()
        shown, role_id = page_of(post), post.options.ping_role_id
        roles = [discord.Object(role_id)] if role_id and role_id != one.guild_id else []
        mentions = discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)
        try:
            async with asyncio.timeout(WITHIN), self._posts, self.calls:
                if self.stopped():
                    return Later()
                if not one.may_send(self._clock.now()):
                    return Unclear()
                message = await self._channel(one.guild_id, one.channel_id).send(
                    content=shown.content,
                    embed=shown.embed or discord.utils.MISSING,
                    view=shown.view or discord.utils.MISSING,
                    nonce=one.nonce,
                    allowed_mentions=mentions,
                )
        except FAILURES as error:
            self.note(error, one.guild_id)
            guild = self.client.get_guild(one.guild_id)
            return of_a_post(error, one.channel_id, guild, is_ours=self.knows(one.guild_id))
        return Posted(message.id)

    async def find(self, one: Occurrence) -> Found:
        """Look for the message of an earlier try, from when it was due on; None where there is none."""
        if self._must_wait(one.guild_id) or not self.client.is_ready():
            return Later()
        try:
            return await self._looked_for(one) if await self._may_read(one) else Unreadable()
        except discord.NotFound:
            return None
        except discord.Forbidden:
            return Unreadable()
        except FAILURES as error:
            self.note(error, one.guild_id)
            return StopAll() if is_standstill(error) else Unclear()

    async def open_thread(self, place: Place, item: Item, day: date) -> Step:
        """Open a thread on a post; one that is there already is as good."""
        message = self._message(place)
        return await self._step(
            place, "open a thread", PostOptions(thread=True), lambda: message.create_thread(name=thread_name(item, day))
        )

    async def discuss(self, place: Place, name: str) -> Step:
        """Open a thread of this name on a message; one that is there already is as good."""
        message = self._message(place)
        return await self._step(
            place, "open a thread", PostOptions(thread=True), lambda: message.create_thread(name=name)
        )

    async def take_down(self, place: Place) -> Step:
        """Delete a message of ours; done, too, where it is gone."""
        return await self._step(place, "delete my message", PostOptions(), self._message(place).delete)

    async def pin(self, place: Place) -> Step:
        """Pin a post."""
        return await self._step(place, "pin the post", PostOptions(pin=True), self._message(place).pin)

    async def unpin(self, place: Place) -> Step:
        """Take a post's pin away."""
        return await self._step(place, "unpin the last post", PostOptions(pin=True), self._message(place).unpin)

    async def tell_moderators(self, guild_id: int, sentence: str) -> None:
        """Write into the channel of a guild's moderators; where there is no way to it, only the log says so."""
        channel_id = await self._moderator_channel(guild_id)
        if channel_id is None or self._must_wait(guild_id):
            log.warning("moderators_not_told", guild_id=guild_id, channel_id=channel_id)
            return
        embed = discord.Embed(title="Daily posts", description=sentence, color=TROUBLE)
        try:
            async with asyncio.timeout(WITHIN), self.calls:
                channel = self._channel(guild_id, channel_id)
                await channel.send(embed=embed, allowed_mentions=discord.AllowedMentions.none())
        except FAILURES as error:
            self.note(error, guild_id)
            log.warning("moderators_not_told", guild_id=guild_id, channel_id=channel_id)

    async def _step(self, place: Place, what: str, needs: PostOptions, call: Callable[[], Awaitable[object]]) -> Step:
        if self._must_wait(place.guild_id) or not self.client.is_ready():
            return Later()
        if self.client.get_guild(place.guild_id) is None and self.knows(place.guild_id):
            return Refused(NO_MEMBER)
        try:
            async with asyncio.timeout(WITHIN), self._posts, self.calls:
                await call()
        except FAILURES as error:
            self.note(error, place.guild_id)
            return of_a_step(error, what, place.channel_id, names_for(needs))
        return Done()

    async def _looked_for(self, one: Occurrence) -> Posted | Unreadable | None:
        after = discord.Object(discord.utils.time_snowflake(one.due_at - MARGIN))
        for _ in range(PAGES):
            page = await self._page(one, after)
            for message in page:
                if message.author.id == self._me and carries(message, one.number, one.generation):
                    return Posted(message.id)
            if len(page) < PAGE:
                return None
            after = discord.Object(page[-1].id)
        log.warning("post_not_found_in_time", guild_id=one.guild_id, number=one.number, pages=PAGES)
        return Unreadable()

    async def _page(self, one: Occurrence, after: discord.Object) -> list[discord.Message]:
        channel = self._channel(one.guild_id, one.channel_id)
        async with asyncio.timeout(WITHIN), self.calls:
            return [message async for message in channel.history(limit=PAGE, after=after, oldest_first=True)]

    def _must_wait(self, guild_id: int) -> bool:
        guild = self.client.get_guild(guild_id)
        return self.stopped() or (guild is not None and guild.unavailable)

    def knows(self, guild_id: int) -> bool:
        """Whether Discord tells this process of a guild, if the bot is in it; others it knows nothing about."""
        return self._share().owns(guild_id)

    async def _may_read(self, one: Occurrence) -> bool:
        """Whether history can be believed: where the bot may not read it, Discord says that there is none."""
        guild = self.client.get_guild(one.guild_id)
        if guild is None and not self.knows(one.guild_id):
            async with asyncio.timeout(WITHIN):
                return await may_read(self.client, self.calls, self._me, one)
        channel = None if guild is None else guild.get_channel_or_thread(one.channel_id)
        return channel is None or guild is None or channel.permissions_for(guild.me).read_message_history

    @property
    def _me(self) -> int:
        return self.client.user.id if self.client.user else 0

    def _channel(self, guild_id: int, channel_id: int) -> discord.PartialMessageable:
        return self.client.get_partial_messageable(channel_id, guild_id=guild_id)

    def _message(self, place: Place) -> discord.PartialMessage:
        return self._channel(place.guild_id, place.channel_id).get_partial_message(place.message_id)

    def note(self, error: Failure, guild_id: int) -> None:
        """Log a failure, and stop all sending where it says so."""
        status, code = (error.status, error.code) if isinstance(error, discord.HTTPException) else (None, None)
        log.warning("call_failed", guild_id=guild_id, error=type(error).__name__, status=status, code=code)
        if is_standstill(error):
            for_good = status == UNAUTHORIZED
            self._stopped_until = (
                datetime.max.replace(tzinfo=self._clock.now().tzinfo) if for_good else (self._clock.now() + STANDSTILL)
            )
            log.error("sending_stopped", status=status, until=self._stopped_until.isoformat())
