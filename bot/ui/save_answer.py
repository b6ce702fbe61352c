"""The form of **Save as FAQ answer**: a message becomes an entry, with a link to it and its author's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import discord

from bot.domain.entry import Json, Kind
from bot.domain.marks import safe_title
from bot.ui.components import ComponentId, button, rows
from bot.ui.entry import entry_text
from bot.ui.entry_form import Field, Part, form_fields, typed_fields
from bot.ui.manage import OpenManage
from bot.ui.reply import Reply
from bot.ui.text import FAQ, clip


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


def saved_page(fields: Mapping[str, Json]) -> Reply:
    """Return what is said once a message's answer was saved: the entry, as members now find it."""
    title = clip(safe_title(str(fields.get("question", ""))), 250)
    embed = discord.Embed(title=title, description=entry_text(Kind.FAQ, fields), color=FAQ)
    embed.set_footer(text="It stands in /content history and can be taken back there.")
    return Reply("Saved: /faq answers with it from now on.", embed, rows([button("All content", OpenManage())]))


def saved_fields(texts: Mapping[str, str], guild_id: int, press: SaveForm) -> dict[str, Json]:
    """Return the entry that was typed, with the link to its message."""
    address = f"https://discord.com/channels/{guild_id}/{press.channel}/{press.message}"
    words = " ".join(texts.get(CREDIT.key, "").split()) or WITHOUT_NAME
    return {**typed_fields(FIELDS[:-1], texts), "link": {"title": words, "url": address}}
