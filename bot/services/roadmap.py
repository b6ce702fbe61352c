"""Progress on the roadmap: what a member sees, and every way it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.content import web_address
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.domain.roadmap import (
    Act,
    Change,
    Count,
    Mark,
    State,
    States,
    Suggestion,
    count,
    current_stage,
    open_requirements,
    opened_by,
    suggestions,
    together,
)
from bot.domain.track import Stage, Topic
from bot.errors import BadInputError
from bot.search.titles import find_topic, nearest_topics
from bot.services.earning import settle_topics
from bot.services.packs import Packs
from bot.services.points import NOTHING, Book, Gain
from bot.services.topic import Marked, MarkOutcome, NeedsConfirming, TopicPage, Unchanged, moved, moved_back, page_of
from bot.storage import acting
from bot.storage import member as member_store
from bot.storage import roadmap as store
from bot.storage.database import Database

NOTE_CHARACTERS = 500
EVIDENCE_CHARACTERS = 300


@frozen
class RoadmapPage:
    """A member's road. ``placed`` is False for somebody who has never answered the placement."""

    placed: bool
    states: States
    overall: Count
    stages: tuple[tuple[Stage, Count], ...]
    current: Stage | None
    next_topics: tuple[Suggestion, ...]


@frozen
class TakenBack:
    """What an undo took back. ``changes`` run from what is now to what was before the act; ``gain``: in points."""

    act: Act
    changes: tuple[Change, ...]
    gain: Gain = NOTHING


@frozen
class StagePeople:
    """The members whose earliest unfinished stage this is, the furthest first."""

    stage: Stage | None
    user_ids: tuple[int, ...]


