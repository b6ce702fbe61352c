"""The search at work: measured once, by words from the first moment, by meaning when the vectors are there."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.domain.calibration import UNTIL_MEASURED, Band
from bot.domain.faq import FaqCategory, FaqEntry
from bot.domain.pack import Pack
from bot.search.calibrate import calibrated
from bot.search.document import Document
from bot.search.encoder import MODEL, Encoder, NoEncoderError, NotInstalledError
from bot.search.stored import Stored, fingerprint, parse_stored, state_name
from bot.services.search import SearchService
from bot.storage import bot_state, vector
from bot.storage.database import Database
from tests.search.packs import DOCUMENTS, WordEncoder, outcome

needs_numpy = pytest.mark.skipif(importlib.util.find_spec("numpy") is None, reason="the extra semantic is missing")


def _no_encoder() -> Encoder:
    raise NotInstalledError("not installed here")


def _small(pack: Pack) -> Pack:
    entries = tuple(
        FaqEntry.model_construct(id=one.id, question=one.asked[0], phrasings=one.asked[1:], answer="", topics=())
        for one in DOCUMENTS
    )
    shelf = FaqCategory.model_construct(id="shelf", order=1, title="Shelf", summary="All of it.", entries=entries)
    return Pack.of(pack.track, pack.chapters, [shelf])


@pytest.fixture
def small(pack: Pack) -> Pack:
    """A pack of few entries, quick to measure."""
    return _small(pack)


async def test_before_anything_is_prepared_words_find_what_is_asked(database: Database, pack: Pack) -> None:
    search = SearchService(database, _no_encoder)
    assert (await search.find("anything")).band is Band.NO, "before it has a pack"
    await search.take(pack)
    assert (await search.find("do i need a degree")).candidates[0].entry_id == "need-a-degree"
    assert search.ranker == "lexical"
    search.close()


async def test_a_pack_is_measured_once_and_again_when_it_changes(database: Database, small: Pack, pack: Pack) -> None:
    name = state_name("lexical")
    for content in (small, small):
        search = SearchService(database, _no_encoder)
        await search.take(content)
        await search.load()
        await search.prepare()
        search.close()
        kept = parse_stored(await database.read(lambda tx: bot_state.get(tx, name)))
        assert kept is not None
        assert kept.entries == len(DOCUMENTS)
        # what is stored is taken, not measured again: a mark on it stays
        marked = kept.calibration.model_copy(update={"sure_from": 0.5})
        text = Stored(kept.of, kept.entries, marked).text
        await database.write(lambda tx, text=text: bot_state.put(tx, name, text))
    assert kept.calibration.sure_from == 0.5
    shelf = small.categories[0]
    fewer = Pack.of(pack.track, pack.chapters, [shelf.model_copy(update={"entries": shelf.entries[1:]})])
    search = SearchService(database, _no_encoder)
    await search.take(fewer)
    await search.prepare()
    search.close()
    again = parse_stored(await database.read(lambda tx: bot_state.get(tx, name)))
    assert again is not None
    assert again.entries == len(DOCUMENTS) - 1
    assert again.of != kept.of


@pytest.mark.parametrize(
    "text", [None, "", "{}", "[1]", "null", '{"of": 1}', '{"of": "a", "entries": 1, "calibration": {}}']
)
def test_what_no_version_can_read_counts_as_not_measured(text: str | None) -> None:
    assert parse_stored(text) is None


def test_the_fingerprint_changes_with_the_content_alone(small: Pack, pack: Pack) -> None:
    assert fingerprint(DOCUMENTS, small, "lexical") == fingerprint(DOCUMENTS, small, "lexical")
    others = {
        fingerprint(DOCUMENTS, small, "lexical"),
        fingerprint(DOCUMENTS, small, "semantic"),
        fingerprint(DOCUMENTS, pack, "lexical"),
        fingerprint(DOCUMENTS[1:], small, "lexical"),
    }
    assert len(others) == 4


@needs_numpy
async def test_meanings_are_encoded_once_kept_and_dropped_with_their_text(
    database: Database, small: Pack, pack: Pack
) -> None:
    encoder = WordEncoder()
    search = SearchService(database, lambda: encoder)
    await search.take(small)
    await search.load()
    assert (await search.find("mend automobile")).candidates == []
    await search.prepare()
    assert search.ranker == "semantic"
    assert search.progress.done == search.progress.of == 3 * len(DOCUMENTS)
    found = await search.find("mend automobile")
    assert found.candidates[0].entry_id == "car-fix"
    search.close()

    again = WordEncoder()
    search = SearchService(database, lambda: again)
    await search.take(small)
    await search.load()
    await search.prepare()
    assert again.encoded == [], "every vector was kept"
    fewer = small.categories[0].model_copy(update={"entries": small.categories[0].entries[1:]})
    await search.take(Pack.of(pack.track, pack.chapters, [fewer]))
    assert search.ranker == "lexical"
    await search.prepare()
    assert search.ranker == "semantic"
    assert len(await database.read(lambda tx: vector.known(tx, MODEL))) == 3 * (len(DOCUMENTS) - 1)
    search.close()


async def test_an_encoder_that_cannot_be_had_leaves_words_and_says_why(database: Database, small: Pack) -> None:
    def wrong() -> Encoder:
        raise NoEncoderError("The model's file is not the one.")

    search = SearchService(database, wrong)
    await search.take(small)
    await search.load()
    await search.prepare()
    assert search.trouble is not None
    assert search.ranker == "lexical"
    assert (await search.find("fix a car")).candidates[0].entry_id == "car-fix"
    search.close()


async def test_an_empty_pack_is_prepared_without_trouble(database: Database, pack: Pack) -> None:
    search = SearchService(database, _no_encoder)
    await search.prepare()
    await search.take(Pack.of(pack.track, pack.chapters, []))
    await search.prepare()
    assert await database.read(lambda tx: bot_state.get(tx, state_name("lexical"))) is None
    assert (await search.find("do i need a degree")).band is Band.NO
    search.close()


def test_the_defaults_are_what_the_shipped_pack_comes_to(pack: Pack) -> None:
    documents = [Document.of(entry) for entry in pack.entries.values()]
    found = outcome(calibrated(documents, pack.synonyms))
    assert found is not None
    default = UNTIL_MEASURED["lexical"]
    assert found.sure_from == pytest.approx(default.sure_from, abs=0.03)
    assert found.unsure_from == pytest.approx(default.unsure_from, abs=0.02)


async def test_vectors_of_another_model_go(database: Database) -> None:
    def unit(tx: Connection) -> tuple[int, dict[str, bytes]]:
        vector.put(tx, "old", {"a": b"1", "b": b"2"})
        vector.put(tx, "new", {"a": b"3", "c": b"4"})
        vector.put(tx, "new", {"a": b"9"})
        vector.put(tx, "new", {})
        return vector.keep_only(tx, "new", {"a"}), vector.known(tx, "new")

    assert await database.write(unit) == (3, {"a": b"3"})


@pytest.mark.sqlite
async def test_what_the_bot_remembers_can_be_looked_at_from_outside(database: Database, tmp_path: Path) -> None:
    await database.write(lambda tx: bot_state.put(tx, "search:lexical", "kept"))
    assert database.path is not None
    assert bot_state.peek(database.path, "search:lexical") == "kept"
    assert bot_state.peek(database.path, "nothing") is None
    assert bot_state.peek(tmp_path / "none.db", "search:lexical") is None
    (tmp_path / "no.db").write_bytes(b"no database at all, but long enough to be looked at" * 99)
    assert bot_state.peek(tmp_path / "no.db", "search:lexical") is None
