"""Every button, menu and form that is not everybody's refuses a plain member, found by walking all kinds of ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import discord
import pytest
import simcord
from simcord.backend import serializers
from simcord.results import InteractionResult
from sqlalchemy import select

from bot.services.group import Person, Wish
from bot.storage.database import Database
from bot.storage.tables import metadata
from bot.ui.components import ComponentId
from tests.cogs.everything import ids, press
from tests.cogs.page import trouble
from tests.cogs.posted import posted
from tests.cogs.test_hostile import fields, filled
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.fakes.clock import FakeClock
from tests.meta.test_component_ids import KINDS

EVERYBODYS: Final = frozenset(
    """
    AnswerAnyway AnswerForm AnswerMenu AnswersPress AskAfterMe AskForm BackToRoad BackgroundPress BoardPress
    CategoryMenu CategoryPage DailyReminderMenu DeclinePress EntryMenu GoalForm GuideMenu GuideShare GuideTopics
    Helped HistoryMenu HomePress InviteAnswer JoinMenu JoinPress KnownStages KnownTopics LaterMenu LeavePress
    LookBackMenu LookBackPress LookMenu MakeForm MessageForm Missed MyGroup OpenBoard OpenCategories OpenChapter
    OpenEntry OpenGroup OpenGroups OpenGuide OpenPace OpenQuiz OpenRoad OpenStreak OpenSuggest OpenToday OpenTopic
    OwnDayStartMenu OwnZoneForm PacePress PassOn PickGuess PlacePress PortfolioPress PostPress PrivacyPress
    ProfilePress PromptPress QuizAnswer QuizMine QuizStart QuizStop QuizTake RecapPress ReportAnswerMenu
    ReportAnswers ReportForm ResourceJump ResourcePage RestPress ReviewBegin ReviewGrade ReviewShow ReviewStop
    RulesPress SayThanks ShareEntry ShowPress StageMenu StreakPress SuggestForm TakeDownPress TodayMenu TopicForm
    TopicMenu TopicPress VacationForm VacationMenu VotePress
    """.split()  # noqa: SIM905  (a list of 80 strings is read by nobody)
)
"""Kinds that any member may press. Whatever is not named here must refuse whoever is neither moderator nor captain."""
RIGHTS: Final = re.compile("^Only (?:moderators|people with|the group's captain)")
MODAL_SUBMIT: Final = 5

pytestmark = pytest.mark.usefixtures("files_here")


async def kept(database: Database) -> dict[str, list[Any]]:
    """Return every row of every table."""
    return await database.read(
        lambda tx: {name: sorted(map(repr, tx.execute(select(one)).all())) for name, one in metadata.tables.items()}
    )


async def submit(
    world: World, actor: simcord.MemberActor, page: discord.Message, custom_id: str, typed: dict[str, Any]
) -> InteractionResult:
    """Send a form of this id, whether or not it was ever shown."""
    rows = [{"type": 18, "component": {"type": 4, "custom_id": key, "value": one}} for key, one in typed.items()]
    stored = world.env.backend.get_message(page.channel.id, page.id)
    shown = dict(serializers.message_payload(world.env.backend, stored))
    data = {"custom_id": custom_id, "components": rows}
    return await actor._dispatch_interaction(  # pyright: ignore[reportPrivateUsage]
        MODAL_SUBMIT, world.hall, data, extra={"message": shown}, source_message_id=page.id
    )


def restricted(owner: int) -> Iterator[ComponentId]:
    """Yield an id of every kind and verb that is not everybody's."""
    return (one for one in ids(owner) if type(one).__name__ not in EVERYBODYS)


async def field_names(world: World, page: discord.Message) -> dict[str, dict[str, Any]]:
    """Return what to type into each form that is not everybody's, by its kind."""
    found: dict[str, dict[str, Any]] = {}
    for one in restricted(world.manager.id):
        if type(one).__name__.endswith("Form"):
            form = (await press(world, world.manager, page, one.custom_id)).modal
            if form is not None and list(fields(form)):
                found[type(one).__name__] = filled(form, "12")
    return found


async def peopled(world: World, database: Database, clock: FakeClock) -> discord.Message:
    """Give the server a schedule with a post, and a study group that the member who presses is not in."""
    await posted(world, database, clock)
    bob = Person(world.bob.id, "Bob", moderates=True)
    await world.bot.services.group.make(world.guild.id, bob, Wish("Owls", "🦉", "8", is_open=True))
    return await forged(world, "any")


async def test_every_component_that_is_not_everybodys_refuses_a_member(
    world: World, database: Database, clock: FakeClock
) -> None:
    page = await peopled(world, database, clock)
    typed = await field_names(world, page)
    assert len(typed) >= 5, f"few forms were found: {list(typed)}"
    before, requests, wrong = await kept(database), len(world.env.http_requests), list[str]()
    for one in restricted(world.alice.id):
        told = [trouble(await press(world, world.alice, page, one.custom_id, values=["1"]))]
        if (form := typed.get(type(one).__name__)) is not None:
            nonsense = {key: "?" if isinstance(text, str) else text for key, text in form.items()}
            told += [trouble(await submit(world, world.alice, page, one.custom_id, what)) for what in (form, nonsense)]
        if not all(map(RIGHTS.search, told)):
            wrong.append(f"{type(one).__name__} {one.custom_id}: {told}")
    assert not wrong, "\n".join(["name it in EVERYBODYS, or check the right first:", *wrong])
    assert await kept(database) == before, "something was changed all the same"
    sent = [one.path for one in world.env.http_requests[requests:] if one.path.startswith("/channels/")]
    assert not [one for one in sent if one.endswith("/messages")], "something was posted all the same"


async def test_nothing_is_called_everybodys_that_is_not(world: World, database: Database, clock: FakeClock) -> None:
    assert {kind.__name__ for kind in KINDS} >= EVERYBODYS, "name only kinds that there are"
    page = await peopled(world, database, clock)
    refused = dict[str, list[bool]]()
    for one in ids(world.alice.id):
        if (name := type(one).__name__) in EVERYBODYS:
            result = await press(world, world.alice, page, one.custom_id, values=["1"])
            shown = [*result.followups, *([result.response] if result.response else [])]
            told = [page.embeds[0].description or "" for page in shown if page.embeds]
            refused.setdefault(name, []).append(any(RIGHTS.search(sentence) for sentence in told))
    assert [name for name, every in refused.items() if all(every)] == []
