"""What an occurrence that was taken stands on now: its schedule and what it shows, as they are after the claim."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.domain.frozen import frozen
from bot.domain.occurrence import Crowd, Occurrence
from bot.domain.pack import Pack
from bot.domain.schedule import ScheduleState
from bot.services.post import Post, post_key, post_of
from bot.storage import follow_up as follow_up_store
from bot.storage import occurrence as occurrence_store
from bot.storage import schedule as schedule_store
from bot.storage.schedule import Schedule


@frozen
class Standing:
    """What an occurrence that was taken stands on now."""

    schedule: Schedule | None
    post: Post | None

    @property
    def has_steps(self) -> bool:
        """Whether there is something to do once it is posted."""
        return self.schedule is not None and (self.schedule.options.thread or self.schedule.options.pin)

    def why_not(self) -> str | None:
        """Return why the occurrence must not go out any more; None where it may."""
        state = ScheduleState.DELETED if self.schedule is None else self.schedule.state
        if state is ScheduleState.ACTIVE:
            return None
        return f"The schedule was {state} before it went out."


def standing_of(tx: Connection, pack: Pack, one: Occurrence) -> Standing:
    """Return what an occurrence stands on."""
    schedule = schedule_store.get(tx, one.guild_id, one.schedule_id)
    return Standing(schedule, post_of(tx, pack, post_key(one)))


def posted(tx: Connection, one: Occurrence, standing: Standing) -> None:
    """Note of an occurrence that went out whom it met, and that its steps are to be done, where it has any."""
    if standing.post is not None and standing.post.recap is None:
        crowd = Crowd(standing.post.there, standing.post.members)
        occurrence_store.put_crowd(tx, one.guild_id, one.number, crowd)
    if standing.has_steps:
        follow_up_store.begin(tx, one.guild_id, one.number)
