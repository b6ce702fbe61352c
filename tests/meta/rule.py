"""A rule of the house: what it says, how to keep it, and how a breach is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.meta.source import Source

Find = Callable[[Source], Iterator[tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        name: a short name, for the test's id.
        says: the rule in one sentence.
        mend: what to do about a breach.
        find: yields the line and the finding of each breach in a file.
        drift: files, by path, that break it: the proof that the rule would notice.
        folders: where it holds.
    """

    name: str
    says: str
    mend: str
    find: Find
    drift: tuple[tuple[str, str], ...]
    folders: tuple[str, ...] = ("bot", "cogs")

    def report(self, sources: Iterable[Source]) -> str:
        """Return every breach with the rule and the mend; empty where the rule is kept."""
        breaches = [f"{source.file}:{line}: {found}" for source in sources for line, found in self.find(source)]
        if not breaches:
            return ""
        return "\n".join([f"The rule: {self.says}", *breaches, f"What to do: {self.mend}"])
