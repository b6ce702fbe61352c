"""What a load changes is there for that server's members at once, and for nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.domain.calibration import Band
from bot.domain.entry import Kind
from bot.domain.roadmap import State
from bot.errors import NotFoundError
from bot.search.stored import state_name
from bot.services.faq import Answer, FaqService
from bot.services.roadmap import RoadmapService
from bot.services.search import SearchService
from bot.storage import bot_state
from tests.services.content.conftest import GUILD, LEA, MO, OTHER_GUILD, Desk

OURS = "question,answer\nWhere is the club's pizza place?,At the harbor.\n"


@pytest.fixture
async def search(desk: Desk) -> AsyncIterator[SearchService]:
    """The search, given the shipped pack."""
    made = SearchService(desk.database)
    await made.take(desk.packs.shipped)
    yield made
    made.close()


@pytest.fixture
def faq(desk: Desk, search: SearchService) -> FaqService:
    """What members ask."""
    return FaqService(desk.database, desk.packs, desk.clock, search)


async def test_a_question_that_was_loaded_is_found_there_and_nowhere_else(desk: Desk, faq: FaqService) -> None:
    asked = "where is the club's pizza place"
    assert not isinstance(await faq.ask(GUILD, asked), Answer)
    await desk.loaded(OURS)
    found = await faq.ask(GUILD, asked)
    assert isinstance(found, Answer)
    assert found.entry.answer == "At the harbor."
    assert [one.answer for one in await faq.complete(GUILD, "pizza")][:1] == ["At the harbor."]
    assert not isinstance(await faq.ask(OTHER_GUILD, asked), Answer)
    assert all("pizza" not in one.question for one in await faq.complete(OTHER_GUILD, "pizza"))
    with pytest.raises(NotFoundError):
        await faq.answer(OTHER_GUILD, found.entry.id)


async def test_a_changed_answer_is_the_next_one_given(desk: Desk, faq: FaqService) -> None:
    question = desk.packs.shipped.entries["need-a-degree"].question
    await desk.entries.edit(GUILD, MO, Kind.FAQ, {"id": "need-a-degree", "answer": "Not here."}, 0)
    found = await faq.ask(GUILD, question)
    assert isinstance(found, Answer)
    assert found.entry.answer == "Not here."


async def test_a_servers_own_pack_is_measured_in_the_background(desk: Desk, search: SearchService) -> None:
    await search.prepare()
    await desk.loaded(OURS)
    pack = await desk.packs.of(GUILD)
    index = await search.index_of(GUILD, pack)
    assert index.calibration("lexical") is (await search.index_of(OTHER_GUILD, desk.packs.shipped)).calibration(
        "lexical"
    ), "until it is measured it is judged as the shipped one"
    await search.settled()
    kept = await desk.database.read(lambda tx: bot_state.get(tx, f"{state_name('lexical')}:{GUILD}"))
    assert kept is not None
    assert (await search.find("where is the club's pizza place", index)).band is Band.SURE


async def test_a_retired_topic_leaves_the_road_and_stays_in_a_members_history(desk: Desk) -> None:
    road = RoadmapService(desk.database, desk.packs, desk.clock)
    last = next(one for one in reversed([*desk.packs.shipped.topics]) if not desk.packs.shipped.dependents[one])
    await road.mark(GUILD, LEA, last, State.DONE, confirmed=True)
    before = (await road.page(GUILD, LEA)).overall
    await desk.entries.retire(GUILD, MO, Kind.TOPIC, last, 0)
    page = await road.page(GUILD, LEA)
    assert page.overall.total == before.total - 1
    assert last in page.states
    with pytest.raises(NotFoundError):
        await road.topic_page(GUILD, LEA, last)
    await desk.entries.restore(GUILD, MO, Kind.TOPIC, last, 1)
    assert (await road.page(GUILD, LEA)).overall == before
    await asyncio.gather(*(road.page(OTHER_GUILD, LEA) for _ in range(3)))
