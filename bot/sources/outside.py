"""The sources, opened at the first question: a bot that asks nothing pays nothing for them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Self

import aiohttp

from bot.clock import Clock
from bot.domain.feed import Competition, FeedPaper
from bot.domain.frozen import frozen
from bot.sources.http import Fetcher, Pacer


@frozen
class Addresses:
    """Where the sources are asked.

    Attributes:
        arxiv: the query API.
        arxiv_rss: the folder of the RSS feeds.
        kaggle: the API's root.
    """

    arxiv: str
    arxiv_rss: str
    kaggle: str


class Outside:
    """arXiv and Kaggle over one session that is opened when something is first asked. Close it at the end."""

    def __init__(
        self,
        clock: Clock,
        addresses: Addresses,
        kaggle_token: str | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Take the clock, the addresses, the operator's token for Kaggle, and how to wait some seconds for a turn."""
        self._clock = clock
        self._addresses = addresses
        self._token = kaggle_token
        self._sleep = sleep
        self._session: aiohttp.ClientSession | None = None
        self._pacer: Pacer | None = None

    @property
    def kaggle(self) -> Self | None:
        """Itself where the operator set a token; without one, Kaggle is never asked."""
        return self if self._token else None

    async def search(self, categories: Sequence[str], keywords: Sequence[str], most: int) -> list[FeedPaper]:
        """Return the newest papers; see ``ArxivSource.search``.

        Raises:
            SourceError: where nothing that can be used came back.
        """
        from bot.sources.arxiv import GAP_SECONDS, ArxivSource  # noqa: PLC0415  (XML and its models, from now on)

        if self._pacer is None:
            # the pace must outlive this question: all of them pass the same pacer
            self._pacer = Pacer(GAP_SECONDS, asyncio.get_running_loop().time, self._sleep)
            self._arxiv = ArxivSource(
                Fetcher(self._opened(), self._clock, self._pacer), self._addresses.arxiv, self._addresses.arxiv_rss
            )
        return await self._arxiv.search(categories, keywords, most)

    async def competitions(self) -> list[Competition]:
        """Return the competitions; see ``KaggleSource.competitions``.

        Raises:
            SourceError: where nothing that can be used came back.
        """
        from bot.sources.kaggle import KaggleSource  # noqa: PLC0415

        fetch = Fetcher(self._opened(), self._clock)
        return await KaggleSource(fetch, self._addresses.kaggle, self._token).competitions()

    async def aclose(self) -> None:
        """Close the session, if one was opened."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session
