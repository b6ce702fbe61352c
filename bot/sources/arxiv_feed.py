"""arXiv's two feeds, the Atom of its query API and the RSS of its daily announcements, as papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field, ValidationError

from bot.domain.feed import CATEGORY, FeedPaper
from bot.domain.tex import one_line
from bot.errors import SourceError
from bot.log import get_logger

log = get_logger(__name__)

SOURCE: Final = "arXiv"
ATOM: Final = "{http://www.w3.org/2005/Atom}"
ARXIV: Final = "{http://arxiv.org/schemas/atom}"
OPENSEARCH: Final = "{http://a9.com/-/spec/opensearch/1.1/}"
CREATOR: Final = "{http://purl.org/dc/elements/1.1/}creator"

IDENTITY: Final = re.compile(r"(?:^|[/:])([0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})(?:v([0-9]{1,4}))?$")
DECLARES: Final = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
ANNOUNCED: Final = re.compile(r"^\s*arXiv:\S+\s+Announce Type:\s*([a-z-]+)\s+(?:Abstract:\s*)?")
AFFILIATION: Final = re.compile(r"\([^()]*\)")
WORK: Final = r"(?:paper|article|manuscript|submission|preprint|work|version|report|note)"
# "withdrawn from the conference" is no withdrawal from arXiv
WITHDRAWN: Final = re.compile(
    rf"(?:^\W*|\b{WORK}\s+(?:has\s+been|have\s+been|was|is)\s+(?:temporarily\s+)?)withdrawn\b(?!\s+from\b)",
    re.IGNORECASE,
)
ISO_DATE: Final = re.compile(r"[0-9]{4}-")
PIECE: Final = 65536
DEEPEST: Final = 16
MOST_ELEMENTS: Final = 200_000
"""A busy day's announcement has some 25,000; without bounds, 8 MB of nested tags take 750 MB of memory."""


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a day no calendar holds") from None


