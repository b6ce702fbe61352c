"""What a server changed about the shipped pack: added, changed field by field, retired; and how loads are taken back.

The shipped pack stays as it is. A server's patches lie over it, and an upgrade of the pack comes through in every
field that the server left alone. Where both changed a field the server's value stands, and the conflict is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, Self, TypeAlias

from bot.domain.entry import KEYS, Fields, Json, Kind, as_json
from bot.domain.frozen import frozen

Key: TypeAlias = tuple[Kind, str]
Shipped: TypeAlias = Mapping[Kind, Mapping[str, Fields]]
Patches: TypeAlias = Mapping[Key, "Patch"]

RETIRED: Final = "(retired)"
"""Stands for the whole entry's being retired where keys are named."""
WHOLE: Final = "(the entry)"
"""Stands for the whole entry where keys are named."""


@frozen
class Patch:
    """What a server says of one entry.

    Attributes:
        now: the values of the fields it changed; None where it took one out. Of an entry it added, all fields.
        was: the shipped values of those fields when they were changed, absent where the pack had none; None for an
            entry that the server added.
        retired: whether it took the entry out.
    """

    now: Fields
    was: Fields | None
    retired: bool = False

    @property
    def added(self) -> bool:
        """Whether the server added the entry."""
        return self.was is None

    def to_json(self) -> str:
        """Return the patch as text, the same for the same patch."""
        return as_json(
            {"now": dict(self.now), "was": None if self.was is None else dict(self.was), "out": self.retired}
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the patch that ``to_json`` wrote."""
        data: dict[str, Any] = json.loads(text)
        return cls(data["now"], data["was"], data["out"])


@frozen
class Content:
    """A server's content: the shipped entries in their canonical form, and its patches over them."""

    shipped: Shipped
    patches: Patches

    def fields(self, kind: Kind, entry_id: str, *, retired: bool = False) -> Fields | None:
        """Return an entry as it stands; None where there is none, or where it is retired unless asked for."""
        return effective(self.shipped[kind].get(entry_id), self.patches.get((kind, entry_id)), retired=retired)

    def live(self, kind: Kind, *, retired: bool = False) -> dict[str, Fields]:
        """Return all entries of a kind as they stand, the shipped ones first; with the retired ones if asked."""
        ids = dict.fromkeys([*self.shipped[kind], *(one for one_kind, one in self.patches if one_kind is kind)])
        found = {entry_id: self.fields(kind, entry_id, retired=retired) for entry_id in ids}
        return {entry_id: fields for entry_id, fields in found.items() if fields is not None}

    def with_patches(self, changes: Mapping[Key, Patch | None]) -> Content:
        """Return the content after these patches were put, or taken away where None."""
        patches = {**self.patches, **changes}
        return Content(self.shipped, {key: patch for key, patch in patches.items() if patch is not None})


@frozen
class Conflict:
    """A field that both the server and an upgrade of the pack changed, or that two loads changed.

    Attributes:
        field: its key, or ``WHOLE``.
        was: the value from which both started.
        ours: the server's; it stands.
        theirs: the other.
    """

    kind: Kind
    entry_id: str
    field: str
    was: Json
    ours: Json
    theirs: Json


def effective(shipped: Fields | None, patch: Patch | None, *, retired: bool = False) -> Fields | None:
    """Return an entry as it stands, from what the pack and what the server say of it; None where there is none."""
    if patch is None:
        return shipped
    if patch.retired and not retired:
        return None
    if patch.was is None:
        return patch.now
    if shipped is None:
        return None
    return without_empty({**shipped, **patch.now})


def without_empty(fields: Fields) -> Fields:
    """Return fields without those that were taken out."""
    return {key: value for key, value in fields.items() if value is not None}


def ordered(kind: Kind, fields: Fields) -> Fields:
    """Return fields in the order in which they are written."""
    return {key: fields[key] for key in KEYS[kind] if key in fields}


def edited(shipped: Fields | None, patch: Patch | None, fields: Fields, *, retired: bool = False) -> Patch | None:
    """Return the patch that leads to these fields; None where the server says nothing that the pack does not.

    A field that the server touched before keeps the value it started from, so that a conflict stays one until it is
    settled.
    """
    if shipped is None or (patch is not None and patch.added):
        return Patch(fields, None, retired)
    touched = [key for key in dict.fromkeys([*shipped, *fields]) if shipped.get(key) != fields.get(key)]
    before = patch or Patch({}, {})
    now = {key: fields.get(key) for key in touched}
    was: dict[str, Json] = {}
    for key in touched:
        start = before.was if before.was is not None and key in before.now and before.now[key] == now[key] else shipped
        if key in start:
            was[key] = start[key]
    return Patch(now, was, retired) if now or retired else None


def conflicts(content: Content) -> Iterator[Conflict]:
    """Yield every field that the server and an upgrade of the pack both changed, to different values."""
    for (kind, entry_id), patch in content.patches.items():
        shipped = content.shipped[kind].get(entry_id)
        if patch.was is None:
            if shipped is not None and not patch.retired:
                for key in KEYS[kind]:
                    if shipped.get(key) != patch.now.get(key):
                        yield Conflict(kind, entry_id, key, None, patch.now.get(key), shipped.get(key))
        elif shipped is None:
            if patch.now:
                yield Conflict(kind, entry_id, WHOLE, None, "changed here", "left out of the pack")
        else:
            for key, ours in patch.now.items():
                theirs = shipped.get(key)
                if theirs not in (patch.was.get(key), ours):
                    yield Conflict(kind, entry_id, key, patch.was.get(key), ours, theirs)


def settled(content: Content, conflict: Conflict, *, ours: bool) -> Patch | None:
    """Return the entry's patch after a conflict was settled for the server's value, or for the pack's."""
    key = conflict.kind, conflict.entry_id
    patch = content.patches[key]
    shipped = content.shipped[conflict.kind].get(conflict.entry_id)
    if shipped is None:
        whole = {**(patch.was or {}), **patch.now, "id": conflict.entry_id}
        return Patch(ordered(conflict.kind, without_empty(whole)), None) if ours else None
    if patch.was is None:
        return edited(shipped, None, patch.now) if ours else None
    now, was = dict(patch.now), dict(patch.was)
    was.pop(conflict.field, None)
    if not ours:
        now.pop(conflict.field, None)
    elif conflict.field in shipped:
        was[conflict.field] = shipped[conflict.field]
    return Patch(now, was, patch.retired) if now or patch.retired else None


@frozen
class PatchChange:
    """One entry's patch before and after a load; None where there was none."""

    key: Key
    before: Patch | None
    after: Patch | None


@frozen
class Undoing:
    """What taking back a load does.

    Attributes:
        changes: the patches it puts.
        conflicts: what later loads changed again; it stays.
    """

    changes: tuple[PatchChange, ...]
    conflicts: tuple[Conflict, ...]


def undone(patches: Patches, load: Mapping[Key, PatchChange]) -> Undoing:
    """Return what takes back a load and keeps everything that came after it.

    Args:
        patches: the server's patches now.
        load: what the load changed.
    """
    changes: list[PatchChange] = []
    left: list[Conflict] = []
    for key, change in load.items():
        here = patches.get(key)
        if here == change.after:
            if here != change.before:
                changes.append(PatchChange(key, here, change.before))
            continue
        put, clashes = _reverted(key, here, change)
        left += clashes
        if put != here:
            changes.append(PatchChange(key, here, put))
    return Undoing(tuple(changes), tuple(left))


_Part: TypeAlias = tuple[bool, Json, bool, Json]
"""A field of a patch: whether ``now`` holds it, its value there, whether ``was`` holds it, its value there."""


def _parts(patch: Patch | None) -> dict[str, _Part]:
    if patch is None:
        return {}
    was = patch.was or {}
    parts: dict[str, _Part] = {
        key: (key in patch.now, patch.now.get(key), key in was, was.get(key)) for key in {**was, **patch.now}
    }
    if patch.retired:
        parts[RETIRED] = (True, True, False, None)
    return parts


def _reverted(key: Key, here: Patch | None, change: PatchChange) -> tuple[Patch | None, list[Conflict]]:
    """Take one load's change out of an entry that later loads changed again, field by field."""
    before, after, now = _parts(change.before), _parts(change.after), _parts(here)
    added = {patch.added for patch in (change.before, change.after, here) if patch is not None}
    touched = [one for one in dict.fromkeys([*before, *after]) if before.get(one) != after.get(one)]
    if len(added) > 1 or (change.before is None and True in added) or here is None:
        # the entry as such came or went: there is no telling what of it is whose
        clash = [one for one in dict.fromkeys([*after, *now]) if after.get(one) != now.get(one)]
        return here, [_conflict(key, one, before, now, after) for one in clash or [WHOLE]]
    result = dict(now)
    clashes: list[Conflict] = []
    for one in touched:
        if now.get(one) != after.get(one):
            if now.get(one) != before.get(one):
                clashes.append(_conflict(key, one, before, now, after))
        elif one in before:
            result[one] = before[one]
        else:
            result.pop(one, None)
    return _joined(key[0], result, own=here.added), clashes


def _conflict(
    key: Key, field: str, before: Mapping[str, _Part], now: Mapping[str, _Part], after: Mapping[str, _Part]
) -> Conflict:
    start = before[field][1] if field in before else after[field][3] if field in after else None
    ours, theirs = (parts[field][1] if field in parts else None for parts in (now, after))
    return Conflict(*key, field, start, ours, theirs)


def _joined(kind: Kind, parts: Mapping[str, _Part], *, own: bool) -> Patch | None:
    retired = RETIRED in parts
    keys = [key for key in KEYS[kind] if key in parts]
    now = {key: parts[key][1] for key in keys if parts[key][0]}
    was = {key: parts[key][3] for key in keys if parts[key][2]}
    if own:
        return Patch(now, None, retired)
    return Patch(now, was, retired) if now or retired else None


def retire(content: Content, key: Key) -> Patch:
    """Return the patch that takes an entry out."""
    return replace(content.patches.get(key) or Patch({}, {}), retired=True)


def restore(content: Content, key: Key) -> Patch | None:
    """Return the patch that puts a retired entry back as it was."""
    patch = replace(content.patches[key], retired=False)
    return patch if patch.now or patch.added else None
