"""What the storage's tests share."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import NullPool

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


def opened(path: Path) -> Connection:
    """Return a connection to a database file that begins its transactions as the bot's do."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"isolation_level": None}, poolclass=NullPool)

    def start(tx: Connection) -> None:
        tx.exec_driver_sql("BEGIN")

    event.listen(engine, "begin", start)
    return engine.connect()
