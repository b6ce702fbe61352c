"""Reviews, through the service and a real database: what is asked, what a grade makes, and what keeps a day."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from fsrs import Card, Rating
from sqlalchemy import Connection

from bot.domain.day import DayRule
from bot.domain.pack import Pack
from bot.domain.points import Reason
from bot.domain.recall import A_SITTING, KEEPS_THE_DAY, NEW_A_DAY, Grade, Memory, Today
from bot.domain.review import ReviewCard
from bot.domain.roadmap import State
from bot.domain.streak import DayKind
from bot.services.packs import Packs
from bot.services.profile import ProfileService
from bot.services.recall import SCHEDULER
from bot.services.review import Asked, Graded, Rested, ReviewService, Told
from bot.services.review_cards import rebuild, rebuilt, record
from bot.services.roadmap import RoadmapService
from bot.services.today import TodayService
from bot.storage import member as member_store
from bot.storage import points as points_store
from bot.storage import review as store
from bot.storage import streak as streak_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.hasty import hasty

GUILD, ANA = 11, 21
TOPIC, SECOND = "python-first-steps", "python-data-structures"
START: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

Marker: TypeAlias = Callable[[str, State], Awaitable[object]]


@pytest.fixture
def service(database: Database, pack: Pack, clock: FakeClock) -> ReviewService:
    return ReviewService(database, Packs(database, pack), clock)


@pytest.fixture
def mark(database: Database, pack: Pack, clock: FakeClock) -> Marker:
    """Mark a topic of Ana's."""
    roadmap = RoadmapService(database, Packs(database, pack), clock)
    return lambda topic_id, state: roadmap.mark(GUILD, ANA, topic_id, state, confirmed=True)


async def review(service: ReviewService, grade: Grade = Grade.GOOD, most: int = 100) -> list[Graded]:
    """Review what is asked until the sitting ends, or so many cards."""
    step, given = await service.begin(GUILD, ANA), list[Graded]()
    while isinstance(step, Asked) and len(given) < most:
        given.append(await service.grade(GUILD, ANA, step.card.id, step.seen, grade, step.done))
        step = given[-1].step
    return given


async def first(service: ReviewService) -> Asked:
    step = await service.begin(GUILD, ANA)
    assert isinstance(step, Asked)
    return step


async def earned(database: Database) -> list[tuple[Reason, int]]:
    rows = await database.read(lambda tx: list(points_store.every(tx, GUILD)))
    return [(row.reason, row.delta) for row in rows if row.reason is not Reason.TOPIC]


async def test_cards_come_from_what_is_begun_or_finished_alone(service: ReviewService, mark: Marker) -> None:
    nothing = await service.begin(GUILD, ANA)
    assert isinstance(nothing, Rested)
    assert not nothing.begun
    await mark(TOPIC, State.SKIPPED)
    assert isinstance(await service.begin(GUILD, ANA), Rested)
    for state in (State.LEARNING, State.DONE, State.KNOWN):
        await mark(TOPIC, state)
        assert (await first(service)).card.topic == TOPIC


async def test_new_cards_come_at_a_pace_and_what_is_being_learnt_comes_first(
    service: ReviewService, mark: Marker, clock: FakeClock, pack: Pack
) -> None:
    known, learning = list(pack.cards.of_topic)[:6], list(pack.cards.of_topic)[7]
    for topic_id in known:
        await mark(topic_id, State.KNOWN)
    await mark(learning, State.LEARNING)
    assert (await first(service)).card.topic == learning
    assert len(await review(service, Grade.EASY)) == NEW_A_DAY
    assert isinstance(await service.begin(GUILD, ANA), Rested)
    clock.move(days=1)
    assert len(await review(service, Grade.EASY)) == NEW_A_DAY


async def test_a_sitting_ends_after_ten_and_goes_on_when_asked(
    service: ReviewService, mark: Marker, clock: FakeClock, pack: Pack
) -> None:
    for topic_id in list(pack.cards.of_topic)[:5]:
        await mark(topic_id, State.DONE)
    for _ in range(3):
        await review(service, Grade.EASY)
        clock.move(days=1)
    clock.move(days=30)
    given = await review(service)
    end = given[-1].step
    assert len(given) == A_SITTING
    assert isinstance(end, Rested)
    assert end.left == 15 + NEW_A_DAY - A_SITTING
    assert len(await review(service)) == end.left


