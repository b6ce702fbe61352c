"""The form of **Save as FAQ answer**: a message becomes an entry, with a link to it and its author's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.entry import Json, Kind
from bot.domain.marks import safe_title
from bot.ui.components import ComponentId
from bot.ui.entry_form import Field, Part, form_fields, typed_fields
from bot.ui.text import clip


class SaveForm(ComponentId, code="wsa"):
    """The form; as a button it opens the form, with the kept text ``draft``."""

    channel: int
    message: int
    author: int
    draft: int


CREDIT: Final = Field("link.title", "Words of the link to the message", 90)
FIELDS: Final = (*form_fields(Kind.FAQ, Part.MAIN, {}), CREDIT)
WITHOUT_NAME: Final = "From a message in this server"


def credit_words(name: str) -> str:
    """Return the words of the link that stands below the answer, with the name of whoever wrote the message."""
    said = safe_title(name)
    return f"From a message by {clip(said, 60)}" if said else WITHOUT_NAME


def saved_fields(texts: Mapping[str, str], guild_id: int, press: SaveForm) -> dict[str, Json]:
    """Return the entry that was typed, with the link to its message."""
    address = f"https://discord.com/channels/{guild_id}/{press.channel}/{press.message}"
    words = " ".join(texts.get(CREDIT.key, "").split()) or WITHOUT_NAME
    return {**typed_fields(FIELDS[:-1], texts), "link": {"title": words, "url": address}}
