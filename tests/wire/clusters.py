"""Several processes of one bot with sixteen shards on one PostgreSQL: one is killed, all are replaced under load."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Final

from sqlalchemy import URL, func, select

from bot.domain.cluster import Share
from bot.domain.occurrence import OccurrenceState
from bot.storage.database import Database
from bot.storage.lease import CALLERS, CLOCK
from bot.storage.postgresql import PostgreSQL, engine_of
from bot.storage.prompt import prompt_done
from tests.fakes.wire.ahead import SharedClock
from tests.fakes.wire.interactions import COMPONENT, Interaction, component_data
from tests.fakes.wire.process import BotProcess
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import SHARD, Guild, Json, Person, World
from tests.wire.place import added, posts, states

SHARDS: Final = 16
TICK: Final = 0.5
ANSWER_WITHIN: Final = 3.0
"""Seconds after which Discord tells a member that the bot did not answer."""
START_WITHIN: Final = 120.0
AWAY: Final = 600.0
"""Seconds of its clock for which a process is dead."""
PRESS_EVERY: Final = 0.25
"""Seconds from one member's press to the next one's: a machine of two cores is busy enough with three bots."""


@dataclass(frozen=True, slots=True)
class Outlived:
    """What the death of one process came to.

    Attributes:
        posts: how many were due.
        its_own: how many of them were those of the process that was killed.
        before: how many of those went out before they were five minutes late.
        duplicates: how many messages there were too many.
        losses: how many posts are in no channel or not on record.
    """

    posts: int
    its_own: int
    before: int
    duplicates: int
    losses: int


@dataclass(slots=True)
class Rolled:
    """What replacing every process came to.

    Attributes:
        members: how many pressed *Done*, each on one post.
        again: how many had to press a second time, because no answer came in time.
        unanswered: how many were left without an answer after that.
        done: how many the database holds as done.
        answers: how many answers were sent to Discord, the refused ones too.
        slowest: the longest way to an answer that came, in seconds.
    """

    members: int = 0
    again: int = 0
    unanswered: int = 0
    done: int = 0
    answers: int = 0
    presses: int = 0
    slowest: float = 0.0


@dataclass(slots=True)
class Clusters:
    """The processes, by their number, and the Discord they are at."""

    wire: Wire
    database: Database
    clock: SharedClock
    url: URL
    folder: Path
    count: int
    held: AsyncExitStack
    afloat: dict[int, BotProcess] = field(default_factory=dict[int, BotProcess])
    started: int = 0

    @property
    def guilds(self) -> tuple[Guild, ...]:
        """All servers."""
        return self.wire.world.guilds

    def share(self, number: int) -> Share:
        """Return what a process has."""
        return Share(number, self.count, SHARDS)

    async def launch(self, number: int) -> BotProcess:
        """Start a process of this number, whether or not another one runs, without waiting for it."""
        self.started += 1
        data = self.folder / f"process {self.started}"
        data.mkdir()
        settings = {
            "BOT_CLUSTERS": self.count,
            "BOT_CLUSTER_ID": f"syllabot-{number}",
            "DATABASE_URL": self.url.render_as_string(hide_password=False),
        }
        given = [f"{name}={value}" for name, value in settings.items()]
        module, arguments = "tests.fakes.wire.run_cluster", (str(self.folder / "ahead"), str(TICK))
        process = await self.held.enter_async_context(
            BotProcess.running(self.wire, data, module, arguments, ("env", *given))
        )
        self.afloat[number] = process
        return process

    async def until_begun(self, sessions: int) -> None:
        """Return once so many sessions were begun in all."""
        await self.wire.signal.until(lambda: self.wire.gateway.identified >= sessions, START_WITHIN)

    async def until_posted(self, count: int) -> None:
        """Return once so many posts are in their channels and on record."""
        await self.wire.signal.until(lambda: sum(posts(self.wire).values()) >= count, 60)
        async with asyncio.timeout(20):
            while (await states(self.database)).count(OccurrenceState.POSTED) < count:
                await asyncio.to_thread(_nothing)


def _nothing() -> None:
    """Let the loop turn."""


@asynccontextmanager
async def launched(
    url: URL, folder: Path, count: int, guilds: int, max_concurrency: int = SHARDS
) -> AsyncGenerator[Clusters]:
    """Start so many processes on an empty database at the current schema, and end them afterwards."""
    # the clock of this process moves the leases of all
    database = PostgreSQL(engine_of(url).execution_options(**{CLOCK: CALLERS}))
    async with Wire.serving(World.of(guilds, apart=SHARD)) as wire, AsyncExitStack() as held:
        wire.gateway.recommended = SHARDS
        wire.gateway.limit["max_concurrency"] = max_concurrency
        clusters = Clusters(wire, database, SharedClock(folder / "ahead"), url, folder, count, held)
        for number in range(count):
            await clusters.launch(number)
        await clusters.until_begun(SHARDS)
        yield clusters
    await database.close()


async def outlived(clusters: Clusters) -> Outlived:
    """Kill the last process as posts fall due, and keep it away for ten minutes of its clock."""
    dead = clusters.count - 1
    await clusters.afloat[dead].kill()
    await added(clusters.database, clusters.guilds, clusters.clock.now(), told=False)
    its_own = {str(one.channel_id("daily")) for one in clusters.guilds if clusters.share(dead).owns(one.id)}
    total = len(clusters.guilds)
    await clusters.until_posted(total - len(its_own))
    before = sum(count for (channel, _, _), count in posts(clusters.wire).items() if channel in its_own)
    clusters.clock.move(seconds=AWAY)
    # the pause between sessions is kept by the clock that has just been moved
    gateway = clusters.wire.gateway
    gateway.begun = [(shard, at - AWAY) for shard, at in gateway.begun]
    await clusters.until_posted(total)
    there, kept = posts(clusters.wire), await states(clusters.database)
    return Outlived(
        posts=total,
        its_own=len(its_own),
        before=before,
        duplicates=sum(there.values()) - len(there),
        losses=total - min(len(there), kept.count(OccurrenceState.POSTED)),
    )


async def rolled(clusters: Clusters) -> Rolled:
    """Replace one process after another while members press *Done* on every server's post.

    The new process is at the gateway before the old one is told to go, so that for a while both are sent everything.
    One that was killed is started again, and nobody presses on its servers before.
    """
    figures, over = Rolled(), asyncio.Event()
    there = [one for one in range(clusters.count) if clusters.afloat[one].inner.returncode is None]
    guilds = [one for one in clusters.guilds if any(clusters.share(number).owns(one.id) for number in there)]
    load = asyncio.create_task(_pressed(clusters, guilds, figures, over))
    for number in range(clusters.count):
        old, begun = clusters.afloat[number], clusters.wire.gateway.identified
        await clusters.launch(number)
        await clusters.until_begun(begun + len(clusters.share(number).shard_ids()))
        if number in there:
            old.inner.send_signal(signal.SIGTERM)
            async with asyncio.timeout(30):
                assert await old.inner.wait() == 0
    over.set()
    await load
    figures.done = await clusters.database.read(
        lambda tx: tx.execute(select(func.count()).select_from(prompt_done)).scalar_one()
    )
    figures.answers = len(clusters.wire.asked("POST", "/callback"))
    return figures


async def _pressed(clusters: Clusters, guilds: list[Guild], figures: Rolled, over: asyncio.Event) -> None:
    """Have one member after another press, until it is over and all have their answers."""
    messages = {str(one["channel_id"]): one for one in clusters.wire.messages.kept.values() if one["components"]}
    async with asyncio.TaskGroup() as pressing:
        while not over.is_set():
            guild = guilds[figures.members % len(guilds)]
            message = messages[str(guild.channel_id("daily"))]
            figures.members += 1
            pressing.create_task(_one_press(clusters.wire, guild, message, figures))
            try:
                async with asyncio.timeout(PRESS_EVERY):
                    await over.wait()
            except TimeoutError:
                continue


async def _one_press(wire: Wire, guild: Guild, message: Json, figures: Rolled) -> None:
    """Press *Done* as a member of one's own, and once more where no answer comes."""
    person = Person(f"member{figures.members}")
    custom_id = message["components"][0]["components"][0]["custom_id"]
    for press in range(2):
        figures.presses += 1
        figures.again += press
        interaction = await wire.act(COMPONENT, component_data(custom_id), person, guild, message)
        if await _acknowledged(wire, interaction):
            figures.slowest = max(figures.slowest, interaction.answers[0].at - interaction.sent_at)
            return
    figures.unanswered += 1


async def _acknowledged(wire: Wire, interaction: Interaction) -> bool:
    answered: Callable[[], bool] = lambda: bool(interaction.answers)  # noqa: E731
    try:
        await wire.signal.until(answered, ANSWER_WITHIN - (perf_counter() - interaction.sent_at))
    except TimeoutError:
        return False
    return True
