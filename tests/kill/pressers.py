"""Members who press the buttons of topics at a real bot, and what they were told held against its database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from sqlalchemy import Connection, select

from bot.domain.pack import Pack
from bot.domain.roadmap import State
from bot.storage import roadmap as store
from bot.storage.database import Database
from bot.ui.text import SIGNS
from bot.ui.topic import TopicPress, TopicVerb
from tests.fakes.wire.interactions import Interaction
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Person

VERBS: Final = {
    TopicVerb.START: State.LEARNING,
    TopicVerb.DONE_ANYWAY: State.DONE,
    TopicVerb.SKIP: State.SKIPPED,
    TopicVerb.KNOW: State.KNOWN,
}


@dataclass(slots=True)
class Pressed:
    """One press, the state it asks for, and what came back."""

    topic_id: str
    state: State
    interaction: Interaction

    @property
    def told(self) -> str:
        """What the member reads; nothing where no answer came."""
        shown = self.interaction.shown
        return "" if shown is None else str(shown.data["embeds"][0]["description"])

    @property
    def waited(self) -> float:
        """Seconds until Discord heard that an answer is there or comes; it takes none after three."""
        return self.interaction.answers[0].at - self.interaction.sent_at

    @property
    def acknowledged(self) -> bool:
        """Whether the member was shown the topic in its new state."""
        return self.told.startswith(SIGNS[self.state])


@dataclass(slots=True)
class Presser:
    """A member who presses one button after the other, the next as soon as the last was answered."""

    person: Person
    to_press: Iterator[tuple[TopicVerb, str]]
    pressed: list[Pressed] = field(default_factory=list[Pressed])

    async def press_on(self, wire: Wire) -> None:
        """Press until cancelled or until there is nothing left to press."""
        for verb, topic_id in self.to_press:
            custom_id = TopicPress(verb=verb, topic_id=topic_id, owner=self.person.id).custom_id
            one = Pressed(topic_id, VERBS[verb], await wire.press(self.person, custom_id))
            self.pressed.append(one)
            await one.interaction.answer()

    @property
    def refused(self) -> list[Pressed]:
        """What was answered otherwise than with the new state."""
        return [one for one in self.pressed if one.told and not one.acknowledged]

    @property
    def acknowledged(self) -> list[tuple[str, State]]:
        """What this member was told, in order."""
        return [(one.topic_id, one.state) for one in self.pressed if one.acknowledged]


def pressers(pack: Pack, count: int) -> list[Presser]:
    """Return so many members, each of whom will press every button of every topic."""
    return [Presser(Person(f"member{i}"), iter(product(VERBS, pack.topics))) for i in range(count)]


def acknowledged(every: Sequence[Presser]) -> int:
    """Return how many marks were acknowledged in all."""
    return sum(len(one.acknowledged) for one in every)


async def assert_kept(database: Database, guild_id: int, presser: Presser) -> None:
    """Hold what the member was told against the log, and the log against the marks."""
    user_id, change = presser.person.id, store.progress_change.c
    told = presser.acknowledged
    query = (
        select(change.topic_id, change.state_after)
        .where(change.guild_id == guild_id, change.user_id == user_id)
        .order_by(change.number)
    )

    def held(tx: Connection) -> None:
        logged = [(topic_id, State(state)) for topic_id, state in tx.execute(query)]
        assert _in_order(told, logged), f"told {told}\nlogged {logged}"
        marks = store.marks(tx, guild_id, user_id)
        assert marks == store.rebuilt_marks(tx, guild_id, user_id)
        assert {topic_id: mark.state for topic_id, mark in marks.items()} == dict(logged)

    await database.read(held)


def _in_order(told: list[tuple[str, State]], logged: list[tuple[str, State]]) -> bool:
    """Whether everything told stands in the log, in the order in which it was told."""
    remaining = iter(logged)
    return all(one in remaining for one in told)
