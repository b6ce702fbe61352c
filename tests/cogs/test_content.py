"""``/content load`` as a moderator uses it: a report, a decision, and members who see it at once."""

from __future__ import annotations

from collections.abc import Iterator

import discord
import pytest
from discord import app_commands
from simcord.asserts import assert_error
from simcord.results import ResponseMessage

from bot.domain.draft import MOST_TEXT
from bot.domain.entry import Kind
from tests.cogs.page import answered, components, description, labels, pick, trouble
from tests.cogs.test_roadmap import forged
from tests.conftest import World

pytestmark = pytest.mark.usefixtures("files_here")

QA = "question,answer\nWhat is SGD?,Steps down the hill.\nWhat is Adam?,Steps with a memory.\n"
TOPIC = "id,title,hours,why\nour-project,Our first project,4,You show the others what you can do.\n"


async def load(world: World, text: str | bytes, name: str = "a.csv", **options: str) -> ResponseMessage:
    """Attach a file as the manager, and return the report."""
    data = text if isinstance(text, bytes) else text.encode()
    return answered(await world.manager.slash(world.hall, "content load", file=(name, data), **options))


async def loaded(world: World, text: str, name: str = "a.csv") -> ResponseMessage:
    """Load a file without bad entries, and return the page that says so."""
    message = await load(world, text, name)
    await world.manager.click(message, label=labels(message)[0])
    return message


async def refused(world: World, data: bytes, name: str) -> str:
    """Attach a file that can't be used, and return what is said of it."""
    result = await world.manager.slash(world.hall, "content load", file=(name, data))
    assert_error(world.env, app_commands.CommandInvokeError)
    return trouble(result)


def parts(message: ResponseMessage) -> Iterator[str]:
    """Yield the parts that the menu of a report offers."""
    for one in components(message):
        if str(one.get("placeholder", "")).startswith("Look at a part"):
            yield from (str(choice["label"]) for choice in one["options"])


async def test_the_same_file_again_changes_nothing_and_says_so(world: World) -> None:
    await loaded(world, QA)
    message = await load(world, QA)
    assert "Nothing would change: all of it is here already." in description(message)
    assert labels(message) == ["Close", "Replace all questions"]
    await world.manager.click(message, label="Close")
    assert "Nothing was changed" in description(message)


async def test_bad_entries_are_told_with_the_mend_and_can_be_left_out(world: World) -> None:
    message = await load(world, f"{QA}What is nothing?,\nWhat is less?,\n")
    assert "**2** new · **2** bad" in description(message)
    assert "lines 4 and 5: `answer`: found no answer" in description(message)
    await pick(world.manager, message, "Look at", "bad")
    assert "✗ **What is nothing?** · line 4\n  `answer`: found no answer" in description(message)
    assert message.embeds[0].footer.text == "1–2 of 2"
    await world.manager.click(message, label="Apply the good 2")
    assert "2 new, 2 left out" in description(message)


async def test_changes_are_shown_field_by_field(world: World) -> None:
    await loaded(world, QA)
    message = await load(world, QA.replace("with a memory", "with a long memory"))
    await pick(world.manager, message, "Look at", "changed")
    assert "`answer`: *Steps with a memory.* → *Steps with a long memory.*" in description(message)


async def test_near_ones_are_asked_about_once(world: World) -> None:
    await loaded(world, QA)
    message = await load(world, "question,answer\nWhat is a SGD?,Down.\nWhat is an Adam?,A name.\n")
    assert "The same entry? (2)" in list(parts(message))
    await pick(world.manager, message, "Look at", "near")
    assert "**What is a SGD?** · line 2" in description(message)
    await world.manager.click(message, label="The same")
    assert "**What is an Adam?** · line 3" in description(message), "the next question comes by itself"
    await world.manager.click(message, label="Different")
    assert "**1** new · **1** changed" in description(message)
    assert not any(part.startswith("The same entry?") for part in parts(message))


async def test_replacing_is_asked_twice_and_says_what_members_keep(world: World) -> None:
    topic = answered(await world.alice.slash(world.hall, "roadmap", topic="vectors-matrices"))
    await world.alice.click(topic, label="Start")
    message = await load(world, TOPIC, "road.csv")
    await world.manager.click(message, label="Replace all topics")
    assert "**This retires 66 topics" in description(message)
    assert "1 member worked on what is retired; they keep it in their history." in description(message)
    assert labels(message) == ["Keep them", "Retire 66 and load 1"]
    await pick(world.manager, message, "Look at", "retired")
    await world.manager.click(message, label="Next")
    assert message.embeds[0].footer.text == "11–20 of 66"
    await pick(world.manager, message, "Jump to", "6")
    assert message.embeds[0].footer.text == "61–66 of 66"
    await world.manager.click(message, label="Keep them")
    assert "**1** new" in description(message)
    await world.manager.click(message, label="Replace all topics")
    await world.manager.click(message, label="Retire 66 and load 1")
    assert "66 retired" in description(message)
    assert list((await world.bot.services.packs.of(world.guild.id)).topics) == ["our-project"]


async def test_a_long_report_is_a_file(world: World) -> None:
    rows = "".join(f"Question number {i} of many?,Answer {i}.\n" for i in range(20))
    message = await load(world, f"question,answer\n{rows}What is nothing?,\n")
    await world.manager.click(message, label="Whole report")
    (file,) = message.attachments
    text = (await file.read()).decode()
    assert "- line 22: What is nothing? [what-is-nothing]\n    Line 22, `answer`: found no answer" in text
    assert "New: 20" in text
    await pick(world.manager, message, "Look at", "new")
    assert message.attachments == []


