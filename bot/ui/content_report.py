"""The whole report of a load as a text file, for reading at leisure and for mending the file by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.draft import Problem
from bot.domain.entry import NOUNS
from bot.domain.overlay import RETIRED
from bot.domain.plan_row import Difference, Row, Verdict
from bot.services.content import Report
from bot.ui.content_part import PART_NAMES, Part, rows_in
from bot.ui.content_row import plain
from bot.ui.reply import Document


def whole_report(report: Report) -> Document:
    """Return everything that a report says as a file."""
    return Document("\n".join(_lines(report)).encode("utf-8", "replace"), f"report-{report.number}.txt")


def _lines(report: Report) -> Iterator[str]:
    planned = report.plan
    yield f"{report.file_name}: {NOUNS[report.draft.kind][1]}, read as {report.draft.format}"
    yield ", ".join(f"{planned.count(one)} {one}" for one in Verdict)
    yield from planned.notes
    yield from report.draft.notes
    yield from (_problem(one) for one in report.draft.problems)
    for part, name in PART_NAMES.items():
        found = rows_in(planned, part)
        if found:
            yield from ("", f"{name}: {len(found)}", "")
            yield from _part(part, found)
    yield ""


def _part(part: Part, found: Iterable[Row]) -> Iterator[str]:
    for row in found:
        line = f"line {row.line}: " if row.line else ""
        yield f"- {line}{plain(row.title) or 'an entry without a title'} [{row.entry_id}]"
        match part:
            case Part.BAD:
                yield from (f"    {_problem(one)}" for one in row.problems)
            case Part.CHANGED:
                yield from (line for one in row.differences for line in _difference(one))
            case Part.NEAR:
                yield from (f"    {one.score:.0f} % like: {plain(one.title)} [{one.entry_id}]" for one in row.near)
            case Part.NOTES:
                yield from (f"    {note}" for note in row.notes)
            case _:
                pass


def _problem(problem: Problem) -> str:
    return problem.sentence.replace("*", '"')


def _difference(one: Difference) -> Iterator[str]:
    if one.field == RETIRED:
        yield "    was retired, comes back"
        return
    yield f"    {one.field}"
    yield f"      before: {plain(one.before) or 'nothing'}"
    yield f"      after:  {plain(one.after) or 'nothing'}"
