"""A track: stages of topics, in order. The content behind ``/roadmap``."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.domain.content import PAGE_CHARACTERS, ContentModel, EntryId, Paragraph, Resource, Sentence, Title


class Practice(ContentModel):
    """One task to do with one's own hands, and how to tell that it is done."""

    task: Annotated[Paragraph, Field(description="What to do, on which data, with which outcome.")]
    done_when: Annotated[Sentence, Field(description="What one can show when it is done.")]


class Milestone(ContentModel):
    """A step of a project that can be shown to others."""

    title: Title
    done_when: Sentence


class Topic(ContentModel):
    """One thing to learn, of a size that is finished in days."""

    id: EntryId
    title: Title
    skill: Annotated[EntryId, Field(description="The skill area it belongs to: an item of the guide's skills chapter.")]
    hours: Annotated[float, Field(ge=0.5, le=80, multiple_of=0.5, description="Honest effort in hours.")]
    requires: Annotated[
        tuple[EntryId, ...], Field(max_length=5, description="Topics to finish first, by id; may be empty.")
    ] = ()
    why: Annotated[Paragraph, Field(description="Why it matters, to this learner, now.")]
    checks: Annotated[
        tuple[Sentence, ...], Field(min_length=2, max_length=4, description="What one can do afterwards.")
    ]
    resources: Annotated[tuple[Resource, ...], Field(min_length=2, max_length=4)]
    practice: Practice
    milestones: Annotated[
        tuple[Milestone, ...], Field(max_length=6, description="For projects: the steps, in order.")
    ] = ()

    @model_validator(mode="after")
    def _fits_a_message(self) -> Self:
        steps = sum(len(step.title) + len(step.done_when) for step in self.milestones)
        links = sum(len(link.title) + len(link.url) for link in self.resources)
        texts = len(self.why) + sum(map(len, self.checks)) + len(self.practice.task) + len(self.practice.done_when)
        if steps + links + texts > PAGE_CHARACTERS:
            raise ValueError(f"at most {PAGE_CHARACTERS} characters in all, so that its page fits one message")
        return self


class Stage(ContentModel):
    """A step of the road: 5 to 9 topics that belong together."""

    id: EntryId
    order: Annotated[int, Field(ge=1, le=20)]
    title: Title
    summary: Annotated[Sentence, Field(description="What one is able to do at its end.")]
    topics: Annotated[tuple[Topic, ...], Field(min_length=1, max_length=24)]


class Background(ContentModel):
    """Where a newcomer comes from, and what such people usually know already."""

    id: EntryId
    title: Title
    hint: Sentence
    knows: Annotated[tuple[EntryId, ...], Field(description="Topics to offer as already known, by id.")] = ()


class Track(ContentModel):
    """The whole road, stages in order."""

    id: EntryId
    title: Title
    backgrounds: Annotated[tuple[Background, ...], Field(min_length=1, max_length=4)]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=20)]
