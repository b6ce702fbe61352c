"""Quiz rounds through the services and a real database: the steps, what is asked, and what counts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.pack import Pack
from bot.domain.quiz import ANSWERING, GATHERING, READING, Phase, Round, RoundEnd, RoundState
from bot.domain.review import Cards
from bot.domain.roadmap import State
from bot.errors import BadInputError, NotAllowedError, NotFoundError, SyllabotError
from bot.services.group import GroupService
from bot.services.packs import Packs
from bot.services.quiz import QuizService
from bot.services.quiz_play import QuizPlay
from bot.services.roadmap import RoadmapService
from bot.storage import group as group_store
from bot.storage import quiz as store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.groups import made
from tests.services.quizzes import ANA, BEN, CARA, GUILD, HALL, MO, OTHER, Stage, answer, begin, go_on, share


async def test_a_round_from_its_start_to_its_scores(
    database: Database, service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock, pack: Pack
) -> None:
    topics = await share(database, pack, clock, 6)
    offer = await service.offer(GUILD, ANA, None)
    assert (offer.sizes, offer.places) == ((5, 7, 10), ())
    assert set(offer.topics) == {pack.topics[topic].title for topic in topics}
    one = await begin(service, play)
    assert (stage.now.one.phase, stage.posts) == (Phase.GATHER, 1)
    seen: list[str] = []
    await go_on(play, clock, GATHERING)
    for number in range(1, 6):
        asked = stage.question
        assert (stage.now.one.phase, asked.number, stage.now.one.due_at) == (Phase.ASK, number, clock.now() + ANSWERING)
        assert not stage.now.chosen
        assert asked.card.topic in topics
        seen.append(asked.card.id)
        await answer(service, stage, ANA, well=True)
        await answer(service, stage, BEN, well=number != 2)
        shown = len(stage.shown)
        await go_on(play, clock, ANSWERING - timedelta(seconds=1))
        assert len(stage.shown) == shown, "nobody sees answers before time is up"
        await go_on(play, clock, timedelta(seconds=1))
        assert stage.now.one.phase is Phase.TELL
        assert stage.now.chosen[asked.card.right] == (1 if number == 2 else 2)
        await go_on(play, clock, READING)
    assert len(set(seen)) == 5
    end = stage.now
    assert (end.one.phase, end.one.ended, end.one.asked) == (Phase.SCORES, RoundEnd.PLAYED, 5)
    assert [(score.user_id, score.rank, score.right) for score in end.scores] == [
        (ANA.user_id, 1, 5),
        (BEN.user_id, 2, 4),
    ]
    assert end.hardest is not None
    assert end.hardest.number == 2
    assert stage.posts == 1, "one message from beginning to end"
    kept = await service.round(GUILD, one.number)
    assert kept.state is RoundState.ENDED
    await go_on(play, clock, READING)
    assert stage.now is end, "what is over stands still"
    assert await database.read(store.next_at) is None


async def test_questions_and_the_order_of_choices_are_the_same_for_the_same_seed(
    database: Database, service: QuizService, play: QuizPlay, clock: FakeClock, pack: Pack
) -> None:
    await share(database, pack, clock, 12)
    first = await begin(service, play, HALL, 10)
    questions = await database.read(lambda tx: store.questions(tx, GUILD, first.number))
    assert len({question.card.topic for question in questions}) >= 9, "topics take turns"
    assert len({question.order for question in questions}) > 1
    second = await begin(service, play, OTHER)
    others = await database.read(lambda tx: store.questions(tx, GUILD, second.number))
    new = [one for one in others if one.card.id not in {question.card.id for question in questions}]
    assert new, "what was asked least comes first"


async def test_a_press_after_time_is_up_counts_for_nothing_though_the_tick_is_late(
    database: Database, service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock, pack: Pack
) -> None:
    await share(database, pack, clock, 6)
    one = await begin(service, play)
    with pytest.raises(BadInputError, match="Too late"):
        await service.answer(GUILD, ANA.user_id, one.number, 1, "A")
    await go_on(play, clock, GATHERING)
    clock.move(seconds=ANSWERING.total_seconds())
    with pytest.raises(BadInputError, match="Too late"):
        await answer(service, stage, ANA, well=True)
    with pytest.raises(BadInputError, match="Too late"):
        await service.answer(GUILD, ANA.user_id, one.number, 2, "A")
    assert await database.read(lambda tx: store.answers(tx, GUILD, one.number)) == []
    with pytest.raises(NotFoundError):
        await service.answer(GUILD, ANA.user_id, 99, 1, "A")
    with pytest.raises(NotFoundError):
        await service.answer(12, ANA.user_id, one.number, 1, "A")


async def test_an_answer_can_be_changed_and_twenty_presses_at_once_count_once(
    database: Database, service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock, pack: Pack
) -> None:
    await share(database, pack, clock, 6)
    one = await begin(service, play)
    await go_on(play, clock, GATHERING)
    await answer(service, stage, ANA, well=False)
    await asyncio.gather(*(answer(service, stage, ANA, well=True) for _ in range(20)))
    (kept,) = await database.read(lambda tx: store.answers(tx, GUILD, one.number))
    assert kept.letter == stage.question.card.right


async def test_one_round_a_channel_and_another_one_elsewhere(
    database: Database, service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock, pack: Pack
) -> None:
    await share(database, pack, clock, 6)
    begun = await asyncio.gather(
        *(service.start(GUILD, who, HALL, None, 5) for who in (ANA, BEN, CARA)), return_exceptions=True
    )
    assert sum(isinstance(one, Round) for one in begun) == 1
    assert all("being played here" in one.sentence for one in begun if isinstance(one, SyllabotError))
    other = await begin(service, play, OTHER)
    await service.stop(GUILD, other.number, ANA)
    again = await begin(service, play, OTHER)
    assert again.number == other.number + 1
    with pytest.raises(BadInputError, match="5, 7 or 10"):
        await service.start(GUILD, ANA, 8, None, 6)


async def test_only_its_starter_and_moderators_stop_a_round(
    database: Database, service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock, pack: Pack
) -> None:
    await share(database, pack, clock, 6)
    one = await begin(service, play)
    await go_on(play, clock, GATHERING)
    await answer(service, stage, BEN, well=True)
    await go_on(play, clock, ANSWERING, READING)
    await answer(service, stage, BEN, well=False)
    with pytest.raises(NotAllowedError):
        await service.stop(GUILD, one.number, BEN)
    await service.stop(GUILD, one.number, MO)
    await play.run(GUILD, one.number)
    end = stage.now
    assert (end.one.ended, end.one.ended_by, end.one.asked) == (RoundEnd.STOPPED, MO.user_id, 1)
    assert [(score.right, score.answered) for score in end.scores] == [(1, 1)], "the open question costs nobody"
    with pytest.raises(BadInputError, match="over already"):
        await service.stop(GUILD, one.number, ANA)
    with pytest.raises(BadInputError, match="That round is over"):
        await service.answer(GUILD, BEN.user_id, one.number, 2, "A")


async def test_too_few_shared_topics_are_filled_up_from_the_groups_stage(
    database: Database, service: QuizService, play: QuizPlay, clock: FakeClock, pack: Pack
) -> None:
    alone = await service.offer(GUILD, ANA, None)
    assert (alone.shared, alone.stage) == (0, pack.track.stages[0].title)
    (topic,) = await share(database, pack, clock, 1)
    found = await service.offer(GUILD, ANA, None)
    assert found.shared == len(pack.cards.choices(topic))
    one = await begin(service, play)
    questions = await database.read(lambda tx: store.questions(tx, GUILD, one.number))
    assert one.shared == found.shared
    assert {question.card.topic for question in questions[: one.shared]} == {topic}
    assert {pack.stage_of[question.card.topic].order for question in questions} == {1}


async def test_where_there_are_too_few_questions_it_is_said(
    database: Database, clock: FakeClock, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_cards: Cards, _topic_id: str) -> tuple[()]:
        return ()

    monkeypatch.setattr(Cards, "choices", none)
    service = QuizService(database, Packs(database, pack), clock)
    with pytest.raises(NotFoundError, match="A round needs 5 multiple-choice questions, and there are 0"):
        await service.offer(GUILD, ANA, None)
    with pytest.raises(NotFoundError):
        await service.start(GUILD, ANA, HALL, None, 5)


async def test_a_groups_round_asks_what_its_members_share(
    database: Database, service: QuizService, clock: FakeClock, pack: Pack
) -> None:
    groups = GroupService(database, clock)
    group_id = await made(groups, ANA, BEN)
    await share(database, pack, clock, 3, (ANA, BEN))
    far = list(pack.topics)[40]
    roadmap = RoadmapService(database, Packs(database, pack), clock)
    for who in (ANA, CARA):
        await roadmap.mark(GUILD, who.user_id, far, State.KNOWN, confirmed=True)
    everybody = await service.offer(GUILD, ANA, None)
    own = await service.offer(GUILD, ANA, group_id)
    assert pack.topics[far].title in everybody.topics
    assert pack.topics[far].title not in own.topics
    with pytest.raises(NotAllowedError, match="Only members"):
        await service.offer(GUILD, CARA, group_id)
    with pytest.raises(NotFoundError):
        await service.start(GUILD, ANA, HALL, 99, 5)
    await database.write(lambda tx: _link(tx, group_id))
    assert (await service.offer(GUILD, ANA, group_id)).places == (77,)


def _link(tx: Connection, group_id: int) -> None:
    """Link a group to a channel."""
    found = group_store.get(tx, GUILD, group_id)
    assert found is not None
    group_store.put(tx, replace(found, channel_id=77))
