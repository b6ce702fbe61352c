"""Quiz rounds through the services and a real database: the steps, what counts, and what a restart leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

import pytest
from sqlalchemy import Connection

from bot.domain.pack import Pack
from bot.domain.quiz import ANSWERING, AWAY_TOO_LONG, GATHERING, READING, Phase, Round, RoundEnd, RoundState
from bot.domain.recall import Grade
from bot.domain.roadmap import State
from bot.errors import BadInputError, NotAllowedError, NotFoundError, SyllabotError
from bot.services.courier import Later, Refused
from bot.services.group import GroupService, Person
from bot.services.packs import Packs
from bot.services.profile import ProfileService
from bot.services.quiz import QuizService
from bot.services.quiz_play import QuizPlay
from bot.services.review import ReviewService
from bot.services.review_cards import rebuild
from bot.services.roadmap import RoadmapService
from bot.storage import group as group_store
from bot.storage import privacy
from bot.storage import quiz as store
from bot.storage import review as review_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.groups import made
from tests.services.quizzes import ANA, BEN, CARA, GUILD, HALL, MO, OTHER, Stage, right, share, wrong

Restart: TypeAlias = Callable[[], QuizPlay]


@pytest.fixture
def service(database: Database, pack: Pack, clock: FakeClock) -> QuizService:
    return QuizService(database, Packs(database, pack), clock)


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def restart(database: Database, clock: FakeClock, stage: Stage) -> Restart:
    """Return what makes another process's steps, which knows nothing but the rows."""
    return lambda: QuizPlay(database, clock, stage)


@pytest.fixture
def play(restart: Restart) -> QuizPlay:
    return restart()


async def begin(service: QuizService, play: QuizPlay, channel_id: int = HALL, size: int = 5) -> Round:
    """Begin a round of Ana's, and have it posted."""
    one = await service.start(GUILD, ANA, channel_id, None, size)
    assert await play.run(GUILD, one.number) is None
    return one


async def go_on(play: QuizPlay, clock: FakeClock, *spans: timedelta) -> None:
    """Let time pass, and the steps be taken that are due then."""
    for span in spans:
        clock.move(seconds=span.total_seconds())
        await play.tick()


async def answer(service: QuizService, stage: Stage, person: Person, *, well: bool) -> None:
    """Answer the question that is asked."""
    asked = stage.question
    letter = right(asked) if well else wrong(asked)
    await service.answer(GUILD, person.user_id, stage.now.one.number, asked.number, letter)


async def play_out(service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock, well: dict[int, int]) -> Round:
    """Play a round of five; each member answers as many questions right as ``well`` says, and the others wrong."""
    one = await begin(service, play)
    await go_on(play, clock, GATHERING)
    for number in range(1, 6):
        for user_id, good in well.items():
            await answer(service, stage, Person(user_id, "x"), well=number <= good)
        await go_on(play, clock, ANSWERING, READING)
    return one


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


async def test_a_restart_in_the_middle_changes_nothing(
    service: QuizService, play: QuizPlay, restart: Restart, stage: Stage, clock: FakeClock
) -> None:
    await begin(service, play)
    await go_on(play, clock, GATHERING)
    await answer(service, stage, BEN, well=True)
    again = restart()
    await go_on(again, clock, timedelta(seconds=5))
    assert stage.now.one.phase is Phase.ASK
    await go_on(again, clock, ANSWERING + timedelta(minutes=3))
    assert (stage.now.one.phase, stage.question.number) == (Phase.TELL, 1)
    assert stage.now.one.due_at == clock.now() + READING, "the answer stands as long as ever"
    await go_on(restart(), clock, READING)
    assert (stage.now.one.phase, stage.question.number) == (Phase.ASK, 2)
    assert stage.posts == 1


