"""What a failed call to Discord means for a post, and the words that mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

import aiohttp
import discord

from bot.domain.schedule import PostOptions
from bot.services.courier import BadItem, Done, Gone, Outcome, Refused, Step, StopAll, Unclear
from bot.ui.rights import FOR_PINS, FOR_THREADS, NEEDED, give, missing_rights

LOST: Final = (TimeoutError, OSError, aiohttp.ClientError)
"""What is raised where nobody knows whether the call arrived."""
FAILURES: Final = (discord.HTTPException, *LOST)
Failure: TypeAlias = discord.HTTPException | TimeoutError | OSError | aiohttp.ClientError

UNAUTHORIZED: Final = 401
TOO_MANY: Final = 429
UNKNOWN_MESSAGE: Final = 10008
HAS_A_THREAD: Final = 160004
TOO_MANY_PINS: Final = 30003
NO_TEXT_CHANNEL: Final = frozenset({50008, 50024, 50068, 50083, 160005})
"""Channels of a kind that takes no messages; threads that are archived or locked."""
NO_MEMBER: Final = "I am not a member of this server any more. Invite me again, then press Resume in /schedule."
AUTOMOD: Final = frozenset({200000, 200001})


def is_standstill(error: Failure) -> bool:
    """Whether Discord wants nothing from this bot any more: a bad token, or a 429 of its edge, which has no Via."""
    if not isinstance(error, discord.HTTPException):
        return False
    return error.status == UNAUTHORIZED or (error.status == TOO_MANY and not error.response.headers.get("Via"))


def of_a_post(error: Failure, channel_id: int, guild: discord.Guild | None, *, is_ours: bool = True) -> Outcome:
    """Return what the failure of a post means.

    Args:
        error: what was raised.
        channel_id: where the post was to go.
        guild: the server as far as it is known; None where the bot is no member of it, as far as it knows.
        is_ours: whether Discord tells this process of that server.
    """
    if is_standstill(error):
        return StopAll()
    if not isinstance(error, discord.HTTPException) or error.status not in {400, 403, 404}:
        return Unclear()
    if error.code == UNKNOWN_MESSAGE:
        return Gone()
    if error.code in NO_TEXT_CHANNEL:
        return Refused(
            f"<#{channel_id}> takes no posts: it is no text channel, or a thread that is closed. "
            "Choose a text channel in /schedule."
        )
    if error.status == 400:
        return BadItem("AutoMod blocked it" if error.code in AUTOMOD else f"it can't be shown, code {error.code}")
    return Refused(NO_MEMBER if guild is None and is_ours else _mend(error.status, channel_id, guild))


def of_a_step(error: Failure, what: str, channel_id: int, names: Iterable[str]) -> Step:
    """Return what the failure of a step on a post means.

    Args:
        error: what was raised.
        what: the step in words, such as "open a thread".
        channel_id: where the post stands.
        names: the permissions the step needs, as the server settings call them.
    """
    if is_standstill(error):
        return StopAll()
    if not isinstance(error, discord.HTTPException) or error.status not in {400, 403, 404}:
        return Unclear()
    if error.code in {HAS_A_THREAD, UNKNOWN_MESSAGE}:
        return Done()
    if error.code == TOO_MANY_PINS:
        return Refused(f"I can't {what} in <#{channel_id}>: it has as many pins as Discord allows. Take some away.")
    if error.code in NO_TEXT_CHANNEL:
        return Refused(f"I can't {what} in <#{channel_id}>: a channel of that kind has none. Turn it off in /schedule.")
    return Refused(f"I can't {what} in <#{channel_id}>. {give(names)} there, or turn it off in /schedule.")


def names_for(options: PostOptions) -> list[str]:
    """Return the names of the permissions that a post's options need besides those of every post."""
    wanted = (FOR_THREADS if options.thread else {}) | (FOR_PINS if options.pin else {})
    return [name for name, _ in wanted.values()]


def _mend(status: int, channel_id: int, guild: discord.Guild | None) -> str:
    if status == 404:
        return "The channel of the daily posts is gone. Choose another one in /schedule."
    channel = None if guild is None else guild.get_channel_or_thread(channel_id)
    missing = [] if guild is None or channel is None else missing_rights(channel, guild.me)
    names = missing or [name for name, _ in NEEDED.values()]
    return f"I can't write in <#{channel_id}>. {give(names)} there, then press Resume in /schedule."