async def test_unclear_columns_are_asked_for(world: World) -> None:
    message = await load(world, "It steps down the hill.,What is SGD?,1\nIt has a memory.,What is Adam?,2\n")
    await world.manager.click(message, label="Choose the columns")
    await pick(world.manager, message, "What the entries are", "faq")
    assert "**column 1** · `answer` · such as *It steps down the hill.*" in description(message)
    await pick(world.manager, message, "column 2 holds", "answer")
    assert "**column 1** · `question`" in description(message), "the two change places"
    await pick(world.manager, message, "column 1 holds", "answer")
    assert "**column 2** · `question`" in description(message)
    await world.manager.click(message, label="Back to the report")
    await pick(world.manager, message, "Look at", "new")
    assert "**What is SGD?**" in description(message)


async def test_the_first_line_of_a_table_can_be_names(world: World) -> None:
    message = await load(world, "Wort,Bedeutung\ndog,Hund\ncat,Katze\n")
    assert "**3** new" in description(message)
    await world.manager.click(message, label="Choose the columns")
    await world.manager.click(message, label="The first line holds names")
    assert "**Wort** · `front` · such as *dog*" in description(message)
    await pick(world.manager, message, "Bedeutung holds", "-")
    await pick(world.manager, message, "Bedeutung holds", "back")
    await world.manager.click(message, label="Back to the report")
    assert "**2** new" in description(message), "the names stay names when columns are chosen"


async def test_two_moderators_at_once(world: World) -> None:
    mine = await load(world, QA)
    managers = world.guild.create_role(
        "Others", permissions=discord.Permissions(manage_guild=True, manage_messages=True)
    )
    lea = world.guild.add_member(world.env.create_user("lea", global_name="Lea"), roles=[managers])
    other = QA.replace("a memory", "a past").encode()
    hers = answered(await lea.slash(world.hall, "content load", file=("b.csv", other)))
    await world.manager.click(mine, label="Apply 2")
    await lea.click(hers, label="Apply 2")
    assert f"<@{world.manager.id}> changed the content" in hers.content
    assert "**1** changed · **1** same" in description(hers), "the report is a fresh one"
    await lea.click(hers, label="Apply 2")
    assert "1 changed" in description(hers)


async def test_applying_twice_applies_once(world: World) -> None:
    await load(world, QA)
    press = await forged(world, "s1:ql:1:0:apply")
    first = answered(await world.manager.click(press, label="forged"))
    again = answered(await world.manager.click(press, label="forged"))
    assert "Applied. 2 new." in description(first)
    assert "applied already, once" in description(again)
    assert await world.bot.services.content_history.newest(world.guild.id) == 1


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.csv", b"x" * (MOST_TEXT + 1), "257 KiB; at most 256 KiB"),
        ("a.csv", QA.encode("utf-16"), "UTF-16, expected UTF-8"),
        ("a.csv", b"question,answer\nWas hei\xdft das?,So.\n", "Latin-1"),
        ("a.zip", b"PK\x03\x04rest", "archive"),
        ("a.yaml", b"", "an empty file"),
        ("a.txt", b"one word", "found no questions"),
    ],
)
async def test_what_cannot_be_used_is_refused_with_the_mend(world: World, name: str, data: bytes, told: str) -> None:
    assert told in await refused(world, data, name)


async def test_a_strangers_text_shows_as_typed(world: World) -> None:
    nasty = "@everyone **bold** [x](https://evil.example) <@1>?"
    message = await load(world, f'question,answer\n"{nasty}",Text {{0.__class__}}.\n')
    await pick(world.manager, message, "Look at", "new")
    shown = description(message)
    assert "@everyone" not in shown
    assert "[x](" not in shown
    assert "**bold" not in shown
    assert "<@1>" not in shown


LOAD_IDS = (
    *(f"s1:ql:1:0:{verb}" for verb in ("apply", "good", "cancel", "whole", "replace", "replaced")),
    *("s1:qp:1:new:0:0", "s1:qn:1:0:-", "s1:qe:1", "s1:qg:1:0", "s1:qh:0", "s1:qi:1:0", "s1:qb:1:0", "s1:qu:1:1"),
    *("s1:qs:0", "s1:qt:0:abc:ours", "s1:qx:faq:yaml:0", "s1:qw:faq:yaml"),
)


async def test_only_moderators_whatever_discord_lets_through(world: World) -> None:
    await load(world, QA)
    for custom_id in LOAD_IDS:
        result = await world.alice.click(await forged(world, custom_id), label="forged")
        assert "Only moderators" in trouble(result), custom_id
    group = world.bot.tree.get_command("content")
    assert isinstance(group, app_commands.Group)
    group.default_permissions = None
    await world.bot.tree.sync()
    for name in ("load", "history", "export"):
        options = {"file": ("a.csv", QA.encode())} if name == "load" else {}
        result = await world.alice.slash(world.hall, f"content {name}", **options)
        assert "Only moderators" in trouble(result)
        assert_error(world.env, app_commands.CommandInvokeError)
    assert await world.bot.services.content_history.newest(world.guild.id) == 0


async def test_another_servers_file_is_not_there(world: World) -> None:
    await load(world, QA)
    other = world.env.create_guild("Elsewhere")
    lobby = other.create_text_channel("lobby")
    managers = other.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    stranger = other.add_member(world.env.create_user("zed", global_name="Zed"), roles=[managers])
    channel = world.bot.get_channel(lobby.id)
    assert isinstance(channel, discord.TextChannel)
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="forged", custom_id="s1:ql:1:0:apply"))
    view.stop()
    assert "isn't waiting" in trouble(await stranger.click(await channel.send("a page", view=view), label="forged"))
    content, _ = await world.bot.services.packs.content(other.id)
    assert not any(kind is Kind.FAQ for kind, _ in content.patches)
