"""What the tests on the Discord surface share."""

from __future__ import annotations

import pytest

from tests.services.content.conftest import FilesHere


@pytest.fixture
def files_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files read in this process; a worker's start would be most of a test."""
    monkeypatch.setattr("bot.app.ContentFiles", FilesHere)
