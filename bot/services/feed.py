"""Fetching ahead: what the sources have is kept before a post needs it, so that no outage ever delays or empties one.

The rows are the truth of when a source was asked and how it is; whatever wakes this up may do so as often as it likes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Connection

from bot.clock import Clock
from bot.domain.feed import (
    ARXIV,
    CATEGORY,
    KAGGLE,
    Competition,
    FeedPaper,
    competition_json,
    newest_versions,
    paper_from,
    paper_json,
)
from bot.domain.schedule import PostOptions, Slot
from bot.errors import SourceError, SyllabotError
from bot.log import get_logger
from bot.storage import bot_state
from bot.storage import feed as store
from bot.storage import schedule as schedule_store
from bot.storage.database import Database
from bot.storage.feed import SourceState

EVERY: Final = {ARXIV: timedelta(hours=6), KAGGLE: timedelta(hours=12)}
"""How old an answer may get before a source is asked again."""
FIRST_REST: Final = timedelta(minutes=15)
"""How long a source that fails is left alone at first; the rest grows with the outage, up to its ``EVERY``."""
MOST_CATEGORIES: Final = 20
MOST_KEYWORDS: Final = 30
"""The most wanted ones are asked for: a question to arXiv is one address of a few thousand characters at most."""
MOST_PAPERS: Final = 100
FORGET_AFTER: Final = timedelta(days=60)
FORGET_EVERY: Final = timedelta(days=7)
FORGOT: Final = "feed_forgot_at"

log = get_logger(__name__)


class PaperSource(Protocol):
    """Brings papers."""

    async def search(self, categories: Sequence[str], keywords: Sequence[str], most: int) -> list[FeedPaper]:
        """Return the newest papers of some classes that hold one of the keywords; any, where there are none.

        Raises:
            SourceError: where nothing that can be used came back.
        """
        ...


class CompetitionSource(Protocol):
    """Brings competitions."""

    async def competitions(self) -> list[Competition]:
        """Return the competitions that anyone may enter.

        Raises:
            SourceError: where nothing that can be used came back.
        """
        ...


class FeedService:
    """Keeps what the sources have. A source that is None is never asked."""

    def __init__(
        self, database: Database, clock: Clock, papers: PaperSource | None, competitions: CompetitionSource | None
    ) -> None:
        self._database = database
        self._clock = clock
        self._papers = papers
        self._competitions = competitions

    async def tick(self) -> None:
        """Ask each source that is due and wanted, and forget what is old. Nothing is raised: it is logged and kept."""
        try:
            if self._papers is not None:
                await self._ask(ARXIV, Slot.ARXIV, self._ask_arxiv)
            if self._competitions is not None:
                await self._ask(KAGGLE, Slot.KAGGLE, lambda _wishes: self._ask_kaggle())
            await self._database.write(self._forget)
        except SyllabotError:
            log.exception("feed_not_kept")

    async def _ask(
        self,
        source: str,
        slot: Slot,
        ask: Callable[[Sequence[tuple[PostOptions, int]]], Awaitable[Mapping[str, str]]],
    ) -> None:
        """Ask a source if it is time and anybody wants it, and keep what came of it."""
        now = self._clock.now()
        state, wishes = await self._database.read(
            lambda tx: (store.source(tx, source), schedule_store.wishes(tx, slot))
        )
        if not wishes or not due(state, now):
            return
        try:
            payloads = await ask(wishes)
        except SourceError as error:
            await self._failed(source, state, error)
        except Exception as error:
            log.exception("source_broke", source=source)
            sentence = f"{source} could not be read ({type(error).__name__}); the log says more."
            await self._failed(source, state, SourceError(sentence, source=source))
        else:
            await self._answered(source, payloads, now)

    async def _ask_arxiv(self, wishes: Sequence[tuple[PostOptions, int]]) -> Mapping[str, str]:
        assert self._papers is not None  # noqa: S101  (asked for only where there is one)
        found: list[FeedPaper] = []
        for categories, keywords in questions(wishes):
            found += await self._papers.search(categories, keywords, MOST_PAPERS)
        return {paper.item_id: paper_json(paper) for paper in newest_versions(found)}

    async def _ask_kaggle(self) -> Mapping[str, str]:
        assert self._competitions is not None  # noqa: S101
        return {one.item_id: competition_json(one) for one in await self._competitions.competitions()}

    async def _answered(self, source: str, payloads: Mapping[str, str], now: datetime) -> None:
        def write(tx: Connection) -> None:
            kept = {item_id: _better(source, store.get(tx, item_id), one) for item_id, one in payloads.items()}
            store.put(tx, source, kept, now)
            store.put_source(tx, SourceState(source, now, now, None, None, None))

        await self._database.write(write)
        log.info("source_answered", source=source, count=len(payloads))

    async def _failed(self, source: str, last: SourceState | None, error: SourceError) -> None:
        now = self._clock.now()
        down_since = now if last is None or last.down_since is None else last.down_since
        wait = None if error.retry_after is None else timedelta(seconds=error.retry_after)
        state = SourceState(
            source, now, last and last.answered_at, down_since, error.sentence, now + wait if wait else None
        )
        await self._database.write(lambda tx: store.put_source(tx, state))
        log.warning("source_down", source=source, retry_after=error.retry_after, minutes=_minutes(now - down_since))

    def _forget(self, tx: Connection) -> None:
        now = self._clock.now()
        last = bot_state.get(tx, FORGOT)
        if last is not None and now - datetime.fromisoformat(last) < FORGET_EVERY:
            return
        bot_state.put(tx, FORGOT, now.isoformat())
        log.info("feed_forgotten", count=store.forget(tx, now - FORGET_AFTER))


def due(state: SourceState | None, now: datetime) -> bool:
    """Whether a source may and should be asked now: never while it rests, and rarely while it is down."""
    if state is None:
        return True
    if state.not_before is not None and now < state.not_before:
        return False
    every = EVERY[state.source]
    if state.down_since is None:
        return now - state.asked_at >= every
    return now - state.asked_at >= min(max(state.asked_at - state.down_since, FIRST_REST), every)


def questions(wishes: Iterable[tuple[PostOptions, int]]) -> list[tuple[list[str], list[str]]]:
    """Return what to ask arXiv: classes and keywords, for those who want keywords, and for those who take any paper.

    Args:
        wishes: what schedules want, and how many want just that. What no class of arXiv can be is left out.
    """
    every = [
        (dict.fromkeys(one for one in options.categories if CATEGORY.fullmatch(one)), options.keywords, times)
        for options, times in wishes
    ]
    asked: list[tuple[list[str], list[str]]] = []
    for of_keywords in (True, False):
        categories, keywords = Counter[str](), Counter[str]()
        for classes, words, times in every:
            if bool(words) is of_keywords:
                categories.update(dict.fromkeys(classes, times))
                keywords.update({word.casefold(): times for word in words})
        if categories:
            asked.append((_most(categories, MOST_CATEGORIES), _most(keywords, MOST_KEYWORDS)))
    return asked


def _most(wanted: Counter[str], most: int) -> list[str]:
    return sorted(wanted, key=lambda one: (-wanted[one], one))[:most]


def _better(source: str, known: str | None, found: str) -> str:
    """Return what to keep: what was just found, unless it is an older version, or forgets that a paper was withdrawn.

    The feed of the day tells less than the query, and may come after it.
    """
    if source != ARXIV or known is None:
        return found
    before, after = paper_from(known), paper_from(found)
    return known if (before.version, before.withdrawn) > (after.version, after.withdrawn) else found


def _minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)
