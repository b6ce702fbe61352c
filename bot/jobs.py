"""APScheduler: the policy of all jobs in one place, and the jobs themselves, a few lines each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.health import EVERY, beat

POLICY: Final = {"coalesce": True, "misfire_grace_time": 3600, "max_instances": 1}
"""Runs missed while the process was busy or asleep become one; APScheduler's own default drops a job 1 s late."""

TICK: Final = timedelta(seconds=10)
"""How often is looked for posts that are due."""


def make_scheduler() -> AsyncIOScheduler:
    """Return a scheduler with our policy. Nothing durable is kept in it: rows are the truth."""
    return AsyncIOScheduler(timezone="UTC", job_defaults=POLICY)


def repeat(scheduler: AsyncIOScheduler, interval: timedelta, name: str, work: Callable[[], Awaitable[object]]) -> None:
    """Have a scheduler do ``work`` again and again, as ``Jobs.every`` does."""
    scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
        work, "interval", seconds=interval.total_seconds(), id=name, name=name
    )


def once(scheduler: AsyncIOScheduler, at: datetime, name: str, work: Callable[[], Awaitable[object]]) -> None:
    """Have a scheduler do ``work`` at an instant, as ``Jobs.once`` does."""
    scheduler.add_job(work, "date", run_date=at, id=name)  # pyright: ignore[reportUnknownMemberType]


class Alarmed(Protocol):
    """What is to be looked at, and says when next."""

    alarm: Callable[[datetime], None] | None

    async def tick(self) -> object:
        """Do what is due."""
        ...


class Jobs:
    """What runs by itself. No job ever overlaps itself."""

    def __init__(self, scheduler: AsyncIOScheduler, clock: Clock, heartbeat: Path | None) -> None:
        self.scheduler = scheduler
        self._clock = clock
        self._heartbeat = heartbeat
        self._started = False

    def every(self, interval: timedelta, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Have ``work`` done again and again, the first time one interval after the start.

        Args:
            interval: from one beginning to the next; where work takes longer, turns are left out.
            name: what it is called in the log, once among all jobs.
            work: a coroutine function or bound method; what it raises is logged, and the next turn comes.
        """
        repeat(self.scheduler, interval, name, work)

    def follow(self, interval: timedelta, name: str, what: Alarmed) -> None:
        """Have something looked at again and again, and at the very instants it asks for in between.

        The instants are only for promptness: whatever becomes of them, the next turn finds what is due.
        """

        def wake(at: datetime) -> None:
            self.scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
                what.tick, "date", run_date=at, id=f"{name}_alarm", name=f"{name}_alarm", replace_existing=True
            )

        what.alarm = wake
        self.every(interval, name, what.tick)

    def start(self) -> None:
        """Start the clockwork; the first heartbeat is written at once."""
        if self._heartbeat is not None:
            self.beat()
            self.scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
                self.beat, "interval", seconds=EVERY.total_seconds(), id="heartbeat"
            )
        self.scheduler.start()
        self._started = True

    def once(self, after: timedelta, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run ``work`` once, some time from now; it sees to its own failures."""
        once(self.scheduler, self._clock.now() + after, name, work)

    def stop(self) -> None:
        """Stop the clockwork, if it runs."""
        if self._started:
            # the scheduler itself says that it runs until the loop's next turn
            self._started = False
            self.scheduler.shutdown(wait=False)

    def beat(self) -> None:
        """Write a heartbeat, where there is a file for it."""
        if self._heartbeat is not None:
            beat(self._heartbeat, self._clock)
