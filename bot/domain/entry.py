"""What a server may load: kinds of entries, the model that each must fit, and its canonical form.

A server's own entries live by wider limits than the shipped pack's, which are those of style: an FAQ answer of a
server may fill a whole message and needs no phrasings. What Discord can't show is refused all the same.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Container, Mapping
from enum import StrEnum
from functools import cache
from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter

from bot.domain.content import PAGE_CHARACTERS, ContentModel, EntryId, Resource, ResourceKind
from bot.domain.faq import FaqCategory, FaqEntry
from bot.domain.prompt import Prompt, PromptKind
from bot.domain.review import ChoiceCard, ClozeCard, QuestionCard
from bot.domain.track import Milestone, Practice, Stage, Topic

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
Fields: TypeAlias = Mapping[str, Json]
"""An entry in its canonical form: the model's keys in its order, without what is left at its default."""


class Kind(StrEnum):
    """What an entry is. Categories and stages are the shelves that FAQ entries and topics stand on."""

    FAQ = "faq"
    PROMPT = "prompts"
    CARD = "cards"
    RESOURCE = "resources"
    TOPIC = "roadmap"
    CATEGORY = "categories"
    STAGE = "stages"


LOADABLE: Final = (Kind.FAQ, Kind.PROMPT, Kind.CARD, Kind.RESOURCE, Kind.TOPIC)
"""The kinds that a moderator names; shelves come along with theirs."""
SHELF_OF: Final[Mapping[Kind, Kind]] = {Kind.FAQ: Kind.CATEGORY, Kind.TOPIC: Kind.STAGE}
PAIRS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.FAQ: ("question", "answer"),
    Kind.CARD: ("front", "back"),
    Kind.PROMPT: ("title", "text"),
}
"""The keys of what is asked and what is told, of the kinds that are such a pair."""
NOUNS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.FAQ: ("question", "questions"),
    Kind.PROMPT: ("prompt", "prompts"),
    Kind.CARD: ("card", "cards"),
    Kind.RESOURCE: ("resource", "resources"),
    Kind.TOPIC: ("topic", "topics"),
    Kind.CATEGORY: ("FAQ category", "FAQ categories"),
    Kind.STAGE: ("stage", "stages"),
}
MOST_SHELVES: Final = 25
"""Options of a Discord menu."""
OWN_SHELF: Final = "this-server"
OWN_SHELF_TITLE: Final = "From this server"
OWN_SHELF_SUMMARY: Final = "What the moderators of this server added."


def flat_keys(kind: Kind) -> tuple[str, ...]:
    """Return the columns that a table of this kind can have, the parts of records as ``link.url``."""
    flat: list[str] = []
    for key in KEYS[kind]:
        flat += [f"{key}.{part}" for part in PARTS[key]] if key in PARTS else [key]
    return tuple(flat)


def _one_line(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def _filled(least: int, most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


OneLine = BeforeValidator(_one_line)
Shelf = Annotated[str, StringConstraints(max_length=60), OneLine]
Words = Annotated[str, _filled(2, 240), OneLine]


class OwnFaq(FaqEntry):
    """A question of a server's own FAQ. ``shelf`` is its category's id."""

    shelf: Shelf = OWN_SHELF
    question: Annotated[str, _filled(3, 250), OneLine]
    phrasings: Annotated[tuple[Annotated[str, _filled(2, 140), OneLine], ...], Field(max_length=12)] = ()
    answer: Annotated[str, _filled(1, PAGE_CHARACTERS)]


class OwnPrompt(Prompt):
    """A server's own practice prompt."""

    title: Annotated[str, _filled(2, 100), OneLine]
    kind: PromptKind = "concept"
    level: Annotated[int, Field(ge=1, le=3)] = 1
    topics: Annotated[tuple[EntryId, ...], Field(max_length=3)] = ()
    text: Annotated[str, _filled(10, 1800)]
    hint: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    outline: Annotated[tuple[Words, ...], Field(max_length=8)] = ()


class OwnQuestionCard(QuestionCard):
    """A question and its answer, as other programs export them; ``topic`` may be empty."""

    topic: Annotated[str, StringConstraints(max_length=40)] = ""
    front: Annotated[str, _filled(2, 600)]
    back: Annotated[str, _filled(1, 1500)]


class OwnChoiceCard(ChoiceCard):
    """Four choices; ``topic`` may be empty."""

    topic: Annotated[str, StringConstraints(max_length=40)] = ""


class OwnClozeCard(ClozeCard):
    """A sentence with blanks; ``topic`` may be empty."""

    topic: Annotated[str, StringConstraints(max_length=40)] = ""


OwnCard: TypeAlias = Annotated[OwnQuestionCard | OwnChoiceCard | OwnClozeCard, Field(discriminator="kind")]


class OwnResource(Resource):
    """Something to learn from that a server collected."""

    id: EntryId
    title: Annotated[str, _filled(1, 200), OneLine]
    kind: ResourceKind = "article"
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), OneLine] = ""
    section: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), OneLine] = ""
    topics: Annotated[tuple[EntryId, ...], Field(max_length=4)] = ()


class OwnTopic(Topic):
    """A topic of a server's own road. ``shelf`` is its stage's id."""

    shelf: Shelf = OWN_SHELF
    hours: Annotated[float, Field(ge=0.5, le=200, multiple_of=0.5)] = 2
    skill: EntryId = "any"
    why: Annotated[str, _filled(1, 800)]
    checks: Annotated[tuple[Words, ...], Field(max_length=6)] = ()
    resources: Annotated[tuple[Resource, ...], Field(max_length=6)] = ()
    practice: Practice = Practice(
        task="Practice it in a small piece of work of your own choice.", done_when="You can show it to somebody."
    )
    milestones: Annotated[tuple[Milestone, ...], Field(max_length=6)] = ()


