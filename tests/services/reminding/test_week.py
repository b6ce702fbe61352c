"""What a week brought, and the goals of weeks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.look_back import MOST_CHARACTERS, Kept, Way
from bot.domain.pack import Pack
from bot.domain.recall import Grade
from bot.domain.roadmap import State
from bot.errors import BadInputError, NotFoundError, StaleComponentError
from bot.services.look_back import LookBackService
from bot.services.names import NamesService
from bot.services.packs import Packs
from bot.services.privacy import PrivacyService
from bot.services.profile import ProfileService
from bot.services.reminder import ReminderService
from bot.services.review import ReviewService
from bot.services.roadmap import RoadmapService
from bot.storage import prompt as prompt_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.reminding.letters import BEN, EXERCISE, GUILD, TODAY, Post
from tests.services.reminding.weeks import ME, MONDAY, SUNDAY, said, until


async def test_it_tells_what_was_done_by_the_study_day(
    service: ReminderService, database: Database, pack: Pack, clock: FakeClock, post: Post, weeks: LookBackService
) -> None:
    packs = Packs(database, pack)
    roadmap, reviews = RoadmapService(database, packs, clock), ReviewService(database, packs, clock)
    first, second, third = list(pack.topics.values())[:3]
    await weeks.choose(*ME, Way.MESSAGE)
    await roadmap.mark(*ME, first.id, State.DONE, confirmed=True)
    await roadmap.mark(*ME, third.id, State.KNOWN, confirmed=True)
    cards = [card for one in (first, third) for card in pack.cards.of_topic[one.id]][:2]
    for card, grade in zip(cards, (Grade.GOOD, Grade.AGAIN), strict=True):
        assert (await reviews.grade(*ME, card.id, 0, grade, 0)).counted
    await database.write(lambda tx: prompt_store.mark_done(tx, *ME, 1, EXERCISE, TODAY, clock.now()))
    until(clock, SUNDAY)
    await service.tick()
    text = said(post)
    assert f"**What you did** 1 topic, {first.hours:g} h: {first.title} · 1 daily post · 2 review cards, 50 %" in text
    assert "**Days** 1 of 7 kept" in text
    assert f"**Where you stand** 2 of {len(pack.topics)} topics" in text
    assert "place 1 on the week's board" in text
    assert "2 review cards in the next 7 days" not in text
    until(clock, datetime(2026, 11, 30, 3, 59, tzinfo=UTC))
    await roadmap.mark(*ME, second.id, State.DONE, confirmed=True)
    did = (await weeks.page(*ME)).found.did
    assert did.topics == (first, second), "before four in the night it is still Sunday"
    clock.move(minutes=1)
    assert (await weeks.page(*ME)).found.did.nothing
    assert (await weeks.page(*ME, MONDAY)).found.did == did


async def test_who_hides_is_told_no_place(
    database: Database, pack: Pack, clock: FakeClock, profile: ProfileService, weeks: LookBackService
) -> None:
    topic = next(iter(pack.topics))
    await RoadmapService(database, Packs(database, pack), clock).mark(*ME, topic, State.DONE, confirmed=True)
    place = (await weeks.page(*ME)).found.place
    assert place is not None
    assert place.rank == 1
    await profile.put_hidden(*ME, hidden=True)
    assert (await weeks.page(*ME)).found.place is None


async def test_a_quiet_week_gets_a_kind_note(
    service: ReminderService, clock: FakeClock, post: Post, weeks: LookBackService
) -> None:
    await weeks.choose(*ME, Way.MESSAGE)
    until(clock, SUNDAY)
    await service.tick()
    assert said(post).startswith("A quiet week. That happens, and nothing is lost")


async def test_a_goal_comes_back_at_the_end_of_its_week_and_is_judged_once_a_week(
    service: ReminderService, clock: FakeClock, post: Post, weeks: LookBackService
) -> None:
    await weeks.choose(*ME, Way.MESSAGE)
    until(clock, SUNDAY)
    page = await weeks.put_goal(*ME, MONDAY, "  finish   the *project* ")
    assert page.found.next_goal is not None
    assert page.found.next_goal.text == "finish the *project*"
    with pytest.raises(NotFoundError):
        await weeks.judge(*ME, MONDAY, Kept.KEPT)
    until(clock, SUNDAY + timedelta(days=7))
    await service.tick()
    await service.tick()
    assert len(post.arrived) == 1, "of the week that nobody was there to look back on there is no message"
    assert "**Goal of this week** “finish the \\*project\\*”" in said(post)
    assert "Was it kept?" in said(post)
    page = await weeks.judge(*ME, MONDAY + 7, Kept.PARTLY)
    assert page.found.goal is not None
    assert page.found.goal.kept is Kept.PARTLY
    clock.move(days=7)
    page = await weeks.page(*ME, MONDAY + 7)
    assert page.found.goal is not None, "last week's can still be seen"
    with pytest.raises(StaleComponentError):
        await weeks.page(*ME, MONDAY)
    with pytest.raises(BadInputError):
        await weeks.put_goal(*ME, 0, "x" * (MOST_CHARACTERS + 1))
    await weeks.put_goal(*ME, 0, "one")
    assert (await weeks.put_goal(*ME, 0, " ")).found.next_goal is None


async def test_goals_are_in_the_export_and_gone_with_deletion(
    database: Database, clock: FakeClock, weeks: LookBackService
) -> None:
    await weeks.choose(*ME, Way.TODAY)
    await weeks.put_goal(*ME, 0, "finish the project")
    privacy = PrivacyService(database, NamesService(database, clock), clock)
    assert b"finish the project" in (await privacy.export(*ME)).as_json
    assert b"finish the project" not in (await privacy.export(GUILD, BEN)).as_json
    await privacy.delete(*ME)
    page = await weeks.page(*ME)
    assert (page.way, page.found.next_goal) == (None, None)
