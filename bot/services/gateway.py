"""Counts the sessions begun at Discord's gateway, across restarts: a crash loop must not use up the allowance."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.domain.cluster import Share, whole
from bot.domain.gateway import Allowance, allowed_at, free_at, recent
from bot.errors import StorageError
from bot.log import get_logger
from bot.storage import bot_state
from bot.storage.database import Database

BEGUN: Final = "sessions"
"""The name under which the instants are kept."""

log = get_logger(__name__)


class GatewayService:
    """Says when the bot may begin its next session.

    Attributes:
        waiting: why it waits now, in words for who watches; None where it doesn't.
    """

    def __init__(self, database: Database, clock: Clock, share: Callable[[], Share] = whole) -> None:
        self.waiting: str | None = None
        self._database = database
        self._clock = clock
        self._share = share
        self._allowance: Allowance | None = None
        self._here: list[datetime] = []

    @property
    def remaining(self) -> int | None:
        """How many sessions Discord still allows, as far as is known; None before it was asked."""
        return None if self._allowance is None else self._allowance.remaining

    def allow(self, remaining: int, reset_after: timedelta) -> None:
        """Take what Discord says about its allowance."""
        self._allowance = Allowance(remaining, self._clock.now() + reset_after)

    async def pause(self) -> tuple[datetime, str] | None:
        """Return until when to wait before the next session, and why; None where it may begin now."""
        now = self._clock.now()
        share = self._share()
        # every process looks at the same allowance, and all of them may be starting
        allowed = allowed_at(self._allowance, now, share.shards)
        if allowed > now:
            return allowed, (
                f"Discord lets this bot begin only {self.remaining} more sessions, and would reset its token after "
                f"them: waiting until {allowed:%Y-%m-%d %H:%M} UTC, when it counts anew. Look for another process "
                "with the same token."
            )
        begun = await self._begun(now)
        free = free_at(begun, now, max(1, len(share.shard_ids())))
        if free > now:
            return free, (
                f"{len(begun)} sessions within the hour: the bot ends and starts again and again. Waiting until "
                f"{free:%H:%M:%S} UTC, so that Discord does not reset its token. The log of its last end says why."
            )
        return None

    async def begin(self) -> None:
        """Count a session that begins now; whoever begins it has asked ``pause`` before."""
        now = self._clock.now()
        self._here = [*recent(self._here, now), now]
        if self._allowance is not None:
            self._allowance = replace(self._allowance, remaining=max(0, self._allowance.remaining - 1))
        value = json.dumps([one.isoformat() for one in await self._begun(now)])
        try:
            await self._database.write(lambda tx: bot_state.put(tx, self._name, value))
        except StorageError:
            # posts and answers from what can be read are worth more than the count of other processes
            log.warning("session_not_counted")

    @property
    def _name(self) -> str:
        return f"{BEGUN} {self._share().label}".strip()

    async def _begun(self, now: datetime) -> list[datetime]:
        """Return the sessions that count: those of this process, and those kept of others."""
        try:
            kept = await self._database.read(lambda tx: bot_state.get(tx, self._name))
        except StorageError:
            kept = None
        others = [datetime.fromisoformat(one) for one in json.loads(kept or "[]")]
        return recent(sorted({*others, *self._here}), now)
