"""The doctor: what it looks at, what it finds, and the mend it names; it changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine

from bot.doctor import Finding, examine
from bot.domain.calibration import Calibration, Figures
from bot.errors import StorageError
from bot.health import beat
from bot.search import encoder
from bot.search.encoder import NoEncoderError, NotInstalledError
from bot.search.stored import Stored, state_name
from bot.services.backup import BackupService, Keeping
from bot.settings import Settings
from bot.storage.feed import SourceState, put_source
from bot.storage.migrations import REVISIONS
from bot.storage.upgrade import migrate, prepare, take_down
from tests.fakes.clock import FakeClock

TOKEN = ".".join(("t" * 24, "oken-x", "secret" * 6))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a folder of this test's own, whatever the environment says."""
    return Settings.model_construct().model_copy(
        update={"token": None, "data_dir": tmp_path, "content_dir": _shipped()}
    )


def _shipped() -> Path:
    return Path(str(Settings.model_fields["content_dir"].default))


def findings(settings: Settings, clock: FakeClock) -> dict[str, Finding]:
    return {finding.what: finding for finding in examine(settings, clock)}


def test_a_fresh_clone_is_well_and_nothing_is_made(settings: Settings, clock: FakeClock, tmp_path: Path) -> None:
    found = findings(settings, clock)
    assert set(found) == {
        "token",
        "database",
        "backup",
        "content",
        "search",
        "intents",
        "time zones",
        "heartbeat",
        "commands",
        "arXiv",
        "Kaggle",
    }
    assert [finding for finding in found.values() if not finding.well] == []
    assert "DISCORD_TOKEN" in found["token"].mend
    assert "none yet" in found["database"].found
    assert "never asked" in found["arXiv"].found
    assert "KAGGLE_TOKEN" in found["Kaggle"].mend
    assert "guilds alone" in found["intents"].found
    assert list(tmp_path.iterdir()) == []


def test_a_token_is_seen_and_not_shown(settings: Settings, clock: FakeClock) -> None:
    found = findings(settings.model_copy(update={"token": SecretStr(TOKEN)}), clock)
    assert (found["token"].well, found["token"].found) == (True, "set")
    assert "secret" not in repr(found)


def test_the_content_is_counted(settings: Settings, clock: FakeClock) -> None:
    found = findings(settings, clock)["content"].found
    topics, questions, chapters = (int(part.split()[0]) for part in found.split(", "))
    assert topics >= 55
    assert questions >= 80
    assert chapters >= 9


def test_bad_content_names_the_command_that_tells_more(settings: Settings, clock: FakeClock, tmp_path: Path) -> None:
    finding = findings(settings.model_copy(update={"content_dir": tmp_path / "none"}), clock)["content"]
    assert not finding.well
    assert f"python -m bot content check {tmp_path / 'none'}" in finding.mend


def _up_to_date(_path: Path) -> None:
    pass


def _older(path: Path) -> None:
    take_down(path, "base")


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def _damaged(path: Path) -> None:
    path.write_bytes(b"no database" * 500)


@pytest.mark.parametrize(
    ("do", "well", "found", "mend"),
    [
        (_up_to_date, True, f"schema {REVISIONS[-1]}", ""),
        (_older, False, f"this version wants {REVISIONS[-1]}", "python -m bot db upgrade"),
        (_newer, False, "schema 9999 is newer", "newer version"),
        (_damaged, False, "unusable", "no backup beside it"),
    ],
)
def test_a_database_is_told_as_it_is(
    settings: Settings, clock: FakeClock, do: Callable[[Path], None], well: bool, found: str, mend: str
) -> None:
    migrate(settings.database_path)
    do(settings.database_path)
    before = settings.database_path.read_bytes()
    finding = findings(settings, clock)["database"]
    assert finding.well == well
    assert found in finding.found
    assert mend in finding.mend
    assert settings.database_path.read_bytes() == before


def test_the_last_backup_is_told_and_whether_it_was_proved(settings: Settings, clock: FakeClock) -> None:
    prepare(settings.database_path, clock.now())
    assert "none yet" in findings(settings, clock)["backup"].found
    service = BackupService(settings.database_path, Keeping(settings.backup_path), clock)
    service.make("nightly")
    clock.move(hours=3)
    told = findings(settings, clock)["backup"]
    assert told.well
    assert "made 3 h ago, restored for a test" in told.found
    clock.move(hours=48)
    assert not findings(settings, clock)["backup"].well
    settings.database_path.write_bytes(b"no database" * 500)
    with pytest.raises(StorageError):
        service.make("nightly")
    assert "the last one failed 0 min ago" in findings(settings, clock)["backup"].found


@pytest.mark.parametrize(("seconds", "words"), [(60, "60 s old: the bot is running"), (61, "not running now")])
def test_a_heartbeat_is_told_with_its_age(settings: Settings, clock: FakeClock, seconds: int, words: str) -> None:
    beat(settings.heartbeat_path, clock)
    clock.move(seconds=seconds)
    assert words in findings(settings, clock)["heartbeat"].found


def test_each_source_is_told_from_the_database(settings: Settings, clock: FakeClock) -> None:
    migrate(settings.database_path)
    now = clock.now()
    states = (
        SourceState("arXiv", now, now, None, None, None),
        SourceState("Kaggle", now, now - timedelta(days=3), now - timedelta(days=2), "Kaggle is closed.", None),
    )
    engine = create_engine(f"sqlite:///{settings.database_path}")
    with engine.begin() as tx:
        for state in states:
            put_source(tx, state)
    engine.dispose()
    before = settings.database_path.read_bytes()
    clock.move(hours=2)
    found = findings(settings.model_copy(update={"kaggle_token": SecretStr("s3cret")}), clock)
    assert (found["arXiv"].well, found["arXiv"].found) == (True, "answered 2 h ago")
    assert not found["Kaggle"].well
    assert found["Kaggle"].found == ("down since 2026-11-21 09:00 UTC (last answer 74 h ago): Kaggle is closed.")
    assert "s3cret" not in repr(found)
    assert settings.database_path.read_bytes() == before


def test_how_sure_the_answers_are_is_told_from_what_was_measured(settings: Settings, clock: FakeClock) -> None:
    prepare(settings.database_path, clock.now())
    figures = Figures(asked=600, right=0.09, wrong=0.05, refused=0.13, stranger_answered=0.08, stranger_refused=0.22)
    measured = Calibration(
        ranker="lexical", weights=(3.0, 2.0, 4.0, -4.0), sure_from=0.29, unsure_from=0.07, figures=figures
    )
    with closing(sqlite3.connect(settings.database_path)) as connection, connection:
        text = Stored("another content", 140, measured).text
        connection.execute("INSERT INTO bot_state VALUES (?, ?)", (state_name("lexical"), text))
    told = findings(settings, clock)["sureness, lexical"]
    assert told.well
    assert "from a chance of 0.29" in told.found
    assert "600 phrasings left out and asked, 9% were answered rightly and 5% wrongly" in told.found
    assert "8% were answered and 22% refused" in told.found
    assert "anew" in told.mend, "it was measured on another content"


def test_an_encoder_that_is_broken_is_told_and_a_missing_one_is_nothing_wrong(
    settings: Settings, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder, "trouble", lambda: NotInstalledError("Install requirements/semantic.txt."))
    assert findings(settings, clock)["search"].well
    monkeypatch.setattr(encoder, "trouble", lambda: NoEncoderError("The file is another. Install it again."))
    assert not findings(settings, clock)["search"].well
    assert "again" in findings(settings, clock)["search"].mend
