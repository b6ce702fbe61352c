"""The report of ``/content load``: what was understood, what it would do, and the buttons that decide."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import discord

from bot.domain.draft import Format
from bot.domain.entry import NOUNS, SHELF_OF, Kind
from bot.domain.marks import safe_title
from bot.domain.plan_row import Plan, Row, Verdict
from bot.services.content import Report
from bot.ui.components import Component, ComponentId, Style, button, menu, option, rows
from bot.ui.content_overview import overview
from bot.ui.content_part import PART_NAMES, Part, rows_in
from bot.ui.content_row import KIND_NAMES, Page, heading, jumps, names_of, page_of, row_text
from bot.ui.reply import Reply
from bot.ui.text import PLAIN, TROUBLE, clip, plural, safe

READING: Final = "reading"
"""The choice in the menu of parts that leads to how the file was read."""
LONG: Final = 10
"""From so many entries that are not the same, the whole report is offered as a file."""
SIZES: Final = {"new": 10, "same": 10, "retired": 10, "changed": 4, "bad": 5, "notes": 5, "near": 1}
WAITS: Final = "Nothing changes before you press Apply. The file waits for two days."
NOTHING_TO_APPLY: Final = "Nothing was changed. Mend the file and attach it again, or leave it at that."
MOST: Final = {1: 3000, 4: 900, 5: 740, 10: 370}
"""Characters of one entry, by how many stand on a page: an embed's description holds 4,096."""


class LoadVerb(StrEnum):
    """What a report's buttons do. ``REPLACE`` asks; ``REPLACED`` is the second word."""

    APPLY = "apply"
    GOOD = "good"
    CANCEL = "cancel"
    WHOLE = "whole"
    REPLACE = "replace"
    REPLACED = "replaced"


class LoadPress(ComponentId, code="ql"):
    """A button of a report; ``seen`` is the version of the content that it was made of."""

    number: int
    seen: int
    verb: LoadVerb


class ReportPage(ComponentId, code="qp"):
    """Turn to a page of a part; ``rest`` is 1 where everything else of the kind would be retired."""

    number: int
    part: Part
    page: int
    rest: int


class ReportParts(ComponentId, code="qm"):
    """The menu of a report's parts."""

    number: int
    rest: int


class ReportJump(ComponentId, code="qj"):
    """The menu of a part's pages."""

    number: int
    part: Part
    rest: int


class NearPress(ComponentId, code="qn"):
    """Say which entry is meant; ``entry`` is ``DIFFERENT`` for none of them."""

    number: int
    place: int
    entry: str


class OpenReading(ComponentId, code="qe"):
    """Open the page on which one says how the file is meant."""

    number: int


DIFFERENT: Final = "-"
"""No id: ids hold letters."""


def title_of_report(report: Report) -> str:
    """Return the title of every page of a report: ``notes.md · FAQ · 168 questions read``."""
    entries = [one for one in report.draft.entries if one.kind not in SHELF_OF.values()]
    count = plural(len(entries), *NOUNS[report.draft.kind])
    return clip(f"{safe_title(report.file_name)} · {KIND_NAMES[report.draft.kind]} · {count} read", 250)


def report_page(
    report: Report, part: Part = Part.ALL, page: int = 0, *, rest: bool = False, notice: str | None = None
) -> Reply:
    """Return a page of a report.

    Args:
        report: what loading would do.
        part: which part.
        page: which page of it, from 0; the nearest there is.
        rest: whether everything of the kind that the file does not hold would be retired.
        notice: a first line that says what was just done.
    """
    found = rows_in(report.plan, part)
    if not found:
        part = Part.ALL
    embed = discord.Embed(title=title_of_report(report), color=TROUBLE if rest else PLAIN)
    menus: list[list[Component]] = [_parts_menu(report, part, rest=rest)]
    if part is Part.ALL:
        embed.description = clip(overview(report, rest=rest), 4000)
        embed.set_footer(text=WAITS if report.plan.changes else NOTHING_TO_APPLY)
        table = report.draft.table
        if table is not None and not table.sure:
            menus.append([button("Choose the columns", OpenReading(number=report.number), Style.PRIMARY)])
    else:
        size = SIZES[part]
        at = page_of(len(found), size, page)
        shown = found[at.first : at.last]
        embed.description = f"**{PART_NAMES[part]}**\n{_part_text(part, shown, MOST[size])}"
        embed.set_footer(text=at.position)
        menus += _turning(report, part, at, found, rest=rest)
        if part is Part.NEAR:
            menus[-1] = [*_near_buttons(report.number, shown[0]), *menus[-1]]
    menus.append(_actions(report, rest=rest))
    return Reply(notice, embed, rows(*menus))


