"""Entries of a load as lines: what is new, which fields differ, what can't be used and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

from bot.domain.draft import Problem
from bot.domain.entry import Json, Kind
from bot.domain.frozen import frozen
from bot.domain.overlay import RETIRED, WHOLE, Conflict
from bot.domain.plan_row import Difference, Row, Verdict
from bot.ui.components import Component, option
from bot.ui.text import clip, safe

KIND_NAMES: Final = {
    Kind.FAQ: "FAQ",
    Kind.PROMPT: "Practice prompts",
    Kind.CARD: "Review cards",
    Kind.RESOURCE: "Resources",
    Kind.TOPIC: "Roadmap",
    Kind.CATEGORY: "FAQ categories",
    Kind.STAGE: "Stages",
}
SIGNS: Final = {
    Verdict.NEW: "+",
    Verdict.CHANGED: "~",
    Verdict.SAME: "=",
    Verdict.RETIRED: "–",
    Verdict.BAD: "✗",
}
"""Beside the word everywhere, so that a list is read at a glance."""
DIFFERENCES: Final = 4
"""Fields of one entry that a page shows; the rest is counted."""
PROBLEMS: Final = 3
CONTEXT: Final = 24
"""Characters kept before the place where two long texts part."""
JUMPS: Final = 25
"""Options of a Discord menu."""


@frozen
class Page:
    """One page of a list.

    Attributes:
        number: which page, from 0.
        pages: how many there are, one at least.
        first: the place of its first entry, from 0.
        last: the place after its last one.
        total: how many entries there are.
    """

    number: int
    pages: int
    first: int
    last: int
    total: int

    @property
    def position(self) -> str:
        """Where one is: ``11–20 of 87``."""
        return f"{self.first + 1}–{self.last} of {self.total:,}"


def page_of(total: int, size: int, wanted: int) -> Page:
    """Return the page nearest to the one that was wanted; lists grow shorter while a page stands open."""
    pages = max(1, -(-total // size))
    number = min(max(wanted, 0), pages - 1)
    return Page(number, pages, number * size, min(total, (number + 1) * size), total)


def jumps(page: Page, size: int, names: Sequence[str]) -> list[Component]:
    """Return the options of a menu that leads to any page, or to evenly spread ones where there are more than 25."""
    step = -(-page.pages // JUMPS)
    starts = range(0, page.pages, step)
    return [
        option(f"From {number * size + 1:,}", str(number), names[number * size], ticked=number == page.number)
        for number in starts
    ]


def row_text(row: Row, most: int) -> str:
    """Return an entry as one block of lines, at most so many characters."""
    lines = [f"{SIGNS[row.verdict]} {heading(row)}"]
    lines += [f"  {problem_text(one, beside=row.line)}" for one in row.problems[:PROBLEMS]]
    lines += [_more(len(row.problems) - PROBLEMS, "fault")] if len(row.problems) > PROBLEMS else []
    lines += [f"  {difference_text(one)}" for one in row.differences[:DIFFERENCES]]
    lines += [_more(len(row.differences) - DIFFERENCES, "field")] if len(row.differences) > DIFFERENCES else []
    lines += [f"  {note}" for note in row.notes]
    return clip("\n".join(lines), most)


def heading(row: Row) -> str:
    """Return an entry's title, with its line where it stands in a file."""
    title = f"**{safe(clip(_flat(row.title), 110))}**" if row.title else "*an entry without a title*"
    where = f" · line {row.line}" if row.line else ""
    shelf = f" ({KIND_NAMES[row.kind]})" if row.kind in {Kind.CATEGORY, Kind.STAGE} else ""
    return f"{title}{shelf}{where}"


def problem_text(problem: Problem, beside: int = -1) -> str:
    """Return a fault on one line. What is quoted in it comes from a stranger's file.

    Args:
        problem: the fault.
        beside: the line that is named already where this stands.
    """
    where = f"Line {problem.line}" if problem.line else "The file"
    key = f"`{_code(problem.key)}`" if problem.key else ""
    places = [one for one in (where if problem.line != beside else "", key) if one]
    told = f"found {_quoted(problem.found)}, expected {_quoted(problem.expected)}."
    return f"{', '.join(places)}: {told}" if places else f"{told[0].upper()}{told[1:]}"


def difference_text(one: Difference) -> str:
    """Return a field before and after; long texts are cut to where they part."""
    if one.field == RETIRED:
        return "It was retired; it comes back."
    before, after = apart(plain(one.before), plain(one.after))
    return f"`{_code(one.field)}`: {_shown(before)} → {_shown(after)}"


def conflict_text(one: Conflict, most: int) -> str:
    """Return what a rollback leaves as it is, because it was changed again."""
    name = {RETIRED: "being retired", WHOLE: "the entry"}.get(one.field, f"`{_code(one.field)}`")
    ours, theirs = apart(plain(one.ours), plain(one.theirs))
    first = f"! **{safe(one.entry_id)}**, {name}: changed again since."
    return clip(f"{first}\n  Stays {_shown(ours)}; this load put {_shown(theirs)}", most)


def plain(value: Json) -> str:
    """Return a field's value as one line of plain text; empty where there is none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _flat(value)
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return _flat(" | ".join(str(one) for one in value))
    return _flat(json.dumps(value, ensure_ascii=False))


def apart(before: str, after: str, most: int = 70) -> tuple[str, str]:
    """Return two texts cut to the part in which they differ, with a little of what stands before it."""
    if len(before) <= most and len(after) <= most:
        return before, after
    same = next(
        (i for i, (one, other) in enumerate(zip(before, after, strict=False)) if one != other),
        min(len(before), len(after)),
    )
    start = max(0, same - CONTEXT)
    if start:
        start = before.find(" ", start, same) + 1 or start
    lead = "…" if start else ""
    return _cut(lead, before[start:], most), _cut(lead, after[start:], most)


def names_of(rows: Iterable[Row]) -> list[str]:
    """Return the titles of entries as options of a menu show them."""
    return [_flat(row.title) or "an entry without a title" for row in rows]


def _cut(lead: str, text: str, most: int) -> str:
    return f"{lead}{clip(text, most)}" if text else ""


def _shown(text: str) -> str:
    return f"*{safe(text)}*" if text else "nothing"


def _quoted(text: str) -> str:
    """Return words about a file; what stands between asterisks is the file's own."""
    if len(text) > 2 and text.startswith("*") and text.endswith("*"):
        return f"*{safe(text[1:-1])}*"
    return safe(text)


def _code(text: str) -> str:
    return clip(text.replace("`", "'"), 60)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _more(count: int, noun: str) -> str:
    return f"  and {count} more {noun}{'' if count == 1 else 's'}"
