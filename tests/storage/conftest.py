"""What the storage's tests share."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.log import configure


@pytest.fixture(autouse=True)
def logging_as_in_service() -> Iterator[None]:
    """Log as the running bot does, and put the process's logging back afterwards."""
    root = logging.getLogger()
    handlers, level, config = root.handlers[:], root.level, structlog.get_config()
    configure("INFO", as_json=False)
    # a logger that is kept from here on would outlive the test
    structlog.configure(cache_logger_on_first_use=False)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**config)
