"""Forms for one entry of the content: what stands in them, and what was typed, by the keys of the entry's model."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final, cast, get_args

import discord

from bot.domain.content import PAGE_CHARACTERS, ResourceKind
from bot.domain.entry import NOUNS, Fields, Json, Kind
from bot.domain.frozen import frozen
from bot.domain.prompt import PromptKind
from bot.services.form import Refused
from bot.ui.components import ComponentId, Style, button, form, menu_field, rows, text_field
from bot.ui.reply import Reply
from bot.ui.text import TROUBLE, clip

MOST_TYPED: Final = 4000
"""Characters of a form's field."""


class Part(StrEnum):
    """A form holds five fields; what does not fit stands in a second one."""

    MAIN = "a"
    MORE = "b"


class Shape(StrEnum):
    """How a field is typed: as a text, one thing a line, ids, one of a few, or one of the server's shelves."""

    TEXT = "text"
    LINES = "lines"
    IDS = "ids"
    ONE_OF = "one of"
    SHELF = "shelf"


@frozen
class Field:
    """One field of a form; ``key`` is the model's, with a dot before a key within it."""

    key: str
    label: str
    most: int = 250
    shape: Shape = Shape.TEXT
    required: bool = False
    example: str = ""
    options: tuple[str, ...] = ()

    @property
    def long(self) -> bool:
        """Whether it has several lines."""
        return self.shape is Shape.LINES or self.most > 300


_TOPICS: Final = Field("topics", "Topics of the road, by id", 200, Shape.IDS, example="cross-validation, metrics")
_FAQ: Final = (
    Field("question", "Question", 250, required=True, example="Do I need a degree?"),
    Field("answer", "Answer", PAGE_CHARACTERS, required=True),
    Field("phrasings", "Also asked as, one a line", 1800, Shape.LINES, example="is a degree needed"),
    Field("shelf", "Category", shape=Shape.SHELF),
)
_PROMPT: Final = (
    Field("title", "Title", 100, required=True, example="Which metric would you not report?"),
    Field("text", "Task", 1800, required=True),
    Field("hint", "Hint", 300),
    Field("outline", "A good answer holds, one point a line", 2000, Shape.LINES),
    Field("kind", "Kind", shape=Shape.ONE_OF, options=get_args(PromptKind)),
)
_RESOURCE: Final = (
    Field("title", "Title", 200, required=True, example="An Introduction to Statistical Learning"),
    Field("url", "Web address", 300, required=True, example="https://www.statlearning.com"),
    Field("kind", "Kind", shape=Shape.ONE_OF, options=get_args(ResourceKind)),
    Field("note", "What it is good for", 500),
)
_SHELF: Final = (
    Field("title", "Title", 60, required=True),
    Field("summary", "What stands on it", 500, required=True),
    Field("order", "Place among the others, a number", 3),
)
FORMS: Final[Mapping[tuple[Kind, Part], tuple[Field, ...]]] = {
    (Kind.FAQ, Part.MAIN): _FAQ,
    (Kind.FAQ, Part.MORE): (
        Field("link.title", "Words of the link below the answer", 90),
        Field("link.url", "Address of that link", 300),
        Field("figure.according_to", "Who says the answer's figures", 80),
        Field("figure.as_of", "Year of the figures", 20, example="2026"),
        Field("related", "Questions beside it, by id", 200, Shape.IDS),
    ),
    (Kind.PROMPT, Part.MAIN): _PROMPT,
    (Kind.PROMPT, Part.MORE): (Field("level", "Level", shape=Shape.ONE_OF, options=("1", "2", "3")), _TOPICS),
    (Kind.RESOURCE, Part.MAIN): _RESOURCE,
    (Kind.RESOURCE, Part.MORE): (Field("section", "Section", 60), _TOPICS),
    (Kind.TOPIC, Part.MAIN): (
        Field("title", "Title", 60, required=True),
        Field("why", "Why it matters", 800, required=True),
        Field("hours", "Hours it takes", 6, example="2.5"),
        Field("checks", "Afterwards one can, one thing a line", 1500, Shape.LINES),
        Field("shelf", "Stage", shape=Shape.SHELF),
    ),
    (Kind.TOPIC, Part.MORE): (
        Field("requires", "Topics needed before it, by id", 400, Shape.IDS),
        Field("skill", "Skill it belongs to, by id", 40),
        Field("practice.task", "Practice", 800),
        Field("practice.done_when", "Practice is done when", 400),
    ),
    (Kind.CATEGORY, Part.MAIN): _SHELF,
    (Kind.STAGE, Part.MAIN): _SHELF,
}
_CARDS: Final[Mapping[str, tuple[Field, ...]]] = {
    "question": (
        Field("front", "Question", 600, required=True),
        Field("back", "Answer", 1500, required=True),
        Field("topic", "Topic of the road, by id", 40),
    ),
    "cloze": (
        Field("text", "Sentence, its blanks as {{c1::word}}", 600, required=True),
        Field("topic", "Topic of the road, by id", 40),
    ),
    "choice": (Field("front", "Question", 600, required=True), Field("topic", "Topic of the road, by id", 40)),
}


