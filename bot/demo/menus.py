"""Tells the menus of a page apart that stand in one place, one after the other."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

FILLED_BY_DISCORD: Final = frozenset({5, 6, 7, 8})
"""Discord's numbers for menus of people, roles and channels."""


def told_apart(key: Callable[..., str | None]) -> Callable[..., str | None]:
    """Return ``key``, SimCord's name for a component by its place, with a sign of a menu's id in it.

    SimCord's page keeps what was chosen under that name. A menu that took another's place, when one page turned into
    another, was therefore shown without its own choice and with a complaint about the other's.
    """
    if hasattr(key, "__wrapped__"):
        return key

    @wraps(key)
    def named(*arguments: Any) -> str | None:  # noqa: ANN401  (as SimCord calls it)
        return key(*_with_the_id(*arguments))

    return named


def _with_the_id(*arguments: Any) -> list[Any]:  # noqa: ANN401
    """Return the arguments with the id of the component among them behind the path that follows it."""
    found = list(arguments)
    at = next(index for index, one in enumerate(found) if isinstance(one, Mapping))
    component: Mapping[str, Any] = found[at]
    if component.get("type") in FILLED_BY_DISCORD:
        found[at + 1] = f"{found[at + 1]}.{zlib.crc32(str(component.get('custom_id')).encode()):x}"
    return found
