"""What the services ask of whoever takes messages to Discord, and every answer it can give."""

from __future__ import annotations

from datetime import date
from typing import Protocol, TypeAlias

from bot.domain.frozen import frozen
from bot.domain.item import Item
from bot.domain.occurrence import Occurrence
from bot.services.post import Post


@frozen
class Posted:
    """Discord has the message."""

    message_id: int


@frozen
class Refused:
    """Discord will not take posts there (403, 404): the schedule stops, and the moderators are told the mend."""

    mend: str


@frozen
class BadItem:
    """Discord will not take this text (400, AutoMod): the next exercise goes instead."""

    reason: str


@frozen
class Unclear:
    """Nobody knows whether it arrived (5xx, a lost connection): the lease runs out, and the next try reads back."""


@frozen
class Unreadable:
    """It may have arrived, and the bot may not look: better not sent than sent twice."""


@frozen
class Gone:
    """It had arrived, and somebody deleted it since: Discord does not make it again under its nonce."""


@frozen
class Later:
    """Nothing was asked of Discord, because it can't be now: the server is unavailable, or all sending has stopped."""


@frozen
class StopAll:
    """Discord wants nothing from this bot now (401, 429 from its edge): all sending stops."""


@frozen
class Done:
    """A step on a post was done, or had been done before."""


Outcome: TypeAlias = Posted | Refused | BadItem | Unclear | Gone | Later | StopAll
Found: TypeAlias = Posted | Unreadable | Unclear | Later | StopAll | None
Step: TypeAlias = Done | Refused | Unclear | Later | StopAll


@frozen
class Place:
    """Where a message stands."""

    guild_id: int
    channel_id: int
    message_id: int


class Courier(Protocol):
    """Takes posts to Discord. Nothing here raises: whatever goes wrong is one of the answers."""

    def stopped(self) -> bool:
        """Whether all sending has stopped for a while."""
        ...

    async def find(self, one: Occurrence) -> Found:
        """Look for the message of an earlier try; None where there is none."""
        ...

    async def send(self, one: Occurrence, post: Post) -> Outcome:
        """Send an occurrence as ``post`` shows it, with its nonce."""
        ...

    async def open_thread(self, place: Place, item: Item, day: date) -> Step:
        """Open a thread on a post, named by its date and title. Its id is the message's."""
        ...

    async def pin(self, place: Place) -> Step:
        """Pin a post."""
        ...

    async def unpin(self, place: Place) -> Step:
        """Take a post's pin away; done, too, where the post is gone."""
        ...

    async def tell_moderators(self, guild_id: int, sentence: str) -> None:
        """Tell the moderators of a guild something they must know."""
        ...
