"""Content read by a process of its own is the content, its faults are the faults."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from bot.domain.pack import Pack
from bot.errors import ContentError
from bot.packs.apart import PackReading
from bot.packs.load import load_pack
from bot.packs.pack_worker import answer_to
from bot.packs.pickled import EXERCISES, PACK
from bot.settings import ROOT

SHIPPED = ROOT / "content" / "ml-engineer"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the shipped content."""
    return shutil.copytree(SHIPPED, tmp_path / "content")


def test_what_another_process_has_read_is_the_pack() -> None:
    apart, here = PackReading.begin(SHIPPED).pack(), load_pack(SHIPPED)
    assert replace(here, read_exercises=apart.read_exercises) == apart
    assert apart.exercises == here.exercises
    assert apart.exercises is apart.exercises
    topic = next(iter(apart.topics.values()))
    assert apart.stage_of[topic.id].topics[0] is topic, "a topic is one thing, wherever it is found"
    assert topic.model_copy(update={"title": "Another"}).model_fields_set == topic.model_fields_set


def test_what_comes_over_is_smaller_than_what_was_validated() -> None:
    cards = pickle.loads(answer_to(SHIPPED, EXERCISES)).cards.by_id.values()  # noqa: S301
    assert len({id(card.model_fields_set) for card in cards}) <= 3, "one set of fields for each kind of card"
    assert len({id(card.topic) for card in cards}) == len({card.topic for card in cards})


def test_faults_are_told_as_if_read_here(content: Path) -> None:
    (content / "cards" / "extra.yaml").write_text("stage: nowhere\ncards: []\n")
    pack = PackReading.begin(content).pack()
    with pytest.raises(ContentError, match=r"cards/extra\.yaml"):
        _ = pack.exercises
    (content / "roadmap" / "track.yaml").unlink()
    with pytest.raises(ContentError) as here:
        load_pack(content)
    with pytest.raises(ContentError) as apart:
        PackReading.begin(content).pack()
    assert "track.yaml" in apart.value.sentence
    assert set(apart.value.sentence.splitlines()) <= set(here.value.sentence.splitlines())


@pytest.mark.parametrize("broken", ["/nowhere/python", "/bin/false"])
def test_where_there_is_no_such_process_the_bot_reads_by_itself(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", broken)
    pack = PackReading.begin(SHIPPED).pack()
    assert pack.exercises == load_pack(SHIPPED).exercises


def test_the_process_answers_on_its_output(content: Path) -> None:
    command = (sys.executable, "-m", "bot.packs.pack_worker", str(content), PACK)
    told = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    read = cast("Pack", pickle.loads(told.stdout))  # noqa: S301
    assert read.topics.keys() == load_pack(SHIPPED).topics.keys()
