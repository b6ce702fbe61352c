"""Single entries, conflicts with an upgrade, and what a server's pack costs in memory."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

import pytest

from bot.domain.entry import Kind
from bot.domain.pack import Pack
from bot.domain.plan_row import Verdict
from bot.errors import BadInputError, ContentChangedError, NotFoundError
from bot.services.packs import Packs
from tests.services.content.conftest import GUILD, MO, Desk, make_desk

ENTRY = "what-math-do-i-need"


async def test_an_edit_goes_through_the_same_checks_as_a_load(desk: Desk) -> None:
    with pytest.raises(BadInputError, match="leads elsewhere"):
        await desk.entries.edit(GUILD, MO, Kind.FAQ, {"id": ENTRY, "answer": "[a.org](https://b.org)"}, 0)
    with pytest.raises(BadInputError, match="at most 3600"):
        await desk.entries.edit(GUILD, MO, Kind.FAQ, {"id": ENTRY, "answer": "x" * 4000}, 0)
    await desk.entries.edit(GUILD, MO, Kind.FAQ, {"id": ENTRY, "answer": "Ours."}, 0)
    assert (await desk.packs.of(GUILD)).entries[ENTRY].answer == "Ours."
    with pytest.raises(ContentChangedError):
        await desk.entries.edit(GUILD, MO, Kind.FAQ, {"id": ENTRY, "answer": "Mine."}, 0)


async def test_retired_and_restored_it_is_as_before(desk: Desk) -> None:
    await desk.entries.edit(GUILD, MO, Kind.FAQ, {"id": ENTRY, "answer": "Ours."}, 0)
    before, _ = await desk.packs.content(GUILD)
    await desk.entries.retire(GUILD, MO, Kind.FAQ, ENTRY, 1)
    pack = await desk.packs.of(GUILD)
    assert ENTRY not in pack.entries
    assert all(ENTRY not in entry.related for entry in pack.entries.values())
    entries, _ = await desk.entries.entries(GUILD, Kind.FAQ)
    assert [one.entry_id for one in entries if one.retired] == [ENTRY]
    with pytest.raises(NotFoundError):
        await desk.entries.retire(GUILD, MO, Kind.FAQ, ENTRY, 2)
    await desk.entries.restore(GUILD, MO, Kind.FAQ, ENTRY, 2)
    after, _ = await desk.packs.content(GUILD)
    assert after.patches == before.patches


async def test_an_upgrade_shows_its_conflicts_and_they_can_be_settled(desk: Desk, pack: Pack) -> None:
    await desk.entries.edit(GUILD, MO, Kind.FAQ, {"id": ENTRY, "answer": "Ours."}, 0)
    upgraded = make_desk(
        desk.database, with_answer(pack, "Theirs, which is new since the upgrade of the pack."), desk.clock
    )
    (conflict,), version = await upgraded.entries.conflicts(GUILD)
    assert (conflict.field, conflict.ours) == ("answer", "Ours.")
    await upgraded.entries.settle(GUILD, MO, conflict, version, ours=False)
    assert (await upgraded.packs.of(GUILD)).entries[ENTRY].answer.startswith("Theirs")
    assert (await upgraded.entries.conflicts(GUILD))[0] == []


def with_answer(pack: Pack, answer: str) -> Pack:
    """Return the pack with another answer to one question."""
    entry = pack.entries[ENTRY].model_copy(update={"answer": answer})
    categories = tuple(
        one.model_copy(update={"entries": tuple(entry if inside.id == ENTRY else inside for inside in one.entries)})
        for one in pack.categories
    )
    made = Pack.of(pack.track, pack.chapters, categories, pack.exercises)
    return replace(made, read_exercises=pack.read_exercises)


async def test_asking_which_entry_is_meant_is_kept_with_the_file(desk: Desk) -> None:
    await desk.loaded("question,answer\nWhat is overfitting in a model?,Noise.\n")
    report = await desk.inspected("question,answer\nWhat is overfitting in models?,Learning noise.\n")
    (row,) = report.plan.of(Verdict.NEW)
    chosen = await desk.content.choose(GUILD, report.number, row.place, row.near[0].entry_id)
    assert chosen.plan.count(Verdict.CHANGED) == 1
    await desk.content.apply(GUILD, MO, report.number, chosen.version)
    again = await desk.inspected("question,answer\nWhat is overfitting in models?,Learning noise.\n")
    assert again.plan.count(Verdict.SAME) == 1


async def test_a_server_without_own_content_costs_nothing(desk: Desk) -> None:
    await desk.packs.of(1)
    before = sum(sys.getsizeof(getattr(desk.packs, name)) for name in ("_own", "_compiled"))
    packs = {id(await desk.packs.of(guild_id)) for guild_id in range(10_000)}
    assert packs == {id(desk.packs.shipped)}
    assert sum(sys.getsizeof(getattr(desk.packs, name)) for name in ("_own", "_compiled")) == before


async def test_only_so_many_packs_are_kept(desk: Desk) -> None:
    packs = Packs(desk.database, desk.packs.shipped, most=1)
    await desk.loaded("question,answer\nWhat is SGD?,Steps.\n")
    first = await packs.of(GUILD)
    assert await packs.of(GUILD) is first
    small = Packs(desk.database, desk.packs.shipped, most=0)
    assert await small.of(GUILD) is not await small.of(GUILD)


async def test_a_pack_that_changed_while_it_was_compiled_is_not_kept(desk: Desk) -> None:
    await desk.loaded("question,answer\nWhat is SGD?,Steps.\n")
    compiling = asyncio.create_task(desk.packs.of(GUILD))
    await asyncio.sleep(0)
    await desk.loaded("question,answer\nWhat is SGD?,Steps down.\n")
    await compiling
    answers = {entry.answer for entry in (await desk.packs.of(GUILD)).entries.values()}
    assert "Steps down." in answers
    assert "Steps." not in answers