class RoadmapService:
    """Use-cases of ``/roadmap``. Every method takes the guild and the member it is about."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._packs = packs

    async def pack(self, guild_id: int) -> Pack:
        """Return what there is to learn in a server."""
        return await self._packs.of(guild_id)

    async def find_topic(self, guild_id: int, text: str) -> str:
        """Return the id of the topic meant by ``text``, an id or a title; NotFoundError where that isn't plain."""
        return find_topic(await self._packs.of(guild_id), text)

    async def complete(self, guild_id: int, typed: str, most: int = 25) -> list[tuple[Topic, Stage]]:
        """Return up to ``most`` topics, each with its stage, for what was typed."""
        pack = await self._packs.of(guild_id)
        return [(topic, pack.stage_of[topic.id]) for topic in nearest_topics(pack, typed, most)]

    async def page(self, guild_id: int, user_id: int) -> RoadmapPage:
        """Return the member's road."""
        pack = await self._packs.of(guild_id)

        def read(tx: Connection) -> tuple[bool, dict[str, Mark]]:
            if marks := store.marks(tx, guild_id, user_id):
                return True, marks
            person = member_store.get(tx, guild_id, user_id)
            return person is not None and person.placed_at is not None, marks

        placed, marks = await self._database.read(read)
        states = _states(marks)
        stages = tuple((stage, count(stage.topics, states)) for stage in pack.track.stages)
        return RoadmapPage(
            placed=placed,
            states=states,
            overall=together(counted for _, counted in stages),
            stages=stages,
            current=current_stage(pack, states),
            next_topics=suggestions(pack, states),
        )

    async def topic_page(self, guild_id: int, user_id: int, topic_id: str) -> TopicPage:
        """Return one topic's page.

        Raises:
            NotFoundError: where there is no such topic.
        """
        pack = await self._packs.of(guild_id)
        topic = pack.topic(topic_id)

        def read(tx: Connection) -> TopicPage:
            return page_of(tx, pack, guild_id, user_id, topic, store.marks(tx, guild_id, user_id))

        return await self._database.read(read)

    async def stage_page(self, guild_id: int, user_id: int, stage_id: str) -> tuple[Stage, States]:
        """Return a stage and the member's states.

        Raises:
            NotFoundError: where there is no such stage.
        """
        pack = await self._packs.of(guild_id)
        stage = pack.stage(stage_id)
        return stage, _states(await self._database.read(lambda tx: store.marks(tx, guild_id, user_id)))

    async def mark(
        self, guild_id: int, user_id: int, topic_id: str, state: State, *, confirmed: bool = False
    ) -> MarkOutcome:
        """Move a topic to ``state``. Done with open prerequisites first asks, unless ``confirmed``; it keeps the day.

        Raises:
            NotFoundError: where there is no such topic.
            StorageError: where nothing was saved.
        """
        pack = await self._packs.of(guild_id)
        topic = pack.topic(topic_id)
        now = self._clock.now()

        def write(tx: Connection) -> MarkOutcome:
            marks = store.marks(tx, guild_id, user_id)
            before = marks.get(topic_id, Mark())
            if before.state is state:
                return Unchanged(topic, state, page_of(tx, pack, guild_id, user_id, topic, marks))
            states = _states(marks)
            missing = open_requirements(pack, topic, states)
            if state is State.DONE and missing and not confirmed:
                return NeedsConfirming(topic, missing)
            after = Mark(state, before.evidence if state is State.DONE else None)
            actor = acting.of(tx, guild_id, user_id)
            if not actor.known:
                member_store.ensure(tx, guild_id, user_id, now)
            change = Change(topic_id, before, after)
            store.record(tx, guild_id, user_id, Act.MARK, [change], now)
            gain = moved(tx, pack, guild_id, user_id, change, now, actor)
            opened = opened_by(pack, states, {**states, topic_id: state})
            page = page_of(tx, pack, guild_id, user_id, topic, {**marks, topic_id: after})
            return Marked(topic, state, opened, page, gain)

        return await self._database.write(write)

    async def add_evidence(self, guild_id: int, user_id: int, topic_id: str, link: str) -> TopicPage:
        """Keep a link to the member's own work with a topic that is done; an empty link takes it away.

        Raises:
            BadInputError: where it is no web address, or the topic isn't done.
            NotFoundError: where there is no such topic.
        """
        pack = await self._packs.of(guild_id)
        pack.topic(topic_id)
        evidence = _evidence(link.strip()) if link.strip() else None
        now = self._clock.now()

        def write(tx: Connection) -> Gain:
            before = store.marks(tx, guild_id, user_id).get(topic_id, Mark())
            if before.state is not State.DONE:
                raise BadInputError("A link belongs to a topic that is done. Press Done first, then add it.")
            if before.evidence != evidence:
                change = Change(topic_id, before, Mark(State.DONE, evidence))
                store.record(tx, guild_id, user_id, Act.EVIDENCE, [change], now)
            with Book(tx, guild_id, user_id, now) as book:
                return settle_topics(book, pack, [topic_id])

        gain = await self._database.write(write)
        return replace(await self.topic_page(guild_id, user_id, topic_id), gain=gain)

    async def put_note(self, guild_id: int, user_id: int, topic_id: str, text: str) -> TopicPage:
        """Keep the member's private note on a topic; an empty text removes it.

        Raises:
            BadInputError: where the note is too long.
            NotFoundError: where there is no such topic.
        """
        pack = await self._packs.of(guild_id)
        pack.topic(topic_id)
        note = text.strip()
        if len(note) > NOTE_CHARACTERS:
            raise BadInputError(f"A note holds {NOTE_CHARACTERS} characters; yours has {len(note)}.")
        now = self._clock.now()

        def write(tx: Connection) -> None:
            member_store.ensure(tx, guild_id, user_id, now)
            store.put_note(tx, guild_id, user_id, topic_id, note, now)

        await self._database.write(write)
        return await self.topic_page(guild_id, user_id, topic_id)

    async def undo(self, guild_id: int, user_id: int, only: Act | None = None) -> TakenBack | None:
        """Take back the last act that still stands; None where there is none, or it is not of the ``only`` kind."""
        pack = await self._packs.of(guild_id)
        now = self._clock.now()

        def write(tx: Connection) -> TakenBack | None:
            if (recorded := store.last_act(tx, guild_id, user_id)) is None or only not in {None, recorded.act}:
                return None
            store.take_back(tx, guild_id, user_id, recorded, now)
            gain = moved_back(tx, pack, guild_id, user_id, recorded, now)
            return TakenBack(recorded.act, recorded.changes, gain)

        return await self._database.write(write)

    async def reset(self, guild_id: int, user_id: int) -> int:
        """Set every topic back to not started and return how many that were. One undo brings them back."""
        pack = await self._packs.of(guild_id)
        now = self._clock.now()

        def write(tx: Connection) -> int:
            marks = store.marks(tx, guild_id, user_id)
            if marks:
                changes = [Change(topic_id, mark, Mark()) for topic_id, mark in marks.items()]
                store.record(tx, guild_id, user_id, Act.RESET, changes, now)
                with Book(tx, guild_id, user_id, now) as book:
                    settle_topics(book, pack, marks)
            return len(marks)

        return await self._database.write(write)

    async def people(self, guild_id: int) -> tuple[StagePeople, ...]:
        """Return who is where: one group of members for each stage somebody is at, the furthest stage last."""
        pack = await self._packs.of(guild_id)
        everybody = await self._database.read(lambda tx: store.guild_marks(tx, guild_id))
        at: dict[str | None, list[tuple[int, int]]] = {}
        for user_id, states in everybody.items():
            stage = current_stage(pack, states)
            finished = count(pack.topics.values(), states).finished
            at.setdefault(stage and stage.id, []).append((-finished, user_id))
        return tuple(
            StagePeople(stage, tuple(user_id for _, user_id in sorted(at[key])))
            for stage in (*pack.track.stages, None)
            if (key := stage and stage.id) in at
        )


def _states(marks: Mapping[str, Mark]) -> dict[str, State]:
    return {topic_id: mark.state for topic_id, mark in marks.items()}


def _evidence(text: str) -> str:
    """Return the web address a member typed.

    Raises:
        BadInputError: where it is none.
    """
    if len(text) > EVIDENCE_CHARACTERS:
        raise BadInputError(f"A link holds {EVIDENCE_CHARACTERS} characters; yours has {len(text)}.")
    try:
        return web_address(text)
    except ValueError as error:
        raise BadInputError(f"I can't keep that link: expected {error}, like https://github.com/you/project.") from None
