"""The simulated server in the browser: the real bot, SimCord's Discord, and a page to meet both in."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import simcord
from simcord.preview import Preview

from bot.clock import SystemClock
from bot.demo import private
from bot.demo.clock import Clockwork, DemoClock, clock_the_scheduler
from bot.demo.host import Host
from bot.demo.page import PageLayer
from bot.demo.talk import WELCOME
from bot.demo.world import ZONE, World, build
from bot.errors import SettingsError
from bot.log import configure
from bot.packs.load import load_pack
from bot.settings import Settings
from bot.storage.upgrade import migrate

WEB: Final = Path(__file__).parent / "web"
PORTS_TRIED: Final = 20
STOP_WITHIN: Final = 2.5
"""Seconds from Ctrl-C after which what has not closed by itself is left: nothing here is kept."""


def run(settings: Settings, *, open_browser: bool = False) -> int:
    """Open the simulated server until it is told to stop, and return the process's exit code.

    Args:
        settings: the port to begin at, the content, and the lowest level of log lines.
        open_browser: whether to open the page in the browser.

    Raises:
        SettingsError: where no port is free, or no folder can be written.
        ContentError: where the content has faults.
        SyllabotError: where SimCord is not the version that is locked.
    """
    level = settings.log_level if "log_level" in settings.model_fields_set else "WARNING"
    configure(level, as_json=settings.log_json)
    private.check()
    with suppress(KeyboardInterrupt):
        asyncio.run(_until_stopped(settings, open_browser=open_browser))
    _say("Stopped. Nothing was kept.")
    return 0


async def _until_stopped(settings: Settings, *, open_browser: bool) -> None:
    showing = asyncio.create_task(_show(settings, open_browser=open_browser))
    with suppress(NotImplementedError):  # where a system has no signals, Ctrl-C arrives as KeyboardInterrupt
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, _stop, showing)
    with suppress(asyncio.CancelledError):
        await showing


def _stop(showing: asyncio.Task[None]) -> None:
    """Close what is open, and see to it that the process ends even where something does not close."""
    showing.cancel()
    last = threading.Timer(STOP_WITHIN, os._exit, args=(0,))
    last.daemon = True
    last.start()


async def _show(settings: Settings, *, open_browser: bool) -> None:
    clock = DemoClock()
    clock_the_scheduler(clock.now)
    with _temporary() as name:
        pack, folder = load_pack(settings.content_dir), Path(name)
        database_path = folder / "syllabot.db"
        migrate(database_path)
        async with Host(database_path, pack, clock) as host:
            private.tune(host.env)
            clockwork = Clockwork(host.env, lambda: host.scheduler, host.next_due, host.note_alive)
            world = await build(host, clockwork, SystemClock().now())
            async with _open_page(host.env, world, folder, settings.demo_port) as preview:
                layer = PageLayer(host, world, clockwork, preview)
                pulse = asyncio.create_task(layer.pulse())
                url = preview.url.partition("#")[0]
                _say(
                    f"Syllabot runs in a simulated server. Open it in a browser:\n\n    {url}\n\n"
                    "Every start begins anew; Ctrl-C stops it. To join Discord instead, set DISCORD_TOKEN."
                )
                if open_browser:
                    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
                try:
                    await preview.wait_closed()
                finally:
                    pulse.cancel()
                    await asyncio.wait({pulse})


def _temporary() -> TemporaryDirectory[str]:
    """Return a folder for as long as the page is open.

    Raises:
        SettingsError: where no folder of this machine can be written.
    """
    try:
        return TemporaryDirectory(prefix="syllabot-demo-")
    except OSError as error:
        raise SettingsError(
            f"The simulated server needs a folder while it runs ({error}). Set TMPDIR to one that can be written."
        ) from error


@asynccontextmanager
async def _open_page(env: simcord.Env, world: World, folder: Path, port: int) -> AsyncGenerator[Preview]:
    """Serve the page at ``port``, or at the next one that is free.

    Raises:
        SettingsError: where none of them is.
    """
    assets = [WEB / name for name in ("demo.css", "favicon.svg", "enter.js", "demo.js")]
    viewers = list(world.members.values())
    for number in range(port, min(port + PORTS_TRIED, 65536)):
        preview = env.preview(
            world.channels[WELCOME], viewers=viewers, layout="channel", port=number, timezone=ZONE, assets=world.assets
        )
        private.check_world(env, preview)
        private.serve(preview, folder, assets)
        try:
            await preview.__aenter__()  # only the entering may fail for a taken port
        except simcord.SetupError as error:
            if not isinstance(error.__cause__, OSError):
                raise
            _say(f"Port {number} is taken; trying the next one.")
            continue
        try:
            yield preview
        finally:
            await preview.close()
        return
    raise SettingsError(
        f"BOT_DEMO_PORT: none of the {PORTS_TRIED} ports from {port} on is free. Set BOT_DEMO_PORT to another one."
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


__all__ = ("run",)
