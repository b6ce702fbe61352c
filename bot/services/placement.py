"""The placement: a newcomer says where they come from and ticks what they know already."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.domain.roadmap import Act, Change, Mark, State, States
from bot.domain.track import Background, Stage, Topic
from bot.errors import NotFoundError
from bot.services.packs import Packs
from bot.storage import member as member_store
from bot.storage import roadmap as store
from bot.storage.database import Database


@frozen
class PlacementPage:
    """Where the placement stands. ``offered`` are the topics that people of this background usually know."""

    background: Background | None
    stage: Stage
    states: States
    offered: tuple[Topic, ...]


class PlacementService:
    """Use-cases of the placement. Each tick is saved at once, so that nothing is lost by leaving it half done."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._packs = packs

    async def pack(self, guild_id: int) -> Pack:
        """Return what there is to learn in a server."""
        return await self._packs.of(guild_id)

    async def choose(self, guild_id: int, user_id: int, background_id: str) -> PlacementPage:
        """Record where the member comes from and return the first stage to tick.

        Raises:
            NotFoundError: where there is no such background.
        """
        pack = await self._packs.of(guild_id)
        if background_id not in {background.id for background in pack.track.backgrounds}:
            raise NotFoundError("That choice isn't there any more. Open /roadmap and choose again.")
        now = self._clock.now()
        await self._database.write(lambda tx: member_store.place(tx, guild_id, user_id, background_id, now))
        return await self.page(guild_id, user_id, pack.track.stages[0].id)

    async def page(self, guild_id: int, user_id: int, stage_id: str) -> PlacementPage:
        """Return the placement at one stage.

        Raises:
            NotFoundError: where there is no such stage.
        """
        pack = await self._packs.of(guild_id)
        stage = pack.stage(stage_id)

        def read(tx: Connection) -> tuple[str | None, dict[str, Mark]]:
            person = member_store.get(tx, guild_id, user_id)
            return person and person.background, store.marks(tx, guild_id, user_id)

        background_id, marks = await self._database.read(read)
        background = next((one for one in pack.track.backgrounds if one.id == background_id), None)
        offered = pack.background_knows(background_id or "")
        return PlacementPage(
            background=background,
            stage=stage,
            states={topic_id: mark.state for topic_id, mark in marks.items()},
            offered=tuple(pack.topics[one] for one in offered if one not in marks),
        )

    async def know_offered(self, guild_id: int, user_id: int, stage_id: str) -> PlacementPage:
        """Mark what people of the member's background usually know as known, and return the page again."""
        await self._know(guild_id, user_id, (await self.page(guild_id, user_id, stage_id)).offered)
        return await self.page(guild_id, user_id, stage_id)

    async def know_topics(self, guild_id: int, user_id: int, stage_id: str, ticked: Collection[str]) -> PlacementPage:
        """Mark the ticked topics as known; whatever is marked already stays.

        Raises:
            NotFoundError: where there is no such stage or topic.
        """
        pack = await self._packs.of(guild_id)
        await self._know(guild_id, user_id, [pack.topic(topic_id) for topic_id in ticked])
        return await self.page(guild_id, user_id, stage_id)

    async def know_stages(self, guild_id: int, user_id: int, stage_id: str, ticked: Collection[str]) -> PlacementPage:
        """Mark all topics of the ticked stages as known, and return the page of ``stage_id``.

        Raises:
            NotFoundError: where there is no such stage.
        """
        pack = await self._packs.of(guild_id)
        await self._know(guild_id, user_id, [one for ticked_id in ticked for one in pack.stage(ticked_id).topics])
        return await self.page(guild_id, user_id, stage_id)

    async def finish(self, guild_id: int, user_id: int) -> None:
        """Record that the placement is over with, whatever was ticked."""
        now = self._clock.now()
        await self._database.write(lambda tx: member_store.place(tx, guild_id, user_id, None, now))

    async def _know(self, guild_id: int, user_id: int, topics: Iterable[Topic]) -> None:
        """Mark topics as known where nothing is recorded of them yet."""
        now = self._clock.now()

        def write(tx: Connection) -> None:
            marks = store.marks(tx, guild_id, user_id)
            new = [Change(topic.id, Mark(), Mark(State.KNOWN)) for topic in topics if topic.id not in marks]
            if new:
                member_store.ensure(tx, guild_id, user_id, now)
                store.record(tx, guild_id, user_id, Act.PLACEMENT, new, now)

        await self._database.write(write)
