"""The settings: where they come from, and how faults are told."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import ROOT, Settings, described, load_settings
from bot.sources import arxiv, kaggle

TOKEN = ".".join(("t" * 24, "oken-x", "secret" * 6))
"""Nobody's token, in the form of one."""
README = ROOT / "README.md"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide the settings of whoever runs the tests."""
    for name in os.environ:
        if name.upper().startswith(("BOT_", "DATABASE_", "DISCORD_", "KAGGLE_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def refusal() -> str:
    with pytest.raises(SettingsError) as refused:
        load_settings()
    return refused.value.sentence


def test_without_anything_set_the_defaults_hold() -> None:
    settings = load_settings()
    assert settings.token is None
    assert settings.data_dir == ROOT / "var"
    assert settings.content_dir == ROOT / "content" / "ml-engineer"
    assert (settings.log_level, settings.log_json, settings.demo_port) == ("INFO", False, 8765)
    assert settings.database_path == ROOT / "var" / "syllabot.db"
    assert settings.heartbeat_path == ROOT / "var" / "heartbeat"


def test_every_setting_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "DISCORD_TOKEN": TOKEN,
        "BOT_DATA_DIR": "/data",
        "DATABASE_URL": "postgresql://ana:secret@db.example/syllabot",
        "BOT_BACKUP_DIR": "/backups",
        "BOT_BACKUP_DAYS": "14",
        "BOT_BACKUP_WEEKS": "0",
        "BOT_CONTENT_DIR": "/content",
        "BOT_LOG_LEVEL": "DEBUG",
        "BOT_LOG_JSON": "true",
        "BOT_CLUSTERS": "4",
        "BOT_CLUSTER_ID": "syllabot-3",
        "BOT_SHARD_COUNT": "16",
        "BOT_DEMO_PORT": "9000",
        "BOT_HTTP_HOST": "0.0.0.0",  # noqa: S104
        "BOT_HTTP_PORT": "9100",
        "BOT_SENTRY_DSN": "https://k@sentry.example/1",
        "KAGGLE_TOKEN": "k",
        "BOT_ARXIV_URL": "http://mirror.example/api",
        "BOT_ARXIV_RSS_URL": "http://mirror.example/rss",
        "BOT_KAGGLE_URL": "http://mirror.example/kaggle",
    }
    assert set(given) == set(described()), "What to do: give the new setting a value here."
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.token is not None
    assert settings.token.get_secret_value() == TOKEN
    assert (settings.data_dir, settings.content_dir) == (Path("/data"), Path("/content"))
    assert (settings.backup_path, settings.backup_days, settings.backup_weeks) == (Path("/backups"), 14, 0)
    assert (settings.log_level, settings.log_json, settings.demo_port) == ("DEBUG", True, 9000)
    assert (settings.clusters, settings.cluster_id, settings.shard_count) == (4, 3, 16)
    assert (settings.http_host, settings.http_port) == ("0.0.0.0", 9100)  # noqa: S104
    assert settings.sentry_dsn is not None
    assert settings.kaggle_token is not None
    assert settings.kaggle_token.get_secret_value() == "k"
    assert (settings.arxiv_url, settings.arxiv_rss_url) == ("http://mirror.example/api", "http://mirror.example/rss")
    assert settings.kaggle_url == "http://mirror.example/kaggle"


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("# a comment\nBOT_DEMO_PORT=9001\nexport BOT_LOG_LEVEL='ERROR'\n")
    monkeypatch.setenv("BOT_DEMO_PORT", "9002")
    settings = load_settings()
    assert (settings.demo_port, settings.log_level) == (9002, "ERROR")


def test_another_file_can_be_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOT_DEMO_PORT=9001\n")
    (tmp_path / "other.env").write_text("BOT_DEMO_PORT=9003\n")
    assert load_settings(tmp_path / "other.env").demo_port == 9003


@pytest.mark.parametrize("value", ["", " ", "\t"])
def test_an_empty_token_is_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", value)
    assert load_settings().token is None


@pytest.mark.parametrize("where", ["environment", "file"])
def test_empty_values_count_as_unset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    if where == "environment":
        for name in described():
            monkeypatch.setenv(name, "")
    else:
        (tmp_path / ".env").write_text("".join(f"{name}=\n" for name in described()))
    assert load_settings().model_dump() == {name: field.default for name, field in Settings.model_fields.items()}


def test_white_space_around_a_token_is_taken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", f" {TOKEN}\n")
    token = load_settings().token
    assert token is not None
    assert token.get_secret_value() == TOKEN


def test_every_fault_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "not a token")
    monkeypatch.setenv("BOT_LOG_LEVEL", "LOUD")
    monkeypatch.setenv("BOT_LOG_JSON", "perhaps")
    monkeypatch.setenv("BOT_BACKUP_DAYS", "0")
    (tmp_path / ".env").write_text("BOT_DEMO_PORT=80\nBOT_DATADIR=x\n")
    sentence = refusal()
    expected = {
        "DISCORD_TOKEN": "a bot token: three parts",
        "BOT_LOG_LEVEL": "one of DEBUG, INFO, WARNING or ERROR",
        "BOT_LOG_JSON": "true or false",
        "BOT_DEMO_PORT": "a number from 1024 to 65535",
        "BOT_BACKUP_DAYS": "a number from 1 to 30",
        "BOT_DATADIR": "did you mean BOT_DATA_DIR?",
    }
    lines = {line.removeprefix("- ").partition(":")[0]: line for line in sentence.splitlines()[1:]}
    assert set(lines) == set(expected)
    assert [name for name, words in expected.items() if words not in lines[name]] == []


@pytest.mark.parametrize(("value", "words"), [("1023", "from 1024"), ("65536", "to 65535"), ("web", "a whole number")])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str, words: str) -> None:
    monkeypatch.setenv("BOT_DEMO_PORT", value)
    assert words in refusal()


@pytest.mark.parametrize("value", ["arxiv.org", "ftp://arxiv.org", "https://", "/api"])
def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BOT_ARXIV_URL", value)
    assert "BOT_ARXIV_URL: expected a web address that starts with https://" in refusal()


def test_a_kaggle_token_in_pieces_is_refused_and_never_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAGGLE_TOKEN", "secret\r\nX: y")
    told = refusal()
    assert "KAGGLE_TOKEN: expected a token in one piece" in told
    assert "secret" not in told
    monkeypatch.setenv("KAGGLE_TOKEN", " secret\n")
    settings = load_settings()
    assert "secret" not in f"{settings!r}{settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"BOT_CLUSTERS": "2"}, "DATABASE_URL: expected a PostgreSQL server, because BOT_CLUSTERS is 2"),
        ({"BOT_CLUSTER_ID": "1"}, "BOT_CLUSTER_ID: expected a number from 0 to 0, because BOT_CLUSTERS is 1"),
        ({"BOT_CLUSTERS": "2", "BOT_CLUSTER_ID": "bot-2"}, "BOT_CLUSTER_ID: expected a number from 0 to 1"),
        ({"BOT_CLUSTER_ID": "bot"}, "BOT_CLUSTER_ID: expected a whole number"),
        ({"BOT_CLUSTERS": "0"}, "BOT_CLUSTERS: expected a number from 1 to 1000"),
        (
            {"BOT_CLUSTERS": "3", "BOT_SHARD_COUNT": "2", "DATABASE_URL": "postgresql://a:secret@db/syllabot"},
            "BOT_SHARD_COUNT: expected 0, or 3 at least",
        ),
    ],
)
def test_clusters_that_do_not_fit_together_are_refused(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], words: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    sentence = refusal()
    assert words in sentence
    assert "secret" not in sentence


def test_the_sources_are_asked_where_they_are() -> None:
    settings = load_settings()
    assert (settings.arxiv_url, settings.arxiv_rss_url) == (arxiv.BASE_URL, arxiv.RSS_URL)
    assert settings.kaggle_url == kaggle.BASE_URL


def test_an_unknown_name_that_is_like_none_lists_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SHOE_SIZE", "42")
    sentence = refusal()
    assert "BOT_SHOE_SIZE: there is no such setting" in sentence
    assert [name for name in described() if name not in sentence] == []


def test_names_of_other_programs_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOT_ARM", "1")
    monkeypatch.setenv("DISCORD_CHANNEL", "1")
    load_settings()


def test_the_token_never_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    settings = load_settings()
    shown = [
        repr(settings),
        str(settings),
        repr(settings.model_dump()),
        settings.model_dump_json(),
        f"{settings.token}",
    ]
    assert [text for text in shown if "secret" in text] == []


@pytest.mark.parametrize("token", [TOKEN.replace(".", "-"), TOKEN + " " + TOKEN, TOKEN + ".more"])
def test_a_refused_token_never_shows(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", token)
    monkeypatch.setenv("BOT_LOG_LEVEL", "LOUD")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    chain: list[str] = []
    error: BaseException | None = refused.value
    while error is not None:
        chain.append(f"{error} {error!r}")
        error = error.__cause__ or error.__context__
    assert "DISCORD_TOKEN" in chain[0]
    assert [text for text in chain if "secret" in text] == []


def test_settings_cannot_be_changed_later() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().demo_port = 9000  # pyright: ignore[reportAttributeAccessIssue]


def test_every_setting_is_described() -> None:
    assert [name for name, (words, _default) in described().items() if not words.endswith(".")] == []


def test_the_example_names_exactly_the_settings_and_is_harmless_as_it_stands() -> None:
    example = ROOT / ".env.example"
    found = dict(
        re.findall(
            r"^#\s*((?:BOT|DATABASE|DISCORD|KAGGLE)_\w+)=(\S*)", example.read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    assert found == {name: default for name, (_words, default) in described().items()}
    assert load_settings(example) == load_settings()


@pytest.mark.skipif(not README.exists(), reason="README.md is not written yet")
def test_the_readme_names_exactly_the_settings() -> None:
    cells = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in README.read_text(encoding="utf-8").splitlines()
        if re.match(r"\|\s*`?(BOT|DATABASE|DISCORD|KAGGLE)_", line)
    ]
    found = {row[0].strip("`"): row[1].strip("`") for row in cells}
    assert set(found) == set(described())
    wrong = {name: found[name] for name, (_words, default) in described().items() if default and default != found[name]}
    assert wrong == {}, "the README tells another default"
