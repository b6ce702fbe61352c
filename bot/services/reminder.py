"""Direct messages to members: *Later* on a post, the daily reminder of a post or of reviews due, one's week.

The rows in ``bot.storage.reminder`` are the truth, as with posts: planned, claimed with a lease, sent with a nonce,
recorded. A try after the first one looks into the conversation before it sends, so a crash between sending and
recording makes no second message. Not covered: a message that Discord took and does not show in the conversation yet,
two minutes later and after it forgot the nonce, would come twice; and what five tries could not bring is dropped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Final, Protocol, TypeAlias

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.cluster import Share, whole
from bot.domain.day import starts_at, study_day
from bot.domain.frozen import frozen
from bot.domain.item import Item
from bot.domain.look_back import LookBack
from bot.domain.occurrence import FENCE
from bot.domain.pack import Pack
from bot.domain.recall import REVIEW_AT, Today
from bot.domain.reminder import ReminderKind, ReminderState, next_reminder, reminder_nonce, too_late
from bot.domain.streak import DayKind
from bot.errors import SyllabotError
from bot.log import get_logger
from bot.services import look_back_letter
from bot.services.item import find_item
from bot.services.look_back_week import looked_back
from bot.services.packs import Packs
from bot.services.review_cards import ready
from bot.storage import guild as guild_store
from bot.storage import look_back as look_back_store
from bot.storage import member as member_store
from bot.storage import occurrence as occurrence_store
from bot.storage import prompt as prompt_store
from bot.storage import reminder as store
from bot.storage import streak as streak_store
from bot.storage.database import Database
from bot.storage.member import Member
from bot.storage.reminder import Reminder

AT_ONCE: Final = 100
MOST_DUE: Final = 10_000
"""Members whose reminder is planned in one round; those beyond it are planned in the next one."""
MOST_TRIES: Final = 5
FREE: Final = frozenset({DayKind.REST, DayKind.VACATION})
"""Days on which nobody is reminded."""

log = get_logger(__name__)


@frozen
class Notice:
    """What a reminder says, and what it needs on its way.

    Attributes:
        user_id: who is written to.
        kind: why.
        item: what there is to do; None where it is no longer in the content, or only reviews are due.
        link: the address of the post, or of the server.
        nonce: the same for every try.
        due_at: when it was due; nothing of it can have been sent before.
        tries: how often it was begun, this time included.
        reviews: how many review cards can be asked, for whoever wants to be told.
        week: the week that is looked back on.
    """

    user_id: int
    kind: ReminderKind
    item: Item | None
    link: str
    nonce: str
    due_at: datetime
    tries: int
    reviews: int = 0
    week: LookBack | None = None


@frozen
class Sent:
    """Discord has the message."""


@frozen
class Closed:
    """The person takes no direct messages from this bot."""


@frozen
class Unclear:
    """Nobody knows whether it arrived: the lease runs out, and the next try looks."""


Outcome: TypeAlias = Sent | Closed | Unclear


class Messenger(Protocol):
    """Takes direct messages to members."""

    async def write(self, notice: Notice) -> Outcome:
        """Send a notice, unless an earlier try of it arrived."""
        ...


class ReminderService:
    """Plans and sends reminders."""

    def __init__(
        self, database: Database, packs: Packs, clock: Clock, messenger: Messenger, owner: str,
        share: Callable[[], Share] = whole,
    ) -> None:  # fmt: skip
        """Take what it works with; ``owner`` names this process in the leases, ``share`` which servers are its own."""
        self._database = database
        self._packs = packs
        self._clock = clock
        self._messenger = messenger
        self._owner = owner
        self._share = share

    async def tick(self) -> None:
        """Plan the daily reminders that are due, and send what is due. Nothing is raised: it is logged."""
        try:
            now = self._clock.now()
            due = await self._database.read(lambda tx: member_store.due_for_reminder(tx, now, MOST_DUE, self._share()))
            for first in range(0, len(due), AT_ONCE):
                await self._database.write(partial(self._plan, due=due[first : first + AT_ONCE]))
            ending = await self._database.read(lambda tx: look_back_store.due(tx, now, MOST_DUE))
            for first in range(0, len(ending), AT_ONCE):
                some = ending[first : first + AT_ONCE]
                await self._database.write(partial(look_back_letter.plan, due=some, now=now))
            while len(taken := await self._database.write(self._claim)) == AT_ONCE:
                await asyncio.gather(*(self._deliver(one) for one in taken))
            await asyncio.gather(*(self._deliver(one) for one in taken))
        except SyllabotError:
            log.exception("reminders_not_sent")

    def _claim(self, tx: Connection) -> list[Reminder]:
        return store.claim(tx, self._owner, self._clock.now(), AT_ONCE, self._share())

    def _plan(self, tx: Connection, due: Iterable[tuple[int, int]]) -> None:
        """Make a reminder for each of these members whose daily one is due and who has something to do."""
        now = self._clock.now()
        for whose in due:
            person = member_store.get(tx, *whose)
            due_at = person.next_reminder_at if person else None
            if person is None or due_at is None or due_at > now:
                continue
            if not too_late(ReminderKind.DAILY, due_at, now):
                _plan_daily(tx, person, due_at, now)
            member_store.put_profile(tx, with_next(tx, person, now))

    async def _deliver(self, one: Reminder) -> None:
        pack = await self._packs.with_exercises(one.guild_id)

        def look(tx: Connection) -> Notice | str:
            return _notice(tx, pack, one, self._clock.now())

        notice = await self._database.read(look)
        if isinstance(notice, str):
            await self._database.write(lambda tx: store.settle(tx, one, self._owner, ReminderState.DROPPED, notice))
            log.info("reminder_dropped", guild_id=one.guild_id, reminder_id=one.reminder_id)
        elif one.lease_until - self._clock.now() >= FENCE:
            outcome = await self._messenger.write(notice)
            await self._database.write(lambda tx: self._record(tx, one, outcome))
            log.info(
                "reminder_tried", guild_id=one.guild_id, reminder_id=one.reminder_id, outcome=type(outcome).__name__
            )

    def _record(self, tx: Connection, one: Reminder, outcome: Outcome) -> None:
        person = member_store.get(tx, one.guild_id, one.user_id)
        now = self._clock.now()
        match outcome:
            case Sent():
                store.settle(tx, one, self._owner, ReminderState.SENT)
                if person is not None and person.unreachable_since is not None:
                    member_store.put_profile(tx, with_next(tx, replace(person, unreachable_since=None), now))
            case Closed():
                store.settle(tx, one, self._owner, ReminderState.REFUSED, "Direct messages are closed.")
                if one.kind is ReminderKind.LOOK_BACK:
                    look_back_letter.fall_back(tx, one.guild_id, one.user_id, now)
                if person is not None and person.unreachable_since is None:
                    member_store.put_profile(tx, with_next(tx, replace(person, unreachable_since=now), now))
            case Unclear():
                pass


def with_next(tx: Connection, person: Member, now: datetime) -> Member:
    """Return a member with the next daily reminder set by the zone that holds; none where it is off or paused."""
    at = person.remind_at or (REVIEW_AT if person.wants_reviews else None)
    if at is None or person.unreachable_since is not None:
        return replace(person, next_reminder_at=None)
    zone = person.day_rule(guild_store.get(tx, person.guild_id).day_rule).zone
    return replace(person, next_reminder_at=next_reminder(at, zone, now))


def replan(tx: Connection, guild_id: int, now: datetime) -> None:
    """Set anew when each member of a guild is reminded, after the guild's zone changed."""
    for person in member_store.reminded(tx, guild_id):
        member_store.put_profile(tx, with_next(tx, person, now))
    look_back_letter.replan_all(tx, guild_id, now)


