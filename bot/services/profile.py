"""What a member chose for themselves: time zone, start of the day, the daily reminder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.day import LATEST_DAY_START, DayRule, ends_at, study_day, zone_from
from bot.domain.frozen import frozen
from bot.domain.recall import Retention
from bot.errors import BadInputError
from bot.services import look_back_letter
from bot.services.reminder import with_next
from bot.storage import board as board_store
from bot.storage import guild as guild_store
from bot.storage import member as store
from bot.storage import review as review_store
from bot.storage import thanks as thanks_store
from bot.storage.database import Database
from bot.storage.member import Member


@frozen
class ProfilePage:
    """A member's choices, and what they make of the present.

    Attributes:
        person: what was chosen; all None where nothing was.
        of_guild: where and when the guild's day begins, which holds where the member chose nothing.
        rule: where and when this member's day begins.
        today: the member's study day.
        day_ends_at: when that is over.
        thanks: how many thanks the member received.
        retention: how much of what came back for review was remembered.
    """

    person: Member
    of_guild: DayRule
    rule: DayRule
    today: date
    day_ends_at: datetime
    thanks: int
    retention: Retention


class ProfileService:
    """Use-cases of ``/profile``. No change of zone or hour rewrites a day that was counted."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def page(self, guild_id: int, user_id: int) -> ProfilePage:
        """Return a member's choices; nothing is written."""
        return await self._database.read(lambda tx: self._page(tx, self._person(tx, guild_id, user_id)))

    async def put_zone(self, guild_id: int, user_id: int, text: str | None) -> ProfilePage:
        """Set the member's own time zone by its IANA name; None for the server's.

        Raises:
            BadInputError: where there is no such zone.
        """
        return await self._change(guild_id, user_id, zone=None if text is None else zone_from(text))

    async def put_day_start(self, guild_id: int, user_id: int, hour: int | None) -> ProfilePage:
        """Set the hour at which the member's day begins; None for the server's.

        Raises:
            BadInputError: where it is not between midnight and noon.
        """
        if hour is not None and not 0 <= hour <= LATEST_DAY_START:
            raise BadInputError("A day starts between 00:00 and 12:00. Choose an hour from the list.")
        return await self._change(guild_id, user_id, day_start=None if hour is None else time(hour))

    async def put_reminder(self, guild_id: int, user_id: int, hour: int | None) -> ProfilePage:
        """Set the hour of the daily reminder, by the member's clock; None for none.

        Raises:
            BadInputError: where it is no hour of the day.
        """
        if hour is not None and not 0 <= hour <= 23:
            raise BadInputError("An hour is a number from 0 to 23. Choose one from the list.")
        at = None if hour is None else time(hour)
        # whoever asks for it anew has perhaps opened direct messages: it is tried again
        return await self._change(guild_id, user_id, remind_at=at, unreachable_since=None)

    async def try_again(self, guild_id: int, user_id: int) -> ProfilePage:
        """Take up the daily reminder again, after the member opened direct messages."""
        return await self._change(guild_id, user_id, unreachable_since=None)

    async def put_hidden(self, guild_id: int, user_id: int, *, hidden: bool) -> ProfilePage:
        """Leave the member off every board of the guild, or show the member again; what a group adds up to stays."""

        def write(tx: Connection) -> ProfilePage:
            person = replace(self._person(tx, guild_id, user_id), hidden=hidden)
            store.put_profile(tx, person)
            board_store.show(tx, guild_id, user_id, shown=not person.off_boards)
            return self._page(tx, person)

        return await self._database.write(write)

    async def put_company(self, guild_id: int, user_id: int, *, wants: bool) -> ProfilePage:
        """Let the captain see when the member may need company, or keep it private."""
        return await self._change(guild_id, user_id, wants_company=wants)

    async def put_reviews(self, guild_id: int, user_id: int, *, wants: bool) -> ProfilePage:
        """Write to the member once a day while review cards are due, or no more."""
        return await self._change(guild_id, user_id, wants_reviews=wants, unreachable_since=None)

    async def _change(self, guild_id: int, user_id: int, **changes: object) -> ProfilePage:
        def write(tx: Connection) -> ProfilePage:
            person = replace(self._person(tx, guild_id, user_id), **changes)
            person = with_next(tx, person, self._clock.now())
            store.put_profile(tx, person)
            look_back_letter.replan(tx, person, self._clock.now())
            return self._page(tx, person)

        return await self._database.write(write)

    def _person(self, tx: Connection, guild_id: int, user_id: int) -> Member:
        return store.get(tx, guild_id, user_id) or Member(guild_id, user_id, self._clock.now())

    def _page(self, tx: Connection, person: Member) -> ProfilePage:
        of_guild = guild_store.get(tx, person.guild_id).day_rule
        rule = person.day_rule(of_guild)
        today = study_day(self._clock.now(), rule)
        thanks = thanks_store.received(tx, person.guild_id, person.user_id)
        retention = review_store.retention(tx, person.guild_id, person.user_id)
        return ProfilePage(person, of_guild, rule, today, ends_at(today, rule), thanks, retention)
