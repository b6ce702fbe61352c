"""Measuring a pack in a process of its own."""

from __future__ import annotations

import sys

import pytest

from bot.domain.pack import Pack
from bot.domain.synonym import Synonym
from bot.search.apart import ApartError, calibrated_apart
from bot.search.calibrate import calibrated
from bot.search.stored import parse_stored, state_name
from bot.services.search import SearchService
from bot.storage import bot_state
from bot.storage.database import Database
from tests.search.packs import DOCUMENTS, outcome


async def test_a_process_of_its_own_measures_what_a_thread_would() -> None:
    synonyms = [Synonym(short="auto", means=("car",))]
    apart, here = await calibrated_apart(DOCUMENTS, synonyms), outcome(calibrated(DOCUMENTS, synonyms))
    assert apart is not None
    assert here is not None
    assert apart.figures == here.figures
    assert apart.weights == pytest.approx(here.weights)
    assert await calibrated_apart(DOCUMENTS[:1], ()) is None


async def test_where_there_is_no_such_process_the_bot_measures_by_itself(
    database: Database, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ApartError, match="over 0 s"):
        await calibrated_apart(DOCUMENTS, (), seconds=0)
    for broken in ("/nowhere/python", "/bin/false", "/bin/echo"):
        monkeypatch.setattr(sys, "executable", broken)
        with pytest.raises(ApartError):
            await calibrated_apart(DOCUMENTS, ())
    search = SearchService(database, apart=True)
    await search.take(pack)
    await search.prepare()
    search.close()
    assert parse_stored(await database.read(lambda tx: bot_state.get(tx, state_name("lexical")))) is not None