def _mail_date(value: object) -> object:
    """Return the date of an RSS feed, which is written as in letters, as a datetime; other values as they are."""
    if not isinstance(value, str) or ISO_DATE.match(value):
        return value
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, IndexError, OverflowError):
        raise ValueError("no date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Line = Annotated[str, AfterValidator(one_line)]
Instant = Annotated[AwareDatetime, BeforeValidator(_mail_date), AfterValidator(_utc)]


class _BoundedTree(TreeBuilder):
    """Builds a document, and stops where no feed is that deep or that large."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST or self._count > MOST_ELEMENTS:
            raise ValueError("no feed is like this")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


class _Entry(BaseModel):
    """The border: what a paper of either feed must hold to be believed."""

    identity: Annotated[str, Field(pattern=r"^\S{1,80}$")]
    version: Annotated[int, Field(ge=1)]
    title: Annotated[Line, Field(min_length=1)]
    authors: tuple[Line, ...]
    abstract: Line
    categories: Annotated[tuple[str, ...], Field(min_length=1)]
    published: Instant
    updated: Instant
    comment: Line | None

    def paper(self) -> FeedPaper:
        """Return it as a domain value; the first category is the primary one."""
        return FeedPaper(
            arxiv_id=self.identity,
            version=self.version,
            title=self.title,
            authors=tuple(name for name in self.authors if name),
            abstract=self.abstract,
            categories=self.categories,
            primary=self.categories[0],
            published=self.published,
            updated=self.updated,
            comment=self.comment or None,
            withdrawn=bool(WITHDRAWN.search(self.comment or "") or WITHDRAWN.search(self.abstract[:200])),
        )


def papers_of_atom(body: bytes) -> list[FeedPaper]:
    """Return the papers of an answer of the query API, in its order and versions; none is no error.

    Raises:
        SourceError: for an error entry, with arXiv's own reason; for what is no Atom feed; where a feed says it has
            papers and holds none that can be used.
    """
    root = _parsed(body)
    if root.tag != f"{ATOM}feed":
        raise _unusable("no Atom feed")
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        if "/api/errors" in _text(entry, f"{ATOM}id"):
            raise SourceError(
                f"arXiv did not understand the question: {one_line(_text(entry, f'{ATOM}summary'))[:200]}",
                source=SOURCE,
            )
    # arXiv's API now and then answers a full search with an empty page
    if not entries and _text(root, f"{OPENSEARCH}totalResults").strip("0 \n"):
        raise _unusable("an empty page")
    return _believed([_of_atom(entry) for entry in entries])


def papers_of_rss(body: bytes) -> list[FeedPaper]:
    """Return the papers of a daily announcement: new ones and those taken into a further category.

    Replacements are no news and left out. On weekends and holidays the feed is empty, which is no error.

    Raises:
        SourceError: for what is no RSS feed, and where none of its items can be used.
    """
    channel = _parsed(body).find("channel")
    if channel is None:
        raise _unusable("no RSS feed")
    read = [_of_rss(item, _text(channel, "pubDate")) for item in channel.findall("item")]
    return _believed([values for kind, values in read if not kind.startswith("replace")])


def _of_atom(entry: Element) -> dict[str, object]:
    primary = entry.find(f"{ARXIV}primary_category")
    terms = [] if primary is None else [primary.get("term", "")]
    terms += [one.get("term", "") for one in entry.findall(f"{ATOM}category")]
    return {
        **_identity(_text(entry, f"{ATOM}id")),
        "title": _text(entry, f"{ATOM}title"),
        "authors": [_text(author, f"{ATOM}name") for author in entry.findall(f"{ATOM}author")],
        "abstract": _text(entry, f"{ATOM}summary"),
        "categories": _categories(terms),
        "published": _text(entry, f"{ATOM}published").strip(),
        "updated": _text(entry, f"{ATOM}updated").strip(),
        "comment": _text(entry, f"{ARXIV}comment"),
    }


def _of_rss(item: Element, channel_date: str) -> tuple[str, dict[str, object]]:
    description = _text(item, "description")
    announced = ANNOUNCED.match(description)
    kind = _text(item, f"{ARXIV}announce_type").strip().lower() or (announced[1] if announced else "new")
    identity = _identity(_text(item, "guid")) or _identity(_text(item, "link"))
    moment = (_text(item, "pubDate") or channel_date).strip()
    first = _first_month(str(identity.get("identity", ""))) if kind == "cross" else None
    return kind, {
        **identity,
        "title": _text(item, "title"),
        # one string with commas; affiliations in brackets hold commas too, and names can be empty
        "authors": AFFILIATION.sub("", _text(item, CREATOR)).split(","),
        "abstract": description[announced.end() :] if announced else description,
        "categories": _categories(_all_text(one) for one in item.findall("category")),
        "published": first or moment,
        "updated": moment,
        "comment": None,
    }


def _first_month(arxiv_id: str) -> datetime | None:
    """Return the first instant of the month an id was given in: a paper cross-listed today can be years old."""
    digits = arxiv_id.rpartition("/")[2]
    if not digits[:4].isdecimal() or not 1 <= int(digits[2:4]) <= 12:
        return None
    year = int(digits[:2])
    return datetime(year + (1900 if year > 90 else 2000), int(digits[2:4]), 1, tzinfo=UTC)


def _identity(address: str) -> dict[str, object]:
    found = IDENTITY.search(address.strip())
    return {"identity": found[1], "version": int(found[2] or 1)} if found else {}


def _categories(terms: Iterable[str]) -> list[str]:
    # the classes of other schemes, 68T07 or I.2.6, stand in the same element
    return list(dict.fromkeys(term for one in terms if CATEGORY.fullmatch(term := one.strip())))


def _believed(entries: list[dict[str, object]]) -> list[FeedPaper]:
    papers = [paper for entry in entries if (paper := _paper(entry)) is not None]
    if len(papers) < len(entries):
        log.warning("arxiv_entries_left_out", count=len(entries) - len(papers), of=len(entries))
    if entries and not papers:
        raise _unusable("no usable paper")
    return papers


def _paper(entry: Mapping[str, object]) -> FeedPaper | None:
    try:
        return _Entry.model_validate(entry).paper()
    except ValidationError:
        return None


def _parsed(body: bytes) -> Element:
    """Return the root of an XML document that declares nothing.

    Entities that unfold without end or read files can't be declared without a DOCTYPE, so a document with one is
    refused unread. It is decoded first, so that no other encoding can hide one.
    """
    text = body.decode("utf-8-sig", "replace")
    if DECLARES.search(text):
        raise _unusable("a document that declares entities or is a web page")
    # what S314 warns of can't begin without the declarations refused above
    parser = XMLParser(target=_BoundedTree())  # noqa: S314
    try:
        # in pieces: one call would hold all other threads until a long feed is done
        for start in range(0, len(text), PIECE):
            parser.feed(text[start : start + PIECE])
        return parser.close()
    except (ParseError, ValueError) as error:
        raise _unusable("broken XML, or more than a feed holds") from error


def _text(parent: Element, tag: str) -> str:
    child = parent.find(tag)
    return "" if child is None else _all_text(child)


def _all_text(element: Element) -> str:
    return "".join(element.itertext())


def _unusable(what: str) -> SourceError:
    return SourceError(f"arXiv answered with {what}.", source=SOURCE)
