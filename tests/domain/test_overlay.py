"""A server's changes over the shipped pack: upgrades come through, loads are taken back, nothing else moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.entry import Fields, Json, Kind, canonical, validated
from bot.domain.overlay import (
    WHOLE,
    Conflict,
    Content,
    Key,
    Patch,
    PatchChange,
    conflicts,
    edited,
    restore,
    retire,
    settled,
    undone,
)

IDS = ("aa", "bb", "cc")
KEYS = [(Kind.FAQ, one) for one in IDS]


def entry(entry_id: str, answer: str, phrasings: Sequence[str] = ()) -> Fields:
    """Return an FAQ entry in canonical form."""
    fields: dict[str, Json] = {"id": entry_id, "question": f"What is {entry_id}?", "answer": answer}
    fields["phrasings"] = list(phrasings)
    return canonical(Kind.FAQ, validated(Kind.FAQ, fields))


def content(shipped: Mapping[str, Fields], patches: Mapping[Key, Patch] | None = None) -> Content:
    """Return content whose shipped pack holds these FAQ entries."""
    return Content({kind: shipped if kind is Kind.FAQ else {} for kind in Kind}, patches or {})


def put(before: Content, entry_id: str, fields: Fields | None) -> tuple[Content, dict[Key, PatchChange]]:
    """Return the content after an entry was changed, added or (None) retired; and that as a load."""
    key = Kind.FAQ, entry_id
    here = before.patches.get(key)
    after = retire(before, key) if fields is None else edited(before.shipped[Kind.FAQ].get(entry_id), here, fields)
    return before.with_patches({key: after}), {key: PatchChange(key, here, after)}


def taken_back(now: Content, load: Mapping[Key, PatchChange]) -> tuple[Content, tuple[Conflict, ...]]:
    """Return the content after a load was rolled back, and the conflicts."""
    back = undone(now.patches, load)
    return now.with_patches({change.key: change.after for change in back.changes}), back.conflicts


SHIPPED = {"aa": entry("aa", "old"), "bb": entry("bb", "old", phrasings=["what about bb"])}


def test_an_upgrade_comes_through_where_the_server_touched_nothing() -> None:
    own, _ = put(content(SHIPPED), "aa", entry("aa", "ours"))
    upgraded = Content(content({**SHIPPED, "aa": entry("aa", "old", phrasings=["new one"])}).shipped, own.patches)
    assert upgraded.fields(Kind.FAQ, "aa") == entry("aa", "ours", ["new one"])
    assert list(conflicts(upgraded)) == []


def test_what_both_changed_stays_ours_and_is_told_until_settled() -> None:
    own, _ = put(content(SHIPPED), "aa", entry("aa", "ours"))
    upgraded = Content(content({**SHIPPED, "aa": entry("aa", "theirs")}).shipped, own.patches)
    (conflict,) = conflicts(upgraded)
    assert conflict == Conflict(Kind.FAQ, "aa", "answer", "old", "ours", "theirs")
    assert (upgraded.fields(Kind.FAQ, "aa") or {})["answer"] == "ours"
    again, _ = put(upgraded, "aa", entry("aa", "ours", phrasings=["touched meanwhile"]))
    assert [one.field for one in conflicts(again)] == ["answer"], "touching another field settles nothing"
    for ours, answer in ((True, "ours"), (False, "theirs")):
        after = upgraded.with_patches({(Kind.FAQ, "aa"): settled(upgraded, conflict, ours=ours)})
        assert list(conflicts(after)) == []
        assert (after.fields(Kind.FAQ, "aa") or {})["answer"] == answer


def test_an_entry_the_pack_dropped_can_be_kept() -> None:
    own, _ = put(content(SHIPPED), "aa", entry("aa", "ours"))
    upgraded = Content(content({"bb": SHIPPED["bb"]}).shipped, own.patches)
    (conflict,) = conflicts(upgraded)
    assert conflict.field == WHOLE
    after = upgraded.with_patches({(Kind.FAQ, "aa"): settled(upgraded, conflict, ours=False)})
    assert after.patches == {}


def test_saying_what_the_pack_says_leaves_no_patch() -> None:
    own, _ = put(content(SHIPPED), "aa", entry("aa", "ours"))
    back, _ = put(own, "aa", SHIPPED["aa"])
    assert back.patches == {}


def test_a_field_can_be_taken_out_and_comes_back() -> None:
    own, load = put(content(SHIPPED), "bb", entry("bb", "old"))
    assert own.fields(Kind.FAQ, "bb") == entry("bb", "old")
    assert taken_back(own, load)[0].patches == {}


def test_rolling_back_an_older_load_keeps_what_came_after() -> None:
    first, load = put(content(SHIPPED), "bb", entry("bb", "ours", phrasings=["what about bb"]))
    second, _ = put(first, "bb", entry("bb", "ours", phrasings=["later words"]))
    after, clashes = taken_back(second, load)
    assert after.fields(Kind.FAQ, "bb") == entry("bb", "old", phrasings=["later words"])
    assert clashes == ()


def test_where_both_loads_touched_a_field_the_later_value_stays_and_is_named() -> None:
    first, load = put(content(SHIPPED), "aa", entry("aa", "first", phrasings=["ours too"]))
    second, _ = put(first, "aa", entry("aa", "second", phrasings=["ours too"]))
    after, clashes = taken_back(second, load)
    assert after.fields(Kind.FAQ, "aa") == entry("aa", "second")
    assert clashes == (Conflict(Kind.FAQ, "aa", "answer", "old", "second", "first"),)


def test_an_added_entry_that_was_changed_since_stays() -> None:
    first, load = put(content(SHIPPED), "cc", entry("cc", "new"))
    second, _ = put(first, "cc", entry("cc", "newer"))
    after, clashes = taken_back(second, load)
    assert after.patches == second.patches
    assert [one.field for one in clashes] == ["answer"]


words = st.sampled_from(["old", "one", "two"])
Deed: TypeAlias = tuple[str, tuple[str, list[str]] | None]
"""An entry's id, and its new answer and phrasings; None to retire it."""
said: st.SearchStrategy[tuple[str, list[str]]] = st.tuples(words, st.lists(words, max_size=2))
deeds: st.SearchStrategy[list[Deed]] = st.lists(st.tuples(st.sampled_from(IDS), st.none() | said), max_size=8)


