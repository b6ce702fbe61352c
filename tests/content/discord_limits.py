"""Discord's limits on a message, as its documentation states them: what breaks one is refused with error 50035."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import discord

from bot.ui.reply import Reply

CONTENT: Final = 2000
TITLE, DESCRIPTION, FIELDS, FIELD_NAME, FIELD_VALUE, FOOTER, WHOLE_EMBED = 256, 4096, 25, 256, 1024, 2048, 6000
ROWS, BUTTONS_A_ROW, OPTIONS = 5, 5, 25
LABEL, OPTION_TEXT, CUSTOM_ID, PLACEHOLDER = 80, 100, 100, 150
FORM_TITLE, FORM_LABEL, FORM_PLACEHOLDER, FORM_ITEMS = 45, 45, 100, 5
BUTTON, SELECTS = 2, {3, 5, 6, 7, 8}


def faults(reply: Reply) -> list[str]:
    """Return what Discord would refuse in a message; empty for one it takes."""
    found = [*_over("the first line", reply.content or "", CONTENT, least=0)]
    if reply.embed is not None:
        found += _embed(reply.embed)
    if reply.view is not None:
        found += _rows(reply.view.to_components())
    if not reply.content and reply.embed is None:
        found.append("an empty message")
    return found


def form_faults(form: discord.ui.Modal) -> list[str]:
    """Return what Discord would refuse in a form."""
    found = [*_over("the form's title", form.title, FORM_TITLE), *_over("the form's id", form.custom_id, CUSTOM_ID)]
    payload: dict[str, Any] = form.to_dict()
    if not 1 <= len(payload["components"]) <= FORM_ITEMS:
        found.append(f"{len(payload['components'])} fields")
    for label in payload["components"]:
        field = label["component"]
        found += _over("a field's label", label["label"], FORM_LABEL)
        found += _over("a field's example", field.get("placeholder") or "", FORM_PLACEHOLDER, least=0)
        found += _over("a field's id", field["custom_id"], CUSTOM_ID)
        found += _over("a field's text", field.get("value") or "", field.get("max_length") or 4000, least=0)
    return found


def _over(what: str, text: str, most: int, least: int = 1) -> Iterator[str]:
    if not least <= len(text) <= most:
        yield f"{what} has {len(text)} characters, {least} to {most} are allowed: {text[:60]!r}"


def _embed(embed: discord.Embed) -> Iterator[str]:
    yield from _over("the title", embed.title or "", TITLE)
    yield from _over("the description", embed.description or "", DESCRIPTION)
    yield from _over("the footer", embed.footer.text or "", FOOTER, least=0)
    if len(embed.fields) > FIELDS:
        yield f"{len(embed.fields)} fields"
    for field in embed.fields:
        yield from _over("a field's name", field.name or "", FIELD_NAME)
        yield from _over("a field's value", field.value or "", FIELD_VALUE)
    if len(embed) > WHOLE_EMBED:
        yield f"the embed has {len(embed)} characters in all, {WHOLE_EMBED} are allowed"


def _rows(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not 1 <= len(rows) <= ROWS:
        yield f"{len(rows)} rows"
    every = [item for row in rows for item in row["components"]]
    taken = Counter(str(item.get("custom_id")) for item in every)
    yield from (f"the id {custom_id} {times} times" for custom_id, times in taken.items() if times > 1)
    for row in rows:
        kinds = {item["type"] for item in row["components"]}
        room = 1 if kinds & SELECTS else BUTTONS_A_ROW
        if not 1 <= len(row["components"]) <= room:
            yield f"a row of {len(row['components'])}"
    for item in every:
        yield from _over("a custom_id", str(item.get("custom_id", "")), CUSTOM_ID)
        if item["type"] == BUTTON:
            yield from _over("a button's label", item.get("label") or "", LABEL)
        else:
            yield from _menu(item)


def _menu(item: Mapping[str, Any]) -> Iterator[str]:
    yield from _over("a placeholder", item.get("placeholder") or "", PLACEHOLDER, least=0)
    if "options" not in item:
        return
    options: Sequence[Mapping[str, Any]] = item["options"]
    if not 1 <= len(options) <= OPTIONS:
        yield f"a menu of {len(options)}"
    if len({one["value"] for one in options}) < len(options):
        yield "a value twice in a menu"
    if not 0 <= item.get("min_values", 1) <= item.get("max_values", 1) <= len(options):
        yield "a menu that asks for more than it has"
    if sum(bool(one.get("default")) for one in options) > item.get("max_values", 1):
        yield "more ticked than may be chosen"
    for one in options:
        yield from _over("an option", one["label"], OPTION_TEXT)
        yield from _over("an option's value", one["value"], OPTION_TEXT)
        yield from _over("an option's description", one.get("description") or "", OPTION_TEXT, least=0)
