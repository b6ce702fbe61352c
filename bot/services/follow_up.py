"""What comes after a post: its thread, and its pin in place of the last one's.

The steps stand open in the rows from the transaction on that records the post. Each may be done twice without harm, so
a crash between doing one and recording it costs nothing. What Discord refuses takes no post back: it is recorded with
the permission to give, and the moderators are told once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.cluster import Share, whole
from bot.domain.frozen import frozen
from bot.domain.item import Item
from bot.domain.occurrence import FollowUp
from bot.domain.pack import Pack
from bot.domain.recap import recap_item
from bot.domain.schedule import USUAL, PostOptions
from bot.log import get_logger
from bot.services.courier import Courier, Done, Place, Refused, Step, Unclear
from bot.services.item import find_item
from bot.services.packs import Packs
from bot.storage import follow_up as store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from bot.storage.follow_up import Open

AT_ONCE: Final = 50
PATIENCE: Final = timedelta(hours=6)
"""How long after a post its steps are tried again where nobody knows what became of them."""

log = get_logger(__name__)


@frozen
class _About:
    """What the steps of one post need to know."""

    options: PostOptions
    item: Item | None
    pinned: int | None


class FollowUpService:
    """Does the open steps. Several processes may run one each."""

    def __init__(
        self, database: Database, packs: Packs, clock: Clock, courier: Courier, share: Callable[[], Share] = whole
    ) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock
        self._courier = courier
        self._share = share

    async def tick(self) -> int:
        """Do what is open and return how many posts that were.

        Raises:
            StorageError: where the database can't be used; what is open stays open.
        """
        if self._courier.stopped():
            return 0
        now = self._clock.now()
        taken = await self._database.write(lambda tx: store.claim(tx, now, AT_ONCE, self._share()))
        await asyncio.gather(*(self._attended(one) for one in taken))
        return len(taken)

    async def _attended(self, one: Open) -> None:
        """Do the steps of one post; what fails on our side is logged, and is tried again later."""
        try:
            await self._follow(one)
        except Exception:
            log.exception("follow_up_failed", guild_id=one.guild_id, number=one.number)

    async def _follow(self, one: Open) -> None:
        pack = await self._packs.with_exercises(one.guild_id)
        about = await self._database.read(lambda tx: _about(tx, pack, one))
        place = Place(one.guild_id, one.channel_id, one.message_id)
        steps = [await self._thread(one, place, about), await self._pin(one, place, about)]
        mends = [step.mend for step in steps if isinstance(step, Refused)]
        if all(isinstance(step, Done) for step in steps):
            await self._close(one, FollowUp.DONE, None)
        elif mends:
            await self._close(one, FollowUp.REFUSED, " ".join(mends))
        elif self._clock.now() - one.posted_at > PATIENCE:
            await self._close(one, FollowUp.REFUSED, "Discord did not answer when the thread or the pin was due.")

    async def _thread(self, one: Open, place: Place, about: _About) -> Step:
        if not about.options.thread or one.thread_id is not None or about.item is None:
            return Done()
        step = await self._courier.open_thread(place, about.item, one.local_date)
        if isinstance(step, Done):
            await self._database.write(lambda tx: store.put_thread(tx, one.guild_id, one.number, one.message_id))
        return step

    async def _pin(self, one: Open, place: Place, about: _About) -> Step:
        if not about.options.pin or about.pinned == one.message_id:
            return Done()
        step = await self._courier.pin(place)
        if not isinstance(step, Done):
            return step
        if about.pinned is not None:
            last = await self._courier.unpin(replace(place, message_id=about.pinned))
            if isinstance(last, Unclear):
                return last
        await self._database.write(
            lambda tx: schedule_store.put_pinned(tx, one.guild_id, one.schedule_id, one.message_id)
        )
        return Done()

    async def _close(self, one: Open, end: FollowUp, mend: str | None) -> None:
        def write(tx: Connection) -> bool:
            store.close(tx, one.guild_id, one.number, end, mend)
            return mend is not None and store.last_refusal(tx, one.guild_id, one.schedule_id, one.number) != mend

        is_news = await self._database.write(write)
        log.info("post_followed_up", guild_id=one.guild_id, number=one.number, end=end)
        if is_news and mend is not None:
            await self._courier.tell_moderators(one.guild_id, f"The post is out. {mend}")


def _about(tx: Connection, pack: Pack, one: Open) -> _About:
    schedule = schedule_store.get(tx, one.guild_id, one.schedule_id)
    item = recap_item(one.exercise_id) or find_item(tx, pack, one.exercise_id)
    if schedule is None:
        return _About(USUAL, item, None)
    return _About(schedule.options, item, schedule.pinned_message_id)
