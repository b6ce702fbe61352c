"""Looking things up and what it teaches, through the service."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain.faq import Learned, Vote
from bot.domain.pack import Pack
from bot.errors import NotFoundError
from bot.services.faq import ENOUGH, Answer, FaqService, NothingFound, Unsure
from bot.services.packs import Packs
from bot.services.search import SearchService
from bot.storage import faq
from bot.storage.database import Database
from bot.storage.faq import SuggestionState
from tests.fakes.clock import FakeClock

HERE, THERE = 1, 2
ASKED = "No diploma — any chance??"
PLAIN = "no diploma any chance"
LEARNED = Learned(PLAIN, "need-a-degree")


@pytest.fixture
async def service(database: Database, pack: Pack, clock: FakeClock) -> AsyncIterator[FaqService]:
    search = SearchService(database)
    await search.take(pack)
    yield FaqService(database, Packs(database, pack), clock, search)
    search.close()


async def gaps(database: Database, guild_id: int) -> list[faq.Gap]:
    """Return the questions of a guild that found no answer."""
    return await database.read(lambda tx: faq.gaps(tx, guild_id, 100))


async def suggested(database: Database, guild_id: int) -> list[tuple[Learned, int, int]]:
    """Return the phrasings that wait for a guild's moderators, with the votes for and against each."""
    return await database.read(
        lambda tx: [(one, *faq.evidence(tx, guild_id, one)) for one in faq.suggestions(tx, guild_id)]
    )


@pytest.mark.parametrize(
    ("question", "entry_id"),
    [
        ("do i need a degree", "need-a-degree"),
        ("How long does it take?", "how-long"),
        ("which programming language", "which-language"),
        ("difference between a data scientist and an ml engineer", "ds-vs-mle"),
        ("what is overfiting", "overfitting"),
        ("need-a-degree", "need-a-degree"),
        ("  PYTHON OR R  ", "python-or-r"),
    ],
)
async def test_a_question_in_plain_words_is_answered(
    service: FaqService, database: Database, question: str, entry_id: str
) -> None:
    found = await service.ask(HERE, question)
    assert isinstance(found, Answer)
    assert found.entry.id == entry_id
    assert found.related
    assert found.asked == ("" if question == entry_id else question)
    assert await gaps(database, HERE) == []


async def test_an_unclear_question_gets_three_guesses_at_most(service: FaqService) -> None:
    found = await service.ask(HERE, "best gpu for deep learning")
    assert isinstance(found, Unsure)
    assert "gpu-needed" in [entry.id for entry in found.entries]
    assert len(found.entries) <= 3


@pytest.mark.parametrize("question", ["pizza", "🤖", "?!", "zzzz qqqq", "مرحبا", "x" * 4000])
async def test_what_the_faq_does_not_hold_is_said(service: FaqService, question: str) -> None:
    assert isinstance(await service.ask(HERE, question), NothingFound)


async def test_typing_completes_to_questions(service: FaqService) -> None:
    assert "need-a-degree" in [entry.id for entry in await service.complete(HERE, "do i need a deg")]
    assert "overfitting" in [entry.id for entry in await service.complete(HERE, "overfi")]
    assert len(await service.complete(HERE, "")) == 25


async def test_an_entry_that_is_gone_is_told_in_words(service: FaqService) -> None:
    with pytest.raises(NotFoundError, match="/faq"):
        await service.answer(HERE, "no-such-entry")
    with pytest.raises(NotFoundError, match="/faq"):
        await service.vote(HERE, 1, "no-such-entry", ASKED, Vote.HELPED)


async def test_a_question_without_answer_is_a_gap_of_its_guild_and_names_nobody(
    service: FaqService, database: Database, clock: FakeClock
) -> None:
    found = await service.ask(HERE, "  PIZZA in Lima?! ")
    assert found == NothingFound("  PIZZA in Lima?! ", noted=True)
    (gap,) = await gaps(database, HERE)
    assert (gap.question, gap.times, gap.passed_on, gap.last_at) == ("pizza in lima", 1, 0, clock.now())
    await service.ask(HERE, "pizza in lima")
    assert (await gaps(database, HERE))[0].times == 1, "asked again at once is the same asking"
    clock.move(minutes=10)
    await service.ask(HERE, "pizza in lima")
    await service.pass_on(HERE, "Pizza, in Lima")
    (gap,) = await gaps(database, HERE)
    assert (gap.times, gap.passed_on) == (2, 1)
    assert await gaps(database, THERE) == []


