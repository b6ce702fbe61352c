"""``/content manage`` as a moderator uses it, and as a member tries to."""

from __future__ import annotations

import asyncio

import discord
import pytest
from simcord.asserts import assert_error
from simcord.results import InteractionResult, ResponseMessage

from bot.domain.entry import Kind
from bot.domain.plan_row import Verdict
from bot.ui.entry_form import Part, form_fields, texts_of, typed_fields
from tests.cogs.page import answered, description, fill, labels, pick, trouble
from tests.cogs.test_roadmap import forged
from tests.conftest import World

ENTRY = "need-a-degree"
HOSTILE = "@everyone **x** {0.__class__} <@1> `y`"


async def managed(world: World) -> ResponseMessage:
    """Open the first page."""
    return answered(await world.manager.slash(world.hall, "content manage"))


async def opened(world: World, entry_id: str = ENTRY, kind: str = "faq", typed: str = ENTRY) -> ResponseMessage:
    """Find an entry by its words and open it."""
    page = await managed(world)
    await pick(world.manager, page, "Look through", kind)
    form = await world.manager.click(page, label="Search")
    await fill(world.manager, form, {"text": typed})
    await pick(world.manager, page, "Open one", entry_id)
    return page


def footer(page: ResponseMessage) -> str:
    """Return the small line of a page."""
    return page.embeds[0].footer.text or ""


async def test_an_entry_is_found_despite_a_typo_edited_and_seen_by_members_at_once(world: World) -> None:
    page = await opened(world, typed="do i nead a degre")
    assert footer(page) == f"Question · {ENTRY} · shipped with the bot"
    form = await world.manager.click(page, label="Edit")
    await fill(world.manager, form, {"answer": "**No.** Show your work."})
    assert page.content.startswith("Saved.")
    assert footer(page).endswith("shipped, changed here")
    shown = answered(await world.alice.slash(world.hall, "faq", question=ENTRY))
    assert description(shown).startswith("**No.** Show your work.")
    form = await world.manager.click(page, label="Edit")
    await fill(world.manager, form, {})
    assert page.content.startswith("Nothing to change")


async def test_what_a_form_refuses_is_handed_back(world: World) -> None:
    page = await opened(world)
    form = await world.manager.click(page, label="Edit")
    await fill(world.manager, form, {"answer": "[scikit-learn.org](https://evil.example)"})
    assert "leads elsewhere" in description(page)
    form = await world.manager.click(page, label="Open the form again")
    assert "evil.example" in str(form.modal)
    await fill(world.manager, form, {"answer": "Plain now."})
    assert page.content.startswith("Saved.")
    assert "Plain now." in description(page)


async def test_retired_restored_and_back_to_the_shipped_one(world: World) -> None:
    page = await opened(world)
    before = description(page)
    form = await world.manager.click(page, label="Edit")
    await fill(world.manager, form, {"answer": "Ours."})
    await world.manager.click(page, label="Retire")
    assert labels(page) == ["Leave it", "Retire it"]
    await world.manager.click(page, label="Retire it")
    assert footer(page).endswith("retired: members don't see it")
    gone = answered(await world.alice.slash(world.hall, "faq", question=ENTRY))
    assert "Ours." not in description(gone)
    await world.manager.click(page, label="Restore")
    assert description(page).startswith("Ours.")
    await world.manager.click(page, label="Back to the shipped one")
    await world.manager.click(page, label="Put it back")
    assert description(page) == before
    assert footer(page).endswith("shipped with the bot")
    acts = [one.act for one in await world.bot.services.content_entry._history.history(world.guild.id)]  # pyright: ignore[reportPrivateUsage]
    assert acts == ["reset", "restore", "retire", "edit"]


async def test_a_page_that_somebody_overtook_changes_nothing(world: World) -> None:
    first, second = await opened(world), await opened(world)
    form = await world.manager.click(second, label="Edit")
    await world.manager.click(first, label="Retire")
    await world.manager.click(first, label="Retire it")
    await fill(world.manager, form, {"answer": "Too late."})
    assert "changed the content" in description(second)
    form = await world.manager.click(second, label="Open the form again")
    assert "Too late." in str(form.modal)


