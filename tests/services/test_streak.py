"""Keeping days, resting, vacations, repairs: through the services, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.pack import Pack
from bot.domain.roadmap import State
from bot.domain.streak import DayKind
from bot.errors import BadInputError
from bot.services.member import MemberService
from bot.services.packs import Packs
from bot.services.roadmap import RoadmapService
from bot.services.streak import StreakService, keep
from bot.services.why import WhyService
from bot.storage import guild as guild_store
from bot.storage import prompt as prompt_store
from bot.storage.database import Database
from bot.storage.guild import Guild
from tests.fakes.clock import FakeClock
from tests.services.streaks import NoPictures, posted

GUILD, ANA, MO = 1, 2, 9
MONDAY = date(2026, 11, 23)


@pytest.fixture
def service(database: Database, clock: FakeClock) -> StreakService:
    return StreakService(database, clock, NoPictures())


@pytest.fixture
def roadmap(database: Database, pack: Pack, clock: FakeClock) -> RoadmapService:
    return RoadmapService(database, Packs(database, pack), clock)


@pytest.fixture
def members(database: Database, clock: FakeClock) -> MemberService:
    return MemberService(database, clock)


@pytest.fixture
def topics(pack: Pack) -> list[str]:
    return list(pack.topics)


async def kinds(service: StreakService) -> list[DayKind]:
    """Return what each of Ana's days was."""
    return [one.kind for one in (await service.page(GUILD, ANA)).streak.days]


async def pass_days(database: Database, clock: FakeClock, days: int, keeps: Callable[[int], bool]) -> None:
    """Let days pass on each of which something is due; Ana keeps those that ``keeps`` names, from 0."""
    for number in range(days):
        await database.write(lambda tx: posted(tx, GUILD, clock.now()))
        if keeps(number):
            await database.write(lambda tx: keep(tx, GUILD, ANA, f"prompt:{clock.now():%j}", clock.now()))
        clock.move(days=1)


async def test_a_topic_done_keeps_the_day_once(
    roadmap: RoadmapService, service: StreakService, clock: FakeClock, topics: list[str]
) -> None:
    for topic_id in topics[:2]:
        await roadmap.mark(GUILD, ANA, topic_id, State.DONE, confirmed=True)
    assert await kinds(service) == [DayKind.KEPT]
    clock.move(days=1)
    await roadmap.mark(GUILD, ANA, topics[0], State.LEARNING)
    await roadmap.mark(GUILD, ANA, topics[0], State.DONE, confirmed=True)
    assert await kinds(service) == [DayKind.KEPT, DayKind.OPEN], "the same topic keeps no second day"


@pytest.mark.parametrize("state", [State.KNOWN, State.SKIPPED, State.LEARNING])
async def test_no_other_mark_keeps_a_day(
    roadmap: RoadmapService, service: StreakService, topics: list[str], state: State
) -> None:
    await roadmap.mark(GUILD, ANA, topics[0], state)
    assert await kinds(service) == [DayKind.OPEN]


async def test_undo_withdraws_the_day_even_later(
    roadmap: RoadmapService, service: StreakService, clock: FakeClock, topics: list[str]
) -> None:
    await roadmap.mark(GUILD, ANA, topics[0], State.DONE, confirmed=True)
    clock.move(days=2)
    await roadmap.undo(GUILD, ANA)
    assert await kinds(service) == [DayKind.OPEN]


async def test_moving_away_the_same_day_withdraws_it_and_undo_brings_it_back(
    roadmap: RoadmapService, service: StreakService, clock: FakeClock, topics: list[str]
) -> None:
    await roadmap.mark(GUILD, ANA, topics[0], State.DONE, confirmed=True)
    clock.move(minutes=5)
    await roadmap.mark(GUILD, ANA, topics[0], State.LEARNING)
    assert await kinds(service) == [DayKind.OPEN]
    clock.move(days=1)
    await roadmap.undo(GUILD, ANA)
    assert await kinds(service) == [DayKind.KEPT, DayKind.OPEN], "the day it had, not the day of the undo"
    clock.move(minutes=5)
    await roadmap.undo(GUILD, ANA)
    assert await kinds(service) == [DayKind.OPEN]


async def test_moving_away_on_another_day_leaves_what_was_learned(
    roadmap: RoadmapService, service: StreakService, clock: FakeClock, topics: list[str]
) -> None:
    await roadmap.mark(GUILD, ANA, topics[0], State.DONE, confirmed=True)
    clock.move(days=1)
    await roadmap.mark(GUILD, ANA, topics[0], State.LEARNING)
    clock.move(minutes=1)
    await roadmap.mark(GUILD, ANA, topics[0], State.DONE, confirmed=True)
    clock.move(minutes=1)
    await roadmap.undo(GUILD, ANA)
    assert await kinds(service) == [DayKind.KEPT, DayKind.OPEN], "undo takes back only what that press wrote"
    await roadmap.reset(GUILD, ANA)
    await roadmap.undo(GUILD, ANA)
    assert await kinds(service) == [DayKind.KEPT, DayKind.OPEN]


async def test_two_rest_days_in_any_seven_and_they_break_nothing(
    database: Database, service: StreakService, clock: FakeClock
) -> None:
    await pass_days(database, clock, 3, lambda _: True)
    for _ in range(2):
        today = (await service.page(GUILD, ANA)).today
        await service.rest(GUILD, ANA, today.toordinal(), resting=True)
        await pass_days(database, clock, 1, lambda _: False)
    page = await service.page(GUILD, ANA)
    assert (page.streak.length, page.may_rest) == (3, frozenset())
    with pytest.raises(BadInputError, match="2 rest days within those 7"):
        await service.rest(GUILD, ANA, page.today.toordinal(), resting=True)
    clock.move(days=5)
    assert len((await service.page(GUILD, ANA)).may_rest) == 2


