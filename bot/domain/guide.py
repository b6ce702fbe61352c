"""The guide's chapters beside the road: who, why, pathways, skills, tools, roles, industries, challenges, tips."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.domain.content import PAGE_CHARACTERS, ContentModel, EntryId, Figure, Link, Paragraph, Sentence, Title


class GuideItem(ContentModel):
    """One entry of a chapter: a skill area, a role, or a challenge with its solution."""

    id: EntryId
    title: Title
    text: Paragraph
    solution: Annotated[Paragraph | None, Field(description="For challenges: what to do about it.")] = None
    figure: Annotated[Figure | None, Field(description="Needed wherever the text states a figure.")] = None
    link: Link | None = None
    topics: Annotated[tuple[EntryId, ...], Field(max_length=9, description="Topics of the road that teach it.")] = ()


class Chapter(ContentModel):
    """One page of the guide."""

    id: EntryId
    order: Annotated[int, Field(ge=1, le=25)]
    title: Title
    lead: Annotated[Paragraph, Field(description="The page's first lines; they stand alone.")]
    items: Annotated[tuple[GuideItem, ...], Field(min_length=1, max_length=10)]
    closing: Sentence | None = None

    @model_validator(mode="after")
    def _fits_a_message(self) -> Self:
        items = sum(len(item.title) + len(item.text) + len(item.solution or "") for item in self.items)
        if len(self.lead) + items + len(self.closing or "") > PAGE_CHARACTERS:
            raise ValueError(f"at most {PAGE_CHARACTERS} characters in all, so that its page fits one message")
        return self
