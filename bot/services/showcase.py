"""The showcase: a finished project is claimed before it is posted, so that two presses show it once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.roadmap import Mark
from bot.domain.showcase import Exhibit, Standing, standing
from bot.domain.track import Topic
from bot.errors import BadInputError, NotFoundError
from bot.services.packs import Packs
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage import roadmap as roadmap_store
from bot.storage import showcase as store
from bot.storage.database import Database
from bot.storage.showcase import Shown

ON_ITS_WAY: Final = timedelta(minutes=2)
"""How long a claim holds whose message is not known: after that the process that made it is gone."""


def standing_of(tx: Connection, guild_id: int, user_id: int, topic: Topic, mark: Mark) -> Standing:
    """Return where a member's project stands with the showcase."""
    if not topic.milestones:
        return Standing.NO
    shown = store.get(tx, guild_id, user_id, topic.id)
    link = shown.link if shown is not None and shown.message_id is not None else None
    return standing(topic, mark, link, has_place=guild_store.get(tx, guild_id).showcase_channel_id is not None)


class ShowcaseService:
    """Use-cases of the showcase. Whoever calls posts and deletes the messages, between ``claim`` and ``record``."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock

    async def moderator_role(self, guild_id: int) -> int | None:
        """Return the role whose members are moderators of a guild."""
        return await self._database.read(lambda tx: guild_store.get(tx, guild_id).moderator_role_id)

    async def channel(self, guild_id: int) -> int | None:
        """Return where a guild shows projects; None for nowhere."""
        return await self._database.read(lambda tx: guild_store.get(tx, guild_id).showcase_channel_id)

    async def put_channel(self, guild_id: int, channel_id: int | None) -> None:
        """Set where a guild shows projects; None for nowhere. What is shown already stays."""
        await self._database.write(
            lambda tx: guild_store.put(tx, replace(guild_store.get(tx, guild_id), showcase_channel_id=channel_id))
        )

    async def claim(self, guild_id: int, user_id: int, topic_id: str) -> Exhibit:
        """Claim a finished project for the showcase, and return what is to be posted.

        Raises:
            BadInputError: where it is not finished, has no link, or is shown already with this link.
            NotFoundError: where there is no such topic, or no channel for it.
        """
        pack, now = await self._packs.of(guild_id), self._clock.now()
        topic = pack.topic(topic_id)

        def write(tx: Connection) -> Exhibit:
            mark = roadmap_store.marks(tx, guild_id, user_id).get(topic_id, Mark())
            before = store.get(tx, guild_id, user_id, topic_id)
            if before is not None and before.message_id is None and now - before.at < ON_ITS_WAY:
                raise BadInputError("It is on its way already. Give it a moment, then open the topic again.")
            channel_id = guild_store.get(tx, guild_id).showcase_channel_id
            if channel_id is None:
                raise NotFoundError("This server has no channel for projects yet. Moderators choose it in /schedule.")
            shown = before if before is not None and before.message_id is not None else None
            match standing(topic, mark, shown and shown.link, has_place=True):
                case Standing.NO:
                    raise BadInputError(
                        "Only a finished project with a link can be shown. Press Done, then add a link."
                    )
                case Standing.SHOWN:
                    raise BadInputError("It is in the showcase already. With another link it can be shown anew.")
                case Standing.MAY_SHOW | Standing.CHANGED:
                    pass
            link = mark.evidence or ""
            member_store.ensure(tx, guild_id, user_id, now)
            store.put(tx, guild_id, user_id, topic_id, Shown(link, channel_id, None, now))
            past = None if shown is None or shown.message_id is None else (shown.channel_id, shown.message_id)
            return Exhibit(topic, link, channel_id, None, past)

        return await self._database.write(write)

    async def record(self, guild_id: int, user_id: int, topic_id: str, message_id: int) -> None:
        """Record the message that shows what was claimed."""
        await self._database.write(lambda tx: store.put_message(tx, guild_id, user_id, topic_id, message_id))

    async def let_go(self, guild_id: int, user_id: int, what: Exhibit) -> None:
        """Give a claim up, because nothing was posted; what was shown before with another link still is.

        That one is recorded without its link, so that the project can be shown anew.
        """

        def write(tx: Connection) -> None:
            if what.before is None:
                store.remove(tx, guild_id, user_id, what.topic.id)
            else:
                store.put(tx, guild_id, user_id, what.topic.id, Shown("", *what.before, self._clock.now()))

        await self._database.write(write)

    async def shown_at(self, guild_id: int, user_id: int, topic_id: str) -> tuple[int, int]:
        """Return the channel and the message that show a member's project.

        Raises:
            NotFoundError: where it is not shown.
        """
        shown = await self._database.read(lambda tx: store.get(tx, guild_id, user_id, topic_id))
        if shown is None or shown.message_id is None:
            raise NotFoundError("That project isn't in the showcase any more.")
        return shown.channel_id, shown.message_id

    async def taken_down(self, guild_id: int, user_id: int, topic_id: str, message_id: int) -> None:
        """Record that the message that showed a project is gone, unless another shows it by now."""

        def write(tx: Connection) -> None:
            shown = store.get(tx, guild_id, user_id, topic_id)
            if shown is not None and shown.message_id == message_id:
                store.remove(tx, guild_id, user_id, topic_id)

        await self._database.write(write)
