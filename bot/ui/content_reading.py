"""The page on which a moderator says how a file is meant: what its entries are, and what a table's columns hold."""

from __future__ import annotations

from typing import Final

import discord

from bot.domain.draft import Table
from bot.domain.entry import LOADABLE, flat_keys
from bot.services.content import Report
from bot.ui.components import Component, ComponentId, button, menu, option, rows
from bot.ui.content import ReportPage, title_of_report
from bot.ui.content_part import Part
from bot.ui.content_row import KIND_NAMES, page_of, plain
from bot.ui.reply import Reply
from bot.ui.text import PLAIN, clip, safe

LEFT_OUT: Final = "-"
"""A menu's value may not be empty."""
AT_ONCE: Final = 3
"""Menus of columns on a page; five rows are all that a message has."""


class KindMenu(ComponentId, code="qk"):
    """The menu of what a file's entries are."""

    number: int


class ColumnMenu(ComponentId, code="qc"):
    """The menu of what one column holds."""

    number: int
    column: int


class HeaderPress(ComponentId, code="h1"):
    """Say whether a table's first line holds names, or is an entry like the others."""

    number: int
    header: int


class ReadingPage(ComponentId, code="qg"):
    """Turn to other columns."""

    number: int
    page: int


def reading_page(report: Report, page: int = 0, notice: str | None = None) -> Reply:
    """Return the page.

    Args:
        report: of the file as it was read last.
        page: which columns, from 0.
        notice: a first line.
    """
    number, table, kind = report.number, report.draft.table, report.draft.kind
    embed = discord.Embed(title=title_of_report(report), color=PLAIN)
    kinds = [option(KIND_NAMES[one], one, ticked=one is kind) for one in LOADABLE]
    menus: list[list[Component]] = [[menu("What the entries are", KindMenu(number=number), kinds)]]
    back = button("Back to the report", ReportPage(number=number, part=Part.ALL, page=0, rest=0))
    if table is None:
        embed.description = "What are the entries of this file? The file is read again as soon as you choose."
        return Reply(notice, embed, rows(*menus, [back]))
    at = page_of(len(table.columns), AT_ONCE, page)
    embed.description = clip(
        "What does each column hold? The file is read again as soon as you choose; nothing is loaded by that.\n\n"
        + "\n".join(_column_line(table, i) for i in range(len(table.columns))),
        4000,
    )
    embed.set_footer(text=f"Columns {at.position}")
    menus += [[_column_menu(report, table, column)] for column in range(at.first, at.last)]
    first = "The first line is an entry" if table.header else "The first line holds names"
    back_row = [back, button(first, HeaderPress(number=number, header=int(not table.header)))]
    nav = [button("Previous columns", ReadingPage(number=number, page=at.number - 1))] if at.number else []
    if at.number + 1 < at.pages:
        nav.append(button("Next columns", ReadingPage(number=number, page=at.number + 1)))
    return Reply(notice, embed, rows(*menus, [*back_row, *nav]))


def columns_with(report: Report, column: int, key: str) -> tuple[str, ...]:
    """Return a table's columns after one was said to hold ``key``; a column that held it takes the other's place."""
    table = report.draft.table
    taken = list(table.taken) if table is not None else []
    chosen = "" if key == LEFT_OUT else key
    if chosen and chosen in taken and column < len(taken):
        taken[taken.index(chosen)] = taken[column]
    return tuple(chosen if i == column else one for i, one in enumerate(taken))


def page_with(column: int) -> int:
    """Return the page on which a column stands."""
    return column // AT_ONCE


def _column_line(table: Table, column: int) -> str:
    sample = plain(table.sample[column]) if column < len(table.sample) else ""
    key = table.taken[column] if column < len(table.taken) else ""
    holds = f"`{key}`" if key else "left out"
    such = f" · such as *{safe(clip(sample, 60))}*" if sample else ""
    return f"**{safe(table.columns[column])}** · {holds}{such}"


def _column_menu(report: Report, table: Table, column: int) -> Component:
    taken = table.taken[column] if column < len(table.taken) else ""
    choices = [option("Leave it out", LEFT_OUT, ticked=not taken)]
    choices += [option(key, key, ticked=key == taken) for key in flat_keys(report.draft.kind)[:24]]
    return menu(f"{clip(table.columns[column], 60)} holds", ColumnMenu(number=report.number, column=column), choices)
