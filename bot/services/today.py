"""``/today``: what there is to do, one's own state, the streak, and what else there is on a day without a post."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.day import ends_at, starts_at, study_day
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.domain.recall import Today
from bot.domain.roadmap import next_topics
from bot.domain.schedule import ScheduleState
from bot.domain.streak import DayKind, Streak
from bot.domain.track import Topic
from bot.services.look_back_week import WeekEnd, week_end
from bot.services.packs import Packs
from bot.services.prompt import PromptPage, page_of
from bot.services.review_cards import desk_of, queue
from bot.services.streak import streak_of
from bot.storage import member as member_store
from bot.storage import occurrence as occurrence_store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database

MOST_POSTS: Final = 5
"""How many of a day's posts are shown, the latest ones."""


@frozen
class NextPost:
    """The next post that is to come: when, and in which channel."""

    due_at: datetime
    channel_id: int


@frozen
class TodayPage:
    """A member's day.

    Attributes:
        day: the member's study day.
        ends_at: when it is over.
        posts: what was posted on it, the latest first.
        streak: the member's streak now.
        kept: whether the day is kept already.
        scheduled: whether this guild has a schedule at all.
        next_post: the next post to come, looked up where nothing was posted today.
        next_topic: what to take next on the road; None where the road is finished.
        reviews: how many review cards can be asked now.
        week_end: that the member's week ends today, for who looks back on it.
    """

    day: date
    ends_at: datetime
    posts: tuple[PromptPage, ...]
    streak: Streak
    kept: bool
    scheduled: bool
    next_post: NextPost | None
    next_topic: Topic | None
    reviews: int
    week_end: WeekEnd | None


class TodayService:
    """The use-case of ``/today``."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock

    async def page(self, guild_id: int, user_id: int) -> TodayPage:
        """Return the member's day. A post belongs to the study day in which it was due."""
        pack = await self._packs.with_exercises(guild_id)
        return await self._database.read(lambda tx: self._page(tx, pack, guild_id, user_id))

    def _page(self, tx: Connection, pack: Pack, guild_id: int, user_id: int) -> TodayPage:
        now = self._clock.now()
        rule = member_store.day_rule(tx, guild_id, user_id)
        day = study_day(now, rule)
        posted = occurrence_store.posted_since(tx, guild_id, starts_at(day, rule))[:MOST_POSTS]
        streak = streak_of(tx, guild_id, user_id, now, rule)
        schedules = [] if posted else schedule_store.all_of(tx, guild_id)
        coming = [
            NextPost(one.next_run_at, one.channel_id)
            for one in schedules
            if one.state is ScheduleState.ACTIVE and one.next_run_at is not None
        ]
        desk = desk_of(tx, pack, guild_id, user_id, Today(now, rule, day, ends_at(day, rule)))
        return TodayPage(
            day=day,
            ends_at=desk.today.ends_at,
            posts=tuple(page_of(tx, pack, guild_id, user_id, one) for one in posted),
            streak=streak,
            kept=bool(streak.days) and streak.days[-1].kind is DayKind.KEPT,
            scheduled=bool(posted or schedules),
            next_post=min(coming, key=lambda one: one.due_at, default=None),
            next_topic=next((topic for topic, _ in next_topics(pack, desk.states, 1)), None),
            reviews=len(queue(tx, desk)),
            week_end=week_end(tx, guild_id, user_id, now, rule),
        )
