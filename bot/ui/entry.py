"""One entry of the content as text: as members see it, with what only moderators see below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from bot.domain.entry import Fields, Json, Kind
from bot.ui.text import clip, safe

SHOWN: Final = 3600


def entry_text(kind: Kind, fields: Fields) -> str:
    """Return an entry's text, clipped to a page."""
    parts = {
        Kind.FAQ: _faq,
        Kind.PROMPT: _prompt,
        Kind.CARD: _card,
        Kind.RESOURCE: _resource,
        Kind.TOPIC: _topic,
    }.get(kind, _shelf)(fields)
    return clip("\n".join(one for one in parts if one), SHOWN)


def safe_fields(fields: Fields) -> Fields:
    """Return fields that nobody has looked at yet so that they show as typed."""
    return {key: _safe(value) for key, value in fields.items()}


def _safe(value: Json) -> Json:
    match value:
        case str():
            return safe(value)
        case list():
            return [_safe(one) for one in value]
        case dict():
            return {key: _safe(one) for key, one in value.items()}
        case _:
            return value


def _faq(fields: Fields) -> list[str]:
    link = cast("Mapping[str, str]", fields.get("link") or {})
    figure = cast("Mapping[str, str]", fields.get("figure") or {})
    return [
        str(fields.get("answer") or "*No answer yet.*"),
        f"\n{figure['according_to']}, {figure['as_of']}" if figure else "",
        f"\n[{link['title']}]({link['url']})" if link else "",
        _listed("Also found by", fields.get("phrasings")),
    ]


def _prompt(fields: Fields) -> list[str]:
    hint = f"\n**Hint** ||{fields['hint']}||" if fields.get("hint") else ""
    about = f"\n{fields.get('kind', 'concept')} · level {fields.get('level', 1)}"
    return [str(fields.get("text", "")), hint, _listed("A good answer holds", fields.get("outline")), about]


def _card(fields: Fields) -> list[str]:
    choices = cast("list[Mapping[str, str]]", fields.get("choices") or [])
    shown = [f"{'ABCD'[i]}. {one['text']}: {one['why']}" for i, one in enumerate(choices)]
    front, back = str(fields.get("front") or fields.get("text") or ""), str(fields.get("back") or "")
    return [front, f"\n**Answer** {back}" if back else "", *shown]


def _resource(fields: Fields) -> list[str]:
    note = str(fields.get("note") or "")
    return [f"{fields.get('url', '')}", note, str(fields.get("kind", "article"))]


def _topic(fields: Fields) -> list[str]:
    return [
        str(fields.get("why", "")),
        f"\n{fields.get('hours', 2)} h · {fields.get('skill', 'any')}",
        _listed("Afterwards one can", fields.get("checks")),
        _listed("Needs", fields.get("requires")),
    ]


def _shelf(fields: Fields) -> list[str]:
    return [str(fields.get("summary", ""))]


def _listed(title: str, values: Json) -> str:
    if not isinstance(values, list) or not values:
        return ""
    return "\n".join([f"\n**{title}**", *(f"- {one}" for one in values)])
