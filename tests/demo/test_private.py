"""The private names of SimCord: found in the locked version, and missed with a sentence that says what to do."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.demo import private
from bot.errors import SyllabotError
from bot.settings import ROOT


def test_the_locked_version_has_every_name() -> None:
    private.check()
    assert version("simcord") == private.LOCKED


@pytest.mark.parametrize("lock", ["demo.txt", "dev.txt"])
def test_the_locks_and_the_module_agree(lock: str) -> None:
    locked = re.search(r"^simcord==(\S+)", (ROOT / "requirements" / lock).read_text(encoding="utf-8"), re.MULTILINE)
    assert locked is not None
    assert locked[1] == private.LOCKED


@pytest.mark.parametrize(
    ("table", "gone"),
    [
        ("CLASS_NAMES", "simcord.preview:Preview._nowhere"),
        ("CLASS_NAMES", "simcord.nowhere:Preview"),
        ("PAGE_FIELDS", "nowhere"),
        ("PAGE_MARKS", 'id="nowhere"'),
        ("RENDERED", "embed_nowhere"),
    ],
)
def test_a_name_that_moved_is_named_with_its_mend(monkeypatch: pytest.MonkeyPatch, table: str, gone: str) -> None:
    monkeypatch.setattr(private, table, (*getattr(private, table), gone))
    with pytest.raises(SyllabotError) as caught:
        private.check()
    assert gone in caught.value.sentence
    assert f"simcord=={private.LOCKED}" in caught.value.sentence
    assert "docs/demo.md" in caught.value.sentence


def test_private_names_are_used_in_one_module_only() -> None:
    private_use = re.compile(r"(?:env|preview|page|simcord\.\w+)\._[a-z]\w+|from simcord\.\w*\._")
    others = [path for path in Path(private.__file__).parent.glob("*.py") if path.name != "private.py"]
    assert len(others) > 5
    assert [path.name for path in others if private_use.search(path.read_text(encoding="utf-8"))] == []


def test_every_name_is_described() -> None:
    text = (ROOT / "docs" / "demo.md").read_text(encoding="utf-8")
    names = [name.rpartition(".")[2].rpartition(":")[2] for name in (*private.CLASS_NAMES, *private.ENV_NAMES)]
    names += [*private.PREVIEW_NAMES]
    assert [name for name in names if f"`{name}`" not in text and f".{name}`" not in text] == []
