"""Component ids, and the components that carry them.

Everything a component needs stands in its custom_id, so that buttons, menus and forms of any age work after a restart
and nothing is kept in memory for them: views are sent already stopped (discord.py then does not store them), and every
press arrives at ``bot.ui.router``. An id is ``s1:<code>:<field>:<field>…``; ``s1`` is the version of this scheme.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import ClassVar, Final, Self

import discord
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import StaleComponentError
from bot.ui.text import clip

VERSION: Final = "s1"
CUSTOM_ID_CHARACTERS: Final = 100

STALE: Final = (
    "This button or menu belongs to an older version of Syllabot. Open the page again: /help lists what there is."
)

_classes: dict[str, type[ComponentId]] = {}


class ComponentId(BaseModel):
    """The id of one kind of component. Subclasses name a ``code`` and declare fields that hold no colon.

    A field called ``owner`` is the user id of the only person who may press it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: ClassVar[str]

    def __init_subclass__(cls, *, code: str) -> None:
        super().__init_subclass__()
        cls.code = code
        if _classes.setdefault(code, cls) is not cls and _classes[code].__qualname__ != cls.__qualname__:
            raise TypeError(f"the component code {code} is taken by {_classes[code].__qualname__}")

    @property
    def custom_id(self) -> str:
        """The id as Discord carries it, 100 characters at most."""
        text = ":".join([VERSION, self.code, *(str(getattr(self, name)) for name in type(self).model_fields)])
        if len(text) > CUSTOM_ID_CHARACTERS:
            raise ValueError(f"a custom_id of {len(text)} characters: {text}")
        return text

    @classmethod
    def from_fields(cls, fields: Sequence[str]) -> Self:
        """Return the id with these fields, in order.

        Raises:
            StaleComponentError: where they don't fit.
        """
        names = list(cls.model_fields)
        if len(names) != len(fields):
            raise StaleComponentError(STALE)
        try:
            return cls.model_validate(dict(zip(names, fields, strict=True)))
        except ValidationError as error:
            raise StaleComponentError(STALE) from error


def parse(custom_id: str) -> ComponentId:
    """Return what a custom_id stands for, strictly.

    Raises:
        StaleComponentError: where it is not one of ours, of another version, or forged.
    """
    version, _, rest = custom_id.partition(":")
    code, *fields = rest.split(":")
    cls = _classes.get(code)
    if version != VERSION or cls is None or len(custom_id) > CUSTOM_ID_CHARACTERS:
        raise StaleComponentError(STALE)
    component = cls.from_fields(fields)
    if component.custom_id != custom_id:  # pydantic is generous with spaces, signs and zeros; we are not
        raise StaleComponentError(STALE)
    return component


class Style(StrEnum):
    """How a button looks: one primary at most on a page, the destructive one red and last."""

    PRIMARY = "primary"
    PLAIN = "secondary"
    DANGER = "danger"


def button(label: str, press: ComponentId, style: Style = Style.PLAIN) -> discord.ui.Button[discord.ui.View]:
    """Return a button. ``label`` is clipped to Discord's 80 characters."""
    return discord.ui.Button(label=clip(label, 80), custom_id=press.custom_id, style=discord.ButtonStyle[style.value])


def option(label: str, value: str, description: str = "", *, ticked: bool = False) -> discord.SelectOption:
    """Return one choice of a menu, its texts clipped to Discord's 100 characters."""
    return discord.SelectOption(
        label=clip(label, 100), value=value, description=clip(description, 100) or None, default=ticked
    )


def menu(
    placeholder: str, press: ComponentId, options: Iterable[discord.SelectOption], *, least: int = 1, most: int = 1
) -> discord.ui.Select[discord.ui.View]:
    """Return a menu of up to 25 options."""
    choices = list(options)
    return discord.ui.Select(
        placeholder=clip(placeholder, 150),
        custom_id=press.custom_id,
        options=choices,
        min_values=least,
        max_values=min(most, len(choices)),
    )


def rows(*lines: Sequence[discord.ui.Item[discord.ui.View]]) -> discord.ui.View:
    """Return a view of these rows, stopped, so that discord.py keeps nothing of it. Empty rows are left out."""
    view = discord.ui.View(timeout=None)
    for number, line in enumerate(line for line in lines if line):
        for item in line:
            item.row = number
            view.add_item(item)
    view.stop()
    return view


def form(title: str, press: ComponentId, *fields: discord.ui.Label[discord.ui.Modal]) -> discord.ui.Modal:
    """Return a form, stopped like every view; what is typed arrives at the router under each field's id."""
    modal = discord.ui.Modal(title=clip(title, 45), custom_id=press.custom_id)
    for one in fields:
        modal.add_item(one)
    modal.stop()
    return modal


def text_field(
    name: str,
    label: str,
    *,
    example: str = "",
    value: str = "",
    most: int = 1000,
    required: bool = True,
    long: bool = False,
) -> discord.ui.Label[discord.ui.Modal]:
    """Return a field for typing.

    Args:
        name: the key under which the router hands over what was typed.
        label: short words above the field.
        example: shown while the field is empty.
        value: what the field is filled with.
        most: characters it takes.
        required: whether it may stay empty.
        long: whether it has several lines.
    """
    style = discord.TextStyle.paragraph if long else discord.TextStyle.short
    typing: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id=name,
        style=style,
        placeholder=example or None,
        default=value or None,
        max_length=most,
        required=required,
    )
    return discord.ui.Label(text=clip(label, 45), component=typing)
