"""Where members are on the road, reckoned once for as long as their marks stay as they are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partial
from typing import Final

from bot.domain.pack import Pack
from bot.domain.roadmap import Position, position, read_states
from bot.services.packs import Packs

KEPT: Final = 2_000
"""Members whose position on the shipped road is known without being reckoned again; about a megabyte."""


class Positions:
    """Positions by what the marks of a member say. A server's own road is reckoned anew: it changes."""

    def __init__(self, packs: Packs) -> None:
        self._shipped = packs.shipped
        self._on_shipped = lru_cache(KEPT)(partial(_position, packs.shipped))

    def of(self, pack: Pack, told: Iterable[str]) -> list[Position]:
        """Return where members are, in their order.

        Args:
            pack: their road.
            told: the states of each, as ``group_activity.packed_states`` gives them.
        """
        reckoned = self._on_shipped if pack is self._shipped else partial(_position, pack)
        return [reckoned(one) for one in told]


def _position(pack: Pack, told: str) -> Position:
    return position(pack, read_states(told))
