"""The form with which a study group is made or changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import discord

from bot.domain.group import LARGEST, NAME_CHARACTERS, SMALLEST, USUAL_SIZE
from bot.services.group import Wish
from bot.ui.components import ComponentId, choice_field, form, text_field

EMOJI_CHARACTERS: Final = 20
OPEN, CLOSED = "open", "invitation"


def wish_of(texts: Mapping[str, str]) -> Wish:
    """Return what was typed into the form of a group."""
    size, joining = texts.get("size", ""), texts.get("joining", OPEN)
    return Wish(texts.get("name", ""), texts.get("emoji", ""), size, joining == OPEN)


def wish_form(press: ComponentId, now: Wish | None = None) -> discord.ui.Modal:
    """Return the form for a group's name, emoji, size and who may join; filled with what it is now."""
    chosen = CLOSED if now is not None and not now.is_open else OPEN
    return form(
        "Make a group" if now is None else "Edit the group",
        press,
        text_field("name", "Name", example="Owls", value=now.name if now else "", most=NAME_CHARACTERS),
        text_field(
            "emoji", "Emoji", example="🦉", value=now.emoji if now else "", most=EMOJI_CHARACTERS, required=False
        ),
        text_field(
            "size",
            f"Members at most ({SMALLEST} to {LARGEST})",
            example=str(USUAL_SIZE),
            value=now.size if now else str(USUAL_SIZE),
            most=3,
        ),
        choice_field(
            "joining",
            "Who may join",
            [(OPEN, "Everybody", "As long as there is room"), (CLOSED, "Who is invited", "The captain invites")],
            chosen,
        ),
    )
