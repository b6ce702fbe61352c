"""What is imported without its docstrings does what it did."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from bot.lean import without_docstrings
from bot.settings import ROOT

SOURCE = '''
"""The module's own."""

class Thing:
    """A thing."""

    def named(self):
        """Say the name."""
        return "named", [one for one in ("a", "b")], (lambda: "held")()

    def same(self):
        """same"""
        return """same"""

class Again:
    """again"""
    name = "again"

async def waited():
    """Wait."""
    def inner():
        """Be inside."""
        return "inner"
    return inner

def plain():
    return "plain"

def made():
    """Make."""
    yield "made"
'''


def test_functions_lose_their_docstrings_and_nothing_else() -> None:
    there: dict[str, Any] = {}
    exec(without_docstrings(compile(SOURCE, "source", "exec")), there)  # noqa: S102
    thing = there["Thing"]()
    assert (there["__doc__"], thing.__doc__.strip(), there["Again"].__doc__) == ("The module's own.", "", "again")
    assert there["Again"].name == "again"
    assert [one.__doc__ for one in (thing.named, there["waited"], there["made"], there["plain"])] == [None] * 4
    assert thing.named() == ("named", ["a", "b"], "held")
    assert thing.same() == "same", "a text that is used stays, though it is the docstring too"
    assert (there["plain"](), list(there["made"]())) == ("plain", ["made"])
    with pytest.raises(StopIteration) as end:
        there["waited"]().send(None)
    assert (end.value.value.__doc__, end.value.value()) == (None, "inner")


def test_code_without_any_stays_the_same() -> None:
    code = compile("def f():\n    return 'text'", "source", "exec")
    assert without_docstrings(code) is code


def test_a_bot_imports_without_docstrings_but_for_its_cogs() -> None:
    told = "import cogs.help, discord, sqlalchemy; print(sqlalchemy.select.__doc__, discord.Client.start.__doc__)"
    read = f"from bot.lean import leave_out_docstrings as out; out(); {told}; print(bool(cogs.help.setup.__doc__))"
    got = subprocess.run([sys.executable, "-c", read], cwd=ROOT, capture_output=True, text=True, check=True)
    assert got.stdout.splitlines() == ["None None", "True"]
