"""Whose clock says what is due and which lease has run out.

Of one machine's processes all see the same clock. Of several machines' each has its own, and a lease that one of them
gave must not look over to another that runs ahead: there it is the server's clock that counts, for all of them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

CLOCK: Final = "syllabot_clock"
"""The execution option of an engine whose leases go by the caller's clock (``CALLERS``): tests move that one."""
CALLERS: Final = "callers"
_NOW: Final = text("SELECT clock_timestamp()")


def lease_clock(tx: Connection, now: datetime) -> datetime:
    """Return the instant by which leases are compared and kept in the database; ``now`` is the caller's clock's."""
    if tx.dialect.name != "postgresql" or tx.get_execution_options().get(CLOCK) == CALLERS:
        return now
    return tx.execute(_NOW).scalar_one()
