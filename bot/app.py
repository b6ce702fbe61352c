"""The composition root: settings in, a bot that is ready to log in out. The only file that knows every class."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.client import Services, Syllabot
from bot.clock import Clock
from bot.domain.pack import Pack
from bot.jobs import Jobs, make_scheduler
from bot.services.faq import FaqService
from bot.services.placement import PlacementService
from bot.services.roadmap import RoadmapService
from bot.services.schedule import ScheduleService
from bot.services.setup import SetupService
from bot.storage.database import Database


@asynccontextmanager
async def assembled(
    database_path: Path,
    pack: Pack,
    clock: Clock,
    *,
    heartbeat: Path | None = None,
    scheduler: AsyncIOScheduler | None = None,
) -> AsyncGenerator[Syllabot]:
    """Build the bot on a database that is at the current schema; close both at the end.

    Args:
        database_path: the SQLite file, prepared by ``bot.storage.upgrade``.
        pack: what there is to learn.
        clock: tells the time to everything in it.
        heartbeat: the file to write heartbeats to; None for none.
        scheduler: drives the jobs; one of APScheduler's own timers by default.
    """
    database = await Database.open(database_path)
    try:
        services = Services(
            pack=pack,
            roadmap=RoadmapService(database, pack, clock),
            placement=PlacementService(database, pack, clock),
            faq=FaqService(pack),
            setup=SetupService(database, clock),
            schedule=ScheduleService(database, pack, clock),
        )
        bot = Syllabot(services, database, Jobs(scheduler or make_scheduler(), clock, heartbeat))
        try:
            yield bot
        finally:
            await bot.close()
    finally:
        await database.close()
