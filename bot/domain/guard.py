"""Cells that no spreadsheet runs as a formula, and back."""

from __future__ import annotations

import re
from typing import Final

RUNS: Final = "=+-@\t\r＝＋－＠"
"""What a cell that a spreadsheet would run begins with."""
GUARDED: Final = re.compile(f"'+[{re.escape(RUNS)}]")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet runs: a formula's first sign gets an apostrophe before it."""
    return f"'{cell}" if cell[:1] and (cell[0] in RUNS or GUARDED.match(cell)) else cell


def unguarded(cell: str) -> str:
    """Take back what ``guarded`` put before a cell."""
    return cell[1:] if GUARDED.match(cell) else cell
