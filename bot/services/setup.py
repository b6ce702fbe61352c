"""The settings of a guild, made by its managers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from bot.clock import Clock
from bot.domain.day import LATEST_DAY_START, ends_at, study_day, zone_from
from bot.domain.frozen import frozen
from bot.domain.schedule import ScheduleState
from bot.domain.week import recap_day
from bot.errors import BadInputError
from bot.services.reminder import replan
from bot.services.schedule_page import due_next
from bot.storage import guild as store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from bot.storage.guild import Guild


@frozen
class SetupPage:
    """A guild's settings, and what they make of the present.

    Attributes:
        guild: the settings.
        today: today's date there.
        day_ends_at: when that day ends.
        posts: how many schedules post every day.
        next_post_at: when the next of their posts is due; None for none.
    """

    guild: Guild
    today: date
    day_ends_at: datetime
    posts: int
    next_post_at: datetime | None


class SetupService:
    """Use-cases of ``/setup``."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def page(self, guild_id: int) -> SetupPage:
        """Return a guild's settings."""
        return await self._database.read(lambda tx: self._page(tx, store.get(tx, guild_id)))

    async def put_zone(self, guild_id: int, text: str) -> SetupPage:
        """Set the time zone by its IANA name; the daily posts keep their local time, and no date gets two.

        Raises:
            BadInputError: where there is no such zone.
        """
        zone, now = zone_from(text), self._clock.now()

        def write(tx: store.Connection) -> SetupPage:
            guild = store.get(tx, guild_id)
            moved = replace(guild, zone=zone)
            store.put(tx, moved)
            if guild.zone != zone:
                schedule_store.reschedule(tx, guild_id, now)
                replan(tx, guild_id, now)
            return self._page(tx, moved)

        return await self._database.write(write)

    async def put_day_start(self, guild_id: int, hour: int) -> SetupPage:
        """Set the hour at which a new day begins.

        Raises:
            BadInputError: where it is not between midnight and noon.
        """
        if not 0 <= hour <= LATEST_DAY_START:
            raise BadInputError("A day starts between 00:00 and 12:00. Choose an hour from the list.")
        return await self._change(guild_id, day_start=time(hour))

    async def put_moderator_role(self, guild_id: int, role_id: int | None) -> SetupPage:
        """Set the role whose members are moderators here; None for none."""
        return await self._change(guild_id, moderator_role_id=role_id)

    async def put_moderator_channel(self, guild_id: int, channel_id: int | None) -> SetupPage:
        """Set the channel in which moderators are told what they must know; None for none."""
        return await self._change(guild_id, moderator_channel_id=channel_id)

    async def put_welcome_channel(self, guild_id: int, channel_id: int | None) -> SetupPage:
        """Set the channel in which the bot introduces itself; None for none."""
        return await self._change(guild_id, welcome_channel_id=channel_id)

    async def note_welcomed(self, guild_id: int) -> SetupPage:
        """Record that the bot has introduced itself."""
        return await self._change(guild_id, welcomed_at=self._clock.now())

    async def greet_once(self, guild_id: int) -> bool:
        """Record that the bot says hello after joining; False where it has done so before."""
        now = self._clock.now()

        def write(tx: store.Connection) -> bool:
            guild = store.get(tx, guild_id)
            if guild.greeted_at is not None:
                return False
            store.put(tx, replace(guild, greeted_at=now))
            return True

        return await self._database.write(write)

    async def _change(self, guild_id: int, **changes: object) -> SetupPage:
        def write(tx: store.Connection) -> SetupPage:
            guild = replace(store.get(tx, guild_id), **changes)
            store.put(tx, guild)
            return self._page(tx, guild)

        return await self._database.write(write)

    def _page(self, tx: store.Connection, guild: Guild) -> SetupPage:
        now = self._clock.now()
        today = study_day(now, guild.day_rule)
        every = [one for one in schedule_store.all_of(tx, guild.id) if recap_day(one.timing.plan) is None]
        active = [one for one in every if one.state is ScheduleState.ACTIVE]
        due = [found.due_at for one in active for found in due_next(tx, one, now, 1)]
        return SetupPage(guild, today, ends_at(today, guild.day_rule), len(active), min(due, default=None))
