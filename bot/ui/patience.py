"""The last guard of every interaction: it is acknowledged in time whatever its handler waits for, and dealt with once.

Handlers defer by themselves (``bot.ui.reply``) and know best how. What they wait for before that, a right to be looked
up or content to be read, is guarded here, so that no handler can forget it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final

import discord

from bot.log import get_logger
from bot.ui.reply import Interaction

LAST_MOMENT: Final = 1.8
"""Seconds. Later than any deferral of a handler's own; Discord takes a first answer within 3 s."""
REMEMBERED: Final = 20_000
"""Interactions that are known again. A RESUME brings back seconds of them, and a token lives for 15 minutes."""
_TIMER: Final = "patience"

log = get_logger(__name__)


def watch(interaction: Interaction) -> None:
    """Defer an interaction at the last moment unless it is answered by then. A suggestion can't be deferred."""
    loop = asyncio.get_running_loop()
    interaction.extras[_TIMER] = loop.call_later(LAST_MOMENT, lambda: _last_moment(interaction))


def unwatch(interaction: Interaction) -> None:
    """Stop watching an interaction whose handler has ended."""
    timer: asyncio.TimerHandle | None = interaction.extras.pop(_TIMER, None)
    if timer is not None:
        timer.cancel()


def _last_moment(interaction: Interaction) -> None:
    if not interaction.response.is_done():
        log.info("deferred_at_last_moment", guild_id=interaction.guild_id)
        interaction.extras["deferral"] = asyncio.ensure_future(_defer(interaction))


async def _defer(interaction: Interaction) -> None:
    try:
        await interaction.response.defer(ephemeral=True, thinking=True)
    except (discord.HTTPException, discord.InteractionResponded) as error:
        log.info("last_moment_lost", guild_id=interaction.guild_id, error=type(error).__name__)


class Seen:
    """The interactions that came lately. A resumed connection replays some of them."""

    def __init__(self) -> None:
        self._ids: OrderedDict[int, None] = OrderedDict()

    def is_new(self, interaction: Interaction) -> bool:
        """Whether an interaction comes for the first time; from now on it is known."""
        if interaction.id in self._ids:
            log.info("replay_dropped", guild_id=interaction.guild_id)
            return False
        self._ids[interaction.id] = None
        if len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)
        return True


class UnderWay:
    """The interactions that are being dealt with, each watched over; who leaves lets them come to their answers."""

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._none = asyncio.Event()
        self._none.set()

    def begin(self, interaction: Interaction) -> None:
        """Watch over an interaction that has just come, but for suggestions: discord.py tells nobody of their end."""
        if interaction.type is discord.InteractionType.autocomplete:
            return
        self._ids.add(interaction.id)
        self._none.clear()
        watch(interaction)

    def end(self, interaction: Interaction) -> None:
        """Let go of an interaction whose handler has ended."""
        unwatch(interaction)
        self._ids.discard(interaction.id)
        if not self._ids:
            self._none.set()

    async def ended(self, within: float) -> bool:
        """Return True once there are none; False where there still are some after so many seconds."""
        try:
            async with asyncio.timeout(within):
                return await self._none.wait()
        except TimeoutError:
            log.warning("answers_cut_short", left=len(self._ids))
            return False
