"""The answers to an interaction, without a copy of them being built.

discord.py asks Discord to send every message back that it has just been given, and builds it anew. Nothing of ours
looks at it, and reading it costs more than a question to the database. Without ``with_response`` Discord says only
that all is well (204) of a first answer; a follow-up it always sends back, and that is left unread (``follow_up``).
https://docs.discord.com/developers/interactions/receiving-and-responding

A picture goes with its message in one piece: aiohttp writes a form part by part, and the lines between, nine times to
the network for one picture.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, cast

from discord import Interaction, MessageFlags
from discord.http import MultipartParameters, Route, handle_message_parameters
from discord.utils import MISSING
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

_LINE: Final = b"\r\n"
_IN_QUOTES: Final = {ord('"'): "%22", ord("\r"): "%0D", ord("\n"): "%0A"}
_CALLBACK: Final = "/interactions/{webhook_id}/{webhook_token}/callback"


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
        """Send a follow-up; return what Discord sends back."""
        self._change_session(what)
        sent: dict[str, Any] | None = await self._adapter.execute_webhook(*whose, **what)
        return sent

    def _change_session(self, by: dict[str, Any]) -> None:
        if self._sessions is not None:
            by["session"] = self._sessions.over(by["session"])


def unechoed(sessions: Sessions | None = None) -> None:
    """Have what this task answers from now on not sent back, and sent by a session of these."""
    async_context.set(cast("AsyncWebhookAdapter", _Unechoed(async_context.get(), sessions)))


async def follow_up(interaction: Interaction[Any], *, ephemeral: bool, **message: Any) -> None:  # noqa: ANN401
    """Send another message after the first answer, as ``interaction.followup.send`` does, and build nothing of it.

    Args:
        interaction: one that was answered or deferred.
        ephemeral: whether the person alone sees it.
        message: what it says, as ``discord.http.handle_message_parameters`` takes it.

    Raises:
        discord.HTTPException: where Discord refuses it.
    """
    whose = interaction.followup
    flags = MessageFlags(ephemeral=True) if ephemeral else MISSING
    mentions = interaction.client.allowed_mentions
    with handle_message_parameters(**message, flags=flags, previous_allowed_mentions=mentions) as params:
        await async_context.get().execute_webhook(
            interaction.application_id,
            interaction.token,
            session=whose.session,
            proxy=whose.proxy,
            proxy_auth=whose.proxy_auth,
            payload=params.payload,
            multipart=params.multipart,
            files=params.files,
            wait=True,
            with_components=message.get("view", MISSING) is not MISSING,
        )
