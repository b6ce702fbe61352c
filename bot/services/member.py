"""A member as moderators see them: the streak, the repairs of days, and whether the member stands on the boards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.day import day_from
from bot.domain.frozen import frozen
from bot.domain.streak import REPAIRS_WITHIN, DayKind
from bot.errors import BadInputError
from bot.services.streak import Standing, StreakPage, page_of, standing_of
from bot.storage import audit
from bot.storage import board as board_store
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage import streak as store
from bot.storage.database import Database

REASON_CHARACTERS: Final = 200
REPAIRABLE: Final = frozenset({DayKind.MISSED, DayKind.FREEZE})


@frozen
class Repair:
    """A day that a moderator repaired, why, and who."""

    day: date
    reason: str
    by_user_id: int


@frozen
class LeftOff:
    """Why moderators leave a member off the boards, and who decided it."""

    reason: str
    by_user_id: int


@frozen
class MemberPage:
    """A member's streak, and what moderators can take back.

    Attributes:
        user_id: whose.
        streak: the streak.
        repairs: those that stand, the newest day first.
        hidden: whether the member chose to be off the boards.
        left_off: why moderators leave the member off; None where they do not.
    """

    user_id: int
    streak: StreakPage
    repairs: tuple[Repair, ...]
    hidden: bool
    left_off: LeftOff | None


class MemberService:
    """Use-cases of ``/member``. Whether the person asking is a moderator is checked by whoever calls."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def moderator_role(self, guild_id: int) -> int | None:
        """Return the role whose members are moderators here; None for none."""
        return await self._database.read(lambda tx: guild_store.get(tx, guild_id).moderator_role_id)

    async def page(self, guild_id: int, user_id: int) -> MemberPage:
        """Return a member's page."""
        now = self._clock.now()
        return await self._database.read(lambda tx: _page(tx, guild_id, user_id, now))

    async def repair(self, guild_id: int, user_id: int, by_user_id: int, typed: tuple[str, str]) -> MemberPage:
        """Repair a day: it no longer breaks the streak, now and on every recomputing.

        Args:
            guild_id: the guild.
            user_id: the member.
            by_user_id: the moderator.
            typed: the day, as ``day_from`` reads it by the member's own day, and the reason.

        Raises:
            BadInputError: where the day was not missed, is not over or too long ago, or no reason is given.
        """
        now = self._clock.now()
        reason = _reason(typed[1], "A repair")

        def write(tx: Connection) -> MemberPage:
            found = standing_of(tx, guild_id, user_id, now)
            day = day_from(typed[0], found.today)
            if not 1 <= (found.today - day).days <= REPAIRS_WITHIN:
                raise BadInputError(f"Only a day that is over, within the last {REPAIRS_WITHIN}, can be repaired.")
            if _kind(found, day) not in REPAIRABLE:
                raise BadInputError("That day broke nothing, so there is nothing to repair. Look at the days below.")
            new = store.NewDay(day, DayKind.REPAIRED, f"repair:{day}", reason, by_user_id)
            store.add(tx, guild_id, user_id, new, now)
            return _page(tx, guild_id, user_id, now)

        return await self._database.write(write)

    async def take_repair_back(self, guild_id: int, user_id: int, by_user_id: int, day: str) -> MemberPage:
        """Take the repair of a day (as ``date.isoformat`` writes it) back; one that is gone already changes nothing."""
        now = self._clock.now()

        def write(tx: Connection) -> MemberPage:
            store.withdraw(tx, guild_id, user_id, f"repair:{day}", now, by_user_id=by_user_id)
            return _page(tx, guild_id, user_id, now)

        return await self._database.write(write)

    async def leave_off(self, guild_id: int, user_id: int, by_user_id: int, typed: str) -> MemberPage:
        """Leave a member off every board of the guild; what their group adds up to stays.

        Args:
            guild_id: the guild.
            user_id: the member.
            by_user_id: the moderator.
            typed: the reason, which the member reads.

        Raises:
            BadInputError: where no reason is given.
        """
        now, reason = self._clock.now(), _reason(typed, "Leaving somebody off the boards")

        def write(tx: Connection) -> MemberPage:
            member_store.ensure(tx, guild_id, user_id, now)
            member_store.put_left_off(tx, guild_id, user_id, reason, by_user_id)
            board_store.show(tx, guild_id, user_id, shown=False)
            audit.add(tx, guild_id, by_user_id, "boards.leave_off", f"member {user_id}", now)
            return _page(tx, guild_id, user_id, now)

        return await self._database.write(write)

    async def put_back(self, guild_id: int, user_id: int, by_user_id: int) -> MemberPage:
        """Let a member stand on the boards again, unless the member hides or has left; done before it changes nothing.

        Args:
            guild_id: the guild.
            user_id: the member.
            by_user_id: the moderator.
        """
        now = self._clock.now()

        def write(tx: Connection) -> MemberPage:
            before = member_store.get(tx, guild_id, user_id)
            if before is not None and before.left_off_reason is not None:
                member_store.put_left_off(tx, guild_id, user_id, None, None)
                board_store.show(tx, guild_id, user_id, shown=not (before.hidden or before.left_at))
                audit.add(tx, guild_id, by_user_id, "boards.put_back", f"member {user_id}", now)
            return _page(tx, guild_id, user_id, now)

        return await self._database.write(write)


def _page(tx: Connection, guild_id: int, user_id: int, now: datetime) -> MemberPage:
    found = standing_of(tx, guild_id, user_id, now)
    person = member_store.get(tx, guild_id, user_id)
    oldest = found.today - timedelta(days=REPAIRS_WITHIN)
    left_off = None
    if person is not None and person.left_off_reason is not None:
        left_off = LeftOff(person.left_off_reason, person.left_off_by or 0)
    return MemberPage(
        user_id=user_id,
        streak=page_of(found),
        repairs=_repairs([row for row in store.standing(tx, guild_id, user_id) if row.day >= oldest]),
        hidden=person is not None and person.hidden,
        left_off=left_off,
    )


def _reason(typed: str, act: str) -> str:
    """Return the reason that was typed.

    Raises:
        BadInputError: where there is none, or it is too long.
    """
    reason = " ".join(typed.split())
    if not 1 <= len(reason) <= REASON_CHARACTERS:
        raise BadInputError(f"{act} needs a reason of 1 to {REASON_CHARACTERS} characters; the member reads it.")
    return reason


def _repairs(rows: Sequence[store.DayRow]) -> tuple[Repair, ...]:
    made = [
        Repair(row.day, row.reason or "", row.by_user_id or 0) for row in rows if row.kind is DayKind.REPAIRED
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda one: one.day, reverse=True))


def _kind(found: Standing, day: date) -> DayKind | None:
    return next((one.kind for one in found.streak.days if one.day == day), None)
