"""Component ids, and the components that carry them.

Everything a component needs stands in its custom_id, so that buttons, menus and forms of any age work after a restart
and nothing is kept in memory for them: views are sent already stopped (discord.py then does not store them), and every
press arrives at ``bot.ui.router``. An id is ``s1:<code>:<field>:<field>…``; ``s1`` is the version of this scheme.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, ClassVar, Final, Self, TypeAlias

import discord
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import StaleComponentError
from bot.ui.text import clip

Component: TypeAlias = dict[str, Any]
"""A button, menu or option as Discord takes it: JSON."""

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
    _head: ClassVar[str]

    def __init_subclass__(cls, *, code: str) -> None:
        super().__init_subclass__()
        cls.code = code
        cls._head = f"{VERSION}:{code}"
        if _classes.setdefault(code, cls) is not cls and _classes[code].__qualname__ != cls.__qualname__:
            raise TypeError(f"the component code {code} is taken by {_classes[code].__qualname__}")

    @property
    def custom_id(self) -> str:
        """The id as Discord carries it, 100 characters at most."""
        # pydantic keeps the values of a model's fields in their order
        text = ":".join([self._head, *map(str, self.__dict__.values())])
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


class Style(IntEnum):
    """How a button looks: one primary at most on a page, the destructive one red and last."""

    PRIMARY = 1
    PLAIN = 2
    GO = 3
    DANGER = 4
    LINK = 5


class Kind(IntEnum):
    """Discord's numbers of the components we use."""

    ROW = 1
    BUTTON = 2
    MENU = 3
    USER_MENU = 5
    ROLE_MENU = 6
    CHANNEL_MENU = 8


class Rows(discord.ui.View):
    """A view that is data: what Discord is to show, as it goes on the wire.

    discord.py's own items carry callbacks and are kept until they time out. Ours have neither: the router finds the
    handler by the id, so a view is done the moment it is made, and building items for it would be work for nothing.
    """

    def __init__(self, lines: Iterable[Sequence[Component]]) -> None:
        super().__init__(timeout=None)
        self.stop()
        self._lines: list[dict[str, Any]] = [{"type": Kind.ROW, "components": [*line]} for line in lines if line]

    def to_components(self) -> list[dict[str, Any]]:
        """Return the rows as Discord takes them."""
        return self._lines


def button(label: str, press: ComponentId, style: Style = Style.PLAIN) -> Component:
    """Return a button. ``label`` is clipped to Discord's 80 characters."""
    return {"type": Kind.BUTTON, "style": style, "label": clip(label, 80), "custom_id": press.custom_id}


def link_button(label: str, url: str) -> Component:
    """Return a button that opens an address; nothing arrives at the bot when it is pressed."""
    return {"type": Kind.BUTTON, "style": Style.LINK, "label": clip(label, 80), "url": url}


def option(label: str, value: str, description: str = "", *, ticked: bool = False) -> Component:
    """Return one choice of a menu, its texts clipped to Discord's 100 characters."""
    choice: Component = {"label": clip(label, 100), "value": value}
    if description:
        choice["description"] = clip(description, 100)
    if ticked:
        choice["default"] = True
    return choice


def menu(
    placeholder: str, press: ComponentId, options: Iterable[Component], *, least: int = 1, most: int = 1
) -> Component:
    """Return a menu of up to 25 options.

    Each value gets a mark of this one rendering behind it (``plain_value`` takes it off): a client keeps what was
    ticked in a menu by position and value, and would tick it again in the next page's menu, or find nothing changed.
    """
    rendering = secrets.token_hex(2)
    choices = [{**choice, "value": f"{choice['value']}:{rendering}"} for choice in options]
    return {
        "type": Kind.MENU,
        "custom_id": press.custom_id,
        "placeholder": clip(placeholder, 150),
        "options": choices,
        "min_values": least,
        "max_values": min(most, len(choices)),
    }


def plain_value(value: str) -> str:
    """Return the value of an option as it was given, without the mark of its rendering."""
    return value.rpartition(":")[0] or value


def user_menu(placeholder: str, press: ComponentId) -> Component:
    """Return a menu of the server's people; at most one can be chosen."""
    return _entity_menu(Kind.USER_MENU, placeholder, press, None, "user")


def role_menu(placeholder: str, press: ComponentId, chosen: int | None) -> Component:
    """Return a menu of the server's roles; at most one can be chosen."""
    return _entity_menu(Kind.ROLE_MENU, placeholder, press, chosen, "role")


def channel_menu(placeholder: str, press: ComponentId, chosen: int | None, *, news: bool = False) -> Component:
    """Return a menu of the server's text channels, with ``news`` its announcement channels too; at most one."""
    kinds = [discord.ChannelType.text.value, *([discord.ChannelType.news.value] if news else [])]
    text_channels = {"channel_types": kinds}
    return _entity_menu(Kind.CHANNEL_MENU, placeholder, press, chosen, "channel") | text_channels


def _entity_menu(kind: Kind, placeholder: str, press: ComponentId, chosen: int | None, of: str) -> Component:
    return {
        "type": kind,
        "custom_id": press.custom_id,
        "placeholder": clip(placeholder, 150),
        "min_values": 0,
        "max_values": 1,
        "default_values": [{"id": str(chosen), "type": of}] if chosen else [],
    }


def rows(*lines: Sequence[Component]) -> Rows:
    """Return a view of these rows. Empty rows are left out."""
    return Rows(lines)


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


def choice_field(
    name: str, label: str, options: Iterable[tuple[str, str, str]], chosen: str
) -> discord.ui.Label[discord.ui.Modal]:
    """Return a field for choosing one of a few things that are all in view.

    Args:
        name: the key under which the router hands over the value chosen.
        label: short words above the field.
        options: value, label and description of each, two to ten.
        chosen: the value that is chosen at first.
    """
    group: discord.ui.RadioGroup[discord.ui.Modal] = discord.ui.RadioGroup(
        custom_id=name,
        options=[
            discord.RadioGroupOption(label=words, value=value, description=more, default=value == chosen)
            for value, words, more in options
        ],
    )
    return discord.ui.Label(text=clip(label, 45), component=group)


def menu_field(
    name: str, label: str, options: Iterable[tuple[str, str]], chosen: str
) -> discord.ui.Label[discord.ui.Modal]:
    """Return a field for choosing one of up to 25 things, folded away until it is pressed.

    Args:
        name: the key under which the router hands over the value chosen.
        label: short words above the field.
        options: value and label of each.
        chosen: the value that is chosen at first; none of them where no choice need be made.
    """
    choices = [discord.SelectOption(label=clip(words, 100), value=one, default=one == chosen) for one, words in options]
    must = any(one.default for one in choices)
    select: discord.ui.Select[discord.ui.Modal] = discord.ui.Select(
        custom_id=name, options=choices[:25], required=must, min_values=int(must)
    )
    return discord.ui.Label(text=clip(label, 45), component=select)
