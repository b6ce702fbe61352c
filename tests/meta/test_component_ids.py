"""Component ids: every kind has its handler, every id comes back as it went, everything else is refused in one way."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from enum import Enum
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import bot.ui
from bot.client import COGS
from bot.errors import StaleComponentError
from bot.ui.components import CUSTOM_ID_CHARACTERS, VERSION, ComponentId, parse
from bot.ui.router import _MARK  # pyright: ignore[reportPrivateUsage]  (the only trace a handler leaves)

for _module in pkgutil.iter_modules(bot.ui.__path__, "bot.ui."):
    importlib.import_module(_module.name)


def _handlers() -> dict[type[ComponentId], list[str]]:
    found: dict[type[ComponentId], list[str]] = {}
    for name in COGS:
        cogs = [one for one in vars(importlib.import_module(name)).values() if inspect.isclass(one)]
        for cog in (one for one in cogs if one.__module__ == name):
            for method_name, method in inspect.getmembers(cog):
                if (kind := getattr(method, _MARK, None)) is not None:
                    found.setdefault(kind, []).append(f"{name}.{method_name}")
    return found


def _kinds(kind: type[ComponentId] = ComponentId) -> Iterator[type[ComponentId]]:
    for one in kind.__subclasses__():
        if one.__module__.startswith("bot."):
            yield one
        yield from _kinds(one)


KINDS: Final = sorted(_kinds(), key=lambda kind: kind.code)
HANDLERS: Final = _handlers()
BY_NAME: Final = [pytest.param(kind, id=kind.__name__) for kind in KINDS]

words = st.text("abcxyz0189", min_size=1, max_size=7)
entry_ids = st.lists(words, min_size=1, max_size=5).map("-".join).filter(lambda text: 2 <= len(text) <= 40)
snowflakes = st.integers(0, 2**63 - 1)


def _values(annotation: Any) -> st.SearchStrategy[Any]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(list(annotation))
    return {int: snowflakes, str: entry_ids}[annotation]


def _ids(kind: type[ComponentId]) -> st.SearchStrategy[ComponentId]:
    fields = {name: _values(field.annotation) for name, field in kind.model_fields.items()}
    return st.builds(kind, **fields)


@pytest.mark.parametrize("kind", BY_NAME)
def test_a_kind_has_one_handler(kind: type[ComponentId]) -> None:
    handlers = HANDLERS.get(kind, [])
    assert len(handlers) == 1, (
        f"The rule: one cog's method answers {kind.__name__}. It has {handlers or 'none'}. "
        f"What to do: mark exactly one with @on({kind.__name__})."
    )


def test_codes_are_short_and_their_own() -> None:
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes)
    assert all(code.isascii() and code.isalnum() and len(code) <= 4 for code in codes)


@pytest.mark.parametrize("kind", BY_NAME)
@settings(max_examples=25)
@given(data=st.data())
def test_an_id_comes_back_as_it_went(kind: type[ComponentId], data: st.DataObject) -> None:
    made = data.draw(_ids(kind))
    assert len(made.custom_id) <= CUSTOM_ID_CHARACTERS
    assert parse(made.custom_id) == made


def _longest(annotation: Any) -> object:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return max(annotation, key=lambda one: len(str(one)))
    return {int: 2**63 - 1, str: "a" * 40}[annotation]


@pytest.mark.parametrize("kind", BY_NAME)
def test_the_longest_id_fits(kind: type[ComponentId]) -> None:
    fields = {name: _longest(field.annotation) for name, field in kind.model_fields.items()}
    assert len(kind.model_validate(fields).custom_id) <= CUSTOM_ID_CHARACTERS


def _stale_or_canonical(text: str) -> None:
    try:
        found = parse(text)
    except StaleComponentError:
        return
    assert found.custom_id == text, f"read as {found!r}, though no page of ours carries it: {text!r}"


@given(st.text(max_size=130))
@example("")
@example(VERSION)
@example(f"{VERSION}:")
@example(f"{VERSION}:t")
@example(f"{VERSION}:t:done:cross-validation:1:2")
@example("s0:ro")
@example("\0")
@example(f"{VERSION}:ro" + ":" * 120)
def test_garbage_is_stale_and_nothing_else(text: str) -> None:
    _stale_or_canonical(text)


def _id_of(code: str, fields: list[str]) -> str:
    return ":".join([VERSION, code, *fields])


codes = st.sampled_from([kind.code for kind in KINDS])
near_values = st.sampled_from(["open", "done", "1", "cross-validation", " 1", "1.0", "1_0", "01", "-1", "+1", ""])
forged = st.builds(_id_of, codes, st.lists(near_values | st.text(max_size=12), max_size=4))


@given(forged)
@example(f"{VERSION}:sm: 1")
@example(f"{VERSION}:sm:1_0")
@example(f"{VERSION}:sm:1.0")
@example(f"{VERSION}:sm:01")
def test_a_forged_id_is_stale_or_exactly_one_of_ours(text: str) -> None:
    _stale_or_canonical(text)
