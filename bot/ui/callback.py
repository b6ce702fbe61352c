"""The answers to an interaction, without a copy of them being built.

discord.py asks Discord to send every message back that it has just been given, and builds it anew. Nothing of ours
looks at it, and reading it costs more than a question to the database. Without ``with_response`` Discord says only
that all is well (204) of a first answer; a follow-up it always sends back, and of that the least is built.
https://docs.discord.com/developers/interactions/receiving-and-responding

A picture goes with its message in one piece: aiohttp writes a form part by part, and the lines between, nine times to
the network for one picture.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, cast

from discord.http import MultipartParameters, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

_LINE: Final = b"\r\n"
_IN_QUOTES: Final = {ord('"'): "%22", ord("\r"): "%0D", ord("\n"): "%0A"}
_CALLBACK: Final = "/interactions/{webhook_id}/{webhook_token}/callback"
_LEAST: Final = ("id", "channel_id", "type", "content")
"""What discord.py must be told of a message to build one."""


class Sessions(Protocol):
    """What gives the session that answers go by."""

    def over(self, session: Any, /) -> Any:  # noqa: ANN401  (aiohttp's)
        """Return it, on the connections of discord.py's own."""
        ...

    async def aclose(self) -> None:
        """Let go of it."""
        ...


class _InOnePiece:
    """A session that sends one body, whatever else it is to send."""

    def __init__(self, session: Any, body: bytes, kind: str) -> None:  # noqa: ANN401  (aiohttp's)
        self._session, self._body, self._kind = session, body, kind

    def request(self, method: str, url: str, *, headers: Mapping[str, str], **more: Any) -> Any:  # noqa: ANN401
        """Send it; as ``aiohttp.ClientSession.request``."""
        more["data"] = self._body
        return self._session.request(method, url, headers={**headers, "Content-Type": self._kind}, **more)


def form(parts: Sequence[Mapping[str, Any]]) -> tuple[bytes, str]:
    """Return the body and the content type of a form, from its parts as discord.py names them (RFC 7578)."""
    boundary = secrets.token_hex(16)
    lines: list[bytes] = []
    for part in parts:
        named = f'form-data; name="{part["name"]}"'
        if "filename" in part:
            filename = str(part["filename"]).translate(_IN_QUOTES)
            named += f'; filename="{filename}"'
        kind = part.get("content_type", "text/plain; charset=utf-8")
        head = f"--{boundary}\r\nContent-Disposition: {named}\r\nContent-Type: {kind}\r\n\r\n"
        value = part["value"]
        lines += (head.encode(), value.encode() if isinstance(value, str) else value.read(), _LINE)
    return b"".join([*lines, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"


class _Unechoed:
    """What discord.py answers interactions with; what is not named here goes as it always does."""

    def __init__(self, adapter: AsyncWebhookAdapter, sessions: Sessions | None) -> None:
        self._adapter: Any = adapter  # a simulator's is no relative of discord.py's
        self._sessions = sessions

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (the adapter's)
        return getattr(self._adapter, name)

    async def create_interaction_response(
        self,
        interaction_id: int,
        token: str,
        *,
        params: MultipartParameters,
        **by: Any,  # noqa: ANN401  (the session and the proxy)
    ) -> dict[str, Any]:
        """Send the first answer; return what discord.py reads of Discord's reply, for it to find."""
        route = Route("POST", _CALLBACK, webhook_id=interaction_id, webhook_token=token)
        parts: dict[str, Any] = {"payload": params.payload}
        self._change_session(by)
        if params.multipart and isinstance(self._adapter, AsyncWebhookAdapter):
            parts = {}
            by["session"] = _InOnePiece(by["session"], *form(params.multipart))
        elif params.files:
            parts = {"files": params.files, "multipart": params.multipart}
        await self._adapter.request(route, **parts, **by)
        return {"interaction": {"id": interaction_id}}

    async def execute_webhook(self, *whose: Any, **what: Any) -> dict[str, Any] | None:  # noqa: ANN401  (the adapter's)
        """Send a follow-up; return no more of the message than must be."""
        self._change_session(what)
        sent: dict[str, Any] | None = await self._adapter.execute_webhook(*whose, **what)
        return sent and {key: sent[key] for key in _LEAST}

    def _change_session(self, by: dict[str, Any]) -> None:
        if self._sessions is not None:
            by["session"] = self._sessions.over(by["session"])


def unechoed(sessions: Sessions | None = None) -> None:
    """Have what this task answers from now on not sent back, and sent by a session of these."""
    async_context.set(cast("AsyncWebhookAdapter", _Unechoed(async_context.get(), sessions)))
