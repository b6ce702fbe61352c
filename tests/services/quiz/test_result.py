"""What a quiz round leaves: places, cards in the own review, and what a deletion does to it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.pack import Pack
from bot.domain.recall import Grade
from bot.errors import BadInputError
from bot.services.packs import Packs
from bot.services.profile import ProfileService
from bot.services.quiz import QuizService
from bot.services.quiz_play import QuizPlay
from bot.services.quiz_result import Taken
from bot.services.review import Asked, ReviewService
from bot.services.review_cards import rebuild
from bot.storage import privacy
from bot.storage import quiz as store
from bot.storage import review as review_store
from bot.storage.database import Database
from bot.ui import quiz as ui
from tests.fakes.clock import FakeClock
from tests.services.quizzes import ANA, BEN, CARA, GUILD, MO, Stage, begin, play_out, share


def told(taken: Taken) -> str:
    """Return what somebody reads who took what they missed."""
    embed = ui.taken(taken).embed
    assert embed is not None
    return embed.description or ""


async def test_equal_ones_share_a_place_and_hidden_ones_are_not_named(
    database: Database, service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock, pack: Pack
) -> None:
    await share(database, pack, clock, 6)
    await ProfileService(database, clock).put_hidden(GUILD, MO.user_id, hidden=True)
    await play_out(service, play, stage, clock, {ANA.user_id: 3, BEN.user_id: 3, CARA.user_id: 1, MO.user_id: 5})
    assert [(score.user_id, score.rank) for score in stage.now.scores] == [(21, 2), (22, 2), (23, 4)]
    assert stage.now.hidden == 1


async def test_what_was_missed_comes_back_in_the_own_review_once(
    database: Database, service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock, pack: Pack
) -> None:
    await share(database, pack, clock, 6)
    one = await begin(service, play)
    with pytest.raises(BadInputError, match="still being played"):
        await service.take(GUILD, ANA.user_id, one.number)
    await service.stop(GUILD, one.number, ANA)
    await play.run(GUILD, one.number)
    one = await play_out(service, play, stage, clock, {ANA.user_id: 3, BEN.user_id: 5, CARA.user_id: 4})
    mine = await service.mine(GUILD, ANA.user_id, one.number)
    assert mine.missed == 2
    missed = {question.card.id for question in mine.questions[3:]}
    taken = await asyncio.gather(*(service.take(GUILD, ANA.user_id, one.number) for _ in range(3)))
    assert sorted((found.added, found.again) for found in taken) == [(2, False), (2, True), (2, True)]
    history = await database.read(lambda tx: review_store.history(tx, GUILD, ANA.user_id))
    assert {(row.card_id, row.grade) for row in history} == {(card_id, Grade.AGAIN) for card_id in missed}
    assert await database.write(lambda tx: rebuild(tx, GUILD, ANA.user_id))
    clock.move(minutes=10)
    reviews, asked = ReviewService(database, Packs(database, pack), clock), set[str]()
    for _ in range(2):
        step = await reviews.begin(GUILD, ANA.user_id)
        assert isinstance(step, Asked)
        asked.add(step.card.id)
        await reviews.grade(GUILD, ANA.user_id, step.card.id, 1, Grade.GOOD, 0)
    assert asked == missed, "they are the first to be asked"
    later = await service.take(GUILD, CARA.user_id, one.number)
    assert (later.added, later.later) == (1, 1), "Cara has not begun the topic"
    assert told(later) == "**1 card** you missed will be asked again once you begin its topic on your road."
    assert "once you begin its topic" in told(await service.take(GUILD, CARA.user_id, one.number))
    assert told(replace(later, added=2)).endswith("10 minutes from now. 1 of them only once you begin its topic.")
    with pytest.raises(BadInputError, match="missed nothing"):
        await service.take(GUILD, BEN.user_id, one.number)
    with pytest.raises(BadInputError, match="answered nothing"):
        await service.take(GUILD, MO.user_id, one.number)


async def test_who_deletes_their_data_leaves_the_scores_as_they_were(
    database: Database, service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock, pack: Pack
) -> None:
    await share(database, pack, clock, 6)
    one = await play_out(service, play, stage, clock, {ANA.user_id: 3, BEN.user_id: 5})
    counted = await database.read(lambda tx: privacy.counts(tx, GUILD, ANA.user_id))
    assert (counted["answers in quiz rounds"], counted["quiz rounds begun or stopped"]) == (5, 1)
    exported = await database.read(lambda tx: privacy.rows(tx, GUILD, ANA.user_id))
    assert len(exported["quiz_answer"]) == 5
    json.dumps(exported["quiz_answer"], default=str)
    await database.write(lambda tx: privacy.erase(tx, GUILD, ANA.user_id, clock.now()))
    answers = await database.read(lambda tx: store.answers(tx, GUILD, one.number))
    assert len(answers) == 10
    assert ANA.user_id not in {found.user_id for found in answers}
    assert (await service.round(GUILD, one.number)).started_by == 0


async def test_old_rounds_are_forgotten_and_open_ones_are_not(
    database: Database, service: QuizService, play: QuizPlay, clock: FakeClock, pack: Pack
) -> None:
    await share(database, pack, clock, 6)
    one = await begin(service, play)
    after = clock.now() + timedelta(days=1)
    assert await database.write(lambda tx: store.forget_old(tx, after)) == 0
    await service.stop(GUILD, one.number, ANA)
    await play.run(GUILD, one.number)
    assert await database.write(lambda tx: store.forget_old(tx, after)) == 1
    assert await database.read(lambda tx: store.used(tx, GUILD)) == {}
