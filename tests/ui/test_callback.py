"""What answers an interaction has no copy of itself built, and goes out as discord.py wrote it."""

from __future__ import annotations

import io
import json
from collections.abc import Generator
from email.parser import BytesParser
from email.policy import HTTP
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.ui.callback import follow_up, unechoed

TOKEN = "t" * 8


class Recorder(AsyncWebhookAdapter):
    """An adapter that sends nothing, and remembers what it was to send."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.back: dict[str, Any] | None = None

    async def request(self, route: Route, session: Any, **parts: Any) -> Any:
        """Remember what is to be sent where."""
        if session != "the session":
            parts["session"] = session
        self.sent.append((f"{route.method} {route.url.removeprefix(Route.BASE)}", parts))
        return self.back


@pytest.fixture
def recorder() -> Generator[Recorder]:
    here = Recorder()
    before = async_context.set(here)
    unechoed()
    yield here
    async_context.reset(before)


def response(session: object = "the session") -> discord.InteractionResponse[Any]:
    """Return the response of an interaction that nobody has answered."""
    http = SimpleNamespace(proxy=None, proxy_auth=None)
    state = SimpleNamespace(http=http, allowed_mentions=discord.AllowedMentions.none())
    parent = SimpleNamespace(id=5, token=TOKEN, _session=session, _state=state, channel=None)
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


class Sender:
    """A session that keeps what it is to send."""

    def request(self, method: str, url: str, **parts: Any) -> str:
        """Return that it was asked."""
        self.sent = method, url, parts
        return "the answer"


async def test_files_go_with_it_in_one_piece(recorder: Recorder) -> None:
    session = Sender()
    picture = discord.File(io.BytesIO(b"a \r\n picture"), 'my "card".png', description="A card")
    await response(session).send_message("Look", file=picture)
    ((_, parts),) = recorder.sent
    assert not {"files", "multipart", "payload"} & set(parts)
    assert parts["session"].request("POST", "there", headers={"A": "b"}, data=None, params=None) == "the answer"
    method, url, sent = session.sent
    assert (method, url, sent["params"], sent["headers"]["A"]) == ("POST", "there", None, "b")
    read = BytesParser(policy=HTTP).parsebytes(
        f"Content-Type: {sent['headers']['Content-Type']}\r\n\r\n".encode() + sent["data"]
    )
    text, file = read.iter_parts()
    assert text.get_param("name", header="content-disposition") == "payload_json"
    assert json.loads(cast("bytes", text.get_payload(decode=True)))["data"]["attachments"][0]["description"] == "A card"
    assert file.get_param("name", header="content-disposition") == "files[0]"
    assert file.get_filename() == picture.filename.replace('"', "%22")
    assert file.get_payload(decode=True) == b"a \r\n picture"


async def test_what_else_is_sent_goes_as_ever(recorder: Recorder) -> None:
    await async_context.get().delete_webhook_message(7, TOKEN, 9, session=cast("Any", "the session"))
    assert [where for where, _ in recorder.sent] == ["DELETE /webhooks/7/tttttttt/messages/9"]


async def test_a_follow_up_is_sent_and_what_comes_back_is_left(recorder: Recorder) -> None:
    recorder.back = {"nothing": "of a message"}
    client = SimpleNamespace(allowed_mentions=discord.AllowedMentions.none())
    whose = SimpleNamespace(session="the session", proxy=None, proxy_auth=None)
    there = cast("Any", SimpleNamespace(application_id=7, token=TOKEN, client=client, followup=whose))
    await follow_up(there, ephemeral=True, content="Hi", embed=discord.Embed(title="A"))
    await follow_up(there, ephemeral=False, content="<@1>", allowed_mentions=discord.AllowedMentions(users=True))
    (where, own), (_, public) = recorder.sent
    assert (where, own["params"]["wait"]) == ("POST /webhooks/7/tttttttt", 1)
    assert (own["payload"]["content"], own["payload"]["embeds"][0]["title"]) == ("Hi", "A")
    assert (own["payload"]["flags"], own["payload"]["allowed_mentions"]) == (64, {"parse": []})
    assert "flags" not in public["payload"]
    assert public["payload"]["allowed_mentions"]["parse"] == ["users"]


async def test_answers_go_by_the_session_they_are_given(recorder: Recorder) -> None:
    class Other:
        def over(self, session: object) -> object:
            return f"another for {session}"

        async def aclose(self) -> None:
            """Hold nothing."""

    unechoed(Other())
    await response().send_message("Hello")
    await async_context.get().execute_webhook(7, TOKEN, session=cast("Any", "the session"), payload={"content": "Hi"})
    assert [parts["session"] for _, parts in recorder.sent] == ["another for the session"] * 2
