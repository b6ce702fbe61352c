"""What a quiz round could ask of whom, and where it is played: read in the transaction of whoever wants to know."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.domain.choice import group_stage
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.domain.quiz import SHARED_BY, SIZES, Chosen, choose
from bot.domain.roadmap import States
from bot.errors import NotAllowedError, NotFoundError
from bot.services.group import Person, living
from bot.storage import group as group_store
from bot.storage import group_activity
from bot.storage import occurrence as occurrence_store
from bot.storage import quiz as store
from bot.storage import roadmap as roadmap_store


@frozen
class Ask:
    """What a round could ask of whom."""

    chosen: Chosen
    shared: Mapping[str, int]
    stage: str


def group_for(tx: Connection, guild_id: int, group_id: int, person: Person) -> group_store.Group:
    """Return a group that a person may begin a round for."""
    group = living(tx, guild_id, group_id)
    if not person.moderates and group_store.group_of(tx, guild_id, person.user_id) != group_id:
        raise NotAllowedError("Only members of a group start rounds for it. Under a daily post everybody can.")
    return group


def ask(tx: Connection, pack: Pack, guild_id: int, group_id: int | None, seed: str) -> Ask:
    """Return what a round of a group could ask.

    Raises:
        NotFoundError: where that is too little for the smallest round.
    """
    among = None if group_id is None else list(group_store.members(tx, guild_id, group_id))
    shared = {one: by for one, by in store.shared_topics(tx, guild_id, among).items() if one in pack.topics}
    used = store.used(tx, guild_id)
    stage, found = "", choose(pack.cards, shared, (), used, seed)
    if len(found.cards) < SIZES[-1]:
        at = group_stage(pack, _everybody(tx, guild_id, among))
        topics = [topic_id for topic_id, of in pack.stage_of.items() if of.id == at.id]
        stage, found = at.title, choose(pack.cards, shared, topics, used, seed)
    if len(found.cards) < SIZES[0]:
        raise NotFoundError(
            f"A round needs {SIZES[0]} multiple-choice questions, and there are {len(found.cards)} on the topics that "
            f"{SHARED_BY} or more of you have begun, and on your stage. Go on a little on the road, then try again."
        )
    return Ask(found, dict(sorted(shared.items(), key=lambda one: -one[1])), stage)


def _everybody(tx: Connection, guild_id: int, among: list[int] | None) -> list[States]:
    if among is None:
        return list(roadmap_store.guild_marks(tx, guild_id).values())
    return list(group_activity.states(tx, guild_id, among).values())


def places_of(tx: Connection, guild_id: int, post: int | None) -> tuple[int, ...]:
    """Return the thread of a daily post and its channel; nothing where it was not posted."""
    found = None if post is None else occurrence_store.get(tx, guild_id, post)
    if found is None or found.message_id is None:
        return ()
    return (found.channel_id,) if found.thread_id is None else (found.thread_id, found.channel_id)