@pytest.mark.parametrize("kind", ["prompts", "resources", "roadmap", "categories", "stages", "cards"])
async def test_every_kind_opens_within_discords_limits(world: World, kind: str) -> None:
    page = await managed(world)
    await pick(world.manager, page, "Look through", kind)
    if kind == "resources":
        assert "nothing yet" in description(page)
        return
    menu = next(one for row in page.components for one in row["components"] if one.get("options"))
    await world.manager.select(page, [menu["options"][0]["value"]], custom_id=menu["custom_id"])
    for label in ("Edit", "More fields"):
        if label in labels(page):
            form = await world.manager.click(page, label=label)
            await fill(world.manager, form, {})
            assert page.content.startswith("Nothing to change"), "a form that was only looked at changes nothing"


async def test_every_faq_entry_comes_back_from_its_forms_as_it_was(world: World) -> None:
    entries = world.bot.services.content_entry
    for kind in (Kind.FAQ, Kind.PROMPT, Kind.TOPIC, Kind.CATEGORY, Kind.STAGE):
        listed, _ = await entries.entries(world.guild.id, kind)
        for one in listed[::7]:
            for part in Part:
                fields = typed_fields(form_fields(kind, part, one.fields), texts_of(one.fields))
                row, _ = await entries.check(world.guild.id, kind, {"id": one.entry_id, **fields})
                assert row.verdict is Verdict.SAME, (kind, one.entry_id, part, row)


async def test_a_new_one_is_added_and_pages_turn(world: World) -> None:
    page = await managed(world)
    await pick(world.manager, page, "Look through", "faq")
    assert footer(page).startswith("1–10 of ")
    await world.manager.click(page, label="More")
    assert footer(page).startswith("11–20 of ")
    form = await world.manager.click(page, label="Add one")
    typed = {"question": f"Where is {HOSTILE}?", "answer": "In the hall.", "shelf": "ml-concepts"}
    await fill(world.manager, form, typed)
    assert page.content.startswith("Added."), description(page)
    await world.manager.click(page, label="Back to the list")
    listed, _ = await world.bot.services.content_entry.entries(world.guild.id, Kind.FAQ)
    (entry_id,) = [one.entry_id for one in listed if one.added]
    assert footer(await opened(world, entry_id, typed="Where is")).endswith("this server's own")


PRESSES = [
    *("s1:w1", "s1:w3", "s1:w2:faq:-:0", "s1:w4:faq", "s1:w5:faq", "s1:w6:faq", f"s1:w8:faq:{ENTRY}:a:0:0"),
    *(f"s1:w7:{verb}:faq:{ENTRY}:0" for verb in "oqtrbs"),
    *("s1:w9:0", "s1:wh:abc", "s1:wi:abc:0", "s1:wj:0", "s1:wk:k:abc", "s1:wsa:1:2:3:1"),
    *("s1:wu:0", "s1:wx:a:1", "s1:wx:o:1", "s1:wy:1", "s1:wz:1:0"),
    *("s1:wrd:0", f"s1:wrf:r:{ENTRY}:0", "s1:wrg:r:1:2:0"),
]


async def test_no_press_works_for_a_member(world: World) -> None:
    for custom_id in [one for one in PRESSES if one not in {"s1:w3", "s1:w4:faq", "s1:w5:faq"}]:
        result = await world.alice.click(await forged(world, custom_id), label="forged")
        assert "Only moderators" in trouble(result), custom_id


async def test_the_commands_check_whatever_discord_lets_through(world: World) -> None:
    for name, kind in (("content", discord.AppCommandType.chat_input), ("Save as FAQ answer", None)):
        found = world.bot.tree.get_command(name, type=kind or discord.AppCommandType.message)
        assert found is not None
        found.default_permissions = None
    await world.bot.tree.sync()
    assert "Only moderators" in trouble(await world.alice.slash(world.hall, "content manage"))
    assert_error(world.env, discord.app_commands.CommandInvokeError)
    said = await world.bob.send(world.hall, "An answer.")
    assert "Only moderators" in trouble(await world.alice.context_menu(world.hall, "Save as FAQ answer", said))
    assert_error(world.env, discord.app_commands.CommandInvokeError)


async def test_two_moderators_at_once_are_told(world: World) -> None:
    first, second = await opened(world), await opened(world)
    forms = [await world.manager.click(page, label="Edit") for page in (first, second)]
    results: list[InteractionResult] = []
    for form, text in zip(forms, ("One.", "Two."), strict=True):
        results.append(await fill(world.manager, form, {"answer": text}))
        await asyncio.sleep(0)
    assert description(first).startswith("One.")
    assert "Nothing was applied" in description(second)
