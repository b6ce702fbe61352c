"""Reading what the bot showed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simcord import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from bot.ui.components import plain_value


def answered(result: InteractionResult) -> ResponseMessage:
    """Return the message that answers an interaction."""
    assert result.response is not None, "the bot sent no message"
    return result.response


def description(message: ResponseMessage) -> str:
    """Return the text of a message's page."""
    return message.embeds[0].description or ""


def trouble(result: InteractionResult) -> str:
    """Return the sentence of an error, told to one person alone, as the answer or as a follow-up."""
    told = [*result.followups, *([result.response] if result.response else [])]
    for message in told:
        if message.embeds and message.embeds[0].color and message.embeds[0].color.value == 0xFF9D76:
            assert message.flags.ephemeral
            return message.embeds[0].description or ""
    raise AssertionError(f"no trouble told: {result}")


def components(message: ResponseMessage) -> Iterator[dict[str, Any]]:
    """Yield a message's buttons and menus as Discord has them."""
    for row in message.components:
        yield from row.get("components", [])


def menu_id(message: ResponseMessage, placeholder: str) -> str:
    """Return the id of the menu whose placeholder begins like this."""
    for component in components(message):
        if str(component.get("placeholder", "")).startswith(placeholder):
            return str(component["custom_id"])
    raise AssertionError(f"no menu {placeholder}")


async def pick(actor: MemberActor, message: ResponseMessage, placeholder: str, value: str) -> InteractionResult:
    """Choose the option of this value in the menu whose placeholder begins like this."""
    menu = menu_id(message, placeholder)
    options = next(one["options"] for one in components(message) if one.get("custom_id") == menu)
    (shown,) = [one["value"] for one in options if plain_value(one["value"]) == value]
    return await actor.select(message, [shown], custom_id=menu)


def labels(message: ResponseMessage) -> list[str]:
    """Return the labels of a message's buttons."""
    return [str(component["label"]) for component in components(message) if component.get("type") == 2]


async def fill(actor: MemberActor, form: InteractionResult, typed: Mapping[str, str]) -> InteractionResult:
    """Send a form with what stands in it already, and what is typed over it; empty fields stay empty."""
    assert form.modal is not None, f"no form opened: {form}"
    sent: dict[str, Any] = {}
    for one in _fields(form.modal["components"]):
        name = str(one["custom_id"])
        chosen = [option["value"] for option in one.get("options", []) if option.get("default")]
        value = typed.get(name, one.get("value") or "".join(chosen))
        if value:
            sent[name] = [value] if "options" in one else value
    assert typed.keys() <= {str(one["custom_id"]) for one in _fields(form.modal["components"])}
    return await actor.submit_modal(form, sent)


def _fields(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in components:
        if "custom_id" in one:
            yield one
        yield from _fields(one.get("components") or ([one["component"]] if one.get("component") else []))
