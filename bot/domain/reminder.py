"""Direct messages: why a member is written to, and where such a message stands."""

from __future__ import annotations

from enum import StrEnum


class ReminderKind(StrEnum):
    """Why a member is written to."""

    LATER = "later"
    DAILY = "daily"


class ReminderState(StrEnum):
    """Where a reminder stands. All but the first two are final."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    DROPPED = "dropped"