class OwnCategory(FaqCategory):
    """A shelf of a server's FAQ; it holds as many entries as the server loads."""

    order: Annotated[int, Field(ge=1, le=999)] = 99
    summary: Annotated[str, _filled(1, 240)] = OWN_SHELF_SUMMARY
    entries: tuple[FaqEntry, ...] = ()


class OwnStage(Stage):
    """A stage of a server's road."""

    order: Annotated[int, Field(ge=1, le=999)] = 99
    summary: Annotated[str, _filled(1, 500)] = OWN_SHELF_SUMMARY
    topics: tuple[Topic, ...] = ()


_ADAPTERS: Final[Mapping[Kind, Callable[[], TypeAdapter[ContentModel]]]] = {
    Kind.FAQ: lambda: TypeAdapter(OwnFaq),
    Kind.PROMPT: lambda: TypeAdapter(OwnPrompt),
    Kind.CARD: lambda: TypeAdapter(OwnCard),
    Kind.RESOURCE: lambda: TypeAdapter(OwnResource),
    Kind.TOPIC: lambda: TypeAdapter(OwnTopic),
    Kind.CATEGORY: lambda: TypeAdapter(OwnCategory),
    Kind.STAGE: lambda: TypeAdapter(OwnStage),
}
KEYS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.FAQ: ("id", "shelf", "question", "phrasings", "answer", "figure", "link", "related", "topics"),
    Kind.PROMPT: ("id", "kind", "level", "topics", "title", "text", "hint", "outline"),
    Kind.CARD: ("id", "topic", "kind", "front", "back", "text", "choices", "right"),
    Kind.RESOURCE: ("id", "title", "url", "kind", "note", "section", "topics"),
    Kind.TOPIC: (
        "id", "shelf", "title", "skill", "hours", "requires", "why", "checks", "resources", "practice", "milestones",
    ),
    Kind.CATEGORY: ("id", "order", "title", "summary"),
    Kind.STAGE: ("id", "order", "title", "summary"),
}  # fmt: skip
"""The keys of each kind, in the order in which they are written."""
LISTS: Final = frozenset({"phrasings", "related", "topics", "outline", "requires", "checks"})
"""Keys that hold a list of texts."""
RECORDS: Final = frozenset({"resources", "milestones", "choices"})
"""Keys that hold a list of records."""
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "figure": ("according_to", "as_of"),
    "link": ("title", "url"),
    "practice": ("task", "done_when"),
}
"""Keys that hold one record, with its keys."""


@cache
def _adapter(kind: Kind) -> TypeAdapter[ContentModel]:
    """Return what checks a kind, made when it is first needed: most bots never load anything."""
    return _ADAPTERS[kind]()


def validated(kind: Kind, fields: Fields) -> ContentModel:
    """Return the entry as its model.

    Raises:
        pydantic.ValidationError: where it does not fit.
    """
    return _adapter(kind).validate_python(fields)


def canonical(kind: Kind, model: ContentModel) -> dict[str, Json]:
    """Return an entry in its canonical form."""
    written = model.model_dump(mode="json", exclude_defaults=True)
    if kind is Kind.CARD:
        written["kind"] = getattr(model, "kind", "question")
    return {key: written[key] for key in KEYS[kind] if key in written}


def title_of(kind: Kind, fields: Fields) -> str:
    """Return the words by which people know an entry; empty where it has none."""
    names = {Kind.FAQ: ("question",), Kind.CARD: ("front", "text")}.get(kind, ("title",))
    return next((str(fields[name]) for name in names if fields.get(name)), "")


def matching_key(kind: Kind, fields: Fields) -> str:
    """Return what makes an entry without an id the same as another: its question or title, normalised.

    Case, punctuation and white space don't count. Of a card with blanks, the blanks' contents count.
    """
    title = title_of(kind, fields)
    plain = unicodedata.normalize("NFKC", title).casefold()
    return " ".join(re.findall(r"[^\W_]+(?:\+\+|#)?", plain)) or " ".join(plain.split())


def exact_key(kind: Kind, fields: Fields) -> str:
    """Return a narrower ``matching_key``: resources of one title may lead to different places."""
    key = matching_key(kind, fields)
    return f"{key} {address_key(fields.get('url'))}" if kind is Kind.RESOURCE else key


def address_key(url: Json) -> str:
    """Return what two ways of writing one web address have in common."""
    return str(url).casefold().split("#")[0].rstrip("/").replace("http://", "https://").replace("://www.", "://")


def made_id(kind: Kind, fields: Fields, taken: Container[str]) -> str:
    """Return an id for an entry that came without one; the same title always gets the same id, unless it is taken."""
    key = matching_key(kind, fields)
    plain = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))
    mark = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
    if 2 <= len(slug) <= 40 and slug not in taken:
        return slug
    head = slug[:31].rpartition("-")[0] or slug[:31] or "entry"
    for start in range(0, 48, 8):
        made = f"{head}-{mark[start : start + 8]}"
        if made not in taken:
            return made
    return mark[:40]


def as_json(fields: Fields) -> str:
    """Return fields as one line of JSON, the same for the same fields."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
