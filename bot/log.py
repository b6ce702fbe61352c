"""Structured logs: ids, never names; never a token, never what a member wrote."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Final, cast

if "rich" not in sys.modules:
    # structlog draws tracebacks with rich wherever it finds it, and to find it takes four megabytes; ours are plain
    sys.modules["rich"] = cast("ModuleType", None)
    import structlog

    del sys.modules["rich"]
else:
    import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

TOKEN: Final = re.compile(r"[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}")
INTERACTION: Final = re.compile(r"(/(?:interactions|webhooks)/\d+/)[\w-]{20,}")


def get_logger(name: str) -> FilteringBoundLogger:
    """Return the logger of a module."""
    return cast("FilteringBoundLogger", structlog.stdlib.get_logger(name))


_listeners: list[Callable[[str, BaseException], None]] = []


def on_error(listener: Callable[[str, BaseException], None]) -> None:
    """Have each error that is logged with its exception handed to ``listener`` too, with the line's word."""
    _listeners.append(listener)


def _hand_over(_logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    if _listeners and line.get("level", method) in {"error", "critical", "exception"}:
        given: object = line.get("exc_info")
        if given is True or isinstance(given, tuple):
            given = cast("tuple[object, ...]", given)[1] if isinstance(given, tuple) else sys.exc_info()[1]
        if isinstance(given, BaseException):
            for listener in _listeners:
                listener(str(line.get("event", "")) if "_record" not in line else "library", given)
    return line


def redact(text: str) -> str:
    """Return ``text`` without anything that looks like a bot token or an interaction token."""
    return INTERACTION.sub(r"\1[token]", TOKEN.sub("[token]", text))


def _redact_line(_logger: WrappedLogger, _method: str, line: EventDict | str) -> str:
    # the whole line, because a token may sit deep inside a value
    return redact(str(line))


def configure(level: str, *, as_json: bool) -> None:
    """Send all logs, ours and the libraries', to standard error.

    Args:
        level: name of the lowest level shown.
        as_json: one JSON object a line instead of readable lines.
    """
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        _hand_over,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer, _redact_line],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # at DEBUG these print request bodies and interaction tokens
    for noisy in ("discord.http", "discord.gateway", "discord.webhook", "aiosqlite", "apscheduler"):
        logging.getLogger(noisy).setLevel(max(logging.INFO, logging.getLogger().level))