async def test_somebody_elses_words_are_kept_only_when_passed_on(service: FaqService, database: Database) -> None:
    found = await service.ask(HERE, "pizza in lima", of_ones_own=False)
    assert found == NothingFound("pizza in lima", noted=False)
    assert await gaps(database, HERE) == []


@pytest.mark.parametrize("question", ["", "🤖", "word " * 100])
async def test_what_is_no_question_is_not_kept(service: FaqService, database: Database, question: str) -> None:
    assert not await service.pass_on(HERE, question)
    assert await gaps(database, HERE) == []


async def test_gaps_that_were_passed_on_come_first_and_the_rarest_give_way(
    service: FaqService, database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faq, "MOST_GAPS", 3)
    for question in ("pizza one", "pizza two", "pizza three"):
        await service.ask(HERE, question)
        clock.move(minutes=20)
    await service.ask(HERE, "pizza one")
    await service.pass_on(HERE, "pizza four")
    assert [gap.question for gap in await gaps(database, HERE)] == ["pizza four", "pizza one", "pizza three"]


async def test_enough_members_suggest_a_phrasing_and_content_stays_as_it_is(
    service: FaqService, database: Database
) -> None:
    before = dict((await service.pack(HERE)).entries)
    for user in range(1, ENOUGH):
        await service.vote(HERE, user, "need-a-degree", ASKED, Vote.PICKED)
        await service.vote(HERE, user, "need-a-degree", ASKED, Vote.HELPED)
    assert await suggested(database, HERE) == [], "nobody counts twice"
    await service.vote(HERE, ENOUGH, "need-a-degree", f"  {ASKED.upper()}", Vote.HELPED)
    assert await suggested(database, HERE) == [(LEARNED, ENOUGH, 0)]
    assert await suggested(database, THERE) == []
    assert dict((await service.pack(HERE)).entries) == before


async def test_votes_against_weigh_and_leave_a_gap(service: FaqService, database: Database) -> None:
    await service.vote(HERE, 9, "need-a-degree", ASKED, Vote.MISSED)
    for user in range(ENOUGH):
        await service.vote(HERE, user, "need-a-degree", ASKED, Vote.HELPED)
    assert await suggested(database, HERE) == []
    assert [gap.question for gap in await gaps(database, HERE)] == [PLAIN]
    await service.vote(HERE, 9, "need-a-degree", ASKED, Vote.HELPED)
    assert await suggested(database, HERE) == [(LEARNED, ENOUGH + 1, 0)], "a later word replaces an earlier"


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_settled_suggestion_does_not_come_back(
    service: FaqService, database: Database, clock: FakeClock, *, accepted: bool
) -> None:
    for user in range(ENOUGH):
        await service.vote(HERE, user, "need-a-degree", ASKED, Vote.HELPED)
    state, other = sorted([SuggestionState.ACCEPTED, SuggestionState.DISMISSED], reverse=accepted)
    assert await database.write(lambda tx: faq.settle(tx, HERE, LEARNED, state, clock.now()))
    assert not await database.write(lambda tx: faq.settle(tx, HERE, LEARNED, other, clock.now()))
    await service.vote(HERE, 99, "need-a-degree", ASKED, Vote.HELPED)
    assert await suggested(database, HERE) == []


@pytest.mark.parametrize("asked", ["", "🤖", "word " * 100, "do i need a degree to become an ML engineer"])
async def test_what_teaches_nothing_is_not_kept(service: FaqService, database: Database, asked: str) -> None:
    """No question, a page of text, and what the entry is called already."""
    found = await service.vote(HERE, 1, "need-a-degree", asked, Vote.HELPED)
    assert found.entry.id == "need-a-degree"
    kept = await database.read(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM faq_vote").scalar())
    assert kept == 0