async def test_a_press_that_comes_twice_counts_once(service: ReviewService, mark: Marker, database: Database) -> None:
    await mark(TOPIC, State.DONE)
    asked = await first(service)
    press = GUILD, ANA, asked.card.id, asked.seen
    one = await service.grade(*press, Grade.GOOD, asked.done)
    two = await service.grade(*press, Grade.AGAIN, asked.done)
    assert (one.counted, two.counted) == (True, False)
    assert one.step == two.step
    shown = await service.show(*press, asked.done + 1)
    assert shown == one.step, "a card that was graded since is not turned over again"
    (row,) = await database.read(lambda tx: store.history(tx, GUILD, ANA))
    assert (row.card_id, row.number, row.grade) == (asked.card.id, 1, Grade.GOOD)


async def test_each_grade_tells_when_the_card_comes_back(
    service: ReviewService, mark: Marker, clock: FakeClock
) -> None:
    await mark(TOPIC, State.DONE)
    asked = await first(service)
    told = await service.show(GUILD, ANA, asked.card.id, asked.seen, asked.done)
    assert isinstance(told, Told)
    today = clock.now().date()
    assert told.comes == {
        Grade.AGAIN: timedelta(minutes=10),
        Grade.HARD: timedelta(minutes=15),
        Grade.GOOD: today + timedelta(days=2),
        Grade.EASY: today + timedelta(days=8),
    }
    await service.grade(GUILD, ANA, asked.card.id, asked.seen, Grade.AGAIN, asked.done)
    assert (await first(service)).card.id != asked.card.id
    clock.move(minutes=10)
    again = await first(service)
    assert (again.card.id, again.seen) == (asked.card.id, 1)


async def test_five_cards_keep_the_day_and_score_once(
    service: ReviewService, mark: Marker, clock: FakeClock, database: Database
) -> None:
    for topic_id in (TOPIC, SECOND):
        await mark(topic_id, State.KNOWN)
    given = await review(service, Grade.EASY)
    assert [one.keeps for one in given] == [False] * (KEEPS_THE_DAY - 1) + [True]
    assert await earned(database) == [(Reason.REVIEW, 2), (Reason.DAY, 2)]
    (row,) = await database.read(lambda tx: streak_store.standing(tx, GUILD, ANA))
    assert (row.day, row.kind, row.source) == (clock.now().date(), DayKind.KEPT, "review:2026-11-23")
    end = given[-1].step
    assert isinstance(end, Rested)
    assert (end.day.cards, end.day.remembered, end.streak.length, end.kept) == (5, 5, 1, True)
    assert await database.write(lambda tx: rebuild(tx, GUILD, ANA))


async def test_fewer_keep_it_where_nothing_more_is_due_and_the_same_card_is_one(
    service: ReviewService, mark: Marker, clock: FakeClock, database: Database, pack: Pack
) -> None:
    await mark(TOPIC, State.KNOWN)
    cards = len(pack.cards.of_topic[TOPIC])
    assert cards < KEEPS_THE_DAY
    for _ in range(3):
        (one,) = await review(service, Grade.AGAIN, most=1)
        assert not one.keeps
        clock.move(minutes=11)
    given = await review(service, Grade.GOOD)
    assert given[-1].keeps
    assert len(await earned(database)) == 2


async def test_a_card_is_due_from_the_beginning_of_the_members_own_day(
    service: ReviewService, mark: Marker, clock: FakeClock, database: Database, pack: Pack
) -> None:
    tokyo = member_store.Member(GUILD, ANA, clock.now(), zone="Asia/Tokyo", day_start=time(5))
    await database.write(lambda tx: member_store.put_profile(tx, tokyo))
    await mark(TOPIC, State.DONE)
    clock.move(hours=2)  # 20:00 in Tokyo
    given = await review(service)
    assert {row.day for row in await database.read(lambda tx: store.history(tx, GUILD, ANA))} == {START.date()}
    assert (await service.coming(GUILD, ANA))[2] == (START.date() + timedelta(days=2), len(given))
    clock.move(hours=32, minutes=59)  # 04:59 on the second morning: still the day before
    assert isinstance(await service.begin(GUILD, ANA), Rested)
    clock.move(minutes=1)
    assert (await TodayService(database, Packs(database, pack), clock).page(GUILD, ANA)).reviews == len(given)
    assert (await first(service)).seen == 1


