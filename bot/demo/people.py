"""Who lives in the simulated server, how far they are on the road, and how they look."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from bot.client import Services
from bot.demo.portraits import Look
from bot.domain.roadmap import State


@dataclass(frozen=True, slots=True)
class Person:
    """One of the four people to switch between.

    Attributes:
        name: what the person is called.
        about: one line for the list of people.
        look: the portrait.
        moderates: whether the person manages the server.
        background: what the placement was told; None for whoever has not opened the road yet.
        stages_done: how many stages lie behind the person.
        skipped: topics of those stages that were skipped.
        done: topics done after them.
        learning: topics begun.
    """

    name: str
    about: str
    look: Look
    moderates: bool = False
    background: str | None = None
    stages_done: int = 0
    skipped: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    learning: tuple[str, ...] = ()

    @property
    def username(self) -> str:
        """The name the account has, unlike the one it shows."""
        return self.name.casefold()


SOFIA: Final = Person(
    name="Sofia",
    about="Career switcher, in stage 3",
    look=Look("#ff8a7a", "#8a4fd0", "#ffd9a0", (0.72, 0.26), (0.62, 0.78, 0.58)),
    background="switcher",
    stages_done=2,
    skipped=("coding-challenges",),
    done=("train-test-split", "linear-regression", "logistic-regression"),
    learning=("error-metrics",),
)
TARIQ: Final = Person(
    name="Tariq",
    about="Developer, in stage 5",
    look=Look("#2dc7a8", "#1d5fa8", "#fff2b0", (0.26, 0.24), (0.7, 0.56, 0.76)),
    background="developer",
    stages_done=4,
    skipped=("keras-tensorflow", "reinforcement-learning"),
    done=("project-scoping", "data-cleaning", "feature-engineering", "project-movie-recommender"),
    learning=("project-fake-news",),
)
LIN: Final = Person(
    name="Lin",
    about="New here, nothing done yet",
    look=Look("#ffc857", "#e8618c", "#fff4d6", (0.75, 0.22), (0.74, 0.66, 0.72)),
)
MO: Final = Person(
    name="Mo",
    about="Moderator, in stage 4",
    look=Look("#6d8bff", "#2b3a8c", "#bfe8ff", (0.22, 0.26), (0.58, 0.72, 0.66)),
    moderates=True,
    background="student",
    stages_done=3,
    done=("neural-networks",),
    learning=("training-networks",),
)
EVERYBODY: Final = (SOFIA, TARIQ, LIN, MO)

NEIGHBORS: Final = ("Priya", "Jonas", "由紀", "ليلى")
"""Who lives here too, without a tab to be them in; two are written in other scripts, as people are."""

NOTES: Final = {
    "project-fake-news": "Start with TF-IDF and logistic regression before anything deep. Check for duplicates between "
    "train and test first: the same wire story runs under many headlines.",
    "project-movie-recommender": "Popularity was hard to beat until I cut the users with fewer than 20 ratings.",
}


async def walk(person: Person, services: Services, guild_id: int, user_id: int, dated: Collection[str] = ()) -> None:
    """Take a person down the road, through the same services that their presses would reach.

    Topics that are ``dated`` are done on a day of their own, later.
    """
    if person.background is None:
        return
    road, placement = services.roadmap, services.placement
    stages = services.packs.shipped.track.stages
    await placement.choose(guild_id, user_id, person.background)
    await placement.know_offered(guild_id, user_id, stages[0].id)
    await placement.finish(guild_id, user_id)
    known = set(services.packs.shipped.background_knows(person.background)) | set(person.skipped)
    behind = [topic.id for stage in stages[: person.stages_done] for topic in stage.topics if topic.id not in known]
    steps = [
        *((topic_id, State.SKIPPED) for topic_id in person.skipped),
        *((topic_id, State.DONE) for topic_id in (*behind, *person.done) if topic_id not in dated),
        *((topic_id, State.LEARNING) for topic_id in person.learning),
    ]
    for topic_id, state in steps:
        await road.mark(guild_id, user_id, topic_id, state, confirmed=True)


async def write_notes(services: Services, guild_id: int, user_id: int) -> None:
    """Keep Tariq's notes."""
    for topic_id, text in NOTES.items():
        await services.roadmap.put_note(guild_id, user_id, topic_id, text)