async def test_a_rest_day_is_taken_back_and_a_kept_one_counts(
    database: Database, service: StreakService, clock: FakeClock
) -> None:
    tomorrow = MONDAY + timedelta(days=1)
    await service.rest(GUILD, ANA, MONDAY.toordinal(), resting=True)
    page = await service.rest(GUILD, ANA, tomorrow.toordinal(), resting=True)
    assert page.rests == {MONDAY, tomorrow}
    page = await service.rest(GUILD, ANA, tomorrow.toordinal(), resting=False)
    assert page.rests == {MONDAY}
    await database.write(lambda tx: keep(tx, GUILD, ANA, "prompt:1", clock.now()))
    assert await kinds(service) == [DayKind.KEPT]


@pytest.mark.parametrize("ahead", [-1, 2, 10**9])
async def test_no_other_day_can_rest(service: StreakService, ahead: int) -> None:
    with pytest.raises(BadInputError, match="That day is over"):
        await service.rest(GUILD, ANA, MONDAY.toordinal() + ahead, resting=True)


async def test_a_vacation_holds_the_streak_and_ends_early(
    database: Database, service: StreakService, clock: FakeClock
) -> None:
    await pass_days(database, clock, 2, lambda _: True)
    page = await service.take_vacation(GUILD, ANA, "today", "7")
    first = page.today
    assert page.vacation == (first, first + timedelta(days=6))
    await pass_days(database, clock, 3, lambda number: number == 1)
    page = await service.page(GUILD, ANA)
    assert (page.streak.length, page.vacation) == (3, (first, first + timedelta(days=6)))
    page = await service.end_vacation(GUILD, ANA)
    assert page.vacation is None
    assert page.today_is is DayKind.OPEN
    await pass_days(database, clock, 1, lambda _: False)
    assert (await kinds(service))[-4:] == [DayKind.KEPT, DayKind.VACATION, DayKind.MISSED, DayKind.OPEN]


@pytest.mark.parametrize(
    ("first", "days", "said"),
    [
        ("today", "31", "1 to 30"),
        ("today", "0", "1 to 30"),
        ("today", "many", "1 to 30"),
        ("yesterday", "3", "within the next"),
        ("2028-01-01", "3", "within the next"),
        ("someday", "3", "no date"),
    ],
)
async def test_what_is_no_vacation_is_said(service: StreakService, first: str, days: str, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        await service.take_vacation(GUILD, ANA, first, days)


async def test_one_vacation_at_a_time_and_no_rest_within(service: StreakService) -> None:
    await service.take_vacation(GUILD, ANA, "tomorrow", "3")
    with pytest.raises(BadInputError, match="already"):
        await service.take_vacation(GUILD, ANA, "2026-12-24", "3")
    with pytest.raises(BadInputError, match="on vacation that day"):
        await service.rest(GUILD, ANA, MONDAY.toordinal() + 1, resting=True)


async def test_a_repair_survives_recomputing_and_is_taken_back(
    database: Database, service: StreakService, members: MemberService, clock: FakeClock
) -> None:
    await pass_days(database, clock, 5, lambda number: number != 3)
    assert (await service.page(GUILD, ANA)).streak.length == 1
    found = await members.repair(GUILD, ANA, MO, ("2026-11-26", " The post \n was late "))
    assert found.streak.streak.length == 4
    assert [(one.reason, one.by_user_id) for one in found.repairs] == [("The post was late", MO)]
    await pass_days(database, clock, 1, lambda _: True)
    assert (await service.page(GUILD, ANA)).streak.length == 5
    found = await members.take_repair_back(GUILD, ANA, MO, "2026-11-26")
    assert (found.streak.streak.length, found.repairs) == (2, ())


@pytest.mark.parametrize(
    ("day", "reason", "said"),
    [
        ("today", "kind", "that is over"),
        ("2026-12-30", "kind", "that is over"),
        ("2026-01-01", "kind", "that is over"),
        ("2026-11-23", "kind", "broke nothing"),
        ("2026-11-22", "kind", "broke nothing"),
        ("2026-11-24", " ", "needs a reason"),
        ("2026-11-24", "x" * 201, "needs a reason"),
    ],
)
async def test_what_can_not_be_repaired_is_said(
    database: Database, members: MemberService, clock: FakeClock, day: str, reason: str, said: str
) -> None:
    await pass_days(database, clock, 2, lambda number: number == 0)
    with pytest.raises(BadInputError, match=said):
        await members.repair(GUILD, ANA, MO, (day, reason))


async def test_why_names_what_was_done_instead_of_what_was_posted(
    database: Database, pack: Pack, clock: FakeClock
) -> None:
    first, second = list(pack.exercises.prompts.values())[:2]
    now = clock.now()
    await database.write(lambda tx: posted(tx, GUILD, now, first.id))
    await database.write(lambda tx: keep(tx, GUILD, ANA, "prompt:1", now))
    why = WhyService(database, Packs(database, pack), clock)
    (reason,) = (await why.page(GUILD, ANA, 0)).reasons
    assert (reason.kind, reason.acts) == (DayKind.KEPT, (first.title,))
    await database.write(lambda tx: prompt_store.mark_done(tx, GUILD, ANA, 1, second.id, MONDAY, now))
    (reason,) = (await why.page(GUILD, ANA, 99)).reasons
    assert reason.acts == (second.title,)


async def test_the_day_is_the_members_own(database: Database, service: StreakService, clock: FakeClock) -> None:
    await database.write(lambda tx: guild_store.put(tx, Guild(GUILD, zone="Pacific/Auckland")))
    page = await service.page(GUILD, ANA)
    assert page.today == MONDAY
    assert page.ends_at == datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
