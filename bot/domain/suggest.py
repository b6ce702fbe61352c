"""What members suggest for a server's content, and what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.entry import Fields, Kind
from bot.domain.frozen import frozen

SUGGESTED: Final = (Kind.PROMPT, Kind.FAQ, Kind.RESOURCE)
"""What members may suggest."""
MOST_A_DAY: Final = 10
WITHIN: Final = timedelta(days=1)
"""The time in which a member may suggest so much."""


class Decision(StrEnum):
    """What became of a suggestion."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"


@frozen
class Suggestion:
    """Something a member suggested.

    Attributes:
        number: counts up within a server.
        user_id: who suggested it.
        kind: what it would be.
        fields: what was typed, by the model's keys.
        at: when.
        source: the address of the message that it was taken from; empty for none.
        author_id: who wrote that message; None where there was none.
        decision: what became of it.
        actor_id: the moderator who decided.
        entry_id: the entry that came of it; empty for none.
        reason: why it was declined; empty for none.
    """

    number: int
    user_id: int
    kind: Kind
    fields: Fields
    at: datetime
    source: str = ""
    author_id: int | None = None
    decision: Decision = Decision.OPEN
    actor_id: int | None = None
    entry_id: str = ""
    reason: str = ""
