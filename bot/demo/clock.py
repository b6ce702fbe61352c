"""The demo's time: the machine's clock plus what was pushed forward, followed by SimCord and by the bot's jobs."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.date
import apscheduler.triggers.interval
import simcord
from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MISSED,
    EVENT_JOB_SUBMITTED,
    JobSubmissionEvent,
    SchedulerEvent,
)
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import SystemClock
from bot.errors import BadInputError
from bot.jobs import POLICY

CLOCKED: Final = (
    apscheduler.schedulers.base,
    apscheduler.executors.base,
    apscheduler.triggers.interval,
    apscheduler.triggers.date,
)
"""Where APScheduler reads the time."""
LONGEST_PUSH: Final = timedelta(weeks=1)
FARTHEST: Final = timedelta(weeks=52)
MOST_LOOKS: Final = 40
"""How often the jobs look at what is due and does not get done, before the clock goes on without it."""
OFTEN: Final = timedelta(minutes=1)
"""Jobs that run at least so often look for due rows; the rest is housekeeping, which keeps its own hours."""
LOOK_AGAIN: Final = timedelta(seconds=10)
NOTE_ALIVE: Final = timedelta(minutes=1)
"""A jump of the clock at least as long takes the bot's sign of life with it."""
JOBS_WITHIN: Final = 10.0
"""Seconds that jobs which are due may take before the page goes on without them."""


class DemoClock:
    """The clock the bot is given: SimCord's once there is a world, the machine's before."""

    def __init__(self) -> None:
        self._machine = SystemClock()
        self._env: simcord.Env | None = None

    def follow(self, env: simcord.Env) -> None:
        """Tell the time of this world from now on."""
        self._env = env

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return self._machine.now() if self._env is None else self._env.now()


class DrivenScheduler(AsyncIOScheduler):
    """A scheduler that runs what is due only when it is woken, because SimCord waits in real time for timers."""

    def __init__(self) -> None:
        super().__init__(timezone="UTC", job_defaults=POLICY)  # pyright: ignore[reportUnknownMemberType]
        self.idle = asyncio.Event()
        self.idle.set()
        self._running = 0
        codes = EVENT_JOB_SUBMITTED | EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED
        self.add_listener(self._count, codes)  # pyright: ignore[reportUnknownMemberType]

    def due(self) -> datetime | None:
        """Return when the next job is due; None without jobs."""
        times = [job.next_run_time for job in self._jobs() if job.next_run_time]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return min(cast("list[datetime]", times)).astimezone(UTC) if times else None

    def hurry(self, now: datetime) -> None:
        """Let every job that looks for due rows run at once: there are some."""
        for job in self._jobs():
            trigger: object = job.trigger  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            if isinstance(trigger, IntervalTrigger) and cast("timedelta", trigger.interval) <= OFTEN:  # pyright: ignore[reportUnknownMemberType]
                job.modify(next_run_time=now)  # pyright: ignore[reportUnknownMemberType]
        self.forget_missed(now)

    def forget_missed(self, now: datetime) -> None:
        """Let what was due before be due once, now: APScheduler would walk through every turn that a jump left out."""
        for job in self._jobs():
            if job.next_run_time is not None and job.next_run_time < now:  # pyright: ignore[reportUnknownMemberType]
                job.modify(next_run_time=now)  # pyright: ignore[reportUnknownMemberType]

    def _jobs(self) -> list[Job]:
        return cast("list[Job]", self.get_jobs())  # pyright: ignore[reportUnknownMemberType]

    def _start_timer(self, wait_seconds: float | None) -> None:  # noqa: ARG002  (as APScheduler calls it)
        self._stop_timer()  # pyright: ignore[reportUnknownMemberType]

    def _count(self, event: SchedulerEvent) -> None:
        if isinstance(event, JobSubmissionEvent):
            self._running += len(cast("list[datetime]", event.scheduled_run_times))  # pyright: ignore[reportUnknownMemberType]
        else:
            self._running -= 1
        (self.idle.clear if self._running > 0 else self.idle.set)()


