"""The search room at work: builds the index, measures the pack, and finds by meaning where the extra is installed.

Questions are answered by their words from the first moment on. ``prepare`` then works in the background: it takes the
stored calibration or measures the pack anew, loads the encoder, gets vectors for what has none yet, and from then on
questions are compared by meaning too. All of it runs in threads, in pieces of a few milliseconds; words are measured
by a process of its own where the bot runs for good.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from bot.domain.calibration import Band, Calibration, Ranker
from bot.domain.faq import Candidate
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.log import get_logger
from bot.search.apart import ApartError, calibrated_apart
from bot.search.calibrate import calibrated
from bot.search.document import Document
from bot.search.encoder import MODEL, Encoder, MiniLm, NoEncoderError, NotInstalledError
from bot.search.index import SearchIndex
from bot.search.meaning import Meanings, meaning_texts
from bot.search.stored import Stored, fingerprint, parse_stored, state_name
from bot.storage import bot_state, vector
from bot.storage.database import Database

T = TypeVar("T")

RANKERS: Final[tuple[Ranker, ...]] = ("lexical", "semantic")

SHOWN: Final = 5
"""Candidates of a question; members see three of them at most."""
MOST_OWN: Final = 32
"""Indexes of servers' own packs that are kept; another is built again when something is asked there."""
AT_ONCE: Final = 16
"""Texts encoded, or phrasings asked, between two looks at whether to stop."""

log = get_logger(__name__)


@frozen
class Found:
    """What a question led to: candidates, best first, and how sure the bot may be of them."""

    band: Band
    candidates: Sequence[Candidate]


@frozen
class Progress:
    """How far the vectors are: texts that have theirs, of all."""

    done: int
    of: int


@frozen
class _Own:
    """The index of a server's own pack, and the pack it was built from."""

    pack: Pack
    index: SearchIndex


