"""What members report to the moderators: an answer of the FAQ, or an answer that somebody shared to a post."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.domain.frozen import frozen


class Ruling(StrEnum):
    """What became of a report."""

    OPEN = "open"
    KEPT = "kept"
    REMOVED = "removed"


@frozen
class Thing:
    """What is reported: an entry of the FAQ, or what a member shared to a post.

    Attributes:
        entry_id: the entry; empty where it is a shared answer.
        number: the post; 0 where it is an entry.
        author_id: who wrote the answer; 0 where it is an entry.
    """

    entry_id: str = ""
    number: int = 0
    author_id: int = 0

    @property
    def key(self) -> str:
        """The thing as one short text."""
        return f"faq:{self.entry_id}" if self.entry_id else f"answer:{self.number}:{self.author_id}"

    @classmethod
    def of_key(cls, key: str) -> Thing:
        """Return the thing that ``key`` names."""
        kind, _, rest = key.partition(":")
        if kind == "faq":
            return cls(entry_id=rest)
        number, _, author_id = rest.partition(":")
        return cls(number=int(number), author_id=int(author_id))


@frozen
class Reported:
    """A thing that waits for a ruling: how many reported it, when last, and the reasons they gave, newest first.

    Who reported is not part of it.
    """

    thing: Thing
    times: int
    last_at: datetime
    reasons: tuple[str, ...]
