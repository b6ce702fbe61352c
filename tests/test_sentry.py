"""What leaves for Sentry: where it failed, and nothing that a member wrote or that opens a door."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
import sentry_sdk.transport
import structlog
from pydantic import SecretStr

from bot import log as log_module
from bot.errors import SettingsError
from bot.log import configure, get_logger
from bot.run import serve
from bot.sentry import begin
from tests.fakes.wire.process import TOKEN
from tests.test_run import settings


class Kept(sentry_sdk.transport.Transport):
    """Keeps the envelopes."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []

    def capture_envelope(self, envelope: Any) -> None:
        """Keep what would be sent."""
        self.sent.append(envelope.serialize().decode())


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    root, transport = logging.getLogger(), Kept()
    options: Any = sentry_sdk.init
    before = root.handlers[:], root.level
    monkeypatch.setattr(log_module, "_listeners", [])
    monkeypatch.setattr(sentry_sdk, "init", partial(options, transport=transport))
    configure("INFO", as_json=True)
    begin("https://key@sentry.example/1", "1.2.3")
    yield transport
    sentry_sdk.get_client().close()
    sentry_sdk.Scope.get_global_scope().set_client(None)
    root.handlers[:], _ = before
    root.setLevel(before[1])
    structlog.reset_defaults()


def test_an_error_goes_out_bare(kept: Kept) -> None:
    def fails(secret: str) -> None:
        raise ValueError(f"a member wrote {secret}")

    try:
        fails("my private worry")
    except ValueError as error:
        get_logger("bot.test").error("interaction_failed", user_id=4711, exc_info=error)
    (sent,) = kept.sent
    event = json.loads(sent.splitlines()[-1])
    (one,) = event["exception"]["values"]
    assert one["type"] == "ValueError"
    assert one["stacktrace"]["frames"][-1]["function"] == "fails"
    assert event["tags"] == {"failed": "interaction_failed"}
    assert [word for word in ("private", "worry", "4711", "secret", "vars", "context_line") if word in sent] == []


def test_a_librarys_error_goes_out_without_its_words(kept: Kept) -> None:
    def fails() -> None:
        raise RuntimeError(TOKEN)

    try:
        fails()
    except RuntimeError:
        logging.getLogger("apscheduler.x").exception("Job %s raised", TOKEN)
    (sent,) = kept.sent
    assert TOKEN not in sent
    assert '"failed":"library"' in sent.replace(" ", "")


def test_what_is_no_error_stays_here(kept: Kept) -> None:
    def fails() -> None:
        raise RuntimeError

    try:
        fails()
    except RuntimeError:
        get_logger("bot.test").warning("expected", exc_info=True)
    get_logger("bot.test").error("without_an_exception")
    assert kept.sent == []


async def test_an_address_that_is_none_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="BOT_SENTRY_DSN: expected the DSN"):
        await serve(settings(tmp_path, token=SecretStr(TOKEN), sentry_dsn=SecretStr("nonsense")))
