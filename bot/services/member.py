"""A member as moderators see them: the streak, its last days, and the repairs of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.day import day_from
from bot.domain.streak import REPAIRS_WITHIN, DayKind
from bot.errors import BadInputError
from bot.services.streak import Standing, StreakPage, page_of, standing_of
from bot.storage import guild as guild_store
from bot.storage import streak as store
from bot.storage.database import Database

REASON_CHARACTERS: Final = 200
REPAIRABLE: Final = frozenset({DayKind.MISSED, DayKind.FREEZE})


@dataclass(frozen=True, slots=True)
class Repair:
    """A day that a moderator repaired, why, and who."""

    day: date
    reason: str
    by_user_id: int


@dataclass(frozen=True, slots=True)
class MemberPage:
    """A member's streak and the repairs that stand and can be taken back, the newest day first."""

    user_id: int
    streak: StreakPage
    repairs: tuple[Repair, ...]


class MemberService:
    """Use-cases of ``/member``. Whether the person asking is a moderator is checked by whoever calls."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def moderator_role(self, guild_id: int) -> int | None:
        """Return the role whose members are moderators here; None for none."""
        return await self._database.read(lambda tx: guild_store.get(tx, guild_id).moderator_role_id)

    async def page(self, guild_id: int, user_id: int) -> MemberPage:
        """Return a member's streak."""
        now = self._clock.now()
        return _page(user_id, await self._database.read(lambda tx: standing_of(tx, guild_id, user_id, now)))

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
        reason = " ".join(typed[1].split())
        if not 1 <= len(reason) <= REASON_CHARACTERS:
            raise BadInputError(f"A repair needs a reason of 1 to {REASON_CHARACTERS} characters; the member reads it.")

        def write(tx: Connection) -> Standing:
            found = standing_of(tx, guild_id, user_id, now)
            day = day_from(typed[0], found.today)
            if not 1 <= (found.today - day).days <= REPAIRS_WITHIN:
                raise BadInputError(f"Only a day that is over, within the last {REPAIRS_WITHIN}, can be repaired.")
            if _kind(found, day) not in REPAIRABLE:
                raise BadInputError("That day broke nothing, so there is nothing to repair. Look at the days below.")
            new = store.NewDay(day, DayKind.REPAIRED, f"repair:{day}", reason, by_user_id)
            store.add(tx, guild_id, user_id, new, now)
            return standing_of(tx, guild_id, user_id, now)

        return _page(user_id, await self._database.write(write))

    async def take_repair_back(self, guild_id: int, user_id: int, by_user_id: int, day: str) -> MemberPage:
        """Take the repair of a day (as ``date.isoformat`` writes it) back; one that is gone already changes nothing."""
        now = self._clock.now()

        def write(tx: Connection) -> Standing:
            store.withdraw(tx, guild_id, user_id, f"repair:{day}", now, by_user_id=by_user_id)
            return standing_of(tx, guild_id, user_id, now)

        return _page(user_id, await self._database.write(write))


def _page(user_id: int, found: Standing) -> MemberPage:
    oldest = found.today - timedelta(days=REPAIRS_WITHIN)
    return MemberPage(user_id, page_of(found), _repairs([row for row in found.rows if row.day >= oldest]))


def _repairs(rows: Sequence[store.DayRow]) -> tuple[Repair, ...]:
    made = [
        Repair(row.day, row.reason or "", row.by_user_id or 0) for row in rows if row.kind is DayKind.REPAIRED
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda one: one.day, reverse=True))


def _kind(found: Standing, day: date) -> DayKind | None:
    return next((one.kind for one in found.streak.days if one.day == day), None)
