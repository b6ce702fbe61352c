"""Which units of work are so short that handing them to a thread costs more than they do.

A reader's thread costs the event loop two switches, more than most questions take to answer. So a unit that was short
each time it ran on a thread is run where it is asked for, until it once takes long: then it has to show itself anew,
four times as often. A disk that turns slow, or a server that is a hundred times larger, holds the loop up once for
each kind of unit, and ever more rarely.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any, Final

SHORT: Final = 0.001
"""Seconds on a thread, waiting for its turn included."""
LONG: Final = 0.005
"""Seconds in place after which a unit goes back to the threads."""
TIMES: Final = 16
"""Short runs in a row after which a unit is trusted for the first time."""
DOUBT: Final = 4


class Glances:
    """What was seen of each kind of unit: those of the same code are one kind."""

    def __init__(self) -> None:
        self._to_go: dict[CodeType | None, int] = {}
        self._wanted: dict[CodeType | None, int] = {}

    def trusts(self, work: Callable[..., Any]) -> bool:
        """Whether a unit may be run in place."""
        kind = _kind(work)
        return kind is not None and self._to_go.get(kind, TIMES) <= 0

    def on_thread(self, work: Callable[..., Any], seconds: float) -> None:
        """Note how long a unit took on a thread."""
        kind = _kind(work)
        left = self._to_go.get(kind, TIMES) - 1
        self._to_go[kind] = left if seconds <= SHORT else self._wanted.get(kind, TIMES)

    def in_place(self, work: Callable[..., Any], seconds: float) -> None:
        """Note how long a unit held the loop up."""
        if seconds > LONG:
            kind = _kind(work)
            self._to_go[kind] = self._wanted[kind] = self._wanted.get(kind, TIMES) * DOUBT


def _kind(work: Callable[..., Any]) -> CodeType | None:
    """Return the code of a unit: a function's, a method's, or that of a function with arguments already given."""
    return getattr(getattr(work, "func", work), "__code__", None)
