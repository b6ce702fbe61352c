"""The heartbeat: a file whose age says whether the bot is alive. ``python -m bot.health`` is the container's check."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.clock import Clock, SystemClock

EVERY: Final = timedelta(seconds=15)
STALE_AFTER: Final = timedelta(seconds=60)


def beat(path: Path, clock: Clock) -> None:
    """Write a heartbeat, whole at any moment that a check may look."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(clock.now().isoformat(), encoding="ascii")
    fresh.replace(path)


def age(path: Path, clock: Clock) -> timedelta | None:
    """Return the age of the last heartbeat; None where there is none."""
    try:
        return clock.now() - datetime.fromisoformat(path.read_text(encoding="ascii")).astimezone(UTC)
    except (OSError, ValueError):
        return None


def main(arguments: list[str]) -> int:
    """Return 0 where the heartbeat file named first is fresh, else 1, and say why on standard error."""
    path = Path(arguments[0] if arguments else "var/heartbeat")
    old = age(path, SystemClock())
    if old is not None and old <= STALE_AFTER:
        return 0
    seen = "none was ever written" if old is None else f"the last is {old.total_seconds():.0f} s old"
    sys.stderr.write(f"no fresh heartbeat in {path}: {seen}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
