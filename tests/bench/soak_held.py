"""What a running bot holds: the entries of every container of ours, and its objects."""

from __future__ import annotations

import gc
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Iterator, Sized
from functools import _lru_cache_wrapper  # pyright: ignore[reportPrivateUsage]
from typing import Any, Final, cast

from bot.client import Syllabot

OURS: Final = ("bot.", "cogs.")
CONTAINERS: Final = (dict, list, set, deque, OrderedDict)


def held(bot: Syllabot) -> Counter[str]:
    """Return how many entries each container of ours holds, by where it stands; caches of functions too.

    What is walked are the attributes of our own objects, from the bot and its cogs on: its services, jobs and database.
    """
    found = Counter[str]()
    seen: set[int] = set()
    to_visit: list[tuple[str, object]] = [("bot", bot), *((f"cog {name}", cog) for name, cog in bot.cogs.items())]
    while to_visit:
        name, one = to_visit.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if type(one) in CONTAINERS:
            found[name] += len(cast("Sized", one))
            to_visit += [(f"{name}[]", each) for each in _inside(cast("Iterable[object]", one))]
        elif _is_ours(one):
            to_visit += [(f"{type(one).__name__}.{attribute}", each) for attribute, each in _attributes(one)]
    for cached in (cast("_lru_cache_wrapper[Any]", one) for one in gc.get_objects() if type(one) is _lru_cache_wrapper):
        if str(cached.__module__).startswith(OURS):
            found[f"{cached.__module__}.{cached.__name__}"] = cached.cache_info().currsize
    return found


def objects_of_ours() -> int:
    """Return how many objects of our classes live."""
    return sum(_is_ours(one) for one in gc.get_objects())


def _inside(entries: Iterable[object]) -> list[object]:
    inner = cast("dict[object, object]", entries).values() if isinstance(entries, dict) else entries
    return [each for each in inner if _is_ours(each) or type(each) in CONTAINERS]


def _is_ours(one: object) -> bool:
    return str(type(one).__module__).startswith(OURS)


def _attributes(one: object) -> Iterator[tuple[str, object]]:
    slots = {name for kind in type(one).__mro__ for name in getattr(kind, "__slots__", ())}
    for name in slots | set(getattr(one, "__dict__", ())):
        if not name.startswith("__") and hasattr(one, name):
            yield name, getattr(one, name)
