"""Where every press of a button, choice in a menu and sent form arrives, and finds its handler by its component id."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

import discord

from bot.domain.frozen import frozen
from bot.errors import NotAllowedError, StaleComponentError
from bot.ui.components import STALE, ComponentId, parse, plain_value
from bot.ui.reply import Interaction, who

Id = TypeVar("Id", bound=ComponentId)
Cog = TypeVar("Cog")

_MARK = "__component_id__"


@frozen
class Press(Generic[Id]):
    """One press.

    Attributes:
        interaction: Discord's event; answer it.
        id: what was pressed.
        guild_id: the guild it was pressed in.
        user_id: who pressed.
        name: how that person is called in this guild.
        values: what was chosen, in a menu.
        texts: what was typed, in a form, by field.
    """

    interaction: Interaction
    id: Id
    guild_id: int
    user_id: int
    name: str
    values: tuple[str, ...]
    texts: Mapping[str, str]


class _Chosen(tuple[str, ...]):
    """What was chosen. Where nothing was, though a menu must give something, the press was forged."""

    __slots__ = ()

    def __getitem__(self, index: Any, /) -> Any:  # noqa: ANN401  (an index or a slice, as of every tuple)
        try:
            return cast("Any", super().__getitem__(index))  # pyright: ignore[reportUnknownMemberType]
        except IndexError:
            raise StaleComponentError(STALE) from None


class _Texts(dict[str, str]):
    """What was typed, by field. Where a field is missing, the form was forged or is of another version."""

    def __missing__(self, name: str) -> str:
        raise StaleComponentError(STALE)


Handler = Callable[[Press[Any]], Awaitable[None]]
Method = TypeVar("Method", bound=Callable[..., Awaitable[None]])


def on(component: type[ComponentId]) -> Callable[[Method], Method]:
    """Mark a cog's method as the handler of a component; it takes the ``Press``."""

    def mark(method: Method) -> Method:
        setattr(method, _MARK, component)
        return method

    return mark


class Router:
    """Handlers by component id."""

    def __init__(self) -> None:
        self._handlers: dict[type[ComponentId], Handler] = {}

    def add(self, cog: object) -> None:
        """Take the handlers of a cog."""
        for name in dir(type(cog)):
            component = getattr(getattr(type(cog), name, None), _MARK, None)
            if component is not None:
                self._handlers[component] = getattr(cog, name)

    async def dispatch(self, interaction: Interaction) -> None:
        """Answer a component or a form.

        Raises:
            StaleComponentError: where the id is unknown, old or forged.
            NotAllowedError: where it belongs to another person, or was pressed outside a server.
        """
        data = cast("Mapping[str, Any]", interaction.data or {})
        component = parse(str(data.get("custom_id", "")))
        handler = self._handlers.get(type(component))
        if handler is None:
            raise StaleComponentError(STALE)
        guild_id, user_id = who(interaction)
        owner: int | None = getattr(component, "owner", None)
        if owner is not None and owner != user_id:
            raise NotAllowedError(f"This page belongs to <@{owner}>. Open your own with /roadmap or /help.")
        await handler(
            Press(
                interaction=interaction,
                id=component,
                guild_id=guild_id,
                user_id=user_id,
                name=interaction.user.display_name,
                values=_Chosen(plain_value(str(value)) for value in data.get("values", ())),
                texts=_Texts(_typed(data.get("components", ()))),
            )
        )


def _typed(components: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    """Yield what was typed into each field of a form, whatever rows or labels it stands in."""
    for component in components:
        if "value" in component and "custom_id" in component:
            yield str(component["custom_id"]), str(component["value"] or "")
        elif component.get("values") and "custom_id" in component:
            yield str(component["custom_id"]), str(component["values"][0])
        inner = component.get("components") or ([component["component"]] if component.get("component") else ())
        yield from _typed(inner)


def is_press(interaction: Interaction) -> bool:
    """Whether an interaction is for the router."""
    return interaction.type in {discord.InteractionType.component, discord.InteractionType.modal_submit}
