"""The page of ``/content export``: what to take, in which form, and templates to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import discord

from bot.domain.draft import Format
from bot.domain.entry import LOADABLE, NOUNS, Kind
from bot.ui.components import ComponentId, Style, button, menu, option, rows
from bot.ui.content_row import KIND_NAMES
from bot.ui.reply import Document, Reply
from bot.ui.text import PLAIN

AT_ONCE: Final = 10
"""Files that one message takes."""


class Written(StrEnum):
    """How an export is written."""

    YAML = "yaml"
    CSV = "csv"
    MARKDOWN = "md"


FORMATS: Final = {Written.YAML: Format.YAML, Written.CSV: Format.TABLE, Written.MARKDOWN: Format.MARKDOWN}
FORMAT_NAMES: Final = {
    Written.YAML: ("YAML", "Holds everything; loads back to exactly the same"),
    Written.CSV: ("CSV table", "For a spreadsheet"),
    Written.MARKDOWN: ("Markdown", "Questions and answers to read; FAQ and prompts only"),
}
KIND_TELLS: Final = {
    Kind.FAQ: "Questions and answers, with their categories",
    Kind.PROMPT: "What daily posts ask",
    Kind.CARD: "Questions for reviewing",
    Kind.RESOURCE: "Things to learn from, with their addresses",
    Kind.TOPIC: "Topics, with their stages",
}


class ExportKindMenu(ComponentId, code="qv"):
    """The menu of kinds; the form chosen so far stays."""

    written: Written


class ExportFormMenu(ComponentId, code="qf"):
    """The menu of forms; the kind chosen so far stays."""

    kind: Kind


class ExportPress(ComponentId, code="qx"):
    """Attach the files from one place on."""

    kind: Kind
    written: Written
    start: int


class TemplatePress(ComponentId, code="qw"):
    """Attach a template."""

    kind: Kind
    written: Written


def export_page(
    kind: Kind, written: Written, notice: str | None = None, documents: Sequence[Document] = (), *, left: int = 0
) -> Reply:
    """Return the page.

    Args:
        kind: what is chosen.
        written: in which form.
        notice: a first line that says what is attached.
        documents: the files; the first ten are attached.
        left: where in the export the files that are left begin; 0 for none.
    """
    embed = discord.Embed(title=f"Take out: {KIND_NAMES[kind]} as {FORMAT_NAMES[written][0]}", color=PLAIN)
    embed.description = (
        "**Export** attaches what this server has: what came with Syllabot, with everything that was loaded or edited "
        "here. Change the file and load it again: only what differs changes.\n"
        "**Template** attaches a small example to begin with."
    )
    kinds = [option(KIND_NAMES[one], one, KIND_TELLS[one], ticked=one is kind) for one in LOADABLE]
    forms = [option(*_form(one), ticked=one is written) for one in Written]
    take = button("Export", ExportPress(kind=kind, written=written, start=0), Style.PRIMARY)
    rest = [button("Next files", ExportPress(kind=kind, written=written, start=left))] if left else []
    return Reply(
        notice,
        embed,
        rows(
            [menu("What", ExportKindMenu(written=written), kinds)],
            [menu("In which form", ExportFormMenu(kind=kind), forms)],
            [take, button("Template", TemplatePress(kind=kind, written=written)), *rest],
        ),
        documents=tuple(documents[:AT_ONCE]),
    )


def exported(kind: Kind, written: Written, files: Sequence[bytes], start: int = 0) -> Reply:
    """Return the page with the files of an export, those from ``start`` on."""
    many = len(files) > 1
    names = [f"{kind}-{i}.{written}" if many else f"{kind}.{written}" for i in range(1, len(files) + 1)]
    documents = [Document(data, name) for data, name in zip(files, names, strict=True)][start : start + AT_ONCE]
    left = start + AT_ONCE if start + AT_ONCE < len(files) else 0
    told = f"{KIND_NAMES[kind]} of this server: {names[0]}"
    if many:
        told = f"{KIND_NAMES[kind]} of this server, files {start + 1}–{start + len(documents)} of {len(files)}"
    return export_page(kind, written, f"{told}. Loaded again unchanged, it changes nothing.", documents, left=left)


def with_template(kind: Kind, written: Written, data: bytes) -> Reply:
    """Return the page with a template."""
    notice = f"A template for {NOUNS[kind][1]}. Change it, then attach it to /content load."
    return export_page(kind, written, notice, [Document(data, f"template-{kind}.{written}")])


def _form(written: Written) -> tuple[str, str, str]:
    name, tells = FORMAT_NAMES[written]
    return name, written, tells
