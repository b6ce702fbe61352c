"""Fetches what people attach, and never more of it than was asked for, whatever its declared size."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import aiohttp
import discord

from bot.errors import BadInputError, SourceError

Fetch: TypeAlias = Callable[[discord.Attachment, int], Awaitable[bytes]]
"""Takes an attachment and how many bytes of it are wanted at most."""

SECONDS: Final = 20.0
PIECE: Final = 64 * 1024
LOST: Final = "Discord didn't hand over the file. Attach it once more."


async def attached(attachment: discord.Attachment, most: int) -> bytes:
    """Return the bytes of an attachment, read piece by piece from where Discord keeps it.

    Raises:
        BadInputError: where it holds more than ``most`` bytes; the rest is not read.
        SourceError: where Discord does not hand it over.
    """
    return await fetched(attachment.url, most)


async def attached_at_once(attachment: discord.Attachment, most: int) -> bytes:
    """Return the bytes of an attachment of a simulated Discord, which is no place to fetch from.

    Raises:
        BadInputError: where it holds more than ``most`` bytes.
        SourceError: where Discord does not hand it over.
    """
    try:
        data = await attachment.read()
    except discord.HTTPException:
        raise SourceError(LOST, source="Discord") from None
    if len(data) > most:
        raise _too_much(most)
    return data


async def fetched(url: str, most: int) -> bytes:
    """Return what stands at an address, at most so many bytes of it.

    Raises:
        BadInputError: where there are more.
        SourceError: where there is nothing to be had.
    """
    found = bytearray()
    try:
        async with (
            asyncio.timeout(SECONDS),
            aiohttp.ClientSession(trust_env=True) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise SourceError(LOST, source="Discord")
            async for piece in answer.content.iter_chunked(PIECE):
                found += piece
                if len(found) > most:
                    raise _too_much(most)
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise SourceError(LOST, source="Discord") from None
    return bytes(found)


def _too_much(most: int) -> BadInputError:
    return BadInputError(f"That file is larger than {most // 1024:,} KiB. Split it, and load the parts one by one.")
