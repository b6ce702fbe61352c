"""The worker process itself: what it may not do, how it ends, and that nobody waits for it longer than they should."""

from __future__ import annotations

import asyncio

import psutil
import pytest

from bot.domain.draft import FileRequest, UnusableFileError
from bot.packs import content_files
from bot.packs.content_files import ContentFiles
from tests.packs.hostile import filled, packed

QA = FileRequest("a.csv", b"question,answer\nWhat is it?,That\n")


def _children() -> set[int]:
    return {one.pid for one in psutil.Process().children(recursive=True)}


async def test_a_file_comes_back_as_a_draft() -> None:
    draft = await ContentFiles().read(QA)
    assert [entry.fields for entry in draft.entries] == [{"question": "What is it?", "answer": "That"}]


async def test_a_file_that_takes_too_long_is_given_up_and_its_worker_ends() -> None:
    before = _children()
    with pytest.raises(UnusableFileError) as caught:
        await ContentFiles(seconds=0.05).read(QA)
    assert caught.value.problem.found == content_files.SLOW
    assert _children() == before


async def test_a_cancelled_reading_takes_its_worker_along() -> None:
    before = _children()
    reading = asyncio.create_task(ContentFiles().read(FileRequest("a.md", filled("*a_ ", 200_000))))
    while not _children() - before:  # noqa: ASYNC110  (a process that starts tells nobody)
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert _children() == before


async def test_what_is_too_large_never_reaches_a_worker() -> None:
    before = _children()
    with pytest.raises(UnusableFileError, match="bytes"):
        await ContentFiles().read(FileRequest("a.apkg", bytes(content_files.MOST_APKG + 1)))
    assert _children() == before


async def test_a_bomb_is_refused_with_its_reason() -> None:
    with pytest.raises(UnusableFileError, match="once unpacked"):
        await ContentFiles().read(FileRequest("a.apkg", packed({"collection.anki21": bytes(100_000_000)})))


async def test_the_worker_has_nothing_of_ours_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    begin = asyncio.create_subprocess_exec

    async def noted(*arguments: str, **options: object) -> asyncio.subprocess.Process:
        given.update(options)
        return await begin(*arguments, **options)  # pyright: ignore[reportArgumentType]

    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    await ContentFiles().read(QA)
    environment = given["env"]
    assert isinstance(environment, dict)
    assert "DISCORD_TOKEN" not in environment
