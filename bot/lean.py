"""Leaves out of what a running bot imports what only readers need: the docstrings of functions and classes.

``python -OO`` would leave them out too, with every assertion, and compile each module anew where its cache can't be
written. Cogs keep theirs: discord.py reads them.
"""

from __future__ import annotations

import opcode
import sys
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
    SourcelessFileLoader,
)
from inspect import CO_NEWLOCALS, CO_OPTIMIZED
from types import CodeType
from typing import Final

KEPT: Final = ("cogs",)
"""Packages whose docstrings stay."""
MOST_LOOKED_AT: Final = 4
"""A class's docstring stands among its first constants."""
_FUNCTION: Final = CO_NEWLOCALS | CO_OPTIMIZED
_LOAD, _STORE = opcode.opmap["LOAD_CONST"], opcode.opmap["STORE_NAME"]
_SAYS_NOTHING: Final = " "
"""In the place of a class's: a data class without any would have one made, at some cost."""
_FIRST_USED: Final = tuple(bytes((operation, 0)) for operation in opcode.hasconst)
"""The instructions by which a function uses its first constant."""


class _LeanLoader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType | None:
        code = super().get_code(fullname)
        return code if code is None or fullname.partition(".")[0] in KEPT else without_docstrings(code)


_hook: Final = FileFinder.path_hook(
    (ExtensionFileLoader, EXTENSION_SUFFIXES),
    (_LeanLoader, SOURCE_SUFFIXES),
    (SourcelessFileLoader, BYTECODE_SUFFIXES),
)


def leave_out_docstrings() -> None:
    """Have whatever is imported from now on come without the docstrings of its functions and classes."""
    if _hook not in sys.path_hooks:
        sys.path_hooks.insert(0, _hook)
        sys.path_importer_cache.clear()


def without_docstrings(code: CodeType) -> CodeType:
    """Return code whose functions and classes, at any depth, have no docstrings; the same where none has one."""
    constants = list(code.co_consts)
    changed = False
    for place, one in enumerate(constants):
        if isinstance(one, CodeType) and (lean := without_docstrings(one)) is not one:
            constants[place] = lean
            changed = True
    if _has_docstring(code):
        constants[0] = None
        changed = True
    elif (of_class := _place_in_class(code)) is not None:
        constants[of_class] = _SAYS_NOTHING
        changed = True
    return code.replace(co_consts=tuple(constants)) if changed else code


def _has_docstring(code: CodeType) -> bool:
    """Return whether a function's first constant is its docstring and nothing else."""
    return (
        code.co_flags & _FUNCTION == _FUNCTION
        and not code.co_name.startswith("<")
        and bool(code.co_consts)
        and isinstance(code.co_consts[0], str)
        and not any(used in code.co_code for used in _FIRST_USED)
    )


def _place_in_class(code: CodeType) -> int | None:
    """Return which constant of a class's body is its docstring and nothing else; None where it has none."""
    if code.co_flags & CO_OPTIMIZED or "__qualname__" not in code.co_names or "__doc__" not in code.co_names:
        return None
    stored = bytes((_STORE, code.co_names.index("__doc__")))
    for place, one in enumerate(code.co_consts[:MOST_LOOKED_AT]):
        loaded = bytes((_LOAD, place))
        if isinstance(one, str) and loaded + stored in code.co_code:
            return place if code.co_code.count(loaded) == 1 else None
    return None
