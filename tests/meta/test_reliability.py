"""The table of faults: every number is there, and every test it names is there too."""

from __future__ import annotations

import re
from typing import Final

from bot.settings import ROOT

TABLE: Final = ROOT / "docs" / "reliability.md"
FAULTS: Final = range(1, 55)
NUMBERED: Final = re.compile(r"test((?:_f\d\d)+)_")


def rows() -> dict[int, str]:
    """Return what holds each fault, by its number."""
    found = re.findall(r"^\| F(\d+) \|[^|]*\|(.*)\|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    return {int(number): held for number, held in found}


def names() -> set[str]:
    """Return the names of all tests."""
    files = (ROOT / "tests").rglob("test_*.py")
    return {name for file in files for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))}


def test_every_fault_has_its_row_and_each_row_says_what_holds_it() -> None:
    assert list(rows()) == list(FAULTS)
    silent = [number for number, held in rows().items() if not re.search(r"`test_\w+`|Open|Impossible|bench", held)]
    assert not silent, f"name a test, a benchmark row, an impossibility, or say Open: {silent}"


def test_the_table_and_the_tests_name_each_other() -> None:
    there = names()
    gone = {name for held in rows().values() for name in re.findall(r"`(test_\w+)`", held)} - there
    assert not gone, f"docs/reliability.md names tests that are not there: {gone}"
    numbered = {(int(number), name) for name in there if (m := NUMBERED.match(name))
                for number in re.findall(r"\d\d", m[1])}  # fmt: skip
    missing = [(number, name) for number, name in sorted(numbered) if f"`{name}`" not in rows()[number]]
    assert not missing, f"put these into their rows of docs/reliability.md: {missing}"
