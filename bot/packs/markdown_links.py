"""Lists of links in Markdown: each item that leads somewhere becomes a resource."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it.token import Token

from bot.domain.entry import Fields
from bot.domain.frozen import frozen
from bot.packs.markdown_text import Block

KINDS: Final = (
    ("video", ("youtube.com", "youtu.be", "vimeo.com", "video", "playlist")),
    ("paper", ("arxiv.org", "openreview.net", "paper")),
    ("dataset", ("/datasets/", "dataset")),
    ("book", ("book",)),
    ("course", ("course", "coursera.org", "edx.org", "udacity.com", "mooc")),
    ("docs", ("docs.", "readthedocs", "documentation")),
    ("exercise", ("kaggle.com/competitions", "exercise", "quiz")),
)
"""What a resource is, by a word in its address, its section or the file's name; the first that fits wins."""
MOST_TITLE: Final = 200
MOST_NOTE: Final = 500


@frozen
class FoundLink:
    """A resource: its line, from 0, and its fields."""

    line: int
    fields: Fields


def links_in(every: Sequence[Block], file: str) -> list[FoundLink]:
    """Return the resources of a text, with the heading that each stands under."""
    found: list[FoundLink] = []
    section = ""
    for block in every:
        if block.level:
            section = clipped(block.text, 60)
        elif block.kind.endswith("_list"):
            found += _in_list(block, section, file)
    return found


def _in_list(block: Block, section: str, file: str) -> Iterator[FoundLink]:
    for token in block.tokens:
        if token.type == "inline" and token.map is not None:
            one = _of_line(token, section, file)
            if one is not None:
                yield FoundLink(token.map[0], one)


def _of_line(inline: Token, section: str, file: str) -> Fields | None:
    """Return the resource of one item: its first link that leads out, and the words beside it."""
    address = title = rest = ""
    inside = done = False
    for child in inline.children or ():
        if child.type == "link_open" and not done:
            address = str(child.attrGet("href") or "")
            inside = address.startswith(("http://", "https://"))
        elif child.type == "link_close" and inside:
            inside, done = False, True
        elif child.type in {"text", "code_inline"}:
            if inside:
                title += child.content
            else:
                rest += child.content
        elif child.type in {"softbreak", "hardbreak"}:
            rest += " "
    if not done:
        return None
    title, note = " ".join(title.split()), " ".join(rest.split()).strip(" -–—:·.,;()[]")
    kind = kind_of(address.casefold(), f"{section} {file}".casefold())
    fields = {"title": clipped(title, MOST_TITLE), "url": address, "kind": kind}
    if len(note) > 2:
        fields["note"] = clipped(note, MOST_NOTE)
    return {**fields, "section": section} if section else fields


def kind_of(address: str, around: str) -> str:
    """Return what a resource probably is."""
    for text in (address, around):
        for kind, signs in KINDS:
            if any(sign in text for sign in signs):
                return kind
    return "article"


def clipped(text: str, most: int) -> str:
    """Return a text of at most ``most`` characters, cut between words."""
    head = text[: most - 1]
    return text if len(text) <= most else f"{head.rpartition(' ')[0] or head}…"
