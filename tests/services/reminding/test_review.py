"""The daily message about reviews: who gets it, when, and that it is one with the reminder of a post."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.pack import Pack
from bot.domain.recall import NEW_A_DAY
from bot.domain.reminder import ReminderKind
from bot.domain.roadmap import State
from bot.domain.streak import DayKind
from bot.services.packs import Packs
from bot.services.profile import ProfileService
from bot.services.reminder import Closed, ReminderService
from bot.services.roadmap import RoadmapService
from bot.storage import streak as streak_store
from bot.storage.database import Database
from bot.ui.reminder import reminder
from tests.fakes.clock import FakeClock
from tests.services.reminding.letters import ANA, GUILD, TODAY, Post, member, posted


@pytest.fixture
async def learner(database: Database, pack: Pack, clock: FakeClock) -> RoadmapService:
    """Have Ana know a topic with cards."""
    roadmap = RoadmapService(database, Packs(database, pack), clock)
    for topic_id in list(pack.cards.of_topic)[:2]:
        await roadmap.mark(GUILD, ANA, topic_id, State.KNOWN)
    return roadmap


@pytest.mark.usefixtures("learner")
async def test_it_comes_once_a_day_to_whoever_asked_for_it(
    service: ReminderService, clock: FakeClock, post: Post, profile: ProfileService
) -> None:
    clock.move(hours=9)
    await service.tick()
    assert post.arrived == [], "nobody asked for it"
    await profile.put_reviews(GUILD, ANA, wants=True)
    for _ in range(24 * 3):
        clock.move(hours=1)
        await service.tick()
    assert [one.due_at.hour for one in post.arrived] == [18, 18, 18]
    assert {(one.kind, one.reviews, one.item) for one in post.arrived} == {(ReminderKind.REVIEW, NEW_A_DAY, None)}
    assert len({one.nonce for one in post.arrived}) == 3
    page = reminder(post.arrived[0])
    assert page.embed is not None
    assert page.embed.title == "5 review cards for today"
    await profile.put_reviews(GUILD, ANA, wants=False)
    clock.move(days=1)
    await service.tick()
    assert len(post.arrived) == 3


@pytest.mark.usefixtures("learner")
async def test_it_is_one_message_with_the_reminder_of_an_open_post(
    service: ReminderService, database: Database, clock: FakeClock, post: Post, profile: ProfileService
) -> None:
    await posted(database, clock.now())
    await profile.put_reviews(GUILD, ANA, wants=True)
    await profile.put_reminder(GUILD, ANA, 10)
    clock.move(hours=1)
    await service.tick()
    (told,) = post.arrived
    assert (told.kind, told.reviews) == (ReminderKind.DAILY, NEW_A_DAY)
    assert "5 review cards" in (reminder(told).content or "")
    clock.move(days=1)
    await service.tick()
    assert [one.kind for one in post.arrived[1:]] == [ReminderKind.REVIEW], "that day has no post"


@pytest.mark.parametrize("why", ["nothing due", "vacation", "late"])
async def test_it_does_not_come_without_need(
    service: ReminderService,
    database: Database,
    clock: FakeClock,
    post: Post,
    profile: ProfileService,
    learner: RoadmapService,
    why: str,
) -> None:
    await profile.put_reviews(GUILD, ANA, wants=True)
    if why == "nothing due":
        await learner.reset(GUILD, ANA)
    if why == "vacation":
        away = streak_store.NewDay(TODAY, DayKind.VACATION, "vacation")
        await database.write(lambda tx: streak_store.add(tx, GUILD, ANA, away, clock.now()))
    clock.move(hours=9, minutes=61 if why == "late" else 0)
    await service.tick()
    assert post.writes == 0
    due_at = (await member(database)).next_reminder_at
    assert due_at == datetime.combine(TODAY, datetime.min.time(), clock.now().tzinfo) + timedelta(days=1, hours=18)


@pytest.mark.usefixtures("learner")
async def test_closed_messages_pause_it_until_it_is_asked_for_again(
    service: ReminderService, database: Database, clock: FakeClock, post: Post, profile: ProfileService
) -> None:
    await profile.put_reviews(GUILD, ANA, wants=True)
    clock.move(hours=9)
    post.outcomes = [Closed()]
    await service.tick()
    assert (await member(database)).next_reminder_at is None
    await profile.put_reviews(GUILD, ANA, wants=True)
    assert (await member(database)).next_reminder_at == clock.now() + timedelta(days=1)
