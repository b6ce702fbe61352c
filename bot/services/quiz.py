"""What people do with a quiz round: see what one would ask, begin it, answer, stop it, and learn from it afterwards.

The steps of a round are taken in ``bot.services.quiz_play``; what is done here is read there from the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.choice import group_stage
from bot.domain.pack import Pack
from bot.domain.quiz import (
    GATHERING,
    SHARED_BY,
    SIZES,
    Chosen,
    Phase,
    Question,
    Round,
    RoundEnd,
    RoundState,
    choose,
    missed,
    shuffled,
    sizes,
)
from bot.domain.recall import REVIEWED, Grade, Today
from bot.domain.review import Letter
from bot.domain.roadmap import States
from bot.errors import BadInputError, NotAllowedError, NotFoundError
from bot.services.group import Person, living
from bot.services.packs import Packs
from bot.services.quiz_play import end
from bot.services.review_cards import desk_of, record, times
from bot.storage import group as group_store
from bot.storage import group_activity
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage import occurrence as occurrence_store
from bot.storage import quiz as store
from bot.storage import review as review_store
from bot.storage import roadmap as roadmap_store
from bot.storage.database import Database

TOO_LATE: Final = "Too late: time was up for that question. The next one comes in a moment."


@dataclass(frozen=True, slots=True)
class Offer:
    """What a round would be.

    Attributes:
        group_id: the study group it is for; None for everybody in the server.
        group: how that group is called.
        sizes: how many questions it may have.
        shared: how many of the largest are of topics that are shared.
        topics: the titles of the shared topics that have questions.
        stage: the title of the stage that the other questions are from.
        places: ids of the channels it could be played in, the best first: a thread before its channel.
    """

    group_id: int | None
    group: str | None
    sizes: tuple[int, ...]
    shared: int
    topics: tuple[str, ...]
    stage: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Locked:
    """What somebody chose: the question, the letter as shown, and until when it can be changed."""

    question: Question
    letter: Letter
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Mine:
    """How one member did in a round that is over: each question that counts with what was chosen, by card's letter."""

    number: int
    questions: tuple[Question, ...]
    letters: Mapping[int, Letter]
    missed: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What was put into a member's review.

    Attributes:
        added: how many cards come back in some minutes.
        later: how many of them come only once the member begins their topic.
        again: whether the member had taken them before.
    """

    added: int
    later: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Ask:
    """What a round could ask of whom."""

    chosen: Chosen
    shared: Mapping[str, int]
    stage: str


class QuizService:
    """Use-cases of quiz rounds. Whether somebody may write in a channel is checked by whoever calls."""

    def __init__(self, database: Database, packs: Packs, clock: Clock) -> None:
        self._database = database
        self._packs = packs
        self._clock = clock

    async def moderator_role(self, guild_id: int) -> int | None:
        """Return the role whose members are moderators of a guild."""
        return await self._database.read(lambda tx: guild_store.get(tx, guild_id).moderator_role_id)

    async def offer(self, guild_id: int, person: Person, group_id: int | None, post: int | None = None) -> Offer:
        """Return what a round would be for a study group, or for everybody.

        Args:
            guild_id: the guild.
            person: who asks.
            group_id: the group; None for everybody.
            post: the number of the daily post it is begun from, which tells the place.

        Raises:
            NotFoundError: where the group is gone, or there are too few questions.
            NotAllowedError: where the person is not in the group.
        """
        pack = await self._packs.with_exercises(guild_id)

        def read(tx: Connection) -> Offer:
            group = None if group_id is None else _group_of(tx, guild_id, group_id, person)
            found = _ask(tx, pack, guild_id, group_id, "")
            places = _places(tx, guild_id, post)
            if group is not None and group.channel_id is not None:
                places = (group.channel_id,)
            titles = tuple(pack.topics[one].title for one in found.shared if pack.cards.choices(one))
            name = None if group is None else group.shown_name
            possible = sizes(len(found.chosen.cards))
            return Offer(group_id, name, possible, found.chosen.shared, titles, found.stage, places)

        return await self._database.read(read)

    async def start(self, guild_id: int, person: Person, channel_id: int, group_id: int | None, size: int) -> Round:
        """Begin a round in a channel; it is posted by ``QuizPlay.run``.

        Raises:
            BadInputError: where a round is played in that channel, or the size is none of ours.
            NotFoundError: where the group is gone, or there are too few questions.
            NotAllowedError: where the person is not in the group.
        """
        if size not in SIZES:
            raise BadInputError("A round has 5, 7 or 10 questions.")
        pack, now = await self._packs.with_exercises(guild_id), self._clock.now()

        def write(tx: Connection) -> Round | None:
            if group_id is not None:
                _group_of(tx, guild_id, group_id, person)
            seed = f"{guild_id}:{channel_id}:{now.isoformat()}"
            found = _ask(tx, pack, guild_id, group_id, seed)
            if len(found.chosen.cards) < size:
                raise NotFoundError(f"There are too few questions for {size}. Start a shorter round.")
            shared = min(size, found.chosen.shared)
            begun = Round(
                guild_id, 0, channel_id, group_id, size, shared, found.stage, person.user_id, now, RoundState.OPEN, 0,
                now + GATHERING,
            )  # fmt: skip
            questions = [
                Question(number, card, pack.topics[card.topic].title, shuffled(card, seed))
                for number, card in enumerate(found.chosen.cards[:size], 1)
            ]
            member_store.ensure(tx, guild_id, person.user_id, now)
            return store.begin(tx, begun, questions)

        made = await self._database.write(write)
        if made is None:
            raise BadInputError("A round is being played here already. Join it: press a letter under its question.")
        return made

    async def answer(self, guild_id: int, user_id: int, number: int, question: int, letter: Letter) -> Locked:
        """Record what somebody chose, by the letter that is shown. Until time is up it can be changed.

        Raises:
            NotFoundError: where there is no such round.
            BadInputError: where the question is not being asked, or its time is up by our clock.
        """
        now = self._clock.now()

        def write(tx: Connection) -> Locked:
            one = _round(tx, guild_id, number)
            if one.state is not RoundState.OPEN:
                raise BadInputError("That round is over. Start another one from a daily post or from /group.")
            if one.phase is not Phase.ASK or one.question != question or now >= one.due_at:
                raise BadInputError(TOO_LATE)
            asked = store.questions(tx, guild_id, number)[question - 1]
            store.answer(tx, guild_id, user_id, number, (question, asked.of_card(letter)), now)
            if one.shown != one.step:
                # whoever answers has seen it, whatever became of our note
                store.put(tx, replace(one, shown=one.step), one.due_at)
            return Locked(asked, letter, one.due_at)

        return await self._database.write(write)

    async def stop(self, guild_id: int, number: int, person: Person) -> Round:
        """End a round with the scores so far: its starter and moderators may.

        Raises:
            NotFoundError: where there is no such round.
            NotAllowedError: where the person may not.
            BadInputError: where it is over.
        """
        now = self._clock.now()

        def write(tx: Connection) -> Round:
            one = self._stoppable(tx, guild_id, number, person)
            over = end(one, RoundEnd.STOPPED, now, person.user_id)
            store.put(tx, over, now)
            return over

        return await self._database.write(write)

    async def round(self, guild_id: int, number: int) -> Round:
        """Return a round as it stands.

        Raises:
            NotFoundError: where there is no such round.
        """
        return await self._database.read(lambda tx: _round(tx, guild_id, number))

    async def may_stop(self, guild_id: int, number: int, person: Person) -> Round:
        """Return a round that the person may stop.

        Raises:
            NotFoundError, NotAllowedError, BadInputError: as for ``stop``.
        """
        return await self._database.read(lambda tx: self._stoppable(tx, guild_id, number, person))

    async def mine(self, guild_id: int, user_id: int, number: int) -> Mine:
        """Return how a member did in a round that is over.

        Raises:
            NotFoundError: where there is no such round.
            BadInputError: where it is still played, or the member answered nothing in it.
        """
        return await self._database.read(lambda tx: _mine(tx, guild_id, user_id, number))

    async def take(self, guild_id: int, user_id: int, number: int) -> Taken:
        """Put what a member missed in a round into the own review, once: each card as one that was just forgotten.

        Raises:
            NotFoundError, BadInputError: as for ``mine``; also where the member missed nothing.
        """
        pack, now = await self._packs.with_exercises(guild_id), self._clock.now()

        def write(tx: Connection) -> Taken:
            found = _mine(tx, guild_id, user_id, number)
            wrong = missed(found.questions, found.letters, len(found.questions))
            if not wrong:
                raise BadInputError("You missed nothing in this round, so there is nothing to add.")
            if not store.take(tx, guild_id, user_id, number, now):
                return Taken(len(wrong), again=True)
            today = Today.at(now, member_store.day_rule(tx, guild_id, user_id))
            desk = desk_of(tx, pack, guild_id, user_id, today)
            added = [card for one in wrong if (card := pack.cards.by_id.get(one.card.id)) is not None]
            for card in added:
                seen = times(review_store.memory(tx, guild_id, user_id, card.id))
                record(tx, desk.whose, card, seen, Grade.AGAIN, today)
            later = sum(desk.states.get(card.topic) not in REVIEWED for card in added)
            return Taken(len(added), later)

        return await self._database.write(write)

    def _stoppable(self, tx: Connection, guild_id: int, number: int, person: Person) -> Round:
        one = _round(tx, guild_id, number)
        if one.state is not RoundState.OPEN:
            raise BadInputError("That round is over already.")
        if not person.moderates and person.user_id != one.started_by:
            raise NotAllowedError("Only who started the round and moderators can stop it. You can just stop answering.")
        return one


def _round(tx: Connection, guild_id: int, number: int) -> Round:
    found = store.get(tx, guild_id, number)
    if found is None:
        raise NotFoundError("That round is no longer kept. Start another one from a daily post or from /group.")
    return found


def _group_of(tx: Connection, guild_id: int, group_id: int, person: Person) -> group_store.Group:
    """Return a group that a person may begin a round for."""
    group = living(tx, guild_id, group_id)
    if not person.moderates and group_store.group_of(tx, guild_id, person.user_id) != group_id:
        raise NotAllowedError("Only members of a group start rounds for it. Under a daily post everybody can.")
    return group


def _ask(tx: Connection, pack: Pack, guild_id: int, group_id: int | None, seed: str) -> _Ask:
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
    return _Ask(found, dict(sorted(shared.items(), key=lambda one: -one[1])), stage)


def _everybody(tx: Connection, guild_id: int, among: list[int] | None) -> list[States]:
    if among is None:
        return list(roadmap_store.guild_marks(tx, guild_id).values())
    return list(group_activity.states(tx, guild_id, among).values())


def _places(tx: Connection, guild_id: int, post: int | None) -> tuple[int, ...]:
    """Return the thread of a daily post and its channel; nothing where it was not posted."""
    found = None if post is None else occurrence_store.get(tx, guild_id, post)
    if found is None or found.message_id is None:
        return ()
    return (found.channel_id,) if found.thread_id is None else (found.thread_id, found.channel_id)


def _mine(tx: Connection, guild_id: int, user_id: int, number: int) -> Mine:
    one = _round(tx, guild_id, number)
    if one.state is RoundState.OPEN:
        raise BadInputError("The round is still being played. Its answers come at the end.")
    questions = [found for found in store.questions(tx, guild_id, number) if found.number <= one.asked]
    told = store.answers(tx, guild_id, number)
    letters: dict[int, Letter] = {found.question: found.letter for found in told if found.user_id == user_id}
    if not any(found.number in letters for found in questions):
        raise BadInputError("You answered nothing in this round. Play the next one, and find your answers here.")
    return Mine(number, tuple(questions), letters, len(missed(questions, letters, one.asked)))