def _plan_daily(tx: Connection, person: Member, due_at: datetime, now: datetime) -> None:
    """Make the reminder of a member's study day, unless it is free: of a post not done yet, or else of reviews.

    One message a day at most: where there is a post to tell of, that message tells of the reviews too.
    """
    rule = person.day_rule(guild_store.get(tx, person.guild_id).day_rule)
    day = study_day(due_at, rule)
    rows = streak_store.standing(tx, person.guild_id, person.user_id)
    if any(row.day == day and row.kind in FREE for row in rows):
        return
    posts = (
        occurrence_store.posted_since(tx, person.guild_id, starts_at(day, rule))
        if person.remind_at or not person.wants_reviews
        else []
    )
    for post in posts:
        of_the_day = study_day(post.due_at, rule) == day
        if of_the_day and prompt_store.done(tx, person.guild_id, person.user_id, post.number) is None:
            _put_once(tx, person, ReminderKind.DAILY, post.number, due_at, now)
            return
    if person.wants_reviews:
        _put_once(tx, person, ReminderKind.REVIEW, day.toordinal(), due_at, now)


def _put_once(tx: Connection, person: Member, kind: ReminderKind, number: int, due_at: datetime, now: datetime) -> None:
    if store.state_of(tx, person.guild_id, person.user_id, kind, number) is None:
        store.put(tx, person.guild_id, person.user_id, kind, number, due_at, now)


