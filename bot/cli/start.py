"""Starting the bot or the simulated server, and telling whoever started it what became of that."""

from __future__ import annotations

import asyncio
import sys
from typing import Final

from bot.errors import RefusedError, SettingsError, SyllabotError
from bot.log import configure
from bot.settings import Settings, load_settings

INTERRUPTED: Final = 130


def start() -> int:
    """Run the bot on Discord with DISCORD_TOKEN set, else in the simulated server; return the exit code.

    0 told to stop, 1 something to look at, 2 settings, 3 Discord refuses the bot, 130 interrupted while it started.
    After 2 and 3 a start changes nothing.
    """
    try:
        settings = load_settings()
        if settings.token is None:
            return simulated(settings, open_browser=False)
        from bot.packs.apart import PackReading  # noqa: PLC0415

        # another process reads it while this one imports
        reading = PackReading.begin(settings.content_dir)
        from bot.run import serve  # noqa: PLC0415  (the simulated server needs other parts)

        configure(settings.log_level, as_json=settings.log_json)
        return asyncio.run(serve(settings, _say, reading))
    except SyllabotError as error:
        return told(error)
    except KeyboardInterrupt:
        return INTERRUPTED


def simulated(settings: Settings, *, open_browser: bool) -> int:
    """Run the simulated server until it is told to stop; return the exit code.

    Raises:
        SettingsError: where the extra ``demo`` is not installed.
    """
    try:
        from bot.demo.server import run  # noqa: PLC0415  (an extra)
    except ModuleNotFoundError as error:
        missing = f"The simulated server needs {error.name}: install requirements/demo.txt, or set DISCORD_TOKEN."
        raise SettingsError(missing) from error
    return run(settings, open_browser=open_browser)


def told(error: SyllabotError) -> int:
    """Say what went wrong and return the exit code that stands for it."""
    sys.stderr.write(f"{error.sentence}\n")
    return 3 if isinstance(error, RefusedError) else 2 if isinstance(error, SettingsError) else 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