def form_fields(kind: Kind, part: Part, fields: Fields) -> tuple[Field, ...]:
    """Return the fields of a form; nothing where an entry of this kind has no such part."""
    if kind is Kind.CARD:
        return _CARDS[str(fields.get("kind") or "question")] if part is Part.MAIN else ()
    return FORMS.get((kind, part), ())


def texts_of(fields: Fields) -> dict[str, str]:
    """Return an entry as a form is filled with it: each key's text."""
    found: dict[str, str] = {}
    for key, value in fields.items():
        if isinstance(value, dict):
            found |= {f"{key}.{inner}": str(one) for inner, one in value.items()}
        elif isinstance(value, list):
            found[key] = "\n".join(str(one) for one in value if isinstance(one, str))
        elif value is not None:
            found[key] = f"{value:g}" if isinstance(value, float) else str(value)
    return found


def typed_fields(asked: Sequence[Field], texts: Mapping[str, str]) -> dict[str, Json]:
    """Return what was typed by the model's keys; what was emptied is an empty text."""
    found: dict[str, Json] = {}
    for field in asked:
        text = texts.get(field.key, "").strip()
        outer, _, inner = field.key.partition(".")
        match field.shape:
            case Shape.LINES:
                lines: list[Json] = [one.strip().removeprefix("- ").strip() for one in text.splitlines()]
                found[outer] = [one for one in lines if one]
            case Shape.IDS:
                found[outer] = cast("list[Json]", [one for one in re.split(r"[\s,;]+", text) if one])
            case Shape.SHELF | Shape.ONE_OF if not text:
                continue
            case _ if inner:
                record = found.setdefault(outer, {})
                assert isinstance(record, dict)  # noqa: S101  (set in the line before)
                if text:
                    record[inner] = text
            case _:
                found[outer] = text
    return {key: "" if value in ([], {}) else value for key, value in found.items()}


def entry_form(
    title: str, press: ComponentId, asked: Sequence[Field], texts: Mapping[str, str], shelves: Mapping[str, str]
) -> discord.ui.Modal:
    """Return a form.

    Args:
        title: above the form.
        press: what the form sends.
        asked: its fields.
        texts: what it is filled with, by key; longer than a field holds is cut.
        shelves: ids and titles of the categories or stages to choose from.
    """
    made = [_made(field, texts.get(field.key, ""), shelves) for field in asked]
    return form(title, press, *(one for one in made if one is not None))


def _made(field: Field, text: str, shelves: Mapping[str, str]) -> discord.ui.Label[discord.ui.Modal] | None:
    if field.shape is Shape.SHELF:
        options = list(shelves.items())[:25]
        if text and text not in dict(options) and text in shelves:
            options[-1] = (text, shelves[text])
        return menu_field(field.key, field.label, options, text) if options else None
    if field.shape is Shape.ONE_OF:
        return menu_field(field.key, field.label, [(one, one) for one in field.options], text or field.options[0])
    most = min(max(field.most, len(text)), MOST_TYPED)
    return text_field(
        field.key,
        field.label,
        example=field.example,
        value=text[:most],
        most=most,
        required=field.required,
        long=field.long,
    )


def refused(what: Refused, again: Callable[[int], ComponentId]) -> Reply:
    """Say why what was typed can't be taken, and hand it back.

    Args:
        what: the reason, and where the text is kept.
        again: makes the id of the button that opens the form with it.
    """
    embed = discord.Embed(title="That can't be taken yet", color=TROUBLE)
    embed.description = clip(what.sentence, 3500) + "\n\nNothing is lost: the form opens with what you typed."
    return Reply(embed=embed, view=rows([button("Open the form again", again(what.number), Style.PRIMARY)]))


def form_title(verb: str, kind: Kind) -> str:
    """Return a form's title: ``Edit a question``."""
    return f"{verb} a {NOUNS[kind][0]}"
