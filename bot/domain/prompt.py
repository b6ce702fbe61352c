"""What a daily post can hold: practice prompts, evergreen Kaggle tasks, landmark papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints

from bot.domain.content import ContentModel, EntryId, Link, Sentence, Title
from bot.domain.frozen import frozen
from bot.domain.review import Cards

PromptKind = Literal["concept", "code", "paper-reading", "project", "interview", "communication"]
CompetitionCategory = Literal["Getting Started", "Playground", "Featured", "Research", "Community", "Analytics"]
"""Kaggle's own words for its kinds of competitions."""

Task = Annotated[str, StringConstraints(strip_whitespace=True, min_length=40, max_length=700)]
Hint = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=300)]


class Exercise(ContentModel):
    """Something to do today, with a hint and the outline of a good answer."""

    id: EntryId
    title: Title
    level: Annotated[int, Field(ge=1, le=3, description="1 first contact, 2 in practice, 3 hard.")]
    topics: Annotated[tuple[EntryId, ...], Field(min_length=1, max_length=3, description="Topics of the road, by id.")]
    text: Annotated[Task, Field(description="What to do, complete in itself: no other page is needed to begin.")]
    hint: Annotated[Hint, Field(description="A nudge that does not give the answer away.")]
    outline: Annotated[
        tuple[Sentence, ...], Field(min_length=2, max_length=5, description="What a good answer holds, point by point.")
    ]


class Prompt(Exercise):
    """A practice prompt."""

    kind: PromptKind


class PromptShelf(ContentModel):
    """The practice prompts of one stage."""

    stage: EntryId
    prompts: Annotated[tuple[Prompt, ...], Field(min_length=1, max_length=200)]


class KaggleTask(Exercise):
    """A task on a Kaggle data set, competition or course that stays open."""

    link: Link


class KaggleShelf(ContentModel):
    """The evergreen Kaggle tasks."""

    tasks: Annotated[tuple[KaggleTask, ...], Field(min_length=1, max_length=200)]


class Paper(Exercise):
    """A landmark paper: ``text`` says in plain words what it is about, ``question`` is answered by reading it."""

    paper_title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=200)]
    authors: Annotated[tuple[str, ...], Field(min_length=1, max_length=12, description="The first ones, in order.")]
    year: Annotated[int, Field(ge=1900, le=2100)]
    arxiv: Annotated[str, StringConstraints(pattern=r"^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})$")]
    minutes: Annotated[int, Field(ge=5, le=120, description="Honest time for a first reading, in minutes.")]
    question: Annotated[Sentence, Field(description="What to find out by reading.")]


class PaperShelf(ContentModel):
    """The landmark papers."""

    papers: Annotated[tuple[Paper, ...], Field(min_length=1, max_length=200)]


class ReadingQuestion(ContentModel):
    """A question to read any machine-learning paper by: fresh papers come with one of these."""

    id: EntryId
    question: Annotated[Sentence, Field(description="Fits any paper of the field, and is answered by reading it.")]
    hint: Annotated[Hint, Field(description="Where to look in a paper, or how to begin.")]
    outline: Annotated[
        tuple[Sentence, ...], Field(min_length=2, max_length=5, description="What a good answer holds, point by point.")
    ]


class ReadingShelf(ContentModel):
    """The reading questions."""

    questions: Annotated[tuple[ReadingQuestion, ...], Field(min_length=1, max_length=200)]


class CompetitionTask(ContentModel):
    """Something to do in a competition that runs now, whatever it is about."""

    id: EntryId
    categories: Annotated[
        tuple[CompetitionCategory, ...], Field(min_length=1, description="Kaggle's kinds of competitions it fits.")
    ]
    levels: Annotated[
        tuple[Annotated[int, Field(ge=1, le=3)], ...],
        Field(min_length=1, max_length=3, description="Levels of a group that such competitions suit."),
    ]
    text: Annotated[Task, Field(description="What to do there today.")]
    hint: Annotated[Hint, Field(description="A nudge that does not give the answer away.")]
    outline: Annotated[
        tuple[Sentence, ...], Field(min_length=2, max_length=5, description="What a good answer holds, point by point.")
    ]


class CompetitionShelf(ContentModel):
    """The tasks for competitions."""

    competitions: Annotated[tuple[CompetitionTask, ...], Field(min_length=1, max_length=200)]


@frozen
class Exercises:
    """Everything that a daily post can hold, by id.

    Attributes:
        prompts: the practice prompts.
        stage_of: prompt id to the id of its stage.
        tasks: the evergreen Kaggle tasks.
        papers: the landmark papers.
        reading: the questions that fresh papers come with; without any, no fresh paper is posted.
        competitions: the tasks that competitions come with; a kind without any is not posted.
        cards: the review cards.
    """

    prompts: Mapping[str, Prompt] = field(default_factory=dict[str, Prompt])
    stage_of: Mapping[str, str] = field(default_factory=dict[str, str])
    tasks: Mapping[str, KaggleTask] = field(default_factory=dict[str, KaggleTask])
    papers: Mapping[str, Paper] = field(default_factory=dict[str, Paper])
    reading: Mapping[str, ReadingQuestion] = field(default_factory=dict[str, ReadingQuestion])
    competitions: Mapping[str, CompetitionTask] = field(default_factory=dict[str, CompetitionTask])
    cards: Cards = field(default_factory=Cards)

    @classmethod
    def of(
        cls,
        shelves: Iterable[PromptShelf],
        tasks: Iterable[KaggleTask],
        papers: Iterable[Paper],
        reading: Iterable[ReadingQuestion] = (),
        competitions: Iterable[CompetitionTask] = (),
        cards: Cards | None = None,
    ) -> Self:
        """Index checked content."""
        every = list(shelves)
        return cls(
            prompts={prompt.id: prompt for shelf in every for prompt in shelf.prompts},
            stage_of={prompt.id: shelf.stage for shelf in every for prompt in shelf.prompts},
            tasks={task.id: task for task in tasks},
            papers={paper.id: paper for paper in papers},
            reading={question.id: question for question in reading},
            competitions={task.id: task for task in competitions},
            cards=cards or Cards(),
        )
