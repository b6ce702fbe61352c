"""What a group's page shows, and who may need company, through the services and a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot.domain.group import Company
from bot.domain.pack import Pack
from bot.domain.roadmap import State
from bot.domain.streak import DayKind
from bot.errors import NotAllowedError, NotFoundError
from bot.services import group_page
from bot.services.group import GroupService
from bot.services.group_page import GroupPageService, MemberLine, Week
from bot.services.packs import Packs
from bot.services.points import adjust
from bot.services.roadmap import RoadmapService
from bot.storage import member as member_store
from bot.storage import prompt as prompt_store
from bot.storage import streak as streak_store
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.groups import ANA, BEN, CARA, DAN, GUILD, MO, made

MONDAY = date(2026, 11, 23)


@pytest.fixture
def groups(database: Database, clock: FakeClock) -> GroupService:
    """Makes the groups."""
    return GroupService(database, clock)


@pytest.fixture
def pages(database: Database, pack: Pack, clock: FakeClock) -> GroupPageService:
    """The service under test."""
    return GroupPageService(database, Packs(database, pack), clock)


@pytest.fixture
def road(database: Database, pack: Pack, clock: FakeClock) -> RoadmapService:
    """Marks topics."""
    return RoadmapService(database, Packs(database, pack), clock)


async def test_the_week_counts_what_stands_and_only_here(
    groups: GroupService,
    pages: GroupPageService,
    pack: Pack,
    road: RoadmapService,
    database: Database,
    clock: FakeClock,
) -> None:
    group_id = await made(groups, ANA, BEN)
    topics = [topic.id for topic in pack.track.stages[0].topics]
    await road.mark(GUILD, BEN.user_id, topics[0], State.DONE, confirmed=True)
    clock.move(days=7)
    for topic_id in topics[1:4]:
        await road.mark(GUILD, BEN.user_id, topic_id, State.DONE, confirmed=True)
    await road.add_evidence(GUILD, BEN.user_id, topics[0], "https://example.org/mine")
    await road.undo(GUILD, BEN.user_id)
    await road.mark(GUILD, BEN.user_id, topics[3], State.LEARNING)
    await road.mark(GUILD + 1, BEN.user_id, topics[5], State.DONE, confirmed=True)

    def score(tx: Connection) -> None:
        now = clock.now()
        for number, day in ((1, MONDAY), (2, MONDAY + timedelta(days=7)), (3, MONDAY + timedelta(days=8))):
            prompt_store.mark_done(tx, GUILD, BEN.user_id, number, "x", day, now)
        adjust(tx, GUILD, BEN.user_id, 40, "for the talk", MO.user_id, now)

    await database.write(score)
    page = await pages.page(GUILD, group_id, ANA)
    ben = next(line for line in page.lines if line.user_id == BEN.user_id)
    hours = sum(pack.topics[topic_id].hours for topic_id in topics[1:3])
    earned = 40 + int(hours * pack.points.topic.points) + pack.points.day.points
    assert ben == MemberLine(BEN.user_id, "Ben", pack.track.stages[0], ben.percent, Week(2, 2, earned))
    assert page.week == Week(2, 2, earned), "last week's, the one unmarked and another server's don't count"
    assert ben.percent == 3 * 100 // len(pack.topics)


async def test_who_is_hidden_counts_for_the_sum_and_is_shown_to_oneself(
    groups: GroupService, pages: GroupPageService, database: Database, clock: FakeClock
) -> None:
    group_id = await made(groups, ANA, BEN)

    def hide(tx: Connection) -> None:
        adjust(tx, GUILD, BEN.user_id, 40, "for the talk", MO.user_id, clock.now())
        person = member_store.get(tx, GUILD, BEN.user_id)
        assert person is not None
        member_store.put_profile(tx, replace(person, hidden=True))

    await database.write(hide)
    seen = {who.user_id: await pages.page(GUILD, group_id, who) for who in (ANA, BEN)}
    assert seen[ANA.user_id].lines[1].week is None
    assert seen[BEN.user_id].lines[1].week == Week(0, 0, 40)
    assert seen[ANA.user_id].week == Week(0, 0, 40)


async def test_the_page_knows_who_looks(groups: GroupService, pages: GroupPageService) -> None:
    group_id = await made(groups, ANA, BEN)
    ana, ben, cara, mo = [await pages.page(GUILD, group_id, who) for who in (ANA, BEN, CARA, MO)]
    assert [(one.is_member, one.cares, one.joinable) for one in (ana, ben, cara, mo)] == [
        (True, True, False),
        (True, False, False),
        (False, False, True),
        (False, True, True),
    ]
    with pytest.raises(NotFoundError):
        await pages.page(GUILD + 1, group_id, MO)
    assert [await pages.own(GUILD, who.user_id, lambda _role: False) for who in (ANA, CARA)] == [ana, None]


async def test_who_may_need_company_is_for_captain_and_moderators(
    groups: GroupService, pages: GroupPageService
) -> None:
    group_id = await made(groups, ANA, BEN)
    for other in (BEN, CARA):
        with pytest.raises(NotAllowedError):
            await pages.company(GUILD, group_id, other)
    assert (await pages.company(GUILD, group_id, MO)).lines == ()


async def test_quiet_stuck_away_and_unwilling(
    groups: GroupService,
    pages: GroupPageService,
    pack: Pack,
    road: RoadmapService,
    database: Database,
    clock: FakeClock,
) -> None:
    group_id = await made(groups, ANA, BEN, CARA, DAN)
    topic = pack.track.stages[0].topics[0]
    await road.mark(GUILD, CARA.user_id, topic.id, State.LEARNING)
    clock.move(days=13)
    for person in (CARA, DAN):
        await road.mark(GUILD, person.user_id, pack.track.stages[0].topics[1].id, State.DONE, confirmed=True)
    clock.move(days=9)
    found = (await pages.company(GUILD, group_id, ANA)).lines
    named = [(one.name, one.need.why, one.topic) for one in found]
    assert named == [("Ben", Company.QUIET, None), ("Cara", Company.STUCK, topic.title)]
    away = streak_store.NewDay(MONDAY + timedelta(days=22), DayKind.VACATION, "vacation")
    await database.write(lambda tx: streak_store.add(tx, GUILD, BEN.user_id, away, clock.now()))
    assert [one.name for one in (await pages.company(GUILD, group_id, ANA)).lines] == ["Cara"]
    await groups.put_company(GUILD, CARA.user_id, wanted=False)
    assert (await pages.company(GUILD, group_id, ANA)).lines == ()
    await groups.put_company(GUILD, CARA.user_id, wanted=True)
    clock.move(days=1)
    assert [one.name for one in (await pages.company(GUILD, group_id, MO)).lines] == ["Ana", "Ben", "Cara", "Dan"]
    assert "Ana" not in [one.name for one in (await pages.company(GUILD, group_id, ANA)).lines], "not oneself"


@pytest.mark.sqlite
async def test_a_page_asks_for_its_members_and_walks_through_no_guild(
    groups: GroupService, database: Database, clock: FakeClock
) -> None:
    group_id = await made(groups, ANA, BEN)
    plans: list[str] = []

    def read(tx: Connection) -> None:
        statements: list[tuple[str, Any]] = []

        def note(_c: object, _u: object, statement: str, parameters: Any, *_: object) -> None:
            statements.append((statement, parameters))

        event.listen(tx, "before_cursor_execute", note)
        group_page._facts(tx, GUILD, group_id, ANA.user_id, clock.now())  # pyright: ignore[reportPrivateUsage]
        event.remove(tx, "before_cursor_execute", note)
        for statement, parameters in statements:
            plans.extend(row[-1] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))

    await database.read(read)
    scans = [plan for plan in plans if plan.startswith("SCAN") and "CONSTANT" not in plan]
    assert scans == []
    searches = [plan for plan in plans if "topic_mark" in plan or "prompt_done" in plan or "progress_act" in plan]
    assert searches
    assert all("user_id=?" in plan for plan in searches), searches
