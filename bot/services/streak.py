"""The streak of a member: what keeps a day, what the log of days adds up to, rest days and vacations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.day import DayRule, day_from, ends_at, monday_of, starts_at, study_day
from bot.domain.frozen import frozen
from bot.domain.outage import excused_days
from bot.domain.streak import (
    LONGEST_VACATION,
    MOST_RESTS,
    RESTS_WITHIN,
    VACATION_AHEAD,
    DayKind,
    Streak,
    StreakCard,
    StreakDay,
    may_rest,
    streak,
)
from bot.errors import BadInputError
from bot.storage import member as member_store
from bot.storage import occurrence as occurrence_store
from bot.storage import outage as outage_store
from bot.storage import streak as store
from bot.storage.database import Database

WEEKS_SHOWN: Final = 16
VACATION: Final = "vacation"


class Renderer(Protocol):
    """Draws pictures."""

    async def streak(self, card: StreakCard) -> bytes | None:
        """Return a streak as a PNG; None where it can't be drawn now."""
        ...


@frozen
class Standing:
    """A member's streak at an instant, with what the log says of days and the rule it was reckoned by."""

    today: date
    rule: DayRule
    log: Sequence[tuple[date, DayKind]]
    streak: Streak


@frozen
class StreakPage:
    """What a member sees of the own streak.

    Attributes:
        today: the study day now.
        rule: where and when the member's day begins.
        ends_at: when today is over.
        streak: how it stands.
        shown: the days of the calendar, whole weeks from a Monday on up to today.
        rests: which of today and tomorrow are rest days.
        may_rest: which of today and tomorrow can still be made one.
        vacation: first and last day of the vacation that is on or ahead; None without one.
    """

    today: date
    rule: DayRule
    ends_at: datetime
    streak: Streak
    shown: tuple[StreakDay, ...]
    rests: frozenset[date]
    may_rest: frozenset[date]
    vacation: tuple[date, date] | None

    @property
    def today_is(self) -> DayKind:
        """What today is so far."""
        return self.streak.days[-1].kind


def keep(tx: Connection, guild_id: int, user_id: int, source: str, now: datetime, rule: DayRule | None = None) -> date:
    """Record that an act of a member kept the study day of ``now``, once for each source; return that day.

    Args:
        tx: the transaction in which the act itself is recorded.
        guild_id: the guild.
        user_id: the member.
        source: what was done: ``prompt:<occurrence>``, ``topic:<id>``.
        now: when.
        rule: where and when the member's day begins, where that was read already.
    """
    day = study_day(now, rule or member_store.day_rule(tx, guild_id, user_id))
    store.add(tx, guild_id, user_id, store.NewDay(day, DayKind.KEPT, source), now)
    return day


def streak_of(tx: Connection, guild_id: int, user_id: int, now: datetime, rule: DayRule | None = None) -> Streak:
    """Return a member's streak at an instant, from the log, the outages and what was posted.

    ``rule`` is where and when the member's day begins, where that was read already.
    """
    rule = rule or member_store.day_rule(tx, guild_id, user_id)
    return _reckoned(tx, guild_id, rule, store.days(tx, guild_id, user_id), study_day(now, rule))


def standing_of(tx: Connection, guild_id: int, user_id: int, now: datetime) -> Standing:
    """Return a member's streak at an instant, with what it was reckoned from."""
    rule = member_store.day_rule(tx, guild_id, user_id)
    log, today = store.days(tx, guild_id, user_id), study_day(now, rule)
    return Standing(today, rule, log, _reckoned(tx, guild_id, rule, log, today))


def _reckoned(
    tx: Connection, guild_id: int, rule: DayRule, days: Collection[tuple[date, DayKind]], today: date
) -> Streak:
    first = min([day for day, _ in days if day <= today], default=today)
    log = {day: kind for day, kind in days if kind is not DayKind.KEPT}
    log.update(one for one in days if one[1] is DayKind.KEPT)
    # asked for the few days that are not in the log; finding the day of every post would cost far more
    bare = [day for ago in range((today - first).days + 1) if (day := first + timedelta(days=ago)) not in log]
    if bare:
        excused = excused_days(outage_store.since(tx, guild_id, starts_at(bare[0], rule)), rule)
        log.update((day, DayKind.OUTAGE) for day in bare if day in excused)
    spans = {day: (starts_at(day, rule), ends_at(day, rule)) for day in bare if day not in log and day < today}
    return streak(first, today, log, occurrence_store.owed(tx, guild_id, spans).__contains__)


