"""A file as a moderator would load it into a fresh server, in a line of a table."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

from bot.domain.draft import FileRequest
from bot.domain.entry import SHELF_OF
from bot.domain.overlay import Content
from bot.domain.own_pack import ShippedEntries
from bot.domain.plan import plan
from bot.domain.plan_row import Row, Verdict
from bot.packs.content_files import ContentFiles
from bot.packs.load import load_pack


async def tried(name: str, data: bytes, folder: Path) -> tuple[str, str, str, str, str]:
    """Return what loading a file over the pack in ``folder`` would do: kind, format, entries, bad ones, and why.

    Raises:
        UnusableFileError: where the file can't be used.
    """
    draft = await ContentFiles().read(FileRequest(name, data))
    planned = plan(draft, _fresh(folder))
    rows = [row for row in planned.rows if row.kind not in SHELF_OF.values()]
    bad = [row for row in rows if row.verdict is Verdict.BAD]
    reasons = Counter(reason for row in bad for reason in _reasons(row))
    why = "; ".join(f"{count} x {reason}" for reason, count in reasons.most_common(4))
    return draft.kind, draft.format, str(len(rows)), str(len(bad)), why


def _reasons(row: Row) -> set[str]:
    """Return the reasons of one bad entry, without the figures in which they differ."""
    return {
        f"too long: {one.expected} in `{one.key}`" if one.found.endswith(" characters") else one.found
        for one in row.problems
    }


@cache
def _fresh(folder: Path) -> Content:
    return Content(ShippedEntries(load_pack(folder)), {})
