"""The weekly recap: planned once a week, told of the last whole week, warm when nothing happened, silent after that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.answer import Answer
from bot.domain.pack import Pack
from bot.domain.points import Reason
from bot.domain.recap import last_week, span_in_words
from bot.domain.schedule import Slot
from bot.domain.week import RECAP, in_words, recap_day, recap_plan, template_name
from bot.errors import NotFoundError
from bot.services.choice import chosen
from bot.services.packs import Packs
from bot.services.points import adjust
from bot.services.post import post_key, post_of
from bot.services.prompt import PromptService
from bot.services.recap import RecapService, quiet_twice, recap_of
from bot.services.schedule import ScheduleService
from bot.services.streak import keep
from bot.storage import board as board_store
from bot.storage import group as group_store
from bot.storage import member as member_store
from bot.storage import occurrence as store
from bot.storage import prompt as prompt_store
from bot.storage import schedule as schedule_store
from bot.storage import thanks as thanks_store
from bot.storage.database import Database
from bot.storage.group import Group
from bot.ui.recap import my_week, recap_post
from tests.fakes.clock import FakeClock

GUILD, ANA, BEN, CLEO, DAN = 7, 1, 2, 3, 4
WEEK = date(2026, 11, 16)
MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
IN_THE_WEEK = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def scored(tx: Connection, user_id: int, points: int, at: datetime = IN_THE_WEEK) -> None:
    """Let a member score."""
    adjust(tx, GUILD, user_id, points, "for the test", 99, at + timedelta(seconds=user_id))


async def filled(database: Database, pack: Pack) -> None:
    """Fill a week: three who scored and one who hides, thanks, a shared answer, a first topic, a group."""

    def write(tx: Connection) -> None:
        for user_id, points in ((ANA, 30), (BEN, 30), (CLEO, 20), (DAN, 500)):
            scored(tx, user_id, points)
        circle = group_store.add(tx, Group(GUILD, 0, "Night *owls*", None, 8, True, ANA, None, None, IN_THE_WEEK))
        for user_id in (ANA, BEN):
            group_store.join(tx, GUILD, user_id, circle.group_id, IN_THE_WEEK)
        scored(tx, ANA, 8, IN_THE_WEEK + timedelta(hours=1))
        for number in (1, 2):
            thanks_store.add(tx, GUILD, BEN, number, CLEO, counted=True, now=IN_THE_WEEK)
        thanks_store.add(tx, GUILD, BEN, 3, CLEO, counted=True, now=MONDAY_MORNING)
        thanks_store.add(tx, GUILD, BEN, 4, DAN, counted=True, now=IN_THE_WEEK)
        day = store.Plan(GUILD, 1, WEEK, Slot.PRACTICE, "one", 55, IN_THE_WEEK)
        store.plan(tx, day)
        for user_id in (ANA, DAN):
            prompt_store.mark_done(tx, GUILD, user_id, 1, "one", WEEK, IN_THE_WEEK)
            prompt_store.put_answer(tx, GUILD, Answer(1, user_id, "one", "because", True, IN_THE_WEEK))

    await database.write(write)
    topic = next(iter(pack.topics))
    await database.write(lambda tx: keep(tx, GUILD, CLEO, f"topic:{topic}", IN_THE_WEEK))
    await database.write(lambda tx: hide(tx, DAN))


def hide(tx: Connection, user_id: int) -> None:
    """Hide a member from the boards."""
    person = member_store.get(tx, GUILD, user_id)
    assert person is not None
    member_store.put_profile(tx, replace(person, hidden=True))
    board_store.show(tx, GUILD, user_id, shown=False)


async def test_it_tells_of_the_week_and_of_nobody_who_hides(database: Database, pack: Pack) -> None:
    await filled(database, pack)
    recap = await database.read(lambda tx: recap_of(tx, pack, GUILD, WEEK))
    assert [(line.rank, line.who, line.score) for line in recap.podium] == [(1, ANA, 38), (2, BEN, 30), (3, CLEO, 20)]
    assert recap.active == 3
    assert recap.prompts == 2
    assert recap.helpers == ((CLEO, 2),), "what came after the week counts for the next one"
    assert [one.user_id for one in recap.sharers] == [ANA]
    assert [(one.user_id, one.topic) for one in recap.first_steps] == [(CLEO, next(iter(pack.topics.values())).title)]
    assert [(one.rank, one.figure, one.size) for one in recap.groups] == [(1, 8.0, 2)]
    reply = recap_post(recap, 3, 1, GUILD, None)
    assert reply.embed is not None
    text = f"{reply.embed.description} {reply.embed.fields[0].value}"
    assert f"<@{DAN}>" not in text
    assert "Night \\*owls\\*" in text
    assert "🥇 <@1> · 38 points" in text


async def test_equal_scores_share_a_place(database: Database, pack: Pack) -> None:
    def write(tx: Connection) -> None:
        for user_id, points in ((ANA, 30), (BEN, 30), (CLEO, 20)):
            scored(tx, user_id, points)

    await database.write(write)
    recap = await database.read(lambda tx: recap_of(tx, pack, GUILD, WEEK))
    assert [line.rank for line in recap.podium] == [1, 1, 3]


async def test_a_quiet_week_gets_a_kind_line_and_a_second_one_none(database: Database, pack: Pack) -> None:
    await database.write(lambda tx: scored(tx, ANA, 5, IN_THE_WEEK - timedelta(days=7)))
    recap = await database.read(lambda tx: recap_of(tx, pack, GUILD, WEEK))
    assert recap.quiet
    embed = recap_post(recap, 1, 1, GUILD, None).embed
    assert embed is not None
    assert (embed.description or "").startswith("A quiet week")
    assert not await database.read(lambda tx: quiet_twice(tx, pack, GUILD, WEEK))
    assert await database.read(lambda tx: quiet_twice(tx, pack, GUILD, WEEK + timedelta(days=7)))


def test_the_week_is_the_last_one_that_is_over() -> None:
    assert last_week(date(2026, 11, 23)) == last_week(date(2026, 11, 29)) == WEEK
    assert span_in_words(WEEK) == "16 to 22 November"
    assert span_in_words(date(2026, 11, 30)) == "30 November to 6 December"


def test_a_recap_is_a_week_of_its_own() -> None:
    plan = recap_plan(6)
    assert recap_day(plan) == 6
    assert template_name(plan) == RECAP
    assert in_words(plan) == "Sun weekly recap · Mon, Tue, Wed, Thu, Fri, Sat rest"


async def test_there_is_one_recap_beside_the_daily_posts(database: Database, pack: Pack, clock: FakeClock) -> None:
    service = ScheduleService(database, Packs(database, pack), clock)
    daily = await service.open_draft(GUILD, 5)
    recap = await service.open_draft(GUILD, 5, recap=True)
    assert recap.one.schedule_id != daily.one.schedule_id
    assert (await service.open_draft(GUILD, 5, recap=True)).one.schedule_id == recap.one.schedule_id
    assert (await service.open_draft(GUILD, 5)).one.schedule_id == daily.one.schedule_id
    assert recap_day(recap.one.timing.plan) == 0


async def test_its_occurrence_owes_nobody_anything_and_cannot_be_done(
    database: Database, pack: Pack, clock: FakeClock
) -> None:

    def write(tx: Connection) -> str:
        one = schedule_store.add(tx, GUILD, 5, time(9), recap_plan(0), MONDAY_MORNING - timedelta(hours=1))
        told = chosen(tx, pack, one, Slot.RECAP, MONDAY_MORNING)
        assert told is not None
        assert chosen(tx, pack, one, Slot.RECAP, MONDAY_MORNING, but=told) is None
        store.plan(tx, store.Plan(GUILD, one.schedule_id, date(2026, 11, 23), Slot.RECAP, told, 5, MONDAY_MORNING))
        (taken,) = store.claim(tx, "me", MONDAY_MORNING, 9)
        post = post_of(tx, pack, post_key(taken))
        assert post is not None
        assert post.recap is not None
        assert post.recap.week == WEEK
        store.settle(tx, taken, "me", store.OccurrenceState.POSTED, message_id=8, posted_at=MONDAY_MORNING)
        return told

    assert await database.write(write) == "recap:2026-11-16"
    spans = {date(2026, 11, 23): (IN_THE_WEEK, IN_THE_WEEK + timedelta(days=7))}
    assert await database.read(lambda tx: store.owed(tx, GUILD, spans)) == set()
    assert await database.read(lambda tx: store.posted_since(tx, GUILD, IN_THE_WEEK)) == []
    with pytest.raises(NotFoundError):
        await PromptService(database, Packs(database, pack), clock).done(GUILD, ANA, 1)


async def test_my_week_is_mine_and_ends_with_the_week(database: Database, clock: FakeClock) -> None:
    def write(tx: Connection) -> None:
        store.plan(tx, store.Plan(GUILD, 1, date(2026, 11, 23), Slot.RECAP, "recap:2026-11-16", 5, MONDAY_MORNING))
        scored(tx, ANA, 30)
        scored(tx, BEN, 40)
        scored(tx, ANA, 99, MONDAY_MORNING)

    await database.write(write)
    found = await RecapService(database, clock).my_week(GUILD, ANA, 1)
    assert dict(found.earned)[Reason.ADJUSTMENT] == 30
    assert (found.rank, found.of) == (2, 2)
    embed = my_week(found).embed
    assert embed is not None
    assert "place 2 of 2" in (embed.description or "")
    lost = my_week(replace(found, earned=[(Reason.ADJUSTMENT, -1200)])).embed
    assert lost is not None
    assert "−1,200" in (lost.description or ""), "a minus, not a hyphen, as everywhere"
    assert (await RecapService(database, clock).my_week(GUILD, CLEO, 1)).rank is None
    with pytest.raises(NotFoundError):
        await RecapService(database, clock).my_week(GUILD, ANA, 2)
