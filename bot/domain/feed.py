"""What the outside sources bring: papers and competitions, as plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from typing import Final

from pydantic import TypeAdapter

from bot.domain.frozen import frozen
from bot.domain.tex import readable

ARXIV: Final = "arXiv"
KAGGLE: Final = "Kaggle"
"""The sources, by the names people know them by."""
PAPER_PREFIX: Final = "arxiv:"
COMPETITION_PREFIX: Final = "kaggle:"
PARSED: Final = 2048
"""How many kept papers and competitions stay parsed: a paper day asks for the same ones guild after guild."""

CATEGORY: Final = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[a-z]+)*)?")
"""A subject class of arXiv: cs.LG, stat.ML, math-ph, q-bio.NC, cond-mat.mes-hall."""

SENTENCE_END: Final = re.compile(r"[.!?][)\]\"”’]*(?=\s+(?:[^\Wa-z_]|[\"“(\[]))")
NO_END: Final = re.compile(
    r"\b(?:e\.g|i\.e|al|cf|vs|Figs?|Eqs?|Secs?|Refs?|resp|approx|w\.r\.t|a\.k\.a|Dr|Prof|No|viz|ca|incl|Thm|[A-Z])\.$"
)


@frozen
class FeedPaper:
    """One paper of arXiv, in one version.

    Attributes:
        arxiv_id: without the version; old ids hold a slash: ``astro-ph/0601001``.
        version: counts from 1.
        title: on one line, LaTeX as its authors wrote it; see ``plain_title``.
        authors: in order.
        abstract: on one line, LaTeX as its authors wrote it; see ``plain_abstract``.
        categories: its subject classes.
        primary: the class it was submitted to.
        published: when its first version came out, in UTC. The RSS feed tells only the day of the announcement; for a
            paper listed there because another class took it in, that is the month of its id.
        updated: when this version came out, in UTC.
        comment: the authors' own remark; the RSS feed has none.
        withdrawn: whether its authors or arXiv took it back.
    """

    arxiv_id: str
    version: int
    title: str
    authors: tuple[str, ...]
    abstract: str
    categories: tuple[str, ...]
    primary: str
    published: datetime
    updated: datetime
    comment: str | None
    withdrawn: bool

    @property
    def item_id(self) -> str:
        """The id it is posted under: the same for all its versions."""
        return f"{PAPER_PREFIX}{self.arxiv_id}"

    @property
    def link(self) -> str:
        """The page of its newest version."""
        return f"https://arxiv.org/abs/{self.arxiv_id}"

    @property
    def plain_title(self) -> str:
        """The title with its mathematics readable."""
        return readable(self.title)


@frozen
class Competition:
    """One competition of Kaggle.

    Attributes:
        slug: its stable name in addresses.
        title: on one line.
        url: its page.
        description: one line, may be empty.
        deadline: in UTC; None where there is none. Evergreen ones name a day years ahead.
        category: Kaggle's own word: Featured, Playground, Getting Started.
        reward: free text: "$100,000", "Knowledge", "Swag"; may be empty.
        tags: names of its subjects.
        teams: how many take part; None where Kaggle does not say.
        enabled: when it opened, in UTC.
        submissions_closed: whether nothing can be handed in any more.
    """

    slug: str
    title: str
    url: str
    description: str
    deadline: datetime | None
    category: str
    reward: str
    tags: tuple[str, ...]
    teams: int | None
    enabled: datetime | None
    submissions_closed: bool

    @property
    def item_id(self) -> str:
        """The id it is posted under."""
        return f"{COMPETITION_PREFIX}{self.slug}"


@cache
def _papers() -> TypeAdapter[FeedPaper]:
    return TypeAdapter(FeedPaper)


@cache
def _competitions() -> TypeAdapter[Competition]:
    return TypeAdapter(Competition)


def paper_json(paper: FeedPaper) -> str:
    """Return a paper as it is kept."""
    return _papers().dump_json(paper).decode()


def competition_json(competition: Competition) -> str:
    """Return a competition as it is kept."""
    return _competitions().dump_json(competition).decode()


@lru_cache(maxsize=PARSED)
def paper_from(payload: str) -> FeedPaper:
    """Return the paper that was kept as ``payload``."""
    return _papers().validate_json(payload)


@lru_cache(maxsize=PARSED)
def competition_from(payload: str) -> Competition:
    """Return the competition that was kept as ``payload``."""
    return _competitions().validate_json(payload)


def newest_versions(papers: Iterable[FeedPaper]) -> list[FeedPaper]:
    """Return every paper once, in its highest version, at the place where it first stood."""
    newest: dict[str, FeedPaper] = {}
    for paper in papers:
        known = newest.get(paper.arxiv_id)
        if known is None or paper.version > known.version:
            newest[paper.arxiv_id] = paper
    return list(newest.values())


def plain_abstract(text: str, most: int) -> str:
    """Return an abstract to read: one line, mathematics as symbols and words, cut at the end of a sentence.

    Args:
        text: the abstract as arXiv gives it.
        most: how many characters the result has at most. Where not even the first sentence fits, the result ends
            after a word, with an ellipsis.
    """
    plain = readable(text)
    if len(plain) <= most:
        return plain
    end = 0
    for found in SENTENCE_END.finditer(plain, 0, most + 2):
        if found.end() <= most and not NO_END.search(plain, max(0, found.start() - 12), found.start() + 1):
            end = found.end()
    if end:
        return plain[:end]
    head = plain[: max(0, most - 1)]
    return f"{(head.rpartition(' ')[0] or head).rstrip(' ,;:')}…"[:most]
