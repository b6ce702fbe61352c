"""What a member is told by direct message when moderators decided about something of theirs."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.frozen import frozen
from bot.domain.occurrence import base36

MOST_TRIES: Final = 3
AGAIN_AFTER: Final = timedelta(minutes=10)


class LetterKind(StrEnum):
    """What was decided."""

    APPROVED = "approved"
    DECLINED = "declined"
    REMOVED = "removed"


class LetterState(StrEnum):
    """Where a letter stands: it waits for its next try or for the member's next page, or the member has it."""

    WAITING = "waiting"
    TOLD = "told"


@frozen
class Letter:
    """What a member is told.

    Attributes:
        guild_id: the server whose moderators decided.
        number: counts up within the server.
        user_id: who is told.
        kind: what was decided.
        noun: what it is about: ``prompt``, ``question``, ``answer``.
        title: the words by which the member knows it.
        reason: what the moderators say to it; empty for nothing.
        at: when it was decided.
        tries: how often it was sent, this time included.
    """

    guild_id: int
    number: int
    user_id: int
    kind: LetterKind
    noun: str
    title: str
    reason: str
    at: datetime
    tries: int = 0

    @property
    def nonce(self) -> str:
        """The text by which Discord knows a repeated send, 25 characters at most."""
        return f"{base36(self.guild_id)}l{base36(self.number)}"
