"""Looking things up: how often rightly, how fast, and in how much memory, beside the ways of the field.

``FAQ_DATA`` names the folder of the public sets (hint3, clinc150); without it only the shipped pack is asked. With the
extra ``semantic`` installed, everything is measured by meaning too.
"""

from __future__ import annotations

import asyncio
import gc
import random
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any, Final

import psutil
from rapidfuzz import fuzz, process, utils

from bot.domain.faq import FaqCategory, FaqEntry
from bot.domain.pack import Pack
from bot.packs.load import load_pack
from bot.search import encoder
from bot.search.document import Document
from bot.search.encoder import MiniLm
from bot.search.index import SearchIndex
from bot.search.meaning import DIMENSIONS, Meanings, numeric
from bot.services.search import SearchService
from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.upgrade import migrate
from tests.bench.faq_quality import quality
from tests.bench.faq_rankers import remembering
from tests.bench.row import Effort, Row
from tests.fakes.wire.process import AS_SHIPPED, BotProcess
from tests.fakes.wire.server import Wire
from tests.fakes.wire.world import Person

BASELINE: Final = "rapidfuzz WRatio over the questions"
SIZES: Final = (100, 1_000, 10_000)
ASK_P95, KEY_P95, FIRST_ANSWER, STALL = 10.0, 5.0, 300.0, 20.0
"""What is promised at 1,000 entries, in ms."""
MIB_BY_WORDS, MIB_BY_MEANING = 100.0, 330.0
PREPARED_WITHIN: Final = 120


async def measure(effort: Effort, folder: Path) -> list[Row]:
    """Return the rows of quality, speed and memory.

    Args:
        effort: its rounds and calls; with few calls, sets and sizes are cut short.
        folder: an empty one, for databases.
    """
    model = MiniLm() if encoder.trouble() is None else None
    whole = effort.calls >= 100  # else it is only tried whether measuring works
    rows = quality(remembering(model) if model and whole else None, effort.calls * 50 if whole else 10)
    for size in SIZES if whole else SIZES[:1]:
        rows += _speed(size, effort, model)
    rows += await _first_answer_and_stall(effort, folder)
    rows.append(await _memory(folder, by_meaning=whole and model is not None))
    return rows


def made_up(size: int) -> tuple[list[Document], list[str]]:
    """Return entries put together from the shipped pack's words, and questions that are near to some of them."""
    chance = random.Random(size)  # noqa: S311  (the same in every run)
    shipped = load_pack(ROOT / "content" / "ml-engineer", exercises=False).entries.values()
    asked = [word for one in shipped for text in (one.question, *one.phrasings) for word in text.split()]
    answers = [word for one in shipped for word in one.answer.split()]
    documents = [
        Document(
            f"entry-{number}",
            tuple(" ".join(chance.choices(asked, k=count)) for count in (8, 6, 6, 5)),
            " ".join(chance.choices(answers, k=60)),
        )
        for number in range(size)
    ]
    questions: list[str] = []
    for _ in range(200):
        words = chance.choice(documents).asked[0].split()
        words[chance.randrange(len(words))] = chance.choice(asked)
        questions.append(" ".join(words))
    return documents, questions


def _speed(size: int, effort: Effort, model: MiniLm | None) -> list[Row]:
    documents, questions = made_up(size)
    questions = questions[: effort.calls]
    index = SearchIndex(documents)
    titles = [utils.default_process(one.asked[0]) for one in documents]
    strokes = [text[:length] for text in questions[::10] for length in range(1, len(text) + 1)]

    def wratio(text: str) -> object:
        return process.extract(utils.default_process(text), titles, scorer=fuzz.WRatio, limit=25)

    beside = _taken(wratio, questions)
    promised = size == 1_000
    rows = _pair("question, by words", size, _taken(index.search, questions), beside, ASK_P95 if promised else None)
    keys = _taken(lambda text: index.complete(text, 25), strokes)
    rows += _pair("keystroke", size, keys, _taken(wratio, strokes), KEY_P95 if promised else None)
    if model is not None:
        index.mean(_made_up_meanings(documents))
        by_meaning = _taken(lambda text: index.search(text, model.encode(text)), questions)
        rows += _pair("question, by meaning", size, by_meaning, beside, ASK_P95 if promised else None)
    return rows


