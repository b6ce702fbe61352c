"""The first answer to an interaction, without a copy of it coming back.

discord.py asks Discord to send every message back that it has just been given, and builds it anew. Nothing of ours
looks at it, and reading it costs more than a question to the database. Without ``with_response`` Discord says only
that all is well (204). https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from __future__ import annotations

from typing import Any, Final, cast

from discord.http import MultipartParameters, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

_CALLBACK: Final = "/interactions/{webhook_id}/{webhook_token}/callback"


class _Unechoed:
    """What discord.py answers interactions with; all but the first answer goes as it always does."""

    def __init__(self, adapter: AsyncWebhookAdapter) -> None:
        self._adapter = adapter

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
        parts: dict[str, Any] = (
            {"files": params.files, "multipart": params.multipart} if params.files else {"payload": params.payload}
        )
        await self._adapter.request(route, **parts, **by)
        return {"interaction": {"id": interaction_id}}


def unechoed() -> None:
    """Have what this task answers from now on not sent back."""
    async_context.set(cast("AsyncWebhookAdapter", _Unechoed(async_context.get())))
