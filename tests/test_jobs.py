"""The clockwork: its policy, its heartbeat, its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import assembled
from bot.domain.pack import Pack
from bot.health import EVERY, age
from bot.jobs import POLICY, TICK, Jobs, make_scheduler
from bot.storage import outage
from tests.fakes.clock import FakeClock
from tests.fakes.scheduler import DrivenScheduler


@pytest.fixture
async def troubles() -> AsyncIterator[list[dict[str, Any]]]:
    """Everything that failed in the loop with nobody to tell."""
    found: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: found.append(context))
    yield found
    assert found == []


@pytest.fixture
def heartbeat(tmp_path: Path) -> Path:
    return tmp_path / "heartbeat"


def planned(jobs: Jobs) -> list[Any]:
    """Return the jobs of APScheduler, which has no types."""
    scheduler: Any = jobs.scheduler
    return scheduler.get_jobs()


async def turns(count: int = 3) -> None:
    """Let the loop do what is waiting."""
    loop = asyncio.get_running_loop()
    for _ in range(count):
        turned = loop.create_future()
        loop.call_soon(turned.set_result, None)
        await turned


def test_the_policy_forgives_a_late_run_and_never_runs_two() -> None:
    assert POLICY == {"coalesce": True, "misfire_grace_time": 3600, "max_instances": 1}
    scheduler: Any = make_scheduler()
    assert str(scheduler.timezone) == "UTC"


@pytest.mark.usefixtures("troubles")
async def test_the_heartbeat_is_a_job_under_the_policy(clock: FakeClock, heartbeat: Path) -> None:
    jobs = Jobs(make_scheduler(), clock, heartbeat)
    jobs.start()
    (job,) = planned(jobs)
    assert job.id == "heartbeat"
    assert {name: getattr(job, name) for name in POLICY} == POLICY
    assert job.trigger.interval == EVERY == timedelta(seconds=15)
    jobs.stop()
    await turns()


@pytest.mark.usefixtures("troubles")
async def test_a_heartbeat_is_written_at_once_and_by_every_run(clock: FakeClock, heartbeat: Path) -> None:
    jobs = Jobs(DrivenScheduler(timezone="UTC", job_defaults=POLICY), clock, heartbeat)
    jobs.start()
    assert age(heartbeat, clock) == timedelta()
    clock.move(minutes=5)
    (job,) = planned(jobs)
    job.func(*job.args, **job.kwargs)
    assert age(heartbeat, clock) == timedelta()
    jobs.stop()
    await turns()


@pytest.mark.usefixtures("troubles")
async def test_without_a_file_there_is_no_heartbeat(clock: FakeClock) -> None:
    jobs = Jobs(make_scheduler(), clock, None)
    jobs.start()
    assert planned(jobs) == []
    jobs.stop()
    await turns()


async def test_a_bot_notes_every_minute_that_it_is_alive(database_path: Path, pack: Pack, clock: FakeClock) -> None:
    async with assembled(database_path, pack, clock, scheduler=DrivenScheduler(timezone="UTC")) as bot:
        (job,) = [one for one in planned(bot._jobs) if one.id == "alive"]  # pyright: ignore[reportPrivateUsage]
        assert job.trigger.interval == timedelta(minutes=1)
        for hours in (0, 3):
            clock.move(hours=hours)
            await job.func()
        database = bot.database
        assert await database.read(lambda tx: outage.since(tx, 1, clock.now() - timedelta(days=1))) == [
            (clock.now() - timedelta(hours=3), clock.now())
        ]


@pytest.mark.usefixtures("troubles")
async def test_what_is_done_again_and_again_is_a_job_under_the_policy(clock: FakeClock) -> None:
    async def work() -> None:
        done.append(True)

    done: list[bool] = []
    jobs = Jobs(make_scheduler(), clock, None)
    jobs.every(TICK, "work", work)
    jobs.start()
    (job,) = planned(jobs)
    assert (job.id, job.trigger.interval) == ("work", timedelta(seconds=10))
    assert {name: getattr(job, name) for name in POLICY} == POLICY
    await job.func()
    assert done == [True]
    jobs.stop()
    await turns()


@pytest.mark.usefixtures("troubles")
async def test_stopping_again_changes_nothing(clock: FakeClock, heartbeat: Path) -> None:
    jobs = Jobs(make_scheduler(), clock, heartbeat)
    jobs.stop()
    jobs.start()
    jobs.stop()
    jobs.stop()
    await turns()
    jobs.stop()
    await turns()
    assert not jobs.scheduler.running
