"""Every benchmark works. What it measures is nothing a test may hold anybody to."""

from __future__ import annotations

import json

import pytest
from rich.console import Console

from tests.bench.__main__ import GROUPS, run, table
from tests.bench.row import Effort


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_of_rows_can_be_measured(group: str) -> None:
    rows = run([group], Effort(rounds=1, calls=4))
    assert rows
    assert all(figure >= 0 for row in rows for figure in (*row.ours, *row.beside))
    Console(width=200).print(table(rows))
    json.dumps([row.as_json() for row in rows])
