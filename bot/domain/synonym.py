"""Words of the field that stand for each other: what people type, and what it may mean."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.domain.content import ContentModel

Term = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Synonym(ContentModel):
    """One short form and everything it may mean. Several meanings are several senses: ``cv`` is one such."""

    short: Annotated[Term, Field(description="As members type it: small letters, such as sgd or k8s.")]
    means: Annotated[tuple[Term, ...], Field(min_length=1, max_length=6, description="Each sense written out.")]


class SynonymShelf(ContentModel):
    """The file of synonyms beside the FAQ's categories."""

    synonyms: Annotated[tuple[Synonym, ...], Field(min_length=1, max_length=500)]
