"""Answers to a post, through the service and a real database."""

from __future__ import annotations

import pytest

from bot.domain.answer import Vote
from bot.domain.instead import fingerprint
from bot.domain.pack import Pack
from bot.errors import BadInputError, NotFoundError
from bot.services.answer import ANSWER_CHARACTERS, AnswerService
from bot.services.packs import Packs
from bot.services.prompt import PromptService
from bot.storage.database import Database
from bot.ui.answer import answers
from tests.fakes.clock import FakeClock
from tests.services.posted import ANA, BEN, GUILD, posted


@pytest.fixture
def service(database: Database, pack: Pack, clock: FakeClock) -> AnswerService:
    """The service under test."""
    return AnswerService(database, Packs(database, pack), clock)


@pytest.fixture
async def number(database: Database, clock: FakeClock) -> int:
    """A post."""
    return await posted(database, clock)


async def test_writing_counts_as_done_and_taking_the_answer_back_leaves_that(
    service: AnswerService, number: int
) -> None:
    page = await service.write(GUILD, ANA, number, "  what I think \n\n\n\n and why ", shared=True)
    assert page.answer is not None
    assert page.answer.text == "what I think \n\n and why"
    assert (page.counts.done, page.counts.shared) == (1, 1)
    page = await service.take_back(GUILD, ANA, number)
    assert (page.answer, page.counts.done, page.counts.shared) == (None, 1, 0)


async def test_an_answer_changes_in_place_and_a_private_one_is_nobody_elses(
    service: AnswerService, number: int
) -> None:
    await service.write(GUILD, ANA, number, "first", shared=True)
    await service.write(GUILD, ANA, number, "second", shared=False)
    found = await service.shared(GUILD, BEN, number, 0)
    assert (found.shown, found.page.counts.shared) == ((), 0)
    with pytest.raises(NotFoundError, match="taken back"):
        await service.one(GUILD, number, ANA)
    own = await service.shared(GUILD, ANA, number, 0)
    assert own.page.answer is not None
    assert own.page.answer.text == "second"


@pytest.mark.parametrize("text", ["", " \n ", "x" * (ANSWER_CHARACTERS + 1)])
async def test_nothing_and_too_much_are_refused(service: AnswerService, number: int, text: str) -> None:
    with pytest.raises(BadInputError):
        await service.write(GUILD, ANA, number, text, shared=True)
    assert (await service.shared(GUILD, ANA, number, 0)).page.done is None


async def test_pages_are_brought_into_range(service: AnswerService, number: int, clock: FakeClock) -> None:
    for user_id in range(1, 13):
        clock.move(seconds=1)
        await service.write(GUILD, user_id, number, f"by {user_id}", shared=True)
    last = await service.shared(GUILD, ANA, number, 99)
    assert (last.index, last.last_page, last.first) == (2, 2, 10)
    assert [one.answer.user_id for one in last.shown] == [11, 12]


async def test_an_answer_to_another_exercise_says_to_which(
    service: AnswerService, number: int, database: Database, clock: FakeClock, pack: Pack
) -> None:
    prompts = PromptService(database, Packs(database, pack), clock)
    given = (await prompts.vote(GUILD, ANA, number, Vote.TOO_EASY, fingerprint("f-scaled-six"))).page
    await service.write(GUILD, ANA, number, "mine", shared=True)
    (one,) = (await service.shared(GUILD, BEN, number, 0)).shown
    assert one.other == given.item


async def test_the_worst_answers_fit_a_page(service: AnswerService, number: int, clock: FakeClock) -> None:
    for user_id in range(2**63 - 6, 2**63 - 1):
        clock.move(seconds=1)
        await service.write(GUILD, user_id, number, "*\n" * 700 + "@everyone" * 11, shared=True)
    await service.write(GUILD, ANA, number, "_" * ANSWER_CHARACTERS, shared=False)
    reply = answers(await service.shared(GUILD, ANA, number, 0), ANA)
    assert reply.embed is not None
    assert len(reply.embed.description or "") <= 4096


async def test_a_post_of_another_guild_takes_no_answer(service: AnswerService, number: int) -> None:
    with pytest.raises(NotFoundError):
        await service.write(GUILD + 1, ANA, number, "mine", shared=True)
    with pytest.raises(NotFoundError):
        await service.one(GUILD + 1, number, ANA)
