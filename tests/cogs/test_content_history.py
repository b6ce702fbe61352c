"""``/content history`` and ``/content export`` as a moderator uses them."""

from __future__ import annotations

import pytest
from discord import app_commands
from simcord.asserts import assert_error

from bot.domain.entry import Kind
from bot.domain.overlay import Patch, PatchChange
from bot.storage.content import NewLoad
from tests.cogs.page import answered, components, description, labels, pick, trouble
from tests.cogs.test_content import QA, load, loaded
from tests.cogs.test_roadmap import forged
from tests.conftest import World

pytestmark = pytest.mark.usefixtures("files_here")


async def test_a_load_is_opened_and_rolled_back(world: World) -> None:
    await loaded(world, QA)
    message = answered(await world.manager.slash(world.hall, "content history"))
    assert f"<@{world.manager.id}> loaded a.csv · FAQ: 2 new" in description(message)
    await pick(world.manager, message, "Open one", "1")
    assert "+ **What is Adam?**" in description(message)
    await world.manager.click(message, label="Roll back")
    assert "3 go" in description(message)
    await world.manager.click(message, label="Roll back 2 entries")
    assert message.content.startswith("Load 1 is rolled back")
    assert "rolled back by 2" in description(message)
    assert await world.bot.services.packs.of(world.guild.id) is world.bot.services.packs.shipped


async def test_what_came_later_stays_and_is_named_first(world: World) -> None:
    await loaded(world, QA)
    await loaded(world, QA.replace("with a memory", "with a past"))
    await loaded(world, QA.replace("with a memory", "with a future"))
    message = answered(await world.manager.slash(world.hall, "content history"))
    await pick(world.manager, message, "Open one", "2")
    await world.manager.click(message, label="Roll back")
    assert "changed again since and stay as they are" in description(message)
    assert "a future" in description(message)
    assert labels(message) == ["Leave it"], "nothing is left to take back"


async def test_a_stale_rollback_shows_anew_what_it_would_do(world: World) -> None:
    await loaded(world, QA)
    message = answered(await world.manager.slash(world.hall, "content history"))
    await pick(world.manager, message, "Open one", "1")
    await world.manager.click(message, label="Roll back")
    await loaded(world, "question,answer\nWhat is RMSProp?,Steps by the mean.\n")
    await world.manager.click(message, label="Roll back 2 entries")
    assert "Nothing was applied" in message.content
    assert message.embeds[0].title == "Roll back load 1?"
    press = await forged(world, "s1:qu:9:0")
    assert "There is no load 9" in trouble(await world.manager.click(press, label="forged"))


async def test_a_long_history_is_turned_page_by_page(world: World) -> None:
    history = world.bot.services.content_history
    for number in range(23):
        patch = Patch({"id": "one", "question": f"Number {number}?", "answer": "Yes."}, None)
        change = PatchChange((Kind.FAQ, "one"), None, patch)
        new = NewLoad(world.manager.id, "edit", Kind.FAQ, "", "one", f"t{number}")
        await history.record(world.guild.id, new, [change], number)
    message = answered(await world.manager.slash(world.hall, "content history"))
    assert message.embeds[0].footer.text == "1–10 of 23, newest first"
    assert labels(message) == ["Older", "Oldest"]
    await world.manager.click(message, label="Older")
    assert message.embeds[0].footer.text == "11–20 of 23, newest first"
    assert labels(message) == ["Newer", "Older", "Oldest"]
    await world.manager.click(message, label="Oldest")
    assert "**1** · " in description(message)
    await world.manager.click(message, label="Newest")
    assert "**23** · " in description(message)


async def test_an_upgrade_and_the_server_meet_and_a_moderator_chooses(world: World) -> None:
    services = world.bot.services
    shipped = (await services.packs.content(world.guild.id))[0].shipped[Kind.FAQ]
    one, other = sorted(shipped)[:2]
    for number, entry in enumerate((one, other)):
        patch = Patch({"answer": "Ours, by *us*."}, {"answer": "As it was before the upgrade."})
        new = NewLoad(world.manager.id, "edit", Kind.FAQ, "", entry, entry)
        await services.content_history.record(
            world.guild.id, new, [PatchChange((Kind.FAQ, entry), None, patch)], number
        )
    message = answered(await world.manager.slash(world.hall, "content history"))
    await world.manager.click(message, label="Upgrade conflicts (2)")
    fields = {field.name: field.value or "" for field in message.embeds[0].fields}
    assert fields["Ours"] == "Ours, by \\*us\\*."
    assert fields["Both began with"] == "As it was before the upgrade."
    await world.manager.click(message, label="Take the pack's")
    assert message.content == "The pack's stands."
    await world.manager.click(message, label="Keep ours")
    assert "There is nothing to settle" in description(message)
    content, _ = await services.packs.content(world.guild.id)
    answers = [(content.fields(Kind.FAQ, entry) or {})["answer"] for entry in (one, other)]
    assert answers == [shipped[one]["answer"], "Ours, by *us*."]


async def test_an_export_loads_back_to_nothing_new(world: World) -> None:
    await loaded(world, QA)
    message = answered(await world.manager.slash(world.hall, "content export", kind="faq", format="yaml"))
    assert message.flags.ephemeral
    (file,) = message.attachments
    back = await load(world, await file.read(), file.filename)
    assert "Nothing would change: all of it is here already." in description(back)


async def test_the_page_chooses_kind_and_form_and_gives_templates(world: World) -> None:
    message = answered(await world.manager.slash(world.hall, "content export"))
    assert message.attachments == []
    await pick(world.manager, message, "What", "resources")
    await pick(world.manager, message, "In which form", "csv")
    await world.manager.click(message, label="Template")
    (file,) = message.attachments
    assert file.filename == "template-resources.csv"
    report = await load(world, await file.read(), file.filename)
    assert "**1** new" in description(report)
    await pick(world.manager, message, "In which form", "md")
    assert "expected YAML or a table" in trouble(await world.manager.click(message, label="Export"))


async def test_every_template_loads(world: World) -> None:
    page = answered(await world.manager.slash(world.hall, "content export"))
    kinds = next(one["options"] for one in components(page) if one.get("placeholder") == "What")
    for kind in [one["value"].partition(":")[0] for one in kinds]:
        pressed = await world.manager.click(await forged(world, f"s1:qw:{kind}:yaml"), label="forged")
        (file,) = answered(pressed).attachments
        report = await load(world, await file.read(), file.filename)
        assert "**1** new" in description(report), kind
        assert "bad" not in description(report), kind


async def test_a_kind_that_is_none_is_refused(world: World) -> None:
    press = await forged(world, "s1:qx:categories:yaml:0")
    assert "I don't know that kind" in trouble(await world.manager.click(press, label="forged"))
    result = await world.manager.slash(world.hall, "content export", kind="cards", format="md")
    assert "expected YAML or a table" in trouble(result)
    assert_error(world.env, app_commands.CommandInvokeError)
