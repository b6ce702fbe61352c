"""The picture of a road shows what the page says, and its words say what comes next."""

from __future__ import annotations

from bot.domain.pack import Pack
from bot.domain.roadmap import State
from bot.services.packs import Packs
from bot.services.progress import progress_card
from bot.services.roadmap import RoadmapService
from bot.storage.database import Database
from tests.fakes.clock import FakeClock


async def test_it_is_the_page(database: Database, pack: Pack, clock: FakeClock) -> None:
    service = RoadmapService(database, Packs(database, pack), clock)
    for topic in pack.track.stages[0].topics:
        await service.mark(1, 2, topic.id, State.KNOWN)
    page = await service.page(1, 2)
    card = progress_card(pack.track.title, page, "Ana")
    assert card.stages[0] == (pack.track.stages[0].title, 100)
    assert card.current == 1
    assert (card.finished, card.total) == (len(pack.track.stages[0].topics), len(pack.topics))
    assert card.meaning.startswith(f"Next: {page.next_topics[0].topic.title} · about ")


async def test_at_the_end_of_the_road_there_is_no_next(database: Database, pack: Pack, clock: FakeClock) -> None:
    service = RoadmapService(database, Packs(database, pack), clock)
    for topic_id in pack.topics:
        await service.mark(1, 2, topic_id, State.KNOWN)
    card = progress_card(pack.track.title, await service.page(1, 2), "Ana")
    assert (card.current, card.percent) == (None, 100)
    assert card.meaning.startswith("Through the whole road")
