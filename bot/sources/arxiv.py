"""arXiv: the query API, and the RSS feed of the day where the API is down."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Final

from bot.domain.feed import CATEGORY, FeedPaper, newest_versions
from bot.errors import BadInputError, SourceError
from bot.log import get_logger
from bot.sources.arxiv_feed import SOURCE, papers_of_atom, papers_of_rss
from bot.sources.http import Fetch, Request

log = get_logger(__name__)

BASE_URL: Final = "https://export.arxiv.org/api/query"
RSS_URL: Final = "https://rss.arxiv.org/rss"
GAP_SECONDS: Final = 3.0
"""arXiv's terms: one request in three seconds and one connection, over all its interfaces together."""
MOST_PAPERS: Final = 100
ATOM_TYPES: Final = ("application/atom+xml", "application/xml", "text/xml")
RSS_TYPES: Final = ("application/rss+xml", "application/xml", "text/xml")
RSS_BYTES: Final = 8 * 1024 * 1024
"""A busy day of several large classes is some 1,500 items of 2 kB."""
REFUSES: Final = frozenset({400})
"""The API says what it did not understand in a feed of its own."""


class ArxivSource:
    """Brings the newest papers of classes and keywords."""

    def __init__(self, fetch: Fetch, base_url: str = BASE_URL, rss_url: str = RSS_URL) -> None:
        """Take a fetcher that keeps arXiv's pace (``GAP_SECONDS``), and the addresses of the API and the RSS feeds."""
        self._fetch = fetch
        self._base_url = base_url
        self._rss_url = rss_url.rstrip("/")

    async def search(self, categories: Sequence[str], keywords: Sequence[str], most: int) -> list[FeedPaper]:
        """Return the newest papers, newest first, each once.

        Args:
            categories: subject classes of arXiv; a paper is in one of them. None: in any.
            keywords: words or phrases; a paper has one of them in its title or abstract. None: whatever it says.
            most: how many at most; one question gives 100.

        Returns:
            Possibly nothing: no such paper, or the API is down and arXiv announces nothing today.

        Raises:
            BadInputError: for a class that arXiv can't have.
            SourceError: where neither the API nor the RSS feed gave anything that can be used.
        """
        for category in categories:
            if not CATEGORY.fullmatch(category):
                raise BadInputError(f"“{category[:40]}” is no class of arXiv; they look like cs.LG or stat.ML.")
        words = [word for keyword in keywords if (word := _plain_words(keyword))]
        if not categories and not words:
            return []
        try:
            papers = await self._by_query(categories, words, most)
        except SourceError as error:
            if not categories:
                raise
            log.warning("arxiv_fell_back_to_rss", retry_after=error.retry_after)
            papers = await self._by_rss(categories, words, error)
        return newest_versions(papers)[:most]

    async def _by_query(self, categories: Sequence[str], words: Sequence[str], most: int) -> list[FeedPaper]:
        answer = await self._fetch(
            Request(
                SOURCE,
                self._base_url,
                ATOM_TYPES,
                params={
                    "search_query": _query(categories, words),
                    "sortBy": "submittedDate",
                    "sortOrder": "descending",
                    "start": "0",
                    "max_results": str(max(1, min(most, MOST_PAPERS))),
                },
                also=REFUSES,
            )
        )
        papers = await asyncio.to_thread(papers_of_atom, answer.body)
        if answer.status in REFUSES:
            raise SourceError("arXiv did not understand the question.", source=SOURCE)
        return papers

    async def _by_rss(self, categories: Sequence[str], words: Sequence[str], api_error: SourceError) -> list[FeedPaper]:
        url = f"{self._rss_url}/{'+'.join(dict.fromkeys(categories))}"
        try:
            answer = await self._fetch(Request(f"{SOURCE}'s RSS feed", url, RSS_TYPES, most_bytes=RSS_BYTES))
            papers = await asyncio.to_thread(papers_of_rss, answer.body)
        except SourceError as error:
            waits = (api_error.retry_after, error.retry_after)
            raise SourceError(
                f"{api_error.sentence} {error.sentence}",
                source=SOURCE,
                # where one of the two may be asked at once, so may the source
                retry_after=None if None in waits else min(wait for wait in waits if wait is not None),
            ) from error
        papers.sort(key=lambda paper: paper.published, reverse=True)
        return [paper for paper in papers if _speaks_of(paper, words)]


def _plain_words(keyword: str) -> str:
    """Return a keyword without anything the API's query language would read as its own."""
    return " ".join(re.sub(r"[^\w\s-]|_", " ", keyword).split())[:80].strip(" -")


def _query(categories: Sequence[str], words: Sequence[str]) -> str:
    classes = " OR ".join(f"cat:{category}" for category in dict.fromkeys(categories))
    phrases = " OR ".join(f'ti:"{word}" OR abs:"{word}"' for word in dict.fromkeys(words))
    return " AND ".join(f"({part})" for part in (classes, phrases) if part)


def _speaks_of(paper: FeedPaper, words: Sequence[str]) -> bool:
    text = f"{paper.title} {paper.abstract}"
    return not words or any(_phrase(word).search(text) for word in words)


def _phrase(word: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in re.split(r"[\s-]+", word) if part]
    # whole words, as the API matches them: "rl" is not in "world"
    return re.compile(r"(?<!\w)" + r"[\s-]+".join(parts) + r"(?!\w)", re.IGNORECASE)
