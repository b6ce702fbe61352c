"""Leads the bot to Discord and keeps it there: patient with an absence, sparing with sessions, clear about an end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol, TypeVar

import aiohttp
import discord

from bot.clock import Clock
from bot.errors import RefusedError, SettingsError, SyllabotError
from bot.health import EVERY
from bot.log import get_logger

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=5)
"""Between two tries to reach Discord: two hours of its absence are some thirty calls."""
SETTLE: Final = 5.0
"""Seconds before a session that follows on one that Discord declared invalid."""
AWAY: Final = (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError, TimeoutError)
TURN_WITHIN: Final = 30.0
"""Seconds for which an open connection waits for its shard's turn; Discord closes one that says nothing."""
FOR_GOOD: Final = {
    4004: "it does not know the token any more. Copy DISCORD_TOKEN again from the page Bot of the developer portal.",
    4010: "it was given an invalid shard. Give all processes the same BOT_CLUSTERS and BOT_SHARD_COUNT; restart them.",
    4011: "the bot is on more servers than its connections may serve. Set BOT_SHARD_COUNT higher, or to 0.",
    4012: "it does not speak this version of the gateway any more. Update Syllabot.",
    4013: "it was asked for invalid intents. Update Syllabot.",
    4014: "it was asked for intents that this bot has not. Syllabot needs only GUILDS; update it.",
}
"""What Discord's closes mean after which coming back changes nothing, by their code."""

AWAY_WORDS: Final = (
    "Discord can't be reached ({why}). Check this machine's network and discordstatus.com. The bot goes on trying, "
    "with pauses of up to 5 minutes."
)

T = TypeVar("T")


class OutgrownError(SyllabotError):
    """The bot needs more connections than this client has."""


log = get_logger(__name__)


class Sessions(Protocol):
    """What sessions are counted by. ``waiting`` is why the bot waits now, in words; None where it doesn't."""

    waiting: str | None

    def allow(self, remaining: int, reset_after: timedelta) -> None:
        """Take what Discord says about its allowance."""
        ...

    async def pause(self) -> tuple[datetime, str] | None:
        """Return until when to wait before the next session, and why; None where it may begin now."""
        ...

    async def begin(self) -> None:
        """Count a session that begins now."""
        ...


class Turns(Protocol):
    """What gives out the turns of the shards of all processes. ``max_concurrency`` is what Discord says of them."""

    max_concurrency: int

    async def use(self, shard_id: int) -> None:
        """Return when a shard is to send its IDENTIFY."""
        ...


class _TooSoonError(SyllabotError):
    """A session would begin too soon after the ones before; the next turn waits."""