def _made_up_meanings(documents: Sequence[Document]) -> Meanings:
    """Return vectors of no meaning: what comparing them costs is the same."""
    numpy: Any = numeric()
    drawn: Any = numpy.random.default_rng(0).standard_normal((5 * len(documents), DIMENSIONS))
    vectors: Any = (drawn / numpy.linalg.norm(drawn, axis=1, keepdims=True)).astype("<f4")
    return Meanings([[row.tobytes() for row in vectors[5 * at : 5 * at + 5]] for at in range(len(documents))])


def _taken(work: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    taken: list[float] = []
    for text in texts:
        before = perf_counter()
        work(text)
        taken.append((perf_counter() - before) * 1000)
    return taken


def _pair(what: str, size: int, ours: list[float], beside: list[float], most: float | None) -> list[Row]:
    over = f"{len(ours):,} at {size:,} entries"
    (p50, p95), (other50, other95) = _cuts(ours), _cuts(beside)
    return [
        Row(f"FAQ: {what}, p50", over, "ms", [p50], BASELINE, [other50]),
        Row(f"FAQ: {what}, p95", over, "ms", [p95], BASELINE, [other95], most=most),
    ]


def _cuts(taken: Sequence[float]) -> tuple[float, float]:
    cuts = quantiles(taken, n=20)
    return cuts[9], cuts[18]


async def _first_answer_and_stall(effort: Effort, folder: Path) -> list[Row]:
    """Build the index of 1,000 entries while the loop is looked at, and ask at once."""
    shipped = load_pack(ROOT / "content" / "ml-engineer", exercises=False)
    documents, questions = made_up(1_000)
    entries = tuple(
        FaqEntry.model_construct(id=one.id, question=one.asked[0], phrasings=one.asked[1:], answer=one.answer)
        for one in documents
    )
    shelf = FaqCategory.model_construct(id="all", order=1, title="All", summary="All of them.", entries=entries)
    pack = Pack.of(shipped.track, shipped.chapters, [shelf])
    path = folder / "search.db"
    migrate(path)
    first: list[float] = []
    stalls: list[float] = []
    for _ in range(effort.rounds):
        database = await Database.open(path)
        search = SearchService(database)

        async def built(search: SearchService = search) -> None:
            before = perf_counter()
            await search.take(pack)
            await search.find(questions[0])
            first.append((perf_counter() - before) * 1000)

        stalls.append(await _longest_stall(built))
        search.close()
        await database.close()
    over = "1,000 entries"
    return [
        Row("FAQ: index built, first answer", over, "ms", first, "", first, most=FIRST_ANSWER),
        Row("FAQ: loop stalled while indexing", over, "ms", stalls, "", stalls, most=STALL),
    ]


async def _longest_stall(work: Callable[[], Awaitable[None]]) -> float:
    """Return by how many ms at most the loop came late to what was due each ms while ``work`` ran."""
    gc.collect()
    gc.freeze()  # as the bot does once it has started; the collector would walk through all that the bench keeps
    task = asyncio.ensure_future(work())
    longest = 0.001
    while not task.done():
        before = perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, (perf_counter() - before - 0.001) * 1000)
    await task
    gc.unfreeze()
    return longest


async def _memory(folder: Path, *, by_meaning: bool) -> Row:
    """Return the memory of the whole bot, its search prepared, after it answered a question."""
    data = folder / "memory"
    data.mkdir()
    ready = b"search_by_meaning" if by_meaning else b"search_measured"
    async with Wire.serving() as wire, BotProcess.running(wire, data, flags=AS_SHIPPED) as bot:
        await wire.identified()
        for _ in range(PREPARED_WITHIN * 10):
            if ready in bot.log.read_bytes():
                break
            await asyncio.sleep(0.1)
        await (await wire.command(Person("alice"), "faq", question="do i need a degree")).answer()
        mib = psutil.Process(bot.pid).memory_info().rss / 2**20
    name = "by words and meaning" if by_meaning else "by words alone"
    most = MIB_BY_MEANING if by_meaning else MIB_BY_WORDS
    return Row(
        f"FAQ: memory of the bot, {name}", "shipped pack, measured, one answer", "MiB", [mib], "", [mib], most=most
    )