async def test_a_round_that_stood_still_for_too_long_ends_with_its_scores(
    service: QuizService, play: QuizPlay, restart: Restart, stage: Stage, clock: FakeClock
) -> None:
    one = await begin(service, play)
    await go_on(play, clock, GATHERING)
    await answer(service, stage, BEN, well=True)
    await go_on(restart(), clock, ANSWERING + AWAY_TOO_LONG + timedelta(seconds=1))
    end = stage.now
    assert (end.one.ended, end.one.asked, end.scores[0].right) == (RoundEnd.AWAY, 1, 1)
    assert (await service.round(GUILD, one.number)).state is RoundState.ENDED


async def test_a_crash_between_showing_and_noting_shows_it_again_and_costs_no_time(
    service: QuizService, play: QuizPlay, restart: Restart, stage: Stage, clock: FakeClock
) -> None:
    await begin(service, play)
    stage.outcomes.append("crash")
    await go_on(play, clock, GATHERING)
    assert stage.now.one.phase is Phase.ASK
    await go_on(restart(), clock, timedelta(seconds=60))
    assert (stage.now.one.phase, stage.question.number) == (Phase.ASK, 1)
    assert stage.now.one.due_at == clock.now() + ANSWERING, "a question that may not have been seen begins anew"
    stage.outcomes.append("crash")
    await go_on(play, clock, ANSWERING, READING)
    assert stage.question.number == 1


async def test_what_discord_does_not_take_is_tried_again_and_what_it_refuses_ends_the_round(
    database: Database, service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock, pack: Pack
) -> None:
    await share(database, pack, clock, 6)
    one = await begin(service, play)
    stage.outcomes += [Later(), Later()]
    await go_on(play, clock, GATHERING, timedelta(seconds=5))
    assert stage.now.one.phase is Phase.GATHER
    await go_on(play, clock, timedelta(seconds=5))
    assert stage.now.one.phase is Phase.ASK
    stage.outcomes.append(Refused("gone"))
    await go_on(play, clock, ANSWERING)
    over = await service.round(GUILD, one.number)
    assert (over.state, over.ended) == (RoundState.ENDED, RoundEnd.REFUSED)
    unposted = await service.start(GUILD, ANA, HALL, None, 5)
    stage.outcomes.append(Refused("I can't write there"))
    refused = await play.run(GUILD, unposted.number)
    assert refused == Refused("I can't write there")
    lost = await service.start(GUILD, ANA, HALL, None, 5)
    stage.outcomes += [Later()] * 99
    await go_on(play, clock, *[timedelta(seconds=10)] * 13)
    assert (await service.round(GUILD, lost.number)).state is RoundState.ENDED


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
        asked.add(step.card.id)  # pyright: ignore[reportAttributeAccessIssue]
        await reviews.grade(GUILD, ANA.user_id, step.card.id, 1, Grade.GOOD, 0)  # pyright: ignore[reportAttributeAccessIssue]
    assert asked == missed, "they are the first to be asked"
    later = await service.take(GUILD, CARA.user_id, one.number)
    assert (later.added, later.later) == (1, 1), "Cara has not begun the topic"
    with pytest.raises(BadInputError, match="missed nothing"):
        await service.take(GUILD, BEN.user_id, one.number)
    with pytest.raises(BadInputError, match="answered nothing"):
        await service.take(GUILD, MO.user_id, one.number)


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
    monkeypatch.setattr("bot.domain.review.Cards.choices", lambda _self, _topic: ())
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


async def test_the_alarm_rings_when_the_next_step_is_due(
    database: Database, service: QuizService, play: QuizPlay, stage: Stage, clock: FakeClock, pack: Pack
) -> None:
    await share(database, pack, clock, 6)
    rung: list[timedelta] = []
    play.alarm = lambda at: rung.append(at - clock.now())
    one = await begin(service, play)
    await go_on(play, clock, GATHERING, ANSWERING)
    assert rung == [GATHERING, ANSWERING, READING]
    await service.stop(GUILD, one.number, ANA)
    await play.run(GUILD, one.number)
    assert rung == [GATHERING, ANSWERING, READING], "nothing is due where nothing is played"
    assert stage.now.one.phase is Phase.SCORES
