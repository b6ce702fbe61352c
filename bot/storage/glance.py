"""Which units of work are so short that handing them to a thread costs more than they do.

A reader's thread costs the event loop two switches, more than most questions take to answer. So a unit that was short
each time it ran on a thread is run where it is asked for. Where it takes long and too few short runs speak for it, it
goes back and has to show itself anew, four times as often: a disk that turns slow, or a server that is a hundred times
larger, holds the loop up once for each kind of unit, and ever more rarely. That a machine stands still for a moment
now and then says nothing of the unit, and many short runs let that be forgotten.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import Any, Final

SHORT: Final = 0.001
"""Seconds on a thread, waiting for its turn included."""
LONG: Final = 0.005
"""Seconds in place that speak against a unit."""
OUTWEIGHS: Final = 64
"""Short runs in place that outweigh a long one."""
FORGETS: Final = 4 * OUTWEIGHS
"""Short runs in place, none of them used up, after which a unit is as good as new."""
TIMES: Final = 16
"""Short runs in a row after which a unit is trusted for the first time."""
DOUBT: Final = 4


@dataclass(slots=True)
class _Seen:
    """What was seen of a kind of unit.

    Attributes:
        to_go: short runs on a thread that it lacks to be trusted.
        wanted: how many of them it takes.
        credit: the short runs in place that speak for it.
    """

    to_go: int
    wanted: int
    credit: int = 0


class Glances:
    """What was seen of each kind of unit: those of the same code are one kind."""

    def __init__(self) -> None:
        self._seen: defaultdict[CodeType | None, _Seen] = defaultdict(lambda: _Seen(TIMES, TIMES))

    def trusts(self, work: Callable[..., Any]) -> bool:
        """Whether a unit may be run in place."""
        kind = _kind(work)
        return kind is not None and self._seen[kind].to_go <= 0

    def on_thread(self, work: Callable[..., Any], seconds: float) -> None:
        """Note how long a unit took on a thread."""
        seen = self._seen[_kind(work)]
        seen.to_go = seen.to_go - 1 if seconds <= SHORT else seen.wanted

    def in_place(self, work: Callable[..., Any], seconds: float) -> None:
        """Note how long a unit held the loop up."""
        seen = self._seen[_kind(work)]
        if seconds <= LONG:
            seen.credit += 1
            if seen.credit >= FORGETS:
                seen.credit, seen.wanted = FORGETS, TIMES
        elif seen.credit >= OUTWEIGHS:
            seen.credit -= OUTWEIGHS
        else:
            seen.wanted *= DOUBT
            seen.to_go, seen.credit = seen.wanted, 0


def _kind(work: Callable[..., Any]) -> CodeType | None:
    """Return the code of a unit: a function's, a method's, or that of a function with arguments already given."""
    return getattr(getattr(work, "func", work), "__code__", None)
