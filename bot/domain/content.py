"""What every kind of content shares: ids, links, resources. The limits are Discord's, held at load time.

Sources of the limits: Discord's message, embed and component limits (embed title 256, description 4096, select label
100, button label 80, custom_id 100). A topic id has 40 characters at most so that it fits any component id.
"""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

PAGE_CHARACTERS = 3600
"""Text of one entry's page; an embed's description holds 4096, and the page adds headings and marks of its own."""

EntryId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=2, max_length=40),
    Field(description="Stable id: small letters, digits and single dashes. Never change it; progress hangs on it."),
]


Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=240)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=20, max_length=500)]


def web_address(value: str) -> str:
    """Return ``value`` if it is a plain web address.

    Raises:
        ValueError: with the reason, in words a moderator understands.
    """
    if any(character.isspace() for character in value):
        raise ValueError("a web address without spaces")
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        raise ValueError("a web address with a host such as scikit-learn.org") from None
    if parts.scheme not in {"http", "https"}:
        raise ValueError("a web address that starts with https://")
    if "." not in host or host.startswith(".") or host.endswith(".") or parts.username is not None:
        raise ValueError("a web address with a host such as scikit-learn.org")
    return value


WebAddress = Annotated[str, StringConstraints(max_length=300), AfterValidator(web_address)]


class ContentModel(BaseModel):
    """Base of all content: immutable, and a key it does not know is a fault."""

    # a model's validator is built when something of its kind is first read: most of them wait for a moderator
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


ResourceKind = Literal["docs", "video", "course", "book", "article", "paper", "exercise", "tool", "dataset"]


class Link(ContentModel):
    """A titled web address."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=90)]
    url: WebAddress


class Resource(Link):
    """Something free to learn from."""

    kind: ResourceKind = Field(description="What kind of thing it is.")


class Figure(ContentModel):
    """Where a figure comes from: whoever reads it must see how old it is and who says so."""

    according_to: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    as_of: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=20)] = Field(
        description="The year, or year and month, the figure was stated."
    )
