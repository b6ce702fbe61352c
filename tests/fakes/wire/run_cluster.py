"""Starts the real bot as one process of several, against the stand-in and on a clock that all of them share.

``python -m tests.fakes.wire.run_cluster http://127.0.0.1:port FILE TICK`` with the bot's settings in the environment:
the file says how far the clock is ahead, and due posts are looked for every ``TICK`` seconds.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import app as composition
from bot import run
from bot.__main__ import main
from bot.storage import postgresql
from bot.storage.lease import CALLERS, CLOCK
from tests.fakes.wire.ahead import SharedClock
from tests.fakes.wire.point import point_discord_at

_engine_of = postgresql.engine_of


def _on_our_clock(url: URL, **kind: bool) -> AsyncEngine:
    """Return an engine whose leases go by the clock that the test moves."""
    return _engine_of(url, **kind).execution_options(**{CLOCK: CALLERS})


if __name__ == "__main__":
    point_discord_at(sys.argv[1])
    clock = SharedClock(Path(sys.argv[2]))
    for module, name, value in (
        (run, "SystemClock", lambda: clock),
        (composition, "TICK", timedelta(seconds=float(sys.argv[3]))),
        (postgresql, "engine_of", _on_our_clock),
    ):
        setattr(module, name, value)
    main(["run"])
