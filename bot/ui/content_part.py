"""The parts of a report, and which entries stand in each."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.domain.entry import SHELF_OF
from bot.domain.plan_row import Plan, Row, Verdict


class Part(StrEnum):
    """The parts of a report."""

    ALL = "all"
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    RETIRED = "retired"
    BAD = "bad"
    NEAR = "near"
    NOTES = "notes"


PART_NAMES: Final = {
    Part.ALL: "Overview",
    Part.BAD: "Can't be used",
    Part.NEAR: "The same entry?",
    Part.CHANGED: "Changed",
    Part.NEW: "New",
    Part.RETIRED: "Retired",
    Part.NOTES: "Worth a look",
    Part.SAME: "Same as before",
}


def rows_in(planned: Plan, part: Part) -> list[Row]:
    """Return the entries of a part, in the order in which they are shown."""
    match part:
        case Part.ALL:
            return []
        case Part.NEAR:
            return [row for row in planned.rows if row.near]
        case Part.NOTES:
            return [row for row in planned.rows if row.notes]
        case _:
            return [row for row in planned.of(Verdict(part.value)) if not _comes_along(row)]


def near_index(planned: Plan, place: int) -> int:
    """Return which of the entries that may be the same comes next after the one at ``place`` of the file."""
    places = [row.place for row in rows_in(planned, Part.NEAR)]
    return next((i for i, one in enumerate(places) if one > place), 0)


def _comes_along(row: Row) -> bool:
    """Whether a row is a shelf that was made because an entry needs it; the overview tells how many there are."""
    return row.kind in SHELF_OF.values() and row.verdict is Verdict.NEW and row.place < 0
