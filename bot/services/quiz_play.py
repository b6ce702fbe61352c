"""How a quiz round goes on by itself: who decides is its row, and Discord is brought to what the row says.

A step is taken in one transaction, then its message is posted or edited, then it is noted that people see it. An edit
may be made twice without harm, and a post carries a nonce of its round, so a crash anywhere in between costs nothing.
A question that nobody could see starts its time anew.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.cluster import Share, whole
from bot.domain.frozen import frozen
from bot.domain.quiz import (
    AWAY_TOO_LONG,
    LASTS,
    POSTED_WITHIN,
    Answered,
    Phase,
    Question,
    Round,
    RoundEnd,
    RoundState,
    Score,
    counted,
    phase_of,
    scores,
)
from bot.domain.review import Letter
from bot.log import get_logger
from bot.services.courier import Later as NotNow
from bot.services.courier import Posted, Refused
from bot.storage import member as member_store
from bot.storage import quiz as store
from bot.storage.database import Database

AT_ONCE: Final = 50
PAUSE: Final = timedelta(seconds=5)
"""When Discord is asked again that did not take a message."""

log = get_logger(__name__)


@frozen
class Screen:
    """What the message of a round is to show.

    Attributes:
        one: the round.
        question: what is asked or answered; None while people gather, and at the end.
        topics: the titles of the topics of its questions, each once.
        chosen: how many chose each choice of the question, by the card's letter.
        scores: how everybody did, at the end.
        names: what is known of how members are called; who keeps off the boards is not in it.
        hidden: how many of the scores are of members who keep off the boards; those are not in ``scores``.
        hardest: the question most got wrong, at the end; None where nobody did.
    """

    one: Round
    question: Question | None
    topics: tuple[str, ...]
    chosen: Mapping[Letter, int]
    scores: tuple[Score, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict[int, str])
    hidden: int = 0
    hardest: Question | None = None


class QuizHost(Protocol):
    """Takes the message of a round to Discord. Nothing here raises: what goes wrong is one of the answers."""

    async def show(self, screen: Screen) -> Posted | Refused | NotNow:
        """Post the message where the round has none, or bring it up to date.

        Refused is for good; NotNow is tried again.
        """
        ...


class QuizPlay:
    """Takes the steps of all rounds. ``alarm`` is told when to look again; the rows alone decide what is due."""

    def __init__(self, database: Database, clock: Clock, host: QuizHost, share: Callable[[], Share] = whole) -> None:
        self.alarm: Callable[[datetime], None] | None = None
        self._database = database
        self._clock = clock
        self._host = host
        self._share = share
        self._busy: set[tuple[int, int]] = set()

    async def tick(self) -> int:
        """Take every step that is due, and return how many rounds were looked at.

        Raises:
            StorageError: where the database can't be used; the rows are looked at again by the next tick.
        """
        now = self._clock.now()
        found = await self._database.read(lambda tx: store.due(tx, now, AT_ONCE, self._share()))
        await asyncio.gather(*(self._attended(guild_id, number) for guild_id, number in found))
        await self._set_alarm()
        return len(found)

    async def run(self, guild_id: int, number: int) -> Refused | None:
        """Take the steps of one round that are due, as at its start; return what Discord refused, if it did.

        Raises:
            StorageError: where the database can't be used; the round goes on with the next tick.
        """
        refused = await self._go_on(guild_id, number)
        await self._set_alarm()
        return refused

    async def _set_alarm(self) -> None:
        at = await self._database.read(lambda tx: store.next_at(tx, self._share()))
        if at is None or self.alarm is None:
            return
        # what is due already is being dealt with, and whoever does that sets the alarm afterwards
        if at > self._clock.now() or not self._busy:
            self.alarm(at)

    async def _attended(self, guild_id: int, number: int) -> None:
        """Go on with a round; what fails on our side is logged, and is tried again."""
        try:
            await self._go_on(guild_id, number)
        except Exception:
            log.exception("quiz_failed", guild_id=guild_id, number=number)

    async def _go_on(self, guild_id: int, number: int) -> Refused | None:
        key = guild_id, number
        if key in self._busy:
            return None
        self._busy.add(key)
        try:
            while (screen := await self._database.write(lambda tx: self._step(tx, guild_id, number))) is not None:
                outcome = await self._host.show(screen)
                came, step = type(outcome).__name__, screen.one.step
                log.info("quiz_step", guild_id=guild_id, number=number, step=step, outcome=came)
                await self._database.write(lambda tx, at=screen.one, came=outcome: self._note(tx, at, came))
                if isinstance(outcome, Refused):
                    return outcome
                if isinstance(outcome, NotNow):
                    return None
        finally:
            self._busy.discard(key)
        return None

    def _step(self, tx: Connection, guild_id: int, number: int) -> Screen | None:
        """Take the step that is due, and return what is to be shown; None where people see it already."""
        one, now = store.get(tx, guild_id, number), self._clock.now()
        if one is None or one.state is RoundState.ENDED:
            return None
        if one.state is RoundState.OPEN:
            one = _moved(one, now)
        if one.state is RoundState.ENDED:
            store.put(tx, one, now)
            return None
        if one.shown == one.step:
            return None
        store.put(tx, one, now)
        return screen_of(tx, one)

    def _note(self, tx: Connection, shown: Round, outcome: Posted | Refused | NotNow) -> None:
        """Record what became of a message that was to show ``shown``; the round may have gone on meanwhile."""
        one, now = store.get(tx, shown.guild_id, shown.number), self._clock.now()
        if one is None:
            return
        match outcome:
            case Posted(message_id=message_id):
                seen = replace(one, shown=shown.step, message_id=message_id)
                if one.step != shown.step:
                    store.put(tx, seen, now)
                elif one.state is RoundState.CLOSING:
                    store.put(tx, replace(seen, state=RoundState.ENDED), now)
                else:
                    store.put(tx, seen, one.due_at)
            case Refused():
                over = one if one.state is RoundState.CLOSING else end(one, RoundEnd.REFUSED, now)
                store.put(tx, replace(over, state=RoundState.ENDED), now)
            case NotNow() if one.state is RoundState.CLOSING and now - one.due_at > AWAY_TOO_LONG:
                store.put(tx, replace(one, state=RoundState.ENDED), now)
            case NotNow():
                store.put(tx, one, now + PAUSE)


def end(one: Round, why: RoundEnd, now: datetime, by: int | None = None) -> Round:
    """Return a round as it is once it is over, its scores still to be shown."""
    return replace(
        one,
        state=RoundState.CLOSING,
        step=2 * one.size + 1,
        asked=counted(one, why),
        ended=why,
        ended_by=by,
        due_at=now,
    )


def screen_of(tx: Connection, one: Round) -> Screen:
    """Return what the message of a round is to show."""
    questions = store.questions(tx, one.guild_id, one.number)
    topics = tuple(dict.fromkeys(question.topic for question in questions))
    if one.phase is Phase.GATHER:
        return Screen(one, None, topics, {})
    told = store.answers(tx, one.guild_id, one.number)
    if one.phase is not Phase.SCORES:
        chosen: Counter[Letter] = Counter(answer.letter for answer in told if answer.question == one.question)
        return Screen(one, questions[one.question - 1], topics, chosen)
    every = scores(questions, told, one.asked)
    people = member_store.several(tx, one.guild_id, [score.user_id for score in every])
    hidden = {user_id for user_id, person in people.items() if person.off_boards and user_id > 0}
    names = {user_id: person.name for user_id, person in people.items() if person.name and user_id not in hidden}
    return Screen(
        one,
        None,
        topics,
        {},
        tuple(score for score in every if score.user_id not in hidden),
        names,
        len(hidden),
        _hardest(questions, told, one.asked),
    )


def _moved(one: Round, now: datetime) -> Round:
    """Return where a round that is played is at an instant."""
    if one.message_id is None and now - one.started_at > POSTED_WITHIN:
        return replace(end(one, RoundEnd.REFUSED, now), state=RoundState.ENDED)
    if now < one.due_at:
        return one
    if now - one.due_at > AWAY_TOO_LONG:
        return end(one, RoundEnd.AWAY, now)
    if one.shown != one.step:
        return replace(one, due_at=now + LASTS[one.phase])
    step = one.step + 1
    if phase_of(step, one.size) is Phase.SCORES:
        return end(one, RoundEnd.PLAYED, now)
    return replace(one, step=step, due_at=now + LASTS[phase_of(step, one.size)])


def _hardest(questions: list[Question], told: list[Answered], asked: int) -> Question | None:
    """Return the question that most got wrong, the first of equal ones; None where nobody got one wrong."""
    right = {one.number: one.card.right for one in questions if one.number <= asked}
    wrong = Counter(one.question for one in told if one.question in right and one.letter != right[one.question])
    if not wrong:
        return None
    most = max(wrong.values())
    return next(one for one in questions if wrong[one.number] == most)