class SearchService:
    """Finds the entries of a pack. Give it the shipped pack with ``take`` before it is asked anything."""

    def __init__(
        self, database: Database, load_encoder: Callable[[], Encoder] = MiniLm, *, apart: bool = False
    ) -> None:
        """Make one that finds nothing yet.

        Args:
            database: where calibrations and vectors are kept.
            load_encoder: loads what makes vectors.
            apart: whether words are measured by a process of its own, and not by a thread of this one.
        """
        self._database = database
        self._load_encoder = load_encoder
        self._apart = apart
        self._encoder: Encoder | None = None
        self._index = SearchIndex([])
        self._pack: Pack | None = None
        self._own: OrderedDict[int, _Own] = OrderedDict()
        self._measuring: set[asyncio.Task[None]] = set()
        self._one_by_one = asyncio.Lock()
        self._prepared = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="search")
        self.progress = Progress(0, 0)
        self.trouble: NoEncoderError | None = None

    @property
    def ranker(self) -> Ranker:
        """Which ranker answers now."""
        return self._index.ranker

    async def take(self, pack: Pack) -> None:
        """Search this pack from now on; the index is built off the event loop and takes the old one's place whole.

        Words alone decide until ``prepare`` has run again.
        """
        self._index, self._pack = await self._built(pack), pack
        self._prepared = False

    async def index_of(self, guild_id: int, pack: Pack) -> SearchIndex:
        """Return the index of a server's pack; one of its own is built when it is first asked for.

        Its scores are judged as the shipped pack's are until it is measured itself, which happens in the background
        where ``prepare`` has run.
        """
        if pack is self._pack:
            return self._index
        known = self._own.get(guild_id)
        if known is None or known.pack is not pack:
            known = _Own(pack, await self._built(pack))
            for ranker in RANKERS:
                known.index.calibrate(self._index.calibration(ranker))
            self._own[guild_id] = known
            while len(self._own) > MOST_OWN:
                self._own.popitem(last=False)
            if self._prepared:
                self._measure(guild_id, known)
        self._own.move_to_end(guild_id)
        return known.index

    async def find(self, question: str, index: SearchIndex | None = None) -> Found:
        """Return what a question leads to. Any text at all may be asked.

        Args:
            question: any text.
            index: of a server's pack; the shipped pack's where none is given.
        """
        index, encoder = index or self._index, self._encoder
        if encoder is None or index.ranker == "lexical" or not question.strip():
            candidates = index.search(question, most=SHOWN)
            return Found(index.band(candidates), candidates)
        text = index.spelled_out(question)
        of_question = await self._off_loop(lambda: encoder.encode(text))
        candidates = index.search(question, of_question, SHOWN)
        return Found(index.band(candidates, of_question), candidates)

    async def load(self) -> None:
        """Load the encoder, if there is one here. Its libraries hold up every thread meanwhile, a fifth of a second.

        So do it before anybody is waiting; where it can't be had, words alone decide and the log says why.
        """
        try:
            self._encoder = await self._off_loop(self._load_encoder)
        except NotInstalledError:
            log.info("search_by_words")
        except NoEncoderError as error:
            self.trouble = error
            log.warning("search_by_words", reason=error.sentence)

    async def prepare(self) -> None:
        """Measure the pack, and find by meaning too where that can be had. Returns when all is done."""
        index, pack = self._index, self._pack
        if pack is None:
            return
        await self._prepare(index, pack, "")
        self._prepared = True
        for guild_id, own in list(self._own.items()):
            self._measure(guild_id, own)

    async def settled(self) -> None:
        """Wait for what is measured in the background."""
        if self._measuring:
            await asyncio.wait(self._measuring)

    def close(self) -> None:
        """Let go of the thread; what it is at now is finished, what waits is dropped."""
        for task in self._measuring:
            task.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _built(self, pack: Pack) -> SearchIndex:
        documents = [Document.of(entry) for entry in pack.entries.values()]
        return await self._off_loop(lambda: SearchIndex(documents, pack.synonyms))

    def _measure(self, guild_id: int, own: _Own) -> None:
        """Measure a server's pack in the background, unless it has changed until its turn comes."""

        async def work() -> None:
            async with self._one_by_one:
                if self._own.get(guild_id) is own:
                    try:
                        await self._prepare(own.index, own.pack, f":{guild_id}")
                    except Exception:
                        log.exception("search_not_measured", guild_id=guild_id)

        task = asyncio.create_task(work())
        self._measuring.add(task)
        task.add_done_callback(self._measuring.discard)

    async def _prepare(self, index: SearchIndex, pack: Pack, whose: str) -> None:
        await self._calibrate(index, pack, None, whose)
        if self._encoder is None:
            return
        meanings = await self._meanings(index, self._encoder, keep_others=bool(whose))
        await self._calibrate(index, pack, meanings, whose)
        index.mean(meanings)
        log.info("search_by_meaning", entries=len(index.documents), texts=self.progress.of)

    async def _meanings(self, index: SearchIndex, encoder: Encoder, *, keep_others: bool) -> Meanings:
        texts = [meaning_texts(document) for document in index.documents]
        names = [[_hash(text) for text in own] for own in texts]
        every = {_hash(text): text for own in texts for text in own}
        kept = await self._database.read(lambda tx: vector.known(tx, MODEL))
        missing = [name for name in every if name not in kept]
        for start in range(0, len(missing), AT_ONCE):
            self.progress = Progress(len(every) - len(missing) + start, len(every))
            if start % (AT_ONCE * 16) == 0:
                log.info("search_encoding", done=self.progress.done, of=self.progress.of)
            some = missing[start : start + AT_ONCE]
            made = await self._off_loop(lambda some=some: {name: encoder.encode(every[name]) for name in some})
            await self._database.write(lambda tx, made=made: vector.put(tx, MODEL, made))
            kept |= made
        self.progress = Progress(len(every), len(every))
        if not keep_others:
            await self._database.write(lambda tx: vector.keep_only(tx, MODEL, every))
        return await self._off_loop(lambda: Meanings([[kept[name] for name in own] for own in names]))

    async def _calibrate(self, index: SearchIndex, pack: Pack, meanings: Meanings | None, whose: str) -> None:
        ranker: Ranker = "lexical" if meanings is None else "semantic"
        name = f"{state_name(ranker)}{whose}"
        of = fingerprint(index.documents, pack, ranker)
        kept = await self._database.read(lambda tx: bot_state.get(tx, name))
        stored = parse_stored(kept)
        if stored is None or stored.of != of:
            made = await self._measured(index, pack, meanings)
            if made is None:
                return
            stored = Stored(of, len(index.documents), made)
            await self._database.write(lambda tx: bot_state.put(tx, name, stored.text))
            log.info("search_measured", ranker=ranker, entries=stored.entries)
        index.calibrate(stored.calibration)

    async def _measured(self, index: SearchIndex, pack: Pack, meanings: Meanings | None) -> Calibration | None:
        if meanings is None and self._apart:
            try:
                return await calibrated_apart(index.documents, pack.synonyms)
            except ApartError as error:
                log.warning("search_measured_here", reason=str(error))
        return await self._in_pieces(calibrated(index.documents, pack.synonyms, meanings))

    async def _in_pieces(self, work: Generator[None, None, T]) -> T:
        def piece() -> T | None:
            try:
                for _ in range(AT_ONCE):
                    next(work)
            except StopIteration as end:
                ended.append(True)
                return end.value
            return None

        ended: list[bool] = []
        outcome: Any = None
        while not ended:
            outcome = await self._off_loop(piece)
        return outcome

    async def _off_loop(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
