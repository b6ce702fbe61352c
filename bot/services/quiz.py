"""What people do with a quiz round: see what one would ask, begin it, answer, stop it, and learn from it afterwards.

The steps of a round are taken in ``bot.services.quiz_play``; what is done here is read there from the rows.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.frozen import frozen
from bot.domain.quiz import (
    GATHERING,
    SIZES,
    Phase,
    Question,
    Round,
    RoundEnd,
    RoundState,
    shuffled,
    sizes,
)
from bot.domain.review import Letter
from bot.errors import BadInputError, NotAllowedError, NotFoundError
from bot.services.group import Person
from bot.services.packs import Packs
from bot.services.quiz_ask import ask, group_for, places_of
from bot.services.quiz_play import end
from bot.services.quiz_result import Mine, Taken, mine_of, round_of, take_missed
from bot.storage import guild as guild_store
from bot.storage import member as member_store
from bot.storage import quiz as store
from bot.storage.database import Database

TOO_LATE: Final = "Too late: time was up for that question. The next one comes in a moment."


@frozen
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


@frozen
class Locked:
    """What somebody chose: the question, the letter as shown, and until when it can be changed."""

    question: Question
    letter: Letter
    due_at: datetime


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
            group = None if group_id is None else group_for(tx, guild_id, group_id, person)
            found = ask(tx, pack, guild_id, group_id, "")
            places = places_of(tx, guild_id, post)
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
                group_for(tx, guild_id, group_id, person)
            seed = f"{guild_id}:{channel_id}:{now.isoformat()}"
            found = ask(tx, pack, guild_id, group_id, seed)
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
            one = round_of(tx, guild_id, number)
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
        return await self._database.read(lambda tx: round_of(tx, guild_id, number))

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
        return await self._database.read(lambda tx: mine_of(tx, guild_id, user_id, number))

    async def take(self, guild_id: int, user_id: int, number: int) -> Taken:
        """Put what a member missed in a round into the own review, once: each card as one that was just forgotten.

        Raises:
            NotFoundError, BadInputError: as for ``mine``; also where the member missed nothing.
        """
        pack, now = await self._packs.with_exercises(guild_id), self._clock.now()
        return await self._database.write(lambda tx: take_missed(tx, pack, (guild_id, user_id), number, now))

    def _stoppable(self, tx: Connection, guild_id: int, number: int, person: Person) -> Round:
        one = round_of(tx, guild_id, number)
        if one.state is not RoundState.OPEN:
            raise BadInputError("That round is over already.")
        if not person.moderates and person.user_id != one.started_by:
            raise NotAllowedError("Only who started the round and moderators can stop it. You can just stop answering.")
        return one
