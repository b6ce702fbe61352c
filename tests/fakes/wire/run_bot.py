"""Starts the real bot, by its own command line, against the stand-in.

``python -m tests.fakes.wire.run_bot http://127.0.0.1:port`` with the bot's settings in the environment. With
``STAND_IN_TICK`` there, it looks for due posts every so many seconds, and with ``STAND_IN_BACKUP`` for a due backup.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

from bot.__main__ import main
from tests.fakes.wire.point import point_discord_at


def _tick_every(seconds: float) -> None:
    from bot import app as composition  # noqa: PLC0415  (its import is part of what the start is measured by)

    setattr(composition, "TICK", timedelta(seconds=seconds))  # noqa: B010  (a constant of the module)


if __name__ == "__main__":
    point_discord_at(sys.argv[1])
    if "STAND_IN_TICK" in os.environ:
        _tick_every(float(os.environ["STAND_IN_TICK"]))
    if "STAND_IN_BACKUP" in os.environ:
        from bot import run

        setattr(run, "LOOK_FOR_BACKUP", timedelta(seconds=float(os.environ["STAND_IN_BACKUP"])))  # noqa: B010
    main(["run"])
