"""Several processes as one bot: which shards and whose servers each has, and what falls to the others when one fails.

Discord sends the events of a server to the shard ``(guild_id >> 22) % shards``; process ``cluster`` of ``clusters`` has
the shards whose number leaves that remainder.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from bot.domain.frozen import frozen

TAKE_OVER_AFTER: Final = timedelta(minutes=5)
"""What is due for so long and still waits is anybody's: its own process has failed, and to post needs no gateway."""
CALLS_A_SECOND: Final = 45
"""Discord allows 50 in all, and discord.py only reacts when they are over."""
POSTS_A_SECOND: Final = 35
"""Daily posts leave the rest to what somebody waits for."""
BURST: Final = 5
"""Calls that may go at once after a pause. A limiter of 45 with a second's period lets 89 through in one second."""
MOST_INVALID: Final = 500
"""Calls of ten minutes answered 401, 403 or 429 after which nothing is sent until they are fewer: at 10,000 Discord
bans the address."""
IDENTIFY_EVERY: Final = timedelta(seconds=5.5)
"""Discord takes one IDENTIFY in 5 seconds from each bucket of shards; what is over covers the way to it."""
_ORDINAL: Final = re.compile(r"(?:.*-)?(\d+)")
_ID_BITS: Final = 22


@frozen
class Share:
    """Which part of the bot one process is.

    Attributes:
        cluster: its number, from 0.
        clusters: how many processes there are.
        shards: how many shards the whole bot has.
    """

    cluster: int = 0
    clusters: int = 1
    shards: int = 1

    @property
    def is_whole(self) -> bool:
        """Whether there is no other process."""
        return self.clusters == 1

    @property
    def leads(self) -> bool:
        """Whether this is the process that does what is to be done once for all servers."""
        return self.cluster == 0

    @property
    def label(self) -> str:
        """What it is called in the bot's own memory and the log; empty where there is no other process."""
        return "" if self.is_whole else f"{self.cluster}/{self.clusters}"

    def shard_ids(self) -> list[int]:
        """Return the numbers of its shards."""
        return list(range(self.cluster, self.shards, self.clusters))

    def owns(self, guild_id: int) -> bool:
        """Whether the events of a server come to this process."""
        return (guild_id >> _ID_BITS) % self.shards % self.clusters == self.cluster


WHOLE: Final = Share()
"""The one process of a bot that runs as one."""


def whole() -> Share:
    """Return the share of that process."""
    return WHOLE


@frozen
class Part:
    """Which process of the bot is meant, as the operator sets it.

    Attributes:
        cluster: its number, from 0.
        clusters: how many there are.
        shards: how many shards they have together; 0 for as many as Discord recommends.
    """

    cluster: int = 0
    clusters: int = 1
    shards: int = 0


ALL: Final = Part()
"""A bot of one process."""


@frozen
class Budget:
    """How much of what Discord allows the whole bot one process may use.

    Attributes:
        calls: REST calls a second, except answers to interactions.
        posts: how many of them may be posts.
        burst: calls that may go at once after a pause.
        invalid: calls of ten minutes that Discord refused, after which nothing is sent.
    """

    calls: float
    posts: float
    burst: float
    invalid: int


def budget_of(clusters: int) -> Budget:
    """Return the part of each of so many processes; they may all go by one address."""
    return Budget(
        CALLS_A_SECOND / clusters,
        POSTS_A_SECOND / clusters,
        max(1.0, BURST / clusters),
        max(1, MOST_INVALID // clusters),
    )


def ordinal_of(name: str) -> int | None:
    """Return the number that a name ends with, as those of the pods of a StatefulSet do; None where there is none.

    It is the whole name, or stands behind a hyphen.
    """
    found = _ORDINAL.fullmatch(name.strip())
    return None if found is None else int(found[1])


def shards_for(wanted: int, recommended: int, clusters: int) -> int:
    """Return how many shards a bot of so many processes has: as many as are set, else as Discord recommends.

    Each process gets one at least.
    """
    return max(wanted or recommended, clusters, 1)


def bucket_of(shard_id: int, max_concurrency: int) -> int:
    """Return in which bucket Discord counts a shard's IDENTIFY; different buckets don't wait for each other."""
    return shard_id % max(1, max_concurrency)


@frozen
class Turn:
    """The last IDENTIFY of a bucket.

    Attributes:
        by: which one it was, of all processes.
        at: when, aware.
    """

    by: str
    at: datetime


def wait_for_turn(last: Turn | None, by: str, now: datetime) -> timedelta:
    """Return how long an IDENTIFY waits for its turn in its bucket; zero where it may go now.

    ``by`` names the one IDENTIFY. Who has the turn keeps it until somebody else takes it: it waits for its connection
    between the turn and the IDENTIFY, and takes the turn again at the last moment. A clock that was far ahead holds
    nobody up.
    """
    if last is None or last.by == by:
        return timedelta()
    since = now - last.at
    return IDENTIFY_EVERY - since if -IDENTIFY_EVERY < since < IDENTIFY_EVERY else timedelta()
