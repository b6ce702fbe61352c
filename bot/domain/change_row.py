"""What changes of patches mean to people: the entry as it was, as it is after, and the fields that differ."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.entry import Fields, title_of
from bot.domain.overlay import RETIRED, Patch, PatchChange, Shipped, effective
from bot.domain.plan_row import Difference, Row, Verdict


def rows_of(shipped: Shipped, changes: Iterable[PatchChange]) -> tuple[Row, ...]:
    """Return a row for each change: what it adds, changes, takes out or brings back.

    Args:
        shipped: the pack's entries, as they are now.
        changes: of a load, or of what takes one back.
    """
    return tuple(_row(shipped, change) for change in changes)


def _row(shipped: Shipped, change: PatchChange) -> Row:
    kind, entry_id = change.key
    base = shipped[kind].get(entry_id)
    was, now = (effective(base, patch, retired=True) for patch in (change.before, change.after))
    gone, back = _retired(change.before), _retired(change.after)
    title = title_of(kind, now or was or {}) or entry_id
    if was is None:
        return Row(Verdict.NEW, kind, entry_id, title)
    if now is None or (back and not gone):
        return Row(Verdict.RETIRED, kind, entry_id, title)
    differences = [*([Difference(RETIRED, before=True, after=False)] if gone and not back else []), *_apart(was, now)]
    return Row(Verdict.CHANGED, kind, entry_id, title, differences=tuple(differences))


def _retired(patch: Patch | None) -> bool:
    return patch is not None and patch.retired


def _apart(was: Fields, now: Fields) -> list[Difference]:
    return [
        Difference(key, was.get(key), now.get(key))
        for key in dict.fromkeys([*was, *now])
        if was.get(key) != now.get(key)
    ]
