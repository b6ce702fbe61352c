"""What a report says first: counts, examples, reasons, and what it does to members."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Final

from bot.domain.draft import Problem
from bot.domain.entry import NOUNS, SHELF_OF
from bot.domain.plan_row import Plan, Row, Verdict
from bot.services.content import Report
from bot.ui.content_part import Part, rows_in
from bot.ui.content_row import names_of, problem_text
from bot.ui.text import clip, listed, plural, safe

EXAMPLES: Final = 3
REASONS: Final = 4
LINES_NAMED: Final = 6


def overview(report: Report, *, rest: bool) -> str:
    """Return what a report says first.

    Args:
        report: what loading would do.
        rest: whether everything of the kind that the file does not hold would be retired.
    """
    planned, noun = report.plan, NOUNS[report.draft.kind]
    lines: list[str] = []
    if rest:
        count = plural(planned.count(Verdict.RETIRED), *noun)
        lines += [f"**This retires {count} that the file does not hold.** They can be brought back.", ""]
    lines.append(" · ".join(f"**{planned.count(one):,}** {one}" for one in Verdict if planned.count(one)))
    if not planned.changes:
        lines.append(_nothing(planned))
    lines += _examples(planned)
    bad = planned.of(Verdict.BAD)
    if bad:
        lines += ["", "**Can't be used**", *reasons(bad)]
    if near := rows_in(planned, Part.NEAR):
        lines += ["", *_near_lines(near)]
    if report.members:
        lines += ["", f"{plural(report.members, 'member')} worked on what is retired; they keep it in their history."]
    notes = [*planned.notes, *report.draft.notes, *(problem_text(one) for one in report.draft.problems[:REASONS])]
    notes += _notes(planned)
    lines += ["", *notes, f"Read as {report.draft.format}{_columns(report)}."]
    return "\n".join(lines)


def _nothing(planned: Plan) -> str:
    if planned.count(Verdict.SAME) and not planned.count(Verdict.BAD):
        return "Nothing would change: all of it is here already."
    return "Nothing here can be applied." if not planned.count(Verdict.SAME) else "Nothing would change."


def _examples(planned: Plan) -> list[str]:
    lines: list[str] = []
    for verdict in (Verdict.NEW, Verdict.CHANGED, Verdict.RETIRED):
        found = [row for row in planned.of(verdict) if row.kind not in SHELF_OF.values()]
        if found:
            names = [f"*{safe(clip(name, 60))}*" for name in names_of(found[:EXAMPLES])]
            more = [f"{len(found) - EXAMPLES:,} more"] if len(found) > EXAMPLES else []
            lines.append(f"{verdict.capitalize()}: {listed([*names, *more])}")
    shelves = [row for row in planned.of(Verdict.NEW) if row.kind in SHELF_OF.values()]
    if shelves:
        lines.append(f"They bring {plural(len(shelves), *NOUNS[shelves[0].kind])} along.")
    return lines


def reasons(bad: tuple[Row, ...]) -> list[str]:
    """Return why entries can't be used, alike ones together with their lines, the most frequent first."""
    every = [problem for row in bad for problem in row.problems]
    found = Counter((one.key, one.found) for one in every)
    expected = Counter((one.key, one.expected) for one in every)
    alike: defaultdict[tuple[str, str], list[Problem]] = defaultdict(list)
    for one in every:
        of_found = found[one.key, one.found] > expected[one.key, one.expected]
        alike[one.key, one.found if of_found else one.expected].append(one)
    groups = sorted(alike.values(), key=len, reverse=True)
    lines = [_reason(some) for some in groups[:REASONS]]
    if len(groups) > REASONS:
        lines.append(f"and {plural(len(groups) - REASONS, 'other reason')}; choose the part above.")
    return lines


def _reason(some: list[Problem]) -> str:
    if len(some) == 1:
        return f"✗ {problem_text(some[0])}"
    first = some[0]
    where = [f"{one.line}" for one in some[:LINES_NAMED]]
    if len(some) > LINES_NAMED:
        where.append(f"{len(some) - LINES_NAMED:,} more")
    key = f"`{first.key}`: " if first.key else ""
    told = problem_text(first).partition(": ")[2].removesuffix(".")
    such = "" if len({(one.found, one.expected) for one in some}) == 1 else ", for one"
    return f"✗ lines {listed(where)}: {key}{told}{such}."


def _near_lines(near: list[Row]) -> list[str]:
    first = near[0]
    one = f"*{safe(clip(first.title, 80))}* ≈ *{safe(clip(first.near[0].title, 80))}*"
    more = f", and {len(near) - 1:,} more" if len(near) > 1 else ""
    return [f"**The same entry?** {one}{more}. What you leave open is added as new."]


def _notes(planned: Plan) -> list[str]:
    noted = rows_in(planned, Part.NOTES)
    return [f"{plural(len(noted), 'entry', 'entries')} worth a look: {noted[0].notes[0]}"] if noted else []


def _columns(report: Report) -> str:
    table = report.draft.table
    if table is None:
        return ""
    pairs = [(name, key) for name, key in zip(table.columns, table.taken, strict=False) if key]
    taken = [f"`{key}`" if name == key else f"{safe(name)} as `{key}`" for name, key in pairs]
    guessed = "" if table.sure else ", its columns guessed"
    return f"{guessed}: {clip(listed(taken), 400)}"