async def test_what_is_retired_leaves_quietly_and_comes_back_as_it_was(
    service: ReviewService, mark: Marker, clock: FakeClock, database: Database
) -> None:
    await mark(TOPIC, State.DONE)
    asked = await first(service)
    done = len(await review(service))
    clock.move(days=3)
    await mark(TOPIC, State.SKIPPED)
    assert isinstance(await service.begin(GUILD, ANA), Rested)
    assert sum(number for _, number in await service.coming(GUILD, ANA)) == 0
    late = await service.grade(GUILD, ANA, asked.card.id, 1, Grade.GOOD, 0)
    assert not late.counted
    gone = await service.grade(GUILD, ANA, "no-such-card", 0, Grade.GOOD, 0)
    assert not gone.counted
    await mark(TOPIC, State.KNOWN)
    assert (await service.coming(GUILD, ANA))[0] == (clock.now().date(), done)


async def test_how_much_is_remembered_is_shown_after_fifty_reviews_of_what_was_learnt(
    service: ReviewService, mark: Marker, clock: FakeClock, database: Database, pack: Pack
) -> None:
    profile = ProfileService(database, clock)
    for topic_id in list(pack.cards.of_topic)[:5]:
        await mark(topic_id, State.DONE)
    tested = 0
    while tested < 50:
        assert (await profile.page(GUILD, ANA)).retention.percent is None
        for _ in range(3):
            await review(service, Grade.GOOD)
        clock.move(days=1)
        tested = (await profile.page(GUILD, ANA)).retention.tested
    assert (await profile.page(GUILD, ANA)).retention.percent == 100
    while not (forgotten := len(await review(service, Grade.AGAIN))):
        clock.move(days=1)
    found = (await profile.page(GUILD, ANA)).retention
    assert (found.tested, found.remembered) == (tested + forgotten, tested)


async def test_a_topic_that_keeps_failing_is_told_until_it_is_opened_again(
    service: ReviewService, mark: Marker, clock: FakeClock, database: Database, pack: Pack
) -> None:
    roadmap = RoadmapService(database, Packs(database, pack), clock)
    await mark(TOPIC, State.DONE)
    await review(service)
    clock.move(days=3)
    forgotten = len(await review(service, Grade.AGAIN))
    assert (await roadmap.topic_page(GUILD, ANA, TOPIC)).lapses == forgotten
    await mark(TOPIC, State.LEARNING)
    assert (await roadmap.topic_page(GUILD, ANA, TOPIC)).lapses == 0
    await mark(TOPIC, State.DONE)
    assert (await roadmap.topic_page(GUILD, ANA, TOPIC)).lapses == 0


async def test_states_are_the_librarys_on_a_thousand_histories_and_rebuilt_from_the_log(
    database_path: Path, pack: Pack
) -> None:
    draw = random.Random(7)  # noqa: S311
    cards = list(pack.cards.by_id.values())
    plans = [(5000 + number // 100, cards[number % 100]) for number in range(1000)]

    def write(tx: Connection) -> dict[tuple[int, str], Card]:
        return {(user_id, card.id): _lived(tx, user_id, card, draw) for user_id, card in plans}

    async with hasty(database_path) as database:
        wanted = await database.write(write)
        people = sorted({user_id for user_id, _ in wanted})
        found = await database.read(lambda tx: {one: store.memories(tx, GUILD, one) for one in people})
        again = await database.read(lambda tx: {one: rebuilt(tx, GUILD, one) for one in people})
    assert found == again
    assert len(wanted) == 1000
    for (user_id, card_id), card in wanted.items():
        assert _as_library(found[user_id][card_id]) == _of_library(card)


def _lived(tx: Connection, user_id: int, card: ReviewCard, draw: random.Random) -> Card:
    """Grade a card at random times, here and by the library alone, and return the library's."""
    now, ours = START + timedelta(microseconds=draw.randrange(10**9)), Card(card_id=1, due=START)
    for seen in range(draw.randint(1, 8)):
        grade = draw.choice(list(Grade))
        assert record(tx, (GUILD, user_id), card, seen, grade, Today.at(now, DayRule()))
        ours, _ = SCHEDULER.review_card(ours, Rating[grade.name.title()], now)
        now += timedelta(seconds=draw.choice([1, 60, 3600, 86_400, 86_400 * 20]) * draw.uniform(0.5, 3))
    return ours


def _as_library(memory: Memory) -> tuple[object, ...]:
    one = memory
    return one.phase.value, one.step, one.stability, one.difficulty, one.due_at, one.last_at


def _of_library(card: Card) -> tuple[object, ...]:
    return card.state.value, card.step, card.stability, card.difficulty, card.due, card.last_review
