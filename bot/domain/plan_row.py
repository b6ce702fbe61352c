"""The rows of a plan: each entry of a load, and what becomes of it."""

from __future__ import annotations

from enum import StrEnum

from bot.domain.draft import Problem
from bot.domain.entry import SHELF_OF, Json, Kind
from bot.domain.frozen import frozen
from bot.domain.overlay import PatchChange


class Verdict(StrEnum):
    """What becomes of an entry."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    RETIRED = "retired"
    BAD = "bad"


@frozen
class Difference:
    """One field before and after."""

    field: str
    before: Json
    after: Json


@frozen
class Near:
    """An entry that says nearly the same; ``score`` is 0 to 100."""

    entry_id: str
    title: str
    score: float


@frozen
class Row:
    """One entry of a plan.

    Attributes:
        place: its place in the draft, from 0; -1 for what the file does not name.
        line: where it stands in the file; 0 for what the file does not name.
        title: the words by which people know it.
        differences: of a changed one.
        problems: of a bad one.
        near: entries it may be the same as; only of new ones.
        notes: what a person should know, in sentences.
        change: what is put where the plan is applied; None where nothing is.
    """

    verdict: Verdict
    kind: Kind
    entry_id: str
    title: str
    place: int = -1
    line: int = 0
    differences: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()
    near: tuple[Near, ...] = ()
    notes: tuple[str, ...] = ()
    change: PatchChange | None = None


@frozen
class Plan:
    """Everything a load would do; ``notes`` are sentences about all of it."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """How many entries get this verdict, shelves aside."""
        return sum(1 for row in self.rows if row.verdict is verdict and row.kind not in SHELF_OF.values())

    def of(self, verdict: Verdict) -> tuple[Row, ...]:
        """Return the entries of this verdict, in order."""
        return tuple(row for row in self.rows if row.verdict is verdict)

    @property
    def changes(self) -> tuple[PatchChange, ...]:
        """What is put where the good entries are applied."""
        return tuple(row.change for row in self.rows if row.change is not None)
