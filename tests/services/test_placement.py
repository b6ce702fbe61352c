"""The placement, through the service and a real database."""

from __future__ import annotations

import pytest

from bot.domain.pack import Pack
from bot.domain.roadmap import State
from bot.errors import NotFoundError
from bot.services.packs import Packs
from bot.services.placement import PlacementService
from bot.services.roadmap import RoadmapService
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

GUILD, ANA = 11, 21


@pytest.fixture
def service(database: Database, pack: Pack, clock: FakeClock) -> PlacementService:
    return PlacementService(database, Packs(database, pack), clock)


@pytest.fixture
def road(database: Database, pack: Pack, clock: FakeClock) -> RoadmapService:
    return RoadmapService(database, Packs(database, pack), clock)


async def test_a_newcomer_is_asked_once(service: PlacementService, road: RoadmapService) -> None:
    assert not (await road.page(GUILD, ANA)).placed
    await service.finish(GUILD, ANA)
    assert (await road.page(GUILD, ANA)).placed
    assert not (await road.page(GUILD + 1, ANA)).placed


async def test_a_background_offers_what_such_people_know(service: PlacementService, pack: Pack) -> None:
    page = await service.choose(GUILD, ANA, "developer")
    assert [topic.id for topic in page.offered] == list(pack.background_knows("developer"))
    page = await service.know_offered(GUILD, ANA, page.stage.id)
    assert page.offered == ()
    assert set(page.states) == set(pack.background_knows("developer"))
    assert set(page.states.values()) == {State.KNOWN}


async def test_ticks_are_saved_at_once_and_only_add(service: PlacementService) -> None:
    page = await service.know_topics(GUILD, ANA, "math", ["bayes", "probability-basics"])
    assert set(page.states) == {"bayes", "probability-basics"}
    page = await service.know_topics(GUILD, ANA, "math", ["distributions"])
    assert set(page.states) == {"bayes", "probability-basics", "distributions"}


async def test_a_tick_never_touches_what_is_begun_or_done(service: PlacementService, road: RoadmapService) -> None:
    await road.mark(GUILD, ANA, "bayes", State.DONE, confirmed=True)
    await road.mark(GUILD, ANA, "distributions", State.LEARNING)
    page = await service.know_topics(GUILD, ANA, "math", ["bayes", "distributions"])
    assert dict(page.states) == {"bayes": State.DONE, "distributions": State.LEARNING}
    page = await service.know_stages(GUILD, ANA, "math", ["math"])
    assert page.states["bayes"] is State.DONE
    assert page.states["eigenvalues"] is State.KNOWN


async def test_one_undo_takes_back_one_tick(service: PlacementService, road: RoadmapService, pack: Pack) -> None:
    await service.know_stages(GUILD, ANA, "programming", ["programming", "math"])
    await service.know_topics(GUILD, ANA, "mlops", ["docker-images"])
    await road.undo(GUILD, ANA)
    finished = len(pack.stage("programming").topics) + len(pack.stage("math").topics)
    assert (await road.page(GUILD, ANA)).overall.finished == finished
    await road.undo(GUILD, ANA)
    assert (await road.page(GUILD, ANA)).overall.finished == 0


async def test_what_was_known_earns_suggestions_further_on(service: PlacementService, road: RoadmapService) -> None:
    await service.know_stages(GUILD, ANA, "programming", ["programming", "math"])
    page = await road.page(GUILD, ANA)
    assert page.current is not None
    assert page.current.id == "ml-fundamentals"
    assert page.next_topics[0].topic.id == "train-test-split"


async def test_a_choice_that_is_gone_is_told_in_words(service: PlacementService) -> None:
    with pytest.raises(NotFoundError):
        await service.choose(GUILD, ANA, "astronaut")
    with pytest.raises(NotFoundError):
        await service.know_stages(GUILD, ANA, "programming", ["no-such-stage"])