def _notice(tx: Connection, pack: Pack, one: Reminder, now: datetime) -> Notice | str:
    """Return what a reminder says; or, in words, why it is not sent."""
    if too_late(one.kind, one.due_at, now) or one.tries > MOST_TRIES:
        late = too_late(one.kind, one.due_at, now)
        return "It was too late to be of use." if late else "Discord did not take it, several times."
    nonce = reminder_nonce(one.guild_id, one.reminder_id, one.due_at)
    link = f"https://discord.com/channels/{one.guild_id}"
    if one.kind is ReminderKind.LOOK_BACK:
        return _week(tx, pack, one, Notice(one.user_id, one.kind, None, link, nonce, one.due_at, one.tries), now)
    reviews = _reviews(tx, pack, one, now)
    if one.kind is ReminderKind.REVIEW:
        told = Notice(one.user_id, one.kind, None, link, nonce, one.due_at, one.tries, reviews)
        return told if reviews else "No review is due."
    if prompt_store.done(tx, one.guild_id, one.user_id, one.number) is not None:
        return "It is done."
    post = occurrence_store.get(tx, one.guild_id, one.number)
    if post is None or post.message_id is None:
        return "There is no post to open."
    exercise_id = prompt_store.instead(tx, one.guild_id, one.user_id, one.number) or post.exercise_id
    return Notice(
        user_id=one.user_id,
        kind=one.kind,
        item=find_item(tx, pack, exercise_id),
        link=f"https://discord.com/channels/{one.guild_id}/{post.channel_id}/{post.message_id}",
        nonce=nonce,
        due_at=one.due_at,
        tries=one.tries,
        reviews=reviews,
    )


def _week(tx: Connection, pack: Pack, one: Reminder, notice: Notice, now: datetime) -> Notice | str:
    """Return a message with the week it is about; or, in words, why it is not sent."""
    whose = one.guild_id, one.user_id
    if not look_back_letter.still_wanted(tx, *whose):
        return "It is no longer wanted."
    return replace(notice, week=looked_back(tx, pack, whose, date.fromordinal(one.number), now))


def _reviews(tx: Connection, pack: Pack, one: Reminder, now: datetime) -> int:
    """Return how many cards a daily reminder tells of; 0 where the member does not want to be told."""
    person = member_store.get(tx, one.guild_id, one.user_id)
    if person is None or not person.wants_reviews or one.kind is ReminderKind.LATER:
        return 0
    today = Today.at(now, person.day_rule(guild_store.get(tx, one.guild_id).day_rule))
    return ready(tx, pack, one.guild_id, one.user_id, today)
