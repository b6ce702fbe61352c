"""The pages of ``/content history``: the loads, one of them, and what rolling it back would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import discord

from bot.domain.entry import SHELF_OF
from bot.domain.marks import safe_title
from bot.domain.overlay import RETIRED
from bot.domain.plan_row import Row, Verdict
from bot.services.content_history import Applied, Load, Rollback
from bot.ui.components import Component, ComponentId, Style, button, menu, option, rows
from bot.ui.content_row import KIND_NAMES, conflict_text, page_of, row_text
from bot.ui.reply import Reply
from bot.ui.text import PLAIN, TROUBLE, clip, full_time, person, plural, relative, safe

LISTED: Final = 10
ON_A_PAGE: Final = 5
MOST: Final = 680
ACTS: Final = {
    "load": "loaded",
    "replace": "replaced everything with",
    "edit": "edited",
    "retire": "retired",
    "restore": "restored",
    "rollback": "rolled back",
    "settle": "settled",
}
"""What each act is called after who did it; an act that is not here is called by its own name."""


class HistoryPage(ComponentId, code="qh"):
    """Turn to the loads before a number; 0 for the newest."""

    before: int


class LoadMenu(ComponentId, code="qo"):
    """The menu of the loads on a page."""


class LoadPage(ComponentId, code="qi"):
    """Open one load at a page of what it changed."""

    number: int
    page: int


class AskRollback(ComponentId, code="qb"):
    """Show what rolling back a load would do, at a page of it."""

    number: int
    page: int


class RollBack(ComponentId, code="qu"):
    """Roll back a load; ``seen`` is the version of the content for which it was shown."""

    number: int
    seen: int


class OpenConflicts(ComponentId, code="qs"):
    """Open what both an upgrade and the server changed, at one of them."""

    index: int


def history_page(loads: Sequence[Load], newest: int, conflicts: int, notice: str | None = None) -> Reply:
    """Return the loads of a server.

    Args:
        loads: those on the page, the newest first.
        newest: the number of the newest load; 0 where there is none.
        conflicts: how many fields both the server and an upgrade of the pack changed.
        notice: a first line that says what was just done.
    """
    embed = discord.Embed(title="What changed the content here", color=PLAIN)
    upgrade = [button(f"Upgrade conflicts ({conflicts})", OpenConflicts(index=0))] if conflicts else []
    if not loads:
        embed.description = (
            "Nothing was loaded or edited yet: this server has the content that came with Syllabot. "
            "Begin with /content load, or take a template from /content export."
        )
        return Reply(notice, embed, rows(upgrade))
    embed.description = clip("\n".join(load_line(one) for one in loads), 4000)
    embed.set_footer(text=f"{newest - loads[0].number + 1}–{newest - loads[-1].number + 1} of {newest}, newest first")
    choices = [
        option(f"{one.number}. {_what(one)}", str(one.number), f"{KIND_NAMES[one.kind]}: {one.summary}")
        for one in loads
    ]
    return Reply(
        notice,
        embed,
        rows([menu("Open one", LoadMenu(), choices)], _nav(loads, newest), upgrade),
    )


def _nav(loads: Sequence[Load], newest: int) -> list[Component]:
    """Return the buttons to other pages, each place once."""
    at = 0 if loads[0].number == newest else loads[0].number + 1
    older, oldest = loads[-1].number, 1 + min(LISTED, newest)
    newer = loads[0].number + 1 + LISTED
    wanted = {"Newest": 0, "Newer": 0 if newer > newest else newer}
    if older > 1:
        wanted |= {"Older": older, "Oldest": oldest}
    places: dict[int, str] = {}
    for label in ("Newer", "Older", "Newest", "Oldest"):
        place = wanted.get(label, at)
        if place != at:
            places.setdefault(place, label)
    return [button(label, HistoryPage(before=place)) for place, label in places.items()]


def load_line(one: Load) -> str:
    """Return a load on one line: who, when, what."""
    undone = f" · rolled back by {one.undone_by}" if one.undone_by else ""
    what = f"{KIND_NAMES[one.kind]}: {safe(one.summary)}{undone}"
    return f"**{one.number}** · {relative(one.at)} · {person(one.actor_id)} {safe(_what(one))} · {what}"


def load_page(one: Load, changed: Sequence[Row], page: int, notice: str | None = None) -> Reply:
    """Return one load with what it changed."""
    embed = discord.Embed(title=clip(f"Load {one.number}: {safe_title(_what(one))}", 250), color=PLAIN)
    at = page_of(len(changed), ON_A_PAGE, page)
    head = f"{person(one.actor_id)} · {full_time(one.at)}\n{KIND_NAMES[one.kind]}: {safe(one.summary)}"
    if one.undone_by:
        head += f"\nRolled back by load {one.undone_by}."
    blocks = [row_text(row, MOST) for row in changed[at.first : at.last]]
    embed.description = clip("\n".join([head, "", *blocks]), 4000)
    if changed:
        embed.set_footer(text=at.position)
    back = button("All loads", HistoryPage(before=0))
    undo = [] if one.undone_by else [button("Roll back", AskRollback(number=one.number, page=0), Style.DANGER)]
    nav = _pages(at.number, at.pages, lambda to: LoadPage(number=one.number, page=to))
    return Reply(notice, embed, rows(nav, [back, *undo]))


def rollback_page(what: Rollback, page: int, notice: str | None = None) -> Reply:
    """Return what rolling back a load would do, the conflicts first, and the button that does it."""
    number = what.load.number
    embed = discord.Embed(title=f"Roll back load {number}?", color=TROUBLE)
    count = sum(1 for row in what.rows if row.kind not in SHELF_OF.values())
    head = [f"*{safe(_what(what.load))}* by {person(what.load.actor_id)}, {relative(what.load.at)}."]
    nothing = "Nothing of it is left to take back."
    head.append(f"Of its entries {_counts(what.rows)}. What came after it stays." if what.rows else nothing)
    if what.conflicts:
        fields = plural(len(what.conflicts), "field")
        head.append(f"**{fields} changed again since and stay as they are:**")
    blocks = [conflict_text(one, MOST) for one in what.conflicts] + [row_text(row, MOST) for row in what.rows]
    at = page_of(len(blocks), ON_A_PAGE, page)
    embed.description = clip("\n".join([*head, "", *blocks[at.first : at.last]]), 4000)
    if blocks:
        embed.set_footer(text=f"{at.position}. Nobody's progress is touched, and this can be rolled back, too.")
    nav = _pages(at.number, at.pages, lambda to: AskRollback(number=number, page=to))
    keep = button("Leave it", LoadPage(number=number, page=0))
    label = f"Roll back {plural(count or len(what.rows), 'entry', 'entries')}"
    sure = [button(label, RollBack(number=number, seen=what.version), Style.DANGER)] if what.rows else []
    return Reply(notice, embed, rows(nav, [keep, *sure]))


def rolled_back(applied: Applied, number: int) -> str:
    """Return what a rollback did, in one line."""
    if applied.number is None:
        return f"Nothing of load {number} was left to take back."
    if not applied.changed:
        return f"Load {number} was rolled back already, by load {applied.number}."
    stays = f" {plural(len(applied.conflicts), 'field')} changed since stayed." if applied.conflicts else ""
    return f"Load {number} is rolled back: {plural(applied.changed, 'entry', 'entries')} as before.{stays}"


def _counts(changed: Sequence[Row]) -> str:
    back = [row for row in changed if row.verdict is Verdict.NEW or _was_retired(row)]
    gone = [row for row in changed if row.verdict is Verdict.RETIRED]
    counts = {"come back": len(back), "change back": len(changed) - len(back) - len(gone), "go": len(gone)}
    return " · ".join(f"{count:,} {verb if count > 1 else _one(verb)}" for verb, count in counts.items() if count)


def _one(verb: str) -> str:
    """Return a verb as one thing does it: ``comes back``, ``goes``."""
    first, space, rest = verb.partition(" ")
    return f"{first}{'es' if first.endswith('o') else 's'}{space}{rest}"


def _was_retired(row: Row) -> bool:
    return any(one.field == RETIRED for one in row.differences)


def _pages(number: int, pages: int, to: Callable[[int], ComponentId]) -> list[Component]:
    nav = [button("Previous", to(number - 1))] if number else []
    return [*nav, button("Next", to(number + 1))] if number + 1 < pages else nav


def _what(one: Load) -> str:
    act = ACTS.get(one.act, one.act)
    if one.undoes is not None:
        return f"{act} load {one.undoes}"
    return f"{act} {one.file_name}".strip()
