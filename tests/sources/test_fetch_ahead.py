"""The fetch ahead, through the real sources, from a server on this machine into the database."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from aiohttp import web

from bot.domain.feed import ARXIV, KAGGLE, Competition, FeedPaper, competition_from, paper_from
from bot.domain.schedule import BALANCED, PostOptions, ScheduleState, Slot, WeekPlan
from bot.errors import SourceError
from bot.services.feed import FORGET_AFTER, FeedService, due, questions
from bot.sources.outside import Addresses, Outside
from bot.storage import feed as store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from bot.storage.feed import SourceState
from bot.storage.occurrence import Plan, plan
from tests.fakes.clock import FakeClock
from tests.sources.conftest import Stage
from tests.sources.samples import ATOM_TYPE, RSS_TYPE, atom, competition, entry, item, rss

GUILD = 11
ANY = PostOptions(categories=("cs.LG",), keywords=())
P = Slot.PRACTICE
PRACTICE_ONLY: WeekPlan = (P, P, P, P, P, P, P)


@pytest.fixture
def slept() -> list[float]:
    """How long each turn was waited for, in seconds; no time passes."""
    return []


@pytest.fixture
async def outside(stage: Stage, clock: FakeClock, slept: list[float]) -> AsyncIterator[Outside]:
    """The sources, asked on this machine."""

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    addresses = Addresses(f"{stage.url}/query", f"{stage.url}/rss", f"{stage.url}/kaggle")
    made = Outside(clock, addresses, "s3cret", sleep)
    yield made
    await made.aclose()


@pytest.fixture
def service(database: Database, clock: FakeClock, outside: Outside) -> FeedService:
    return FeedService(database, clock, outside, None)


async def wish(database: Database, clock: FakeClock, options: PostOptions = ANY, plan: WeekPlan = BALANCED) -> None:
    """Make a schedule that wants this."""
    await database.write(lambda tx: schedule_store.add(tx, GUILD, 5, time(9), plan, clock.now(), options))


async def papers(database: Database) -> list[FeedPaper]:
    kept = await database.read(lambda tx: store.since(tx, ARXIV, datetime(2000, 1, 1, tzinfo=UTC), 99))
    return [paper_from(one) for one in kept]


async def state(database: Database, source: str = ARXIV) -> SourceState:
    found = await database.read(lambda tx: store.source(tx, source))
    assert found is not None
    return found


async def test_what_arxiv_has_is_kept_and_asked_for_again_after_six_hours(
    service: FeedService, database: Database, clock: FakeClock, stage: Stage
) -> None:
    await wish(database, clock)
    stage.says(atom(entry("2604.00001v1"), entry("2604.00002v3")), ATOM_TYPE)
    await service.tick()
    assert {paper.item_id for paper in await papers(database)} == {"arxiv:2604.00001", "arxiv:2604.00002"}
    assert await state(database) == SourceState(ARXIV, clock.now(), clock.now(), None, None, None)
    clock.move(hours=5, minutes=59)
    await service.tick()
    assert len(stage.asked) == 1
    clock.move(minutes=1)
    await service.tick()
    assert len(stage.asked) == 2


async def test_nothing_is_asked_that_nobody_wants(
    database: Database, clock: FakeClock, stage: Stage, outside: Outside
) -> None:
    service = FeedService(database, clock, outside, outside.kaggle)
    await service.tick()
    await wish(database, clock, plan=PRACTICE_ONLY)
    await wish(database, clock)
    await database.write(lambda tx: schedule_store.put_state(tx, GUILD, 2, ScheduleState.PAUSED, None))
    await service.tick()
    assert stage.asked == []
    await FeedService(database, clock, None, None).tick()
    assert await database.read(lambda tx: store.sources(tx, [ARXIV, KAGGLE])) == {}


async def test_a_newer_version_takes_the_place_and_an_older_one_does_not(
    service: FeedService, database: Database, clock: FakeClock, stage: Stage
) -> None:
    await wish(database, clock)
    for identity in ("2604.00001v2", "2604.00001v3", "2604.00001v1"):
        stage.says(atom(entry(identity)), ATOM_TYPE)
        await service.tick()
        clock.move(hours=6)
    assert [(one.arxiv_id, one.version) for one in await papers(database)] == [("2604.00001", 3)]


async def test_that_a_paper_was_withdrawn_is_not_forgotten_by_a_feed_that_does_not_tell(
    service: FeedService, database: Database, clock: FakeClock, stage: Stage
) -> None:
    await wish(database, clock)
    stage.says(atom(entry("2604.00001v2", comment="This paper has been withdrawn by the author")), ATOM_TYPE)
    await service.tick()
    clock.move(hours=6)

    async def only_rss(request: web.Request) -> web.Response:
        if request.path.startswith("/rss"):
            return web.Response(body=rss(item("2604.00001v2")), headers={"Content-Type": RSS_TYPE})
        return web.Response(status=500)

    stage.handler = only_rss
    await service.tick()
    (paper,) = await papers(database)
    assert paper.withdrawn
    assert (await state(database)).down_since is None, "the feed of the day is an answer"


async def test_an_outage_is_kept_with_its_reason_backed_off_and_over(
    service: FeedService, database: Database, clock: FakeClock, stage: Stage
) -> None:
    await wish(database, clock)
    stage.says(atom(entry()), ATOM_TYPE)
    await service.tick()
    answered = clock.now()
    clock.move(hours=6)
    began = clock.now()
    stage.says("down", "text/html", 500)
    asked_at: list[timedelta] = []
    for _ in range(24 * 12):
        before = len(stage.asked)
        await service.tick()
        if len(stage.asked) > before:
            asked_at.append(clock.now() - began)
        clock.move(minutes=5)
    gaps = [after - earlier for earlier, after in pairwise(asked_at)]
    assert gaps[0] == gaps[1] == timedelta(minutes=15)
    assert gaps == sorted(gaps), "it waits longer and longer"
    assert max(gaps) <= timedelta(hours=6)
    down = await state(database)
    assert (down.down_since, down.answered_at) == (began, answered)
    assert "status 500" in (down.reason or "")
    assert len(await papers(database)) == 1, "what is kept serves meanwhile"
    stage.says(atom(entry("2604.00009v1")), ATOM_TYPE)
    clock.move(hours=6)
    await service.tick()
    assert await state(database) == SourceState(ARXIV, clock.now(), clock.now(), None, None, None)


async def test_a_pause_that_was_asked_for_is_kept_over_a_restart(
    service: FeedService, database: Database, clock: FakeClock, stage: Stage, outside: Outside
) -> None:
    await wish(database, clock)
    stage.says("slow down", "text/plain", 429, Retry_After="7200")
    await service.tick()
    times = len(stage.asked)
    assert (await state(database)).not_before == clock.now() + timedelta(hours=2)
    clock.move(hours=1, minutes=59)
    await FeedService(database, clock, outside, None).tick()
    assert len(stage.asked) == times
    clock.move(minutes=1)
    await FeedService(database, clock, outside, None).tick()
    assert len(stage.asked) > times


class Broken:
    """A source that raises what it should not."""

    async def competitions(self) -> list[Competition]:
        """Break."""
        raise KeyError("a mistake of ours")


async def test_even_a_mistake_of_ours_does_not_leave_the_job(database: Database, clock: FakeClock) -> None:
    await wish(database, clock)
    await FeedService(database, clock, None, Broken()).tick()
    assert "KeyError" in ((await state(database, KAGGLE)).reason or "")


async def test_competitions_are_kept_in_both_shapes_and_asked_for_twice_a_day(
    database: Database, clock: FakeClock, stage: Stage, outside: Outside
) -> None:
    await wish(database, clock)
    service = FeedService(database, clock, None, outside.kaggle)
    stage.says_json({"competitions": [competition()], "nextPageToken": ""})
    await service.tick()
    stage.says_json([competition(ref="old-shape")])
    clock.move(hours=11, minutes=59)
    await service.tick()
    assert len(stage.asked) == 1
    clock.move(minutes=1)
    await service.tick()
    kept = await database.read(lambda tx: store.since(tx, KAGGLE, datetime(2000, 1, 1, tzinfo=UTC), 99))
    assert {competition_from(one).item_id for one in kept} == {"kaggle:titanic", "kaggle:old-shape"}
    assert json.loads(stage.bodies[0])["pageSize"] == 20
    clock.move(hours=12)
    stage.says("no", "text/html", 403)
    await service.tick()
    assert "does not accept the token" in ((await state(database, KAGGLE)).reason or "")


async def test_without_a_token_kaggle_is_no_source(clock: FakeClock, stage: Stage) -> None:
    made = Outside(clock, Addresses(stage.url, stage.url, stage.url))
    assert made.kaggle is None
    await made.aclose()


async def test_what_is_old_is_forgotten_once_a_week_but_never_what_was_posted(
    service: FeedService, database: Database, clock: FakeClock, stage: Stage
) -> None:
    await wish(database, clock)
    stage.says(atom(entry("2604.00001v1"), entry("2604.00002v1")), ATOM_TYPE)
    await service.tick()
    posted = Plan(GUILD, 1, clock.now().date(), Slot.ARXIV, "arxiv:2604.00001", 5, clock.now())
    await database.write(lambda tx: plan(tx, posted))
    stage.says(atom(entry("2604.00003v1")), ATOM_TYPE)
    clock.move(days=FORGET_AFTER.days, hours=1)
    await service.tick()
    assert {one.arxiv_id for one in await papers(database)} == {"2604.00001", "2604.00003"}


def test_what_is_asked_is_what_most_want_and_never_too_much() -> None:
    many = tuple(f"cs.A{chr(65 + i)}" for i in range(26))
    wishes = [
        (PostOptions(categories=("cs.LG", "stat.ML"), keywords=("Survey", "review")), 40),
        (PostOptions(categories=("cs.CL", "no class; DROP"), keywords=("survey",)), 2),
        (PostOptions(categories=many, keywords=()), 1),
        (PostOptions(categories=("cs.LG",), keywords=()), 3),
    ]
    with_words, without = questions(wishes)
    assert with_words == (["cs.LG", "stat.ML", "cs.CL"], ["survey", "review"])
    assert without[0][0] == "cs.LG"
    assert (len(without[0]), without[1]) == (20, [])
    assert questions([(PostOptions(categories=()), 1)]) == []


def test_a_source_that_was_never_asked_is_due(clock: FakeClock) -> None:
    assert due(None, clock.now())


async def test_both_questions_keep_arxivs_pace(
    service: FeedService, database: Database, clock: FakeClock, stage: Stage, slept: list[float]
) -> None:
    await wish(database, clock)
    await wish(database, clock, PostOptions(keywords=("survey",)))
    stage.says(atom(entry()), ATOM_TYPE)
    await service.tick()
    assert len(stage.asked) == 2
    (gap,) = slept
    assert 2 < gap <= 3


class Down:
    """A source that gives nothing."""

    async def search(self, categories: object, keywords: object, most: int) -> list[FeedPaper]:
        """Fail."""
        raise SourceError("arXiv can't be reached.", source=ARXIV)


async def test_a_source_that_never_answered_says_so(database: Database, clock: FakeClock) -> None:
    await wish(database, clock)
    await FeedService(database, clock, Down(), None).tick()
    assert await state(database) == SourceState(ARXIV, clock.now(), None, clock.now(), "arXiv can't be reached.", None)
