"""Progress, through the service and a real database."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.pack import Pack
from bot.domain.roadmap import Act, State
from bot.errors import BadInputError, NotFoundError
from bot.services.packs import Packs
from bot.services.roadmap import RoadmapService
from bot.services.topic import Marked, NeedsConfirming, Unchanged
from bot.storage import roadmap as store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock

GUILD, OTHER_GUILD, ANA, BEN = 11, 12, 21, 22
FIRST, SECOND = "python-first-steps", "python-data-structures"


@pytest.fixture
def service(database: Database, pack: Pack, clock: FakeClock) -> RoadmapService:
    return RoadmapService(database, Packs(database, pack), clock)


async def states(service: RoadmapService, guild_id: int = GUILD, user_id: int = ANA) -> dict[str, State]:
    return dict((await service.page(guild_id, user_id)).states)


async def test_a_mark_counts_opens_what_waited_and_is_listed(service: RoadmapService) -> None:
    outcome = await service.mark(GUILD, ANA, FIRST, State.DONE)
    assert isinstance(outcome, Marked)
    assert {topic.id for topic in outcome.opened} >= {SECOND, "environments-git", "sql-queries"}
    page = await service.page(GUILD, ANA)
    assert page.overall.finished == 1
    assert page.stages[0][1].finished == 1
    assert page.placed


async def test_the_same_state_twice_changes_nothing(service: RoadmapService, database: Database) -> None:
    await service.mark(GUILD, ANA, FIRST, State.DONE)
    outcome = await service.mark(GUILD, ANA, FIRST, State.DONE)
    assert isinstance(outcome, Unchanged)
    last = await database.read(lambda tx: store.last_act(tx, GUILD, ANA))
    assert last is not None
    assert last.number == 1


async def test_twenty_presses_at_once_count_once(service: RoadmapService, database: Database) -> None:
    outcomes = await asyncio.gather(*(service.mark(GUILD, ANA, FIRST, State.DONE) for _ in range(20)))
    assert sum(isinstance(outcome, Marked) for outcome in outcomes) == 1
    last = await database.read(lambda tx: store.last_act(tx, GUILD, ANA))
    assert last is not None
    assert last.number == 1


async def test_done_asks_while_prerequisites_are_open_and_takes_a_yes(service: RoadmapService) -> None:
    outcome = await service.mark(GUILD, ANA, "cross-validation", State.DONE)
    assert isinstance(outcome, NeedsConfirming)
    assert [topic.id for topic in outcome.missing] == ["train-test-split", "error-metrics"]
    assert await states(service) == {}
    assert isinstance(await service.mark(GUILD, ANA, "cross-validation", State.DONE, confirmed=True), Marked)
    assert await states(service) == {"cross-validation": State.DONE}


async def test_what_is_known_or_skipped_keeps_nothing_waiting(service: RoadmapService) -> None:
    await service.mark(GUILD, ANA, "train-test-split", State.KNOWN)
    await service.mark(GUILD, ANA, "error-metrics", State.SKIPPED)
    assert isinstance(await service.mark(GUILD, ANA, "cross-validation", State.DONE), Marked)
    page = await service.page(GUILD, ANA)
    assert page.overall.finished == 2
    assert page.overall.total == len((await service.pack(GUILD)).topics) - 1


async def test_undo_takes_back_the_last_change_again_and_again(service: RoadmapService) -> None:
    await service.mark(GUILD, ANA, FIRST, State.LEARNING)
    await service.mark(GUILD, ANA, FIRST, State.DONE)
    await service.mark(GUILD, ANA, SECOND, State.SKIPPED)
    seen: list[dict[str, State]] = []
    while (taken := await service.undo(GUILD, ANA)) is not None:
        assert taken.act is Act.MARK
        seen.append(await states(service))
    assert seen == [{FIRST: State.DONE}, {FIRST: State.LEARNING}, {}]


async def test_undo_after_an_undo_and_a_new_mark_takes_the_new_one_first(service: RoadmapService) -> None:
    await service.mark(GUILD, ANA, FIRST, State.DONE)
    await service.mark(GUILD, ANA, SECOND, State.DONE)
    await service.undo(GUILD, ANA)
    await service.mark(GUILD, ANA, SECOND, State.KNOWN)
    await service.undo(GUILD, ANA)
    assert await states(service) == {FIRST: State.DONE}
    await service.undo(GUILD, ANA)
    assert await states(service) == {}
    assert await service.undo(GUILD, ANA) is None


async def test_undo_of_one_kind_leaves_every_other_act_alone(service: RoadmapService) -> None:
    await service.mark(GUILD, ANA, FIRST, State.DONE)
    assert await service.undo(GUILD, ANA, only=Act.PLACEMENT) is None
    assert await states(service) == {FIRST: State.DONE}


async def test_a_reset_is_one_act_and_comes_back_by_one_undo(service: RoadmapService) -> None:
    await service.mark(GUILD, ANA, FIRST, State.DONE)
    await service.add_evidence(GUILD, ANA, FIRST, "https://github.com/ana/first")
    await service.mark(GUILD, ANA, SECOND, State.LEARNING)
    assert await service.reset(GUILD, ANA) == 2
    assert await states(service) == {}
    taken = await service.undo(GUILD, ANA)
    assert taken is not None
    assert taken.act is Act.RESET
    assert await states(service) == {FIRST: State.DONE, SECOND: State.LEARNING}
    assert (await service.topic_page(GUILD, ANA, FIRST)).mark.evidence == "https://github.com/ana/first"


async def test_evidence_belongs_to_what_is_done_and_can_be_undone(service: RoadmapService) -> None:
    with pytest.raises(BadInputError, match="done"):
        await service.add_evidence(GUILD, ANA, FIRST, "https://github.com/ana/first")
    await service.mark(GUILD, ANA, FIRST, State.DONE)
    page = await service.add_evidence(GUILD, ANA, FIRST, "  https://github.com/ana/first ")
    assert page.mark.evidence == "https://github.com/ana/first"
    await service.undo(GUILD, ANA)
    page = await service.topic_page(GUILD, ANA, FIRST)
    assert (page.mark.state, page.mark.evidence) == (State.DONE, None)


@pytest.mark.parametrize(
    "link",
    [
        "github.com/ana",
        "javascript:alert(1)",
        "ftp://example.org/x",
        "https://",
        "https://nohost",
        "https://user@host.org",
        "https://example.org/a b",
        "https://example.org/" + "a" * 400,
        "`https://example.org",
    ],
)
async def test_a_link_that_is_none_is_refused_and_nothing_is_lost(service: RoadmapService, link: str) -> None:
    await service.mark(GUILD, ANA, FIRST, State.DONE)
    with pytest.raises(BadInputError):
        await service.add_evidence(GUILD, ANA, FIRST, link)
    assert (await service.topic_page(GUILD, ANA, FIRST)).mark.state is State.DONE


async def test_a_note_is_kept_changed_and_removed(service: RoadmapService) -> None:
    assert (await service.put_note(GUILD, ANA, FIRST, " loops again ")).note == "loops again"
    assert (await service.put_note(GUILD, ANA, FIRST, "done with loops")).note == "done with loops"
    assert (await service.topic_page(GUILD, BEN, FIRST)).note is None
    assert (await service.put_note(GUILD, ANA, FIRST, "  ")).note is None
    with pytest.raises(BadInputError, match="500"):
        await service.put_note(GUILD, ANA, FIRST, "x" * 501)


async def test_progress_belongs_to_the_guild_and_the_member(service: RoadmapService) -> None:
    await service.mark(GUILD, ANA, FIRST, State.DONE)
    assert await states(service, OTHER_GUILD) == {}
    assert await states(service, GUILD, BEN) == {}
    assert await service.undo(OTHER_GUILD, ANA) is None
    assert await states(service) == {FIRST: State.DONE}


async def test_suggestions_begin_with_what_is_begun_and_then_the_earliest_stage(service: RoadmapService) -> None:
    page = await service.page(GUILD, ANA)
    assert [one.topic.id for one in page.next_topics] == [FIRST]
    await service.mark(GUILD, ANA, FIRST, State.DONE)
    await service.mark(GUILD, ANA, "sql-queries", State.LEARNING)
    page = await service.page(GUILD, ANA)
    assert page.next_topics[0].topic.id == "sql-queries"
    assert page.next_topics[0].learning
    assert page.next_topics[1].topic.id == SECOND
    assert [topic.id for topic in page.next_topics[1].built_on] == [FIRST]
    assert page.next_topics[1].waiting > page.next_topics[2].waiting
    assert len(page.next_topics) == 3


async def test_the_whole_road_can_be_finished(service: RoadmapService, pack: Pack) -> None:
    while (page := await service.page(GUILD, ANA)).next_topics:
        outcome = await service.mark(GUILD, ANA, page.next_topics[0].topic.id, State.DONE)
        assert isinstance(outcome, Marked)
    assert page.overall.percent == 100
    assert page.overall.finished == len(pack.topics)
    assert page.current is None
    assert [group.stage for group in await service.people(GUILD)] == [None]


async def test_people_stand_at_their_first_unfinished_stage(service: RoadmapService, pack: Pack) -> None:
    for topic in pack.track.stages[0].topics:
        await service.mark(GUILD, BEN, topic.id, State.KNOWN)
    await service.mark(GUILD, ANA, FIRST, State.LEARNING)
    await service.mark(OTHER_GUILD, 99, FIRST, State.DONE)
    people = await service.people(GUILD)
    assert [(group.stage and group.stage.id, group.user_ids) for group in people] == [
        ("programming", (ANA,)),
        ("math", (BEN,)),
    ]


async def test_a_topic_that_does_not_exist_is_told_in_words(service: RoadmapService) -> None:
    with pytest.raises(NotFoundError, match="roadmap"):
        await service.mark(GUILD, ANA, "no-such-topic", State.DONE)
    with pytest.raises(NotFoundError, match=r"Did you mean .*Neural networks"):
        await service.find_topic(GUILD, "networks")
    with pytest.raises(NotFoundError, match="no topic"):
        await service.find_topic(GUILD, "underwater basket weaving")


@pytest.mark.parametrize("typed", ["cross-validation", "Cross-validation", "CROSS-VALIDATION ", "cross validation"])
async def test_a_topic_is_found_by_id_and_by_title(service: RoadmapService, typed: str) -> None:
    assert await service.find_topic(GUILD, typed) == "cross-validation"
