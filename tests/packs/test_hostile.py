"""Whatever is loaded, the reader lives, answers in time and within its memory; and refuses what it should."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.meta.source import ROOT
from tests.packs.hostile import CASES

READ = {
    "anki text, columns", "apkg long field", "csv bad json", "csv bom", "csv broken tags", "csv entities",
    "csv extra cells", "csv format string", "csv formulas", "csv long cell", "csv many tags", "csv many unlike rows",
    "csv masked link", "csv mentions", "csv nested tags", "csv same name twice", "json empty fields",
    "json many clozes", "json nan", "json nested decks", "json notes of numbers", "json open clozes",
    "json surrogates", "md list nesting", "yaml a list of words", "yaml norway", "yaml unknown keys",
    "yaml wrong types",
}  # fmt: skip
"""Cases that are read, harmless or with their bad entries named; every other is refused as a whole."""
ALL_BAD = {
    "json open clozes",
    "apkg long field", "csv bad json", "csv extra cells", "csv many tags", "csv nested tags", "json empty fields",
    "json many clozes", "json notes of numbers", "yaml a list of words", "yaml unknown keys",
}  # fmt: skip
"""Of those, the ones in which no entry is good."""
MOST_SECONDS = 6.0
MOST_KIB = 200 * 1024


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Any]:
    """What came of every case."""
    done = subprocess.run([sys.executable, "-m", "tests.packs.hostile"], cwd=ROOT, capture_output=True, check=True)
    return json.loads(done.stdout)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60
    assert {name.split()[0] for name in CASES} >= {"yaml", "csv", "md", "json", "apkg"}


@pytest.mark.parametrize("name", CASES)
def test_the_reader_lives_and_answers(outcomes: dict[str, Any], name: str) -> None:
    came = outcomes[name]
    assert came["answer"] is not None, f"the reader died: {came['status']}"
    assert came["seconds"] < MOST_SECONDS
    assert came["peak"] < MOST_KIB
    if name not in READ:
        problem = came["answer"]["problem"]
        assert problem["found"]
        assert problem["expected"]
        assert "trips over" not in problem["found"], "a flaw of the reader, not of the file"
        return
    entries = came["answer"]["draft"]["entries"]
    assert entries
    assert all(one["problems"] for one in entries) == (name in ALL_BAD)
