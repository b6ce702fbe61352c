"""Starts the real bot, by its own command line, against the stand-in.

``python -m tests.fakes.wire.run_bot http://127.0.0.1:port`` with the bot's settings in the environment.
"""

from __future__ import annotations

import sys

from bot.__main__ import app
from tests.fakes.wire.point import point_discord_at

if __name__ == "__main__":
    point_discord_at(sys.argv[1])
    app(["run"])