def done(deed: Deed, before: Content) -> tuple[Content, dict[Key, PatchChange]]:
    """Return the content after a random deed; retiring what is not there does nothing."""
    entry_id, told = deed
    if told is None:
        return put(before, entry_id, None) if before.fields(Kind.FAQ, entry_id) is not None else (before, {})
    return put(before, entry_id, entry(entry_id, *told))


@settings(max_examples=150, deadline=None)
@given(deeds, deeds)
def test_a_load_taken_back_leaves_exactly_what_was_before(earlier: list[Deed], deed: list[Deed]) -> None:
    now = content(SHIPPED)
    for one in earlier:
        now, _ = done(one, now)
    after = now
    load: dict[Key, PatchChange] = {}
    for one in deed:
        after, changes = done(one, after)
        for key, change in changes.items():
            load[key] = PatchChange(key, load[key].before if key in load else change.before, change.after)
    back, clashes = taken_back(after, load)
    assert back.patches == now.patches
    assert clashes == ()


@settings(max_examples=150, deadline=None)
@given(deeds, st.integers(0, 7))
def test_a_rollback_touches_nothing_that_a_later_load_said(every: list[Deed], which: int) -> None:
    now = content(SHIPPED)
    loads: list[dict[Key, PatchChange]] = []
    for one in every:
        now, load = done(one, now)
        loads.append(load)
    if which >= len(loads):
        return
    back, clashes = taken_back(now, loads[which])
    later = {key for load in loads[which + 1 :] for key in load}
    for key in KEYS:
        if key not in loads[which]:
            assert back.patches.get(key) == now.patches.get(key)
        elif key not in later:
            assert back.patches.get(key) == loads[which][key].before
    assert {(one.kind, one.entry_id) for one in clashes} <= later


@settings(max_examples=100, deadline=None)
@given(deeds, st.sampled_from(IDS))
def test_retired_and_restored_is_as_before(every: list[Deed], entry_id: str) -> None:
    now = content(SHIPPED)
    for one in every:
        now, _ = done(one, now)
    key = Kind.FAQ, entry_id
    if now.fields(*key) is None:
        return
    out = now.with_patches({key: retire(now, key)})
    assert out.fields(*key) is None
    assert out.with_patches({key: restore(out, key)}).patches == now.patches
