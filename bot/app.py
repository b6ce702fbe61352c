"""The composition root: settings in, a bot that is ready to log in out. The only file that knows every class."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.cards.renderer import Cards
from bot.client import Services, Syllabot
from bot.clock import Clock
from bot.domain.pack import Pack
from bot.jobs import Jobs, make_scheduler
from bot.messenger import DirectMessenger
from bot.services.answer import AnswerService
from bot.services.faq import FaqService
from bot.services.feed import FeedService
from bot.services.later import LaterService
from bot.services.member import MemberService
from bot.services.outage import OutageService
from bot.services.placement import PlacementService
from bot.services.profile import ProfileService
from bot.services.prompt import PromptService
from bot.services.reminder import ReminderService
from bot.services.roadmap import RoadmapService
from bot.services.schedule import ScheduleService
from bot.services.setup import SetupService
from bot.services.streak import StreakService
from bot.services.thanks import ThanksService
from bot.services.today import TodayService
from bot.services.why import WhyService
from bot.sources.outside import Outside
from bot.storage.database import Database

LOOK_AT_SOURCES: Final = timedelta(minutes=5)
LOOK_FOR_REMINDERS: Final = timedelta(seconds=20)
NOTE_ALIVE: Final = timedelta(minutes=1)


@asynccontextmanager
async def assembled(
    database_path: Path,
    pack: Pack,
    clock: Clock,
    *,
    heartbeat: Path | None = None,
    scheduler: AsyncIOScheduler | None = None,
    outside: Outside | None = None,
) -> AsyncGenerator[Syllabot]:
    """Build the bot on a database that is at the current schema; close both at the end.

    Args:
        database_path: the SQLite file, prepared by ``bot.storage.upgrade``.
        pack: what there is to learn.
        clock: tells the time to everything in it.
        heartbeat: the file to write heartbeats to; None for none.
        scheduler: drives the jobs; one of APScheduler's own timers by default.
        outside: asks arXiv and Kaggle; None for a bot that asks nobody. Whoever made it closes it.
    """
    database = await Database.open(database_path)
    cards = Cards()
    try:
        services = _services(database, pack, clock, cards)
        jobs = Jobs(scheduler or make_scheduler(), clock, heartbeat)
        bot = Syllabot(services, database, jobs)
        reminders = ReminderService(database, pack, clock, DirectMessenger(bot, nullcontext()), token_hex(8))
        jobs.every(LOOK_FOR_REMINDERS, "reminders", reminders.tick)
        if heartbeat is not None:
            jobs.every(NOTE_ALIVE, "alive", OutageService(database, clock).beat)
        if outside is not None:
            jobs.every(LOOK_AT_SOURCES, "sources", FeedService(database, clock, outside, outside.kaggle).tick)
        try:
            yield bot
        finally:
            await bot.close()
    finally:
        await cards.close()
        await database.close()


def _services(database: Database, pack: Pack, clock: Clock, cards: Cards) -> Services:
    return Services(
        pack=pack,
        roadmap=RoadmapService(database, pack, clock),
        placement=PlacementService(database, pack, clock),
        faq=FaqService(pack),
        setup=SetupService(database, clock),
        profile=ProfileService(database, clock),
        schedule=ScheduleService(database, pack, clock),
        streak=StreakService(database, clock, cards),
        why=WhyService(database, pack, clock),
        member=MemberService(database, clock),
        prompt=PromptService(database, pack, clock),
        answer=AnswerService(database, pack, clock),
        later=LaterService(database, pack, clock),
        today=TodayService(database, pack, clock),
        thanks=ThanksService(database, clock),
    )
