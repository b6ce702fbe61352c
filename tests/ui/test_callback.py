"""What answers an interaction first asks for no copy of itself, and goes out as discord.py wrote it."""

from __future__ import annotations

import io
from collections.abc import Generator
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.ui.callback import unechoed

TOKEN = "t" * 8


class Recorder(AsyncWebhookAdapter):
    """An adapter that sends nothing, and remembers what it was to send."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, dict[str, Any]]] = []

    async def request(self, route: Route, session: Any, **parts: Any) -> Any:
        """Remember what is to be sent where."""
        assert session == "the session"
        self.sent.append((f"{route.method} {route.url.removeprefix(Route.BASE)}", parts))


@pytest.fixture
def recorder() -> Generator[Recorder]:
    here = Recorder()
    before = async_context.set(here)
    unechoed()
    yield here
    async_context.reset(before)


def response() -> discord.InteractionResponse[Any]:
    """Return the response of an interaction that nobody has answered."""
    http = SimpleNamespace(proxy=None, proxy_auth=None)
    state = SimpleNamespace(http=http, allowed_mentions=discord.AllowedMentions.none())
    parent = SimpleNamespace(id=5, token=TOKEN, _session="the session", _state=state, channel=None)
    return discord.InteractionResponse(cast("discord.Interaction[Any]", parent))


async def test_a_first_answer_asks_for_no_copy(recorder: Recorder) -> None:
    first = response()
    await first.send_message("Hello", ephemeral=True)
    assert first.is_done()
    with pytest.raises(discord.InteractionResponded):
        await first.send_message("Again")
    ((where, parts),) = recorder.sent
    assert where == "POST /interactions/5/tttttttt/callback"
    assert "params" not in parts
    assert parts["payload"]["type"] == 4
    assert parts["payload"]["data"]["content"] == "Hello"
    assert parts["payload"]["data"]["flags"] == 64


async def test_files_go_with_it(recorder: Recorder) -> None:
    await response().send_message(file=discord.File(io.BytesIO(b"a picture"), "card.png"))
    ((_, parts),) = recorder.sent
    assert [one.filename for one in parts["files"]] == ["card.png"]
    assert any(part["name"] == "files[0]" for part in parts["multipart"])
    assert "payload" not in parts


async def test_what_else_is_sent_goes_as_ever(recorder: Recorder) -> None:
    await async_context.get().delete_webhook_message(7, TOKEN, 9, session=cast("Any", "the session"))
    assert [where for where, _ in recorder.sent] == ["DELETE /webhooks/7/tttttttt/messages/9"]