def _parts_menu(report: Report, chosen: Part, *, rest: bool) -> list[Component]:
    first = option(PART_NAMES[Part.ALL], Part.ALL, "What was understood, and what it does", ticked=chosen is Part.ALL)
    counts = {part: len(rows_in(report.plan, part)) for part in PART_NAMES}
    choices = [
        option(f"{name} ({counts[part]:,})", part, ticked=chosen is part)
        for part, name in PART_NAMES.items()
        if counts[part]
    ]
    if report.draft.format is not Format.APKG:
        choices.append(option("How it was read", READING, "Say that it is of another kind, or what the columns hold"))
    choices.insert(0, first)
    return [menu("Look at a part", ReportParts(number=report.number, rest=int(rest)), choices)]


def _turning(report: Report, part: Part, at: Page, found: list[Row], *, rest: bool) -> list[list[Component]]:
    def turn(label: str, to: int) -> Component:
        return button(label, ReportPage(number=report.number, part=part, page=to, rest=int(rest)))

    nav = [turn("Previous", at.number - 1)] if at.number and part is not Part.NEAR else []
    nav += [turn("Next", at.number + 1)] if at.number + 1 < at.pages else []
    to = ReportJump(number=report.number, part=part, rest=int(rest))
    jump = [menu("Jump to", to, jumps(at, SIZES[part], names_of(found)))] if at.pages > 2 else []
    return [jump, nav]


def _actions(report: Report, *, rest: bool) -> list[Component]:
    def press(label: str, verb: LoadVerb, style: Style = Style.PLAIN) -> Component:
        return button(label, LoadPress(number=report.number, seen=report.version, verb=verb), style)

    planned, noun = report.plan, NOUNS[report.draft.kind][1]
    whole = [press("Whole report", LoadVerb.WHOLE)] if _is_long(planned) else []
    if rest:
        back = button("Keep them", ReportPage(number=report.number, part=Part.ALL, page=0, rest=0))
        sure = f"Retire {planned.count(Verdict.RETIRED):,} and load {_good(planned):,}"
        return [back, press(sure, LoadVerb.REPLACED, Style.DANGER)]
    actions: list[Component] = []
    if planned.changes:
        bad, good = planned.count(Verdict.BAD), _good(planned)
        label, verb = (f"Apply the good {good:,}", LoadVerb.GOOD) if bad else (f"Apply {good:,}", LoadVerb.APPLY)
        label = label if good else "Apply"
        table = report.draft.table
        sure = table is None or table.sure
        actions.append(press(label, verb, Style.PRIMARY if sure else Style.PLAIN))
    actions += [press("Cancel" if planned.changes else "Close", LoadVerb.CANCEL), *whole]
    if any(row.verdict is not Verdict.BAD for row in planned.rows):
        actions.append(press(f"Replace all {noun}", LoadVerb.REPLACE, Style.DANGER))
    return actions


def _good(planned: Plan) -> int:
    return planned.count(Verdict.NEW) + planned.count(Verdict.CHANGED) + planned.count(Verdict.SAME)


def _is_long(planned: Plan) -> bool:
    return sum(1 for row in planned.rows if row.verdict is not Verdict.SAME) > LONG


def _part_text(part: Part, shown: list[Row], most: int) -> str:
    if part is Part.NEAR:
        row = shown[0]
        lines = ["Your file has", f"> {heading(row)}", "and here is already"]
        lines += [f"> **{safe(one.title)}** · {one.score:.0f} % alike" for one in row.near]
        return "\n".join([*lines, "", "Is it the same entry? Then your text takes its place."])
    return "\n".join(row_text(row, most) for row in shown)


def _near_buttons(number: int, row: Row) -> list[Component]:
    same = [
        button(
            f"Same as: {one.title}" if len(row.near) > 1 else "The same",
            NearPress(number=number, place=row.place, entry=one.entry_id),
        )
        for one in row.near
    ]
    return [*same, button("Different", NearPress(number=number, place=row.place, entry=DIFFERENT))]


def kind_named(value: str) -> Kind | None:
    """Return the loadable kind of this name; None where there is none."""
    return next((kind for kind in KIND_NAMES if kind == value and kind not in SHELF_OF.values()), None)
