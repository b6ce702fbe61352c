"""The one path of errors: whatever fails, somebody is told in words, and no interaction is left unanswered."""

from __future__ import annotations

import asyncio
import re

import pytest
from discord import app_commands
from simcord.asserts import assert_error

from bot.errors import StorageError
from bot.services.topic import TopicPage
from bot.ui.reply import DEFER_AFTER, FORM_WITHIN
from tests.cogs.page import answered, trouble
from tests.cogs.test_roadmap import forged
from tests.conftest import World


def fail(*_arguments: object, **_options: object) -> None:
    """Fail as a bug would."""
    raise ZeroDivisionError("secret detail")


async def test_an_unknown_error_in_a_command_gets_a_reference_that_is_in_the_log(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(world.bot.services.roadmap, "page", fail)
    result = await world.alice.slash(world.hall, "roadmap")
    found = re.search(r"ref ([A-Z2-7]{6})", trouble(result))
    assert found is not None
    assert "secret" not in trouble(result)
    logged = capsys.readouterr()
    assert found[1] in logged.out + logged.err
    assert_error(world.env, app_commands.CommandInvokeError)


async def test_an_unknown_error_in_a_button_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    message = answered(await world.alice.slash(world.hall, "roadmap", topic="bayes"))
    monkeypatch.setattr(world.bot.services.roadmap, "mark", fail)
    assert "ref " in trouble(await world.alice.click(message, label="Start"))


async def test_an_unknown_error_in_a_form_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    message = answered(await world.alice.slash(world.hall, "roadmap", topic="bayes"))
    form = await world.alice.click(message, label="Note")
    monkeypatch.setattr(world.bot.services.roadmap, "put_note", fail)
    assert "ref " in trouble(await world.alice.submit_modal(form, {"text": "x"}))


async def test_an_error_in_autocomplete_shows_as_a_suggestion(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.bot.services.faq, "complete", fail)
    choices = await world.alice.autocomplete(world.hall, "faq", "question", "deg")
    assert "went wrong" in choices[0]["name"]


async def test_f35_a_busy_database_is_told_in_its_own_sentence(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    message = answered(await world.alice.slash(world.hall, "roadmap", topic="bayes"))

    async def busy(*_arguments: object, **_options: object) -> None:
        raise StorageError("That wasn't saved: the database is busy. Nothing is lost; press again in a minute.")

    monkeypatch.setattr(world.bot.services.roadmap, "mark", busy)
    assert "wasn't saved" in trouble(await world.alice.click(message, label="Start"))


async def test_a_press_nobody_handles_is_answered(world: World) -> None:
    assert "older version" in trouble(await world.alice.click(await forged(world, "somebody-elses"), label="forged"))


async def test_slow_work_is_deferred_and_then_answered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    original = world.bot.services.roadmap.topic_page
    free = asyncio.Event()

    async def slow(guild_id: int, user_id: int, topic_id: str) -> TopicPage:
        await world.env.external_wait(free.wait(), reason="a slow database")
        return await original(guild_id, user_id, topic_id)

    monkeypatch.setattr(world.bot.services.roadmap, "topic_page", slow)
    result = await world.alice.slash(world.hall, "roadmap", topic="bayes")
    await world.env.advance_time(DEFER_AFTER + 0.1)
    assert result.deferred
    free.set()
    await world.env.settle()
    assert "Bayes" in (answered(result).embeds[0].title or "")


async def test_slow_work_that_fails_is_told_after_the_deferral(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    free = asyncio.Event()

    async def slow(*_arguments: object) -> None:
        await world.env.external_wait(free.wait(), reason="a slow database")
        raise ZeroDivisionError

    monkeypatch.setattr(world.bot.services.roadmap, "topic_page", slow)
    result = await world.alice.slash(world.hall, "roadmap", topic="bayes")
    await world.env.advance_time(DEFER_AFTER + 0.1)
    assert result.deferred
    free.set()
    await world.env.settle()
    assert "ref " in trouble(result)
    assert_error(world.env, app_commands.CommandInvokeError)


async def test_a_form_that_can_not_be_filled_in_time_says_busy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    message = answered(await world.alice.slash(world.hall, "roadmap", topic="bayes"))
    never = asyncio.Event()

    async def slow(*_arguments: object) -> None:
        await world.env.external_wait(never.wait(), reason="a slow database")

    monkeypatch.setattr(world.bot.services.roadmap, "topic_page", slow)
    result = await world.alice.click(message, label="Note")
    await world.env.advance_time(FORM_WITHIN + 0.1)
    assert "database is busy" in trouble(result)


async def test_commands_are_for_servers_only(world: World) -> None:
    for command in world.bot.tree.get_commands():
        assert isinstance(command, (app_commands.Command, app_commands.ContextMenu, app_commands.Group))
        assert command.guild_only