class StreakService:
    """Use-cases of ``/streak``."""

    def __init__(self, database: Database, clock: Clock, renderer: Renderer) -> None:
        self._database = database
        self._clock = clock
        self._renderer = renderer

    async def page(self, guild_id: int, user_id: int) -> StreakPage:
        """Return a member's streak."""
        now = self._clock.now()
        return page_of(await self._database.read(lambda tx: standing_of(tx, guild_id, user_id, now)))

    async def picture(self, page: StreakPage, name: str) -> bytes | None:
        """Return the calendar as a PNG; None where it can't be drawn now, and the words must do."""
        found = page.streak
        return await self._renderer.streak(
            StreakCard(
                name=name,
                today=page.today,
                day_start=page.rule.day_start,
                length=found.length,
                longest=found.longest,
                freezes=found.freezes,
                to_next_freeze=found.to_next_freeze,
                days=tuple((one.day, one.kind) for one in page.shown),
            )
        )

    async def rest(self, guild_id: int, user_id: int, ordinal: int, *, resting: bool) -> StreakPage:
        """Make the member's today or tomorrow a rest day, or take that back.

        Args:
            guild_id: the guild.
            user_id: the member.
            ordinal: the day, as ``date.toordinal`` counts.
            resting: whether it is to be a rest day.

        Raises:
            BadInputError: where the day is another, or would be a third rest day within seven days.
        """
        now = self._clock.now()

        def write(tx: Connection) -> Standing:
            before = page_of(standing_of(tx, guild_id, user_id, now))
            day = next((one for one in _near(before.today) if one.toordinal() == ordinal), None)
            if day is None:
                raise BadInputError("That day is over. Open /streak again to see today's.")
            if not resting:
                store.withdraw(tx, guild_id, user_id, f"rest:{day}", now)
            elif day not in before.rests:
                _refuse_rest(before, day)
                member_store.ensure(tx, guild_id, user_id, now)
                store.add(tx, guild_id, user_id, store.NewDay(day, DayKind.REST, f"rest:{day}"), now)
            return standing_of(tx, guild_id, user_id, now)

        return page_of(await self._database.write(write))

    async def take_vacation(self, guild_id: int, user_id: int, first_day: str, days: str) -> StreakPage:
        """Begin or plan a vacation.

        Args:
            guild_id: the guild.
            user_id: the member.
            first_day: a date, or today or tomorrow, as typed.
            days: how many days, as typed.

        Raises:
            BadInputError: where the days can't be a vacation, or there is one already.
        """
        now = self._clock.now()
        length = int(days) if days.strip().isdecimal() and len(days) <= 9 else 0
        if not 1 <= length <= LONGEST_VACATION:
            raise BadInputError(f"A vacation lasts 1 to {LONGEST_VACATION} days. Write a number such as 7.")

        def write(tx: Connection) -> Standing:
            before = page_of(standing_of(tx, guild_id, user_id, now))
            first = day_from(first_day, before.today)
            if not 0 <= (first - before.today).days <= VACATION_AHEAD:
                raise BadInputError(f"A vacation begins today or within the next {VACATION_AHEAD} days.")
            if before.vacation is not None:
                raise BadInputError("You have a vacation already. End it first, then take another one.")
            member_store.ensure(tx, guild_id, user_id, now)
            for ahead in range(length):
                day = store.NewDay(first + timedelta(days=ahead), DayKind.VACATION, VACATION)
                store.add(tx, guild_id, user_id, day, now)
            return standing_of(tx, guild_id, user_id, now)

        return page_of(await self._database.write(write))

    async def end_vacation(self, guild_id: int, user_id: int) -> StreakPage:
        """End the vacation that is on or ahead: its days from today on are owed again."""
        now = self._clock.now()

        def write(tx: Connection) -> Standing:
            today = study_day(now, member_store.day_rule(tx, guild_id, user_id))
            store.withdraw(tx, guild_id, user_id, VACATION, now, since=today)
            return standing_of(tx, guild_id, user_id, now)

        return page_of(await self._database.write(write))


def page_of(found: Standing) -> StreakPage:
    """Return what is shown of a streak."""
    today, days = found.today, found.streak.days
    monday = monday_of(today) - timedelta(weeks=WEEKS_SHOWN - 1)
    rests = {day for day, kind in found.log if kind is DayKind.REST}
    away = sorted(day for day, kind in found.log if kind is DayKind.VACATION)
    ahead = [day for day in away if day >= today]
    begins = ahead[0] if ahead else today
    while begins - timedelta(days=1) in away:
        begins -= timedelta(days=1)
    free = [day for day in _near(today) if day not in rests and day not in away and may_rest(day, rests)]
    return StreakPage(
        today=today,
        rule=found.rule,
        ends_at=ends_at(today, found.rule),
        streak=found.streak,
        shown=tuple(one for one in days if one.day >= monday),
        rests=frozenset(rests & set(_near(today))),
        may_rest=frozenset(free),
        vacation=(begins, ahead[-1]) if ahead else None,
    )


def _near(today: date) -> tuple[date, date]:
    return today, today + timedelta(days=1)


def _refuse_rest(before: StreakPage, day: date) -> None:
    if before.vacation is not None and before.vacation[0] <= day <= before.vacation[1]:
        raise BadInputError("You are on vacation that day: nothing is owed anyway.")
    if day not in before.may_rest:
        raise BadInputError(
            f"There are {MOST_RESTS} rest days within those {RESTS_WITHIN} days already. "
            "Take one of them back first, or take a vacation."
        )
