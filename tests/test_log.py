"""The log: no token in any line of it, whoever wrote the line and however it is written."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from bot.log import configure, get_logger, redact

TOKEN = ".".join(("MTE" * 8, "GaBcDe", "x_-9" * 9))
"""Nobody's token, in the form of one."""
INTERACTION_TOKEN = "aW50ZXJhY3Rpb246" * 8
ADDRESS = f"https://discord.com/api/v10/webhooks/1456789012345678901/{INTERACTION_TOKEN}/messages/@original"
CALLBACK = f"https://discord.com/api/v10/interactions/1456789012345678901/{INTERACTION_TOKEN}/callback"
SECRETS = (TOKEN, INTERACTION_TOKEN)

NOISY = ("discord.http", "discord.gateway", "discord.webhook", "aiosqlite", "apscheduler")

Write = Callable[[str], None]


@pytest.fixture(autouse=True)
def logging_restored() -> Iterator[None]:
    """Put the process's logging back."""
    root = logging.getLogger()
    handlers, level, config = root.handlers[:], root.level, structlog.get_config()
    noisy = {name: logging.getLogger(name).level for name in NOISY}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**config)
    for name, before in noisy.items():
        logging.getLogger(name).setLevel(before)


def _our_event(text: str) -> None:
    get_logger("test.ours").info(text)


def _our_value(text: str) -> None:
    get_logger("test.ours").info("event", value=text)


def _our_nested_value(text: str) -> None:
    get_logger("test.ours").info("event", value={"of": [text]})


def _our_exception_value(text: str) -> None:
    get_logger("test.ours").info("event", error=ValueError(text))


def _our_traceback(text: str) -> None:
    try:
        int(text)
    except ValueError:
        get_logger("test.ours").exception("event")


def _foreign_message(text: str) -> None:
    logging.getLogger("discord.client").warning(text)  # noqa: G004, RUF100


def _foreign_argument(text: str) -> None:
    logging.getLogger("discord.client").warning("asked for %s", text)


def _foreign_object(text: str) -> None:
    logging.getLogger("discord.client").warning("asked for %r", [text])


def _foreign_traceback(text: str) -> None:
    try:
        int(text)
    except ValueError:
        logging.getLogger("asyncio").exception("a task failed")


WAYS = (
    _our_event,
    _our_value,
    _our_nested_value,
    _our_exception_value,
    _our_traceback,
    _foreign_message,
    _foreign_argument,
    _foreign_object,
    _foreign_traceback,
)


@pytest.mark.parametrize("as_json", [False, True], ids=["readable", "json"])
@pytest.mark.parametrize("write", WAYS)
def test_no_token_is_written(capsys: pytest.CaptureFixture[str], write: Write, *, as_json: bool) -> None:
    configure("DEBUG", as_json=as_json)
    for text in (TOKEN, f"Bot {TOKEN}", ADDRESS, CALLBACK):
        write(text)
    written = capsys.readouterr().err
    assert written.count("[token]") >= 4
    assert [secret for secret in SECRETS if secret in written] == []


@pytest.mark.parametrize("text", ["1456789012345678901", "bot.storage.database", "https://example.org/a/b", "3.11.2"])
def test_what_is_no_token_stays(text: str) -> None:
    assert redact(text) == text


def test_of_an_address_only_the_token_goes() -> None:
    assert redact(ADDRESS) == "https://discord.com/api/v10/webhooks/1456789012345678901/[token]/messages/@original"


def test_readable_lines_say_when_how_bad_what_and_where(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", as_json=False)
    get_logger("bot.test").warning("commands_synced", count=3)
    line = capsys.readouterr().err
    assert [word for word in ("warning", "commands_synced", "bot.test", "count=3", "Z ") if word not in line] == []
    assert "\x1b" not in line


def test_every_json_line_parses(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", as_json=True)
    get_logger("bot.test").info("event", count=3, guild_id=2**60, odd='a\n"b" \u2028 é')
    for write in WAYS:
        write("plain\nand simple")
    lines: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().err.split("\n") if line]
    assert len(lines) == 1 + len(WAYS)
    assert [line for line in lines if not {"event", "level", "logger", "timestamp"} <= set(line)] == []
    assert (lines[0]["count"], lines[0]["guild_id"], lines[0]["odd"]) == (3, 2**60, 'a\n"b" \u2028 é')
    assert "ValueError: invalid literal" in lines[WAYS.index(_our_traceback) + 1]["exception"]
    assert "ValueError: invalid literal" in lines[WAYS.index(_foreign_traceback) + 1]["exception"]


@pytest.mark.parametrize("name", [*NOISY, "discord.webhook.async_", "apscheduler.scheduler"])
def test_under_debug_who_prints_bodies_stays_at_info(capsys: pytest.CaptureFixture[str], name: str) -> None:
    configure("DEBUG", as_json=False)
    logging.getLogger(name).debug("a request body")
    logging.getLogger(name).info("a plain fact")
    get_logger("bot.test").debug("a fine point of ours")
    written = capsys.readouterr().err
    assert "a request body" not in written
    assert "a plain fact" in written
    assert "a fine point of ours" in written


@pytest.mark.parametrize("name", ["discord.http", "bot.test"])
def test_nothing_below_the_level_is_written(capsys: pytest.CaptureFixture[str], name: str) -> None:
    configure("ERROR", as_json=False)
    logging.getLogger(name).warning("too small")
    get_logger(name).warning("too small")
    logging.getLogger(name).error("large enough")
    written = capsys.readouterr().err
    assert "too small" not in written
    assert "large enough" in written


def test_configuring_twice_writes_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", as_json=True)
    configure("INFO", as_json=True)
    get_logger("bot.test").info("once")
    assert capsys.readouterr().err.count("once") == 1
