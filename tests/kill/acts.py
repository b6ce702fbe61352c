"""Members at work through the services, in a process that is there to be killed.

``python -m tests.kill.acts DATABASE`` loads the content once and then forks a worker for each line it reads, a number
that the worker's chance is seeded by, and writes ``gone`` when that was killed. A worker writes ``born PID``, and then
``?`` and an act before the service is called, and ``=`` and the same act after it has returned: from
then on the member was told.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.answer import Vote
from bot.domain.instead import fingerprint
from bot.domain.recall import Grade
from bot.domain.roadmap import Act, Change, Mark, State
from bot.packs.load import load_pack
from bot.services.packs import Packs
from bot.services.prompt import PromptService
from bot.services.review import Asked, ReviewService
from bot.services.roadmap import Marked, RoadmapService
from bot.settings import ROOT
from bot.storage import roadmap
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.services.posted import GUILD, posted

MEMBERS: Final = range(21, 25)
POSTS: Final = range(1, 31)
PACK: Final = load_pack(ROOT / "content" / "ml-engineer")
REVIEWED: Final = tuple(PACK.cards.of_topic)[:40]
"""Topics whose cards are asked; the others are marked to and fro."""
MARKED: Final = tuple(one for one in PACK.topics if one not in REVIEWED)


async def founded(database: Database, clock: FakeClock) -> None:
    """Post the exercises, and let every member know the topics whose cards are asked."""
    known = [Change(topic_id, Mark(), Mark(State.KNOWN)) for topic_id in REVIEWED]
    for _ in POSTS:
        await posted(database, clock)
    for user_id in MEMBERS:
        await database.write(
            lambda tx, user_id=user_id: roadmap.record(tx, GUILD, user_id, Act.PLACEMENT, known, clock.now())
        )


@dataclass(slots=True)
class Member:
    """One member who acts, and goes on as soon as the service has returned."""

    user_id: int
    chance: random.Random
    marks: RoadmapService
    prompts: PromptService
    reviews: ReviewService

    async def act_on(self) -> None:
        """Act until the process is killed."""
        acts: tuple[Callable[[], Awaitable[None]], ...] = (self._mark, self._press_done, self._grade, self._vote)
        while True:
            await self.chance.choice(acts)()

    async def _mark(self) -> None:
        topic_id, state = self.chance.choice(MARKED), self.chance.choice(list(State))
        page = await self.marks.topic_page(GUILD, self.user_id, topic_id)
        if page.mark.state is state:
            return
        self._say("?", "mark", topic_id, state)
        outcome = await self.marks.mark(GUILD, self.user_id, topic_id, state, confirmed=True)
        assert isinstance(outcome, Marked)
        self._say("=", "mark", topic_id, state)

    async def _press_done(self) -> None:
        number = self.chance.choice(POSTS)
        page = await self.prompts.open(GUILD, self.user_id, number)
        self._say("?", "done", number, page.done is None)
        if page.done is None:
            assert not (await self.prompts.done(GUILD, self.user_id, number)).again
        else:
            assert (await self.prompts.take_back(GUILD, self.user_id, number)).day is not None
        self._say("=", "done", number, page.done is None)

    async def _grade(self) -> None:
        step = await self.reviews.begin(GUILD, self.user_id)
        if not isinstance(step, Asked):
            return
        grade, what = self.chance.choice(list(Grade)), f"{step.card.id}/{step.seen + 1}"
        self._say("?", "grade", what, grade)
        assert (await self.reviews.grade(GUILD, self.user_id, step.card.id, step.seen, grade, 0)).counted
        self._say("=", "grade", what, grade)

    async def _vote(self) -> None:
        number, vote = self.chance.choice(POSTS), self.chance.choice(list(Vote))
        page = await self.prompts.open(GUILD, self.user_id, number)
        self._say("?", "vote", page.exercise_id, vote)
        await self.prompts.vote(GUILD, self.user_id, number, vote, fingerprint(page.exercise_id))
        self._say("=", "vote", page.exercise_id, vote)

    def _say(self, sign: str, kind: str, what: object, value: object) -> None:
        # one write of less than a pipe takes at once: a kill can't cut it
        os.write(1, f"{sign}\t{kind}\t{self.user_id}\t{what}\t{value}\n".encode())


async def work(path: Path, seed: int) -> None:
    """Let all members act at once; each seed is a day of its own, so that cards come back."""
    database, clock = await Database.open(path), FakeClock()
    clock.move(days=seed)
    packs = Packs(database, PACK)
    services = (
        RoadmapService(database, packs, clock),
        PromptService(database, packs, clock),
        ReviewService(database, packs, clock),
    )
    members = [Member(user_id, random.Random(f"{seed} {user_id}"), *services) for user_id in MEMBERS]  # noqa: S311
    await asyncio.gather(*(one.act_on() for one in members))


def main() -> None:
    """Fork a worker for each line; a fork spares it the second that loading the code and the content takes."""
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            os.write(1, f"born {os.getpid()}\n".encode())
            try:
                asyncio.run(work(Path(sys.argv[1]), int(line)))
            finally:
                os._exit(1)
        os.waitpid(pid, 0)
        os.write(1, b"gone\n")


if __name__ == "__main__":
    main()
