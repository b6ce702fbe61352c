"""The way in. ``run`` goes straight to the bot: what reads any other command takes memory that a bot has no use for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str]) -> NoReturn:
    """Do what the command line says, and leave the process with its exit code.

    Args:
        arguments: what stands behind ``python -m bot``.
    """
    if list(arguments) == ["run"]:
        from bot.cli.start import start  # noqa: PLC0415

        sys.exit(start())
    from bot.cli.commands import app  # noqa: PLC0415

    app(arguments, prog_name="python -m bot")
    sys.exit()


if __name__ == "__main__":
    main(sys.argv[1:])
