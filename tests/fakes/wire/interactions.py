"""What members do, as Discord tells it to a bot, and how the bot answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

from tests.fakes.wire.signals import PATIENCE, Signal
from tests.fakes.wire.world import EVERYTHING, Guild, Json, Person, snowflake

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
DEFERRED: Final = frozenset({5, 6})
EPHEMERAL: Final = 64
_OPTION_TYPES: Final[Mapping[type, int]] = {str: 3, int: 4, bool: 5, float: 10}


@dataclass(frozen=True, slots=True)
class Answer:
    """Something the bot sent for an interaction.

    Attributes:
        way: ``callback``, ``edit`` (of the original answer) or ``followup``.
        type: of a callback: 4 a message, 5 and 6 deferred, 7 the page turned, 8 choices, 9 a form; 0 for other ways.
        data: the message, form or choices.
        at: when it arrived, on ``time.perf_counter``.
    """

    way: str
    type: int
    data: Json
    at: float

    @property
    def shows(self) -> bool:
        """Whether the person now sees an answer, and not just that one is being made."""
        return self.type not in DEFERRED


@dataclass(slots=True)
class Interaction:
    """One thing somebody did. ``sent_at`` is when it went to the bot, on ``time.perf_counter``."""

    payload: Json
    signal: Signal
    sent_at: float = 0.0
    answers: list[Answer] = field(default_factory=list[Answer])

    @property
    def shown(self) -> Answer | None:
        """The first answer that shows something, if there is one yet."""
        return next((one for one in self.answers if one.shows), None)

    def take(self, way: str, kind: int, data: Json) -> None:
        """Record an answer."""
        self.answers.append(Answer(way, kind, data, perf_counter()))
        self.signal.changed()

    async def answer(self, within: float = PATIENCE) -> Answer:
        """Return the first answer that shows something.

        Raises:
            TimeoutError: where none comes.
        """
        await self.signal.until(lambda: self.shown is not None, within)
        assert self.shown is not None
        return self.shown


def command_data(name: str, options: Mapping[str, Any]) -> Json:
    """Return the data of a slash command."""
    given = [{"name": key, "type": _OPTION_TYPES[type(value)], "value": value} for key, value in options.items()]
    return {"id": str(snowflake()), "name": name, "type": 1, "options": given}


def component_data(custom_id: str, values: tuple[str, ...] | None = None) -> Json:
    """Return the data of a pressed button, or of a menu where values were chosen."""
    kind = {"component_type": 2} if values is None else {"component_type": 3, "values": list(values)}
    return {"custom_id": custom_id, **kind}


def interaction_payload(
    kind: int, data: Json, guild: Guild, person: Person, application_id: int, message: Json | None = None
) -> Json:
    """Return what INTERACTION_CREATE carries.

    Args:
        kind: the interaction's type.
        data: what was done.
        guild: where; in its first channel.
        person: who did it.
        application_id: the bot's.
        message: the message whose component was pressed.
    """
    channel = guild.channel(guild.channels[0])
    number = snowflake()
    return {
        "id": str(number),
        "token": f"token{number}",
        "application_id": str(application_id),
        "type": kind,
        "version": 1,
        "data": data,
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
        "channel": channel,
        "channel_id": channel["id"],
        "member": person.member(),
        "locale": "en-US",
        "guild_locale": "en-US",
        "app_permissions": EVERYTHING,
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(guild.id)},
        "context": 0,
        "attachment_size_limit": 10_485_760,
        **({"message": message} if message else {}),
    }
