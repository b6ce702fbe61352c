"""What members do while commands are measured: every read, and every write of the daily routine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.domain.answer import Vote
from bot.domain.instead import fingerprint
from bot.domain.pack import Pack
from bot.domain.recall import Grade
from bot.ui.answer import SHARED, AnswerForm
from bot.ui.components import ComponentId
from bot.ui.faq import ASKED, Helped
from bot.ui.post import PostPress, PostVerb
from bot.ui.prompt import VotePress
from bot.ui.review import Pick, ReviewGrade, ReviewShow
from bot.ui.topic import TopicForm, TopicPress, TopicVerb
from tests.bench.apart import Act
from tests.bench.seeded import DUE, MARKED, Population, Whose
from tests.cogs.posted import EXERCISE

READ, WRITE, FIRST = 2.5, 4.0, 5.0
"""At most so many times the bare bot's CPU: a read, a write, the first answer after a start."""
PICTURED: Final = 20
"""Members whose pictures are asked for: each is drawn once before anything is measured."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What the acts are made of: the content, and who is there."""

    pack: Pack
    there: Population


Make: TypeAlias = Callable[[Scene, Whose, int], Act]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of act.

    Attributes:
        name: as the row has it.
        workload: what is done, and over what.
        make: of the scene, a member and how many were made before: the act.
        most_times: at most so many times the bare bot's CPU.
        among: how many members do it by turns; None for all.
        calls_each: how often a member does it before the next one's turn.
    """

    name: str
    workload: str
    make: Make
    most_times: float
    among: int | None = None
    calls_each: int = 1

    @property
    def pictured(self) -> bool:
        """Whether it shows pictures, kept since they were drawn for these members."""
        return self.among == PICTURED

    def acts(self, scene: Scene, first: int, count: int) -> Sequence[Act]:
        """Return the acts from one number on; each is made by the member whose turn it is."""
        members = scene.there.members[: self.among]
        numbers = range(first, first + count)
        return [self.make(scene, members[number // self.calls_each % len(members)], number) for number in numbers]


def by(whose: Whose) -> Act:
    """Return who acts, and where."""
    return {"person": {"name": f"member{whose.user_id % 97}", "id": whose.user_id}, "guild": whose.guild}


def command(name: str, **options: str) -> Make:
    """Return what makes a slash command, always with the same options."""
    return lambda _scene, whose, _number: {**by(whose), "name": name, "options": options}


def _press(whose: Whose, what: ComponentId, **more: object) -> Act:
    return {**by(whose), "custom_id": what.custom_id, **more}


def _topic(scene: Scene, whose: Whose, number: int) -> Act:
    topics = list(scene.pack.topics)
    return {**by(whose), "name": "roadmap", "options": {"topic": topics[number % len(topics)]}}


def _question(scene: Scene, number: int) -> tuple[str, str]:
    entries = list(scene.pack.entries.values())
    one = entries[number % len(entries)]
    return one.id, one.phrasings[0]


def _faq(scene: Scene, whose: Whose, number: int) -> Act:
    return {**by(whose), "name": "faq", "options": {"question": _question(scene, number)[1]}}


def _faq_typing(scene: Scene, whose: Whose, number: int) -> Act:
    typed = _question(scene, number)[1][: 3 + number % 12]
    return {**by(whose), "name": "faq", "options": {"question": typed}, "focused": "question"}


def _road_typing(scene: Scene, whose: Whose, number: int) -> Act:
    typed = list(scene.pack.topics)[number % len(scene.pack.topics)][: 1 + number % 6]
    return {**by(whose), "name": "roadmap", "options": {"topic": typed}, "focused": "topic"}


def _mark(scene: Scene, whose: Whose, number: int) -> Act:
    verb = TopicVerb.DONE if number % 2 else TopicVerb.START
    return _press(whose, TopicPress(verb=verb, topic_id=next(iter(scene.pack.topics)), owner=whose.user_id))


def _done(scene: Scene, whose: Whose, _number: int) -> Act:
    pressed = PostPress(number=scene.there.post, generation=1, verb=PostVerb.DONE)
    return _press(whose, pressed, on={"flags": 0})


def _review(scene: Scene, whose: Whose, number: int) -> Act:
    """Turn a card over, and grade it with the next press; that brings the next card."""
    card = scene.there.cards[number // 2 // len(scene.there.members)]
    if number % 2:
        return _press(whose, ReviewGrade(card_id=card, seen=1, done=0, grade=Grade.GOOD))
    return _press(whose, ReviewShow(card_id=card, seen=1, done=0, pick=Pick.SHOW))


def _vote(scene: Scene, whose: Whose, _number: int) -> Act:
    return _press(whose, VotePress(vote=Vote.TOO_HARD, number=scene.there.post, shown=fingerprint(EXERCISE)))


def _note(scene: Scene, whose: Whose, number: int) -> Act:
    form = TopicForm(verb=TopicVerb.NOTE, topic_id=next(iter(scene.pack.topics)), owner=whose.user_id)
    return _press(whose, form, typed={"text": f"What clicked, the {number}th time"})


def _answer(scene: Scene, whose: Whose, number: int) -> Act:
    typed = {"text": f"Divide by the root of the width, says number {number}.", "audience": SHARED}
    return _press(whose, AnswerForm(number=scene.there.post), typed=typed)


def _helped(scene: Scene, whose: Whose, number: int) -> Act:
    entry_id, question = _question(scene, number)
    return _press(whose, Helped(entry_id=entry_id), on={"embeds": [{"footer": {"text": f"{ASKED}{question}"}}]})


_MEMBER: Final = f"members with {MARKED} topics done"
_KEPT: Final = f"{PICTURED} members by turns, their pictures kept"

READS: Final = (
    Kind("/roadmap", _MEMBER, command("roadmap"), READ),
    Kind("/roadmap topic", f"every topic in turn, {_MEMBER}", _topic, READ),
    Kind("/roadmap, typing", "the first letters of every topic", _road_typing, READ),
    Kind("/faq question", "a phrasing of every entry in turn", _faq, READ),
    Kind("/faq, typing", "the first letters of every question", _faq_typing, READ),
    Kind("/help", "members", command("help"), READ),
    Kind("/leaderboard", _KEPT, command("leaderboard"), READ, PICTURED),
    Kind("/today", f"a post, {DUE} cards due", command("today"), READ),
    Kind("/streak", _KEPT, command("streak"), READ, PICTURED),
    Kind("/profile", "members", command("profile"), READ),
    Kind("/group", _KEPT, command("group"), READ, PICTURED),
)
WRITES: Final = (
    Kind("Start, Done on a topic", "presses by turns, each a write", _mark, WRITE, calls_each=2),
    Kind("Done on a post", "each by another member", _done, WRITE),
    Kind("Vote on a post", "each by another member; another exercise comes", _vote, WRITE),
    Kind("Answer to a post", "a form, each by another member, shared", _answer, WRITE),
    Kind("A review: Show, a grade", "presses by turns, each pair by another member", _review, WRITE, calls_each=2),
    Kind("Note on a topic", "a form", _note, WRITE),
    Kind("Did that help?", "an entry each", _helped, WRITE),
)
NOTHING: Final = Kind("a no-op command", "", command("nothing"), 0)
