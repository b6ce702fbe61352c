"""Reports of errors nobody expected, to a Sentry of the operator's choice, for whoever installed the extra.

What is sent: the kind of the error, the files, functions and lines it came through, and our fixed word for what failed.
What is not: the error's own words, variables, requests, users, breadcrumbs and the machine's name, because any of them
may hold what a member wrote or a token.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sentry_sdk
from sentry_sdk.types import Event, Hint

from bot.log import on_error

KEPT: Final = frozenset({"event_id", "timestamp", "level", "platform", "release", "environment", "exception", "tags"})
OF_AN_EXCEPTION: Final = frozenset({"type", "module", "mechanism", "stacktrace"})
OF_A_FRAME: Final = frozenset({"filename", "function", "lineno", "module", "in_app"})


def stripped(event: Event, _hint: Hint | None = None) -> Event:
    """Return an event with what may be sent alone."""
    kept: dict[str, Any] = {name: value for name, value in event.items() if name in KEPT}
    values: list[Mapping[str, Any]] = [*kept.pop("exception", {}).get("values", [])]
    if values:
        kept["exception"] = {"values": [_exception(one) for one in values]}
    tags: Mapping[str, Any] = kept.pop("tags", {})
    kept["tags"] = {name: value for name, value in tags.items() if name == "failed"}
    return kept  # pyright: ignore[reportReturnType]  (an event is what is left of one)


def _exception(one: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in one.items() if name in OF_AN_EXCEPTION}
    kept["mechanism"] = {"type": "syllabot", "handled": True}
    trace: Mapping[str, Any] = one.get("stacktrace") or {}
    frames: list[Mapping[str, Any]] = [*trace.get("frames", [])]
    bare = [{name: value for name, value in frame.items() if name in OF_A_FRAME} for frame in frames]
    kept["stacktrace"] = {"frames": bare}
    return kept


def begin(address: str, release: str) -> None:
    """Report every error that is logged with its exception from now on.

    Args:
        address: Sentry's DSN.
        release: the version of the bot.
    """
    sentry_sdk.init(
        dsn=address,
        release=release,
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        server_name="",
        traces_sample_rate=None,
        before_send=stripped,
    )
    on_error(_send)


def _send(event: str, error: BaseException) -> None:
    with sentry_sdk.new_scope() as scope:
        scope.set_tag("failed", event)
        sentry_sdk.capture_exception(error)