class Clockwork:
    """Moves a world's clock, and runs the bot's jobs whenever something is due on the way.

    The jobs look every few seconds whether anything is due; walking through a week like that would take minutes. So the
    clock jumps from one due row to the next, and the jobs run there.
    """

    def __init__(
        self,
        env: simcord.Env,
        scheduler: Callable[[], DrivenScheduler],
        next_due: Callable[[], Awaitable[datetime | None]],
        note_alive: Callable[[datetime], Awaitable[None]],
    ) -> None:
        self._env = env
        self._scheduler = scheduler
        self._next_due = next_due
        self._note_alive = note_alive
        self._machine = SystemClock()
        self.ahead = timedelta()

    async def push(self, amount: timedelta) -> None:
        """Push the clock forward.

        Raises:
            BadInputError: where it is more than a week at once, or more than a year in all.
        """
        self._add(amount)
        await self.catch_up()

    async def stand_still(self, amount: timedelta, restart: Callable[[], Awaitable[None]]) -> None:
        """Push the clock forward with no bot there, and ``restart`` it afterwards.

        Raises:
            BadInputError: as for ``push``.
        """
        self._add(amount)
        await self.without_bot(self._machine.now() + self.ahead, restart)
        await self.catch_up()

    async def without_bot(self, target: datetime, restart: Callable[[], Awaitable[None]]) -> None:
        """Bring the world to an instant with no bot there, and ``restart`` it; it then does at once what is due."""
        await self._advance(target, alive=False)
        await restart()
        self._scheduler().hurry(self._env.now())
        await self._run_due()

    def _add(self, amount: timedelta) -> None:
        if not timedelta() < amount <= LONGEST_PUSH:
            raise BadInputError("The clock can be pushed forward by a week at most, and never back.")
        if self.ahead + amount > FARTHEST:
            raise BadInputError("The clock is a year ahead. Stop the demo and start it again to come back to today.")
        self.ahead += amount

    async def catch_up(self) -> None:
        """Bring the world to the present."""
        await self.to(self._machine.now() + self.ahead)

    async def to(self, target: datetime) -> None:
        """Bring the world to an instant; one that is past already changes nothing."""
        looks = 0
        waiting: datetime | None = None
        while (due := await self._next_due()) is not None and looks < MOST_LOOKS:
            looks, again = (looks + 1, LOOK_AGAIN) if due == waiting else (0, timedelta())
            stop, waiting = max(due, self._env.now() + again), due
            if stop > target:
                break
            await self._advance(stop)
            self._scheduler().hurry(stop)
            await self._run_due()
        await self._advance(target)
        if (next_look := self._scheduler().due()) is not None and next_look <= target:
            self._scheduler().forget_missed(target)
            await self._run_due()

    async def _advance(self, target: datetime, *, alive: bool = True) -> None:
        gap = target - self._env.now()
        if gap > timedelta():
            await self._env.advance_time(gap.total_seconds())
        if alive and gap >= NOTE_ALIVE:
            await self._note_alive(target)

    async def _run_due(self) -> None:
        scheduler = self._scheduler()
        scheduler.wakeup()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        async with asyncio.timeout(JOBS_WITHIN):
            await scheduler.idle.wait()
        await self._env.settle()


def clock_the_scheduler(now: Callable[[], datetime]) -> None:
    """Let APScheduler read ``now``: version 3 has no setting for it, so its modules are given another ``datetime``."""

    class Lookalike(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, dt.datetime)

        def __call__(cls, *args: Any, **kwargs: Any) -> dt.datetime:  # noqa: ANN401  (as datetime takes them)
            return dt.datetime(*args, **kwargs)  # noqa: DTZ001  (APScheduler passes the zone)

        def __getattr__(cls, name: str) -> object:
            return getattr(dt.datetime, name)

    class Clocked(metaclass=Lookalike):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return now().astimezone(tz)

    for module in CLOCKED:
        module.datetime = Clocked  # pyright: ignore[reportAttributeAccessIssue]
