"""Plans of the pace: when a group, or the whole server, begins the road and how long it takes for each stage."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain import pace
from bot.domain.day import day_from, study_day
from bot.domain.frozen import frozen
from bot.domain.pace import CohortPlan
from bot.domain.pack import Pack
from bot.domain.track import Stage
from bot.errors import BadInputError, NotAllowedError
from bot.services.group import Person
from bot.services.group_care import require_care
from bot.services.packs import Packs
from bot.storage import audit
from bot.storage import guild as guild_store
from bot.storage import pace as store
from bot.storage.database import Database
from bot.storage.pace import SERVER

FARTHEST_BEGIN: Final = timedelta(days=730)


@frozen
class PlanPage:
    """The plan of a group (``group_id``) or of the server (0), for whoever may make it; ``name`` is None for it."""

    group_id: int
    name: str | None
    today: date
    stages: tuple[Stage, ...]
    plan: CohortPlan | None


class PacePlanService:
    """Use-cases of captains and moderators. The right to each is checked in the transaction that does it."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock

    async def page(self, guild_id: int, group_id: int, person: Person) -> PlanPage:
        """Return the plan of a group, or of the server where ``group_id`` is 0, for whoever may make it.

        Raises:
            NotFoundError: where the group is gone.
            NotAllowedError: where the person may not.
        """
        pack = await self._packs.of(guild_id)
        return await self._database.read(lambda tx: self._page(tx, pack, guild_id, group_id, person))

    async def put(self, guild_id: int, group_id: int, person: Person, first_day: str, weeks: str) -> PlanPage:
        """Make or change a plan.

        Args:
            guild_id: the guild.
            group_id: the group; 0 for the server.
            person: who does it.
            first_day: a date, or today or tomorrow, as typed.
            weeks: a number for each stage, as typed.

        Raises:
            BadInputError: where the day or the weeks can't be used.
            NotFoundError: where the group is gone.
            NotAllowedError: where the person may not.
        """
        pack = await self._packs.of(guild_id)
        now = self._clock.now()

        def write(tx: Connection) -> PlanPage:
            before = self._page(tx, pack, guild_id, group_id, person)
            first = day_from(first_day, before.today)
            if abs(first - before.today) > FARTHEST_BEGIN:
                raise BadInputError("A plan begins within two years from today, before or after. Choose another day.")
            plan = CohortPlan(first, _weeks(weeks, before.stages))
            store.put(tx, guild_id, group_id, plan, person.user_id, now)
            audit.add(tx, guild_id, person.user_id, "pace.put", f"group {group_id}", now)
            return self._page(tx, pack, guild_id, group_id, person)

        return await self._database.write(write)

    async def remove(self, guild_id: int, group_id: int, person: Person) -> PlanPage:
        """Take a plan away; each member's own pace and forecast stay.

        Raises:
            NotFoundError: where the group is gone.
            NotAllowedError: where the person may not.
        """
        pack = await self._packs.of(guild_id)
        now = self._clock.now()

        def write(tx: Connection) -> PlanPage:
            page = self._page(tx, pack, guild_id, group_id, person)
            if store.remove(tx, guild_id, group_id):
                audit.add(tx, guild_id, person.user_id, "pace.remove", f"group {group_id}", now)
            return PlanPage(group_id, page.name, page.today, page.stages, None)

        return await self._database.write(write)

    def _page(self, tx: Connection, pack: Pack, guild_id: int, group_id: int, person: Person) -> PlanPage:
        name = None
        if group_id != SERVER:
            name = require_care(tx, guild_id, group_id, person).shown_name
        elif not person.moderates:
            raise NotAllowedError("Only moderators make the plan of the whole server. Ask one of them.")
        today = study_day(self._clock.now(), guild_store.get(tx, guild_id).day_rule)
        return PlanPage(group_id, name, today, pack.track.stages, store.get(tx, guild_id, group_id))


def _weeks(typed: str, stages: tuple[Stage, ...]) -> dict[str, int]:
    """Return the weeks that were typed, by stage.

    Raises:
        BadInputError: where they can't be used.
    """
    numbers = [int(one) for one in re.findall(r"\d{1,4}", typed)]
    if re.sub(r"[\d\s,;]", "", typed) or len(numbers) != len(stages):
        usual = ", ".join(str(pace.usual_weeks(stage)) for stage in stages)
        raise BadInputError(
            f"The road has {len(stages)} stages, so I expected {len(stages)} numbers such as {usual}. "
            "Nothing was changed."
        )
    if not all(1 <= one <= pace.MOST_WEEKS for one in numbers):
        raise BadInputError(f"A stage takes 1 to {pace.MOST_WEEKS} weeks. Nothing was changed.")
    return {stage.id: number for stage, number in zip(stages, numbers, strict=True)}
