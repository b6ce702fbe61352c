"""A clock that several processes share, and that a test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path


class SharedClock:
    """The machine's clock, ahead by the seconds in a file: whoever writes the file moves every process's time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.exists():
            self.put(timedelta())

    def now(self) -> datetime:
        """Return the present instant, as far ahead as the file says."""
        return datetime.now(UTC) + timedelta(seconds=float(self._path.read_text(encoding="ascii")))

    def put(self, ahead: timedelta) -> None:
        """Set how far it is ahead, whole at any moment that another process may look."""
        fresh = self._path.with_suffix(".new")
        fresh.write_text(str(ahead.total_seconds()), encoding="ascii")
        fresh.replace(self._path)

    def move(self, **delta: float) -> None:
        """Move every process's time forward by a timedelta's arguments."""
        self.put(timedelta(seconds=float(self._path.read_text(encoding="ascii"))) + timedelta(**delta))
