"""Points discord.py at the stand-in. Only launchers call this: the bot itself never knows."""

from __future__ import annotations

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def point_discord_at(base: str) -> None:
    """Send everything discord.py does in this process to the stand-in at ``base`` (``http://127.0.0.1:port``)."""
    Route.BASE = f"{base}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base).with_scheme("ws") / "gateway"