class Gateway:
    """One client's way to Discord."""

    def __init__(
        self,
        client: discord.Client,
        sessions: Sessions,
        clock: Clock,
        announce: Callable[[str], None],
        *,
        outgrown: Callable[[int], Awaitable[bool]] | None = None,
        beat: Callable[[], None] = lambda: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Take the client and what its sessions are counted by.

        Args:
            client: not logged in yet; what opens its connections, and its hook before an IDENTIFY, become ours.
            sessions: counts them.
            clock: tells when to try again.
            announce: takes each line that the operator must see, whatever the log level.
            outgrown: told how many shards Discord recommends; whether the client must be made anew with them.
            beat: says that the process is alive, again and again while it waits.
            sleep: waits so many seconds.
        """
        self._client = client
        self._sessions = sessions
        self._clock = clock
        self._announce = announce
        self._beat = beat
        self._sleep = sleep
        self._outgrown = outgrown
        self._open = client.http.ws_connect
        self._turns: Turns | None = getattr(client, "turns", None)
        if self._turns is None:
            client.http.ws_connect = self._before_connection
            client.before_identify_hook = self._before_identify
        else:
            client.before_identify_hook = partial(self._before_identify_of_a_shard, self._turns)

    async def login(self, token: str) -> None:
        """Log in, as soon as Discord can be reached.

        Raises:
            SettingsError: where it does not know the token.
        """
        try:
            await self._patiently(lambda: self._client.login(token), self._start_over)
        except discord.LoginFailure as error:
            raise SettingsError(
                "Discord does not know this DISCORD_TOKEN. Copy it again from the page Bot of the developer portal, "
                "or reset it there."
            ) from error

    async def stay(self) -> None:
        """Stay connected until the client is closed, through everything that passes.

        Raises:
            RefusedError: where Discord ended it for good.
            OutgrownError: where the client needs more connections than it has.
        """
        pause = FIRST_PAUSE
        while not self._client.is_closed():
            await self._turn()
            try:
                await self._client.connect()
            except _TooSoonError:
                continue
            except discord.PrivilegedIntentsRequired as error:
                raise _refused(4014) from error
            except discord.ConnectionClosed as error:
                raise _refused(error.code) from error
            except AttributeError:
                # discord.py resumes a session that there never was, where the very first connection fails
                if self._turns is not None or getattr(self._client, "ws", None) is not None:
                    raise
                log.warning("gateway_away", again_in=pause.total_seconds())
                await self._wait(self._clock.now() + pause, "Discord's gateway takes no connection")
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _turn(self) -> None:
        """Wait until a session may begin."""
        while True:
            shards, _, limit = await self._patiently(self._client.http.get_bot_gateway)
            if self._outgrown is not None and await self._outgrown(shards):
                raise OutgrownError(f"Discord recommends {shards} connections. The bot starts over with them.")
            if self._turns is not None:
                self._turns.max_concurrency = limit["max_concurrency"]
            self._sessions.allow(limit["remaining"], timedelta(milliseconds=limit["reset_after"]))
            pause = await self._sessions.pause()
            if pause is None:
                return
            until, why = pause
            self._announce(why)
            await self._wait(until, why)

    async def _before_connection(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """Open a connection, unless it would begin a session too soon: in the hook below it would be open already."""
        before = getattr(self._client, "ws", None)
        if (before is None or before.session_id is None) and await self._sessions.pause() is not None:
            raise _TooSoonError("Too many sessions were begun. The bot waits, and connects again by itself.")
        return await self._open(url, compress=compress)

    async def _before_identify(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002  (discord.py's)
        if not initial:
            await self._sleep(SETTLE)
        await self._sessions.begin()

    async def _before_identify_of_a_shard(self, turns: Turns, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002  (discord.py's)
        """Let a shard begin its session in its turn; discord.py tries later where that is too soon."""
        if await self._sessions.pause() is not None:
            raise TimeoutError("Too many sessions were begun. This shard waits, and connects again by itself.")
        await self._sessions.begin()
        async with asyncio.timeout(TURN_WITHIN):
            await turns.use(shard_id or 0)

    async def _patiently(
        self, call: Callable[[], Awaitable[T]], mend: Callable[[], Awaitable[None]] | None = None
    ) -> T:
        """Return what a call returns once Discord can be reached; say once that it can't, and once that it can."""
        pause, away_since = FIRST_PAUSE, None
        while True:
            try:
                result = await call()
            except discord.LoginFailure:
                raise
            except AWAY as error:
                why = str(error) or type(error).__name__
                log.warning("discord_away", error=type(error).__name__, again_in=pause.total_seconds())
                if away_since is None:
                    away_since = self._clock.now()
                    self._announce(AWAY_WORDS.format(why=why))
                if mend is not None:
                    await mend()
                await self._wait(self._clock.now() + pause, "Discord can't be reached")
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                if away_since is not None:
                    minutes = (self._clock.now() - away_since) // timedelta(minutes=1)
                    self._announce(f"Discord can be reached again, after {minutes} min.")
                return result

    async def _start_over(self) -> None:
        """Close the session that a failed login leaves open, so that the next one opens its own."""
        await self._client.http.close()
        self._client.http.connector = discord.utils.MISSING

    async def _wait(self, until: datetime, why: str) -> None:
        self._sessions.waiting = why
        try:
            while (left := (until - self._clock.now()).total_seconds()) > 0:
                self._beat()
                await self._sleep(min(left, EVERY.total_seconds()))
        finally:
            self._sessions.waiting = None


def _refused(code: int) -> RefusedError:
    why = FOR_GOOD.get(code, f"with the code {code}, which Syllabot does not know. Update it.")
    return RefusedError(f"Discord ended the connection for good: {why}")
