"""What daily posts hold, read when somebody first needs it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from bot.domain.prompt import Exercises


class Once:
    """Reads what daily posts hold at its first need, once, whichever thread comes first."""

    def __init__(self, read: Callable[[], Exercises]) -> None:
        """Keep what reads it, for then."""
        self._read = read
        self._lock = Lock()
        self._found: Exercises | None = None

    def __call__(self) -> Exercises:
        """Return it."""
        with self._lock:
            if self._found is None:
                self._found = self._read()
            return self._found
