"""The audit of the locks, against a service of our own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT
from tests.audit import main, pinned


class Service(BaseHTTPRequestHandler):
    """Knows of one vulnerable version."""

    def do_POST(self) -> None:
        """Answer a batch of queries."""
        asked: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        bad = {"package": {"name": "old-thing", "ecosystem": "PyPI"}, "version": "1.0"}
        results = [{"vulns": [{"id": "GHSA-1"}]} if one == bad else {} for one in asked["queries"]]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"results": results}).encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stay silent."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setenv("AUDIT_URL", f"http://127.0.0.1:{server.server_port}/")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(("version", "code", "words"), [("1.0", 1, "old-thing 1.0: GHSA-1"), ("1.1", 0, "No vuln")])
def test_a_known_vulnerability_fails_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], version: str, code: int, words: str
) -> None:
    lock = tmp_path / "bot.txt"
    lock.write_text(f"aiohttp==3.9.0 \\\n    --hash=sha256:ab\nold-thing=={version} ; python_version > '3' \\\n")
    assert main([str(lock)]) == code
    assert words in capsys.readouterr().out


def test_without_a_network_it_says_so_and_passes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUDIT_URL", "http://127.0.0.1:9/")
    assert main([str(ROOT / "requirements" / "bot.txt")]) == 0
    assert "SKIPPED" in capsys.readouterr().out


def test_the_locks_are_read() -> None:
    names = {name for name, _ in pinned((ROOT / "requirements").glob("*.txt"))}
    assert {"discord-py", "sentry-sdk", "prometheus-client"} <= names
