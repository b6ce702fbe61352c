"""``/group``, as members and captains meet it."""

from __future__ import annotations

from typing import Any

import pytest
import simcord
from simcord.results import ResponseMessage

from bot.domain.group import GroupMakers
from bot.services.group import GroupService
from tests.cogs.page import answered, components, description, labels, menu_id, pick, trouble
from tests.cogs.test_roadmap import forged
from tests.conftest import World
from tests.fakes.clock import FakeClock

TYPED = {"name": "Owls", "emoji": "🦉", "size": "3", "joining": "open"}


async def open_group(world: World, actor: simcord.MemberActor) -> ResponseMessage:
    """Open a member's group, or the groups there are."""
    return answered(await actor.slash(world.hall, "group"))


async def make_group(world: World, **typed: str) -> ResponseMessage:
    """Make a group with Alice as its captain."""
    service = world.bot.services.group
    assert isinstance(service, GroupService)
    await service.put_makers(world.guild.id, GroupMakers.EVERYBODY)
    message = await open_group(world, world.alice)
    form = await world.alice.click(message, label="Make a group")
    await world.alice.submit_modal(form, TYPED | typed)
    return message


async def look_after(world: World, message: ResponseMessage, actor: simcord.MemberActor | None = None) -> None:
    """Turn a group's page into the one on which it is looked after."""
    await (actor or world.alice).click(message, label="Look after it")
    assert (message.embeds[0].title or "").startswith("Look after")


def last_sent(world: World) -> dict[str, Any]:
    """Return what the bot last put on the wire."""
    sent: dict[str, Any] | None = world.env.http_requests[-1].json
    assert sent is not None
    return sent


async def test_where_moderators_make_the_groups_members_see_no_button(world: World) -> None:
    message = await open_group(world, world.alice)
    assert message.flags.ephemeral
    assert "no study group here yet" in description(message)
    assert labels(message) == []
    assert "Moderators make" in trouble(await world.alice.click(await forged(world, "s1:nk"), label="forged"))
    moderator = await open_group(world, world.manager)
    assert labels(moderator) == ["Make a group", "Make balanced groups"]


async def test_making_joining_and_leaving(world: World) -> None:
    message = await make_group(world)
    assert message.embeds[0].title == "🦉 Owls"
    assert "1 of 3 members · open to everybody" in description(message)
    assert "**Alice** · captain · stage 1 · 0 %" in description(message)
    bob = await open_group(world, world.bob)
    assert "**🦉 Owls** · 1 of 3, open to everybody" in description(bob)
    await pick(world.bob, bob, "Join a group", "1")
    assert "You are in **🦉 Owls** now" in bob.content
    assert "**Next together** " in description(bob)
    assert "all of you could take it next" in description(bob)
    next_together = description(bob)
    assert "Look after it" not in labels(bob)
    opened = answered(await world.bob.click(bob, label=next(one for one in labels(bob) if one.startswith("Open "))))
    assert (opened.embeds[0].title or "?") in next_together
    mine = await open_group(world, world.bob)
    await world.bob.click(mine, label="Leave")
    assert "The points you earned in it stay" in description(mine)
    await world.bob.click(mine, label="Leave")
    assert mine.content == "You left **🦉 Owls**."
    assert "not in this group" in trouble(await world.bob.click(await forged(world, "s1:nq:1:1"), label="forged"))


async def test_what_was_typed_wrongly_is_told(world: World) -> None:
    message = await make_group(world)
    await look_after(world, message)
    for typed, told in (({"name": "x"}, "2 to 32"), ({"emoji": "owl"}, "one plain emoji"), ({"size": "99"}, "2 to 50")):
        form = await world.alice.click(message, label="Edit")
        assert told in trouble(await world.alice.submit_modal(form, TYPED | typed))
    form = await world.alice.click(message, label="Edit")
    await world.alice.submit_modal(form, TYPED | {"name": "Larks", "emoji": "", "joining": "invitation"})
    assert message.embeds[0].title == "Look after Larks"
    assert "who is invited may" in description(message)


async def test_an_invitation_notifies_one_person_who_alone_answers(world: World) -> None:
    message = await make_group(world, joining="invitation")
    await look_after(world, message)
    result = await world.alice.select(message, [world.bob], custom_id=menu_id(message, "Invite"))
    (public,) = result.followups
    assert not public.flags.ephemeral
    assert public.content == f"<@{world.bob.id}>, <@{world.alice.id}> invites you into the study group **🦉 Owls**."
    allowed = last_sent(world)["allowed_mentions"]
    assert ([int(one) for one in allowed["users"]], allowed["parse"]) == ([world.bob.id], [])
    assert "is invited, below" in message.content
    assert "is for <@" in trouble(await world.manager.click(public, label="Accept"))
    again = await world.alice.select(message, [world.bob], custom_id=menu_id(message, "Invite"))
    assert "invited before" in trouble(again)
    accepted = await world.bob.click(public, label="Accept")
    assert public.content == "**Bob** is in **🦉 Owls** now."
    assert labels(public) == []
    (told,) = accepted.followups
    assert told.flags.ephemeral
    assert "2 of 3 members · by invitation" in description(told)


async def test_an_invitation_waits_in_the_list_and_can_be_declined(world: World) -> None:
    message = await make_group(world, joining="invitation")
    manager = await open_group(world, world.manager)
    await pick(world.manager, manager, "Look at a group", "1")
    assert labels(manager)[0] == "Join", "a moderator may join any"
    bob = await open_group(world, world.bob)
    assert "by invitation" in description(bob)
    assert "whom it invites" in trouble(await world.bob.click(await forged(world, "s1:nj:1"), label="forged"))
    await look_after(world, message)
    result = await world.alice.select(message, [world.bob], custom_id=menu_id(message, "Invite"))
    (public,) = result.followups
    bob = await open_group(world, world.bob)
    assert "you are invited" in description(bob)
    await pick(world.bob, bob, "Look at a group", "1")
    assert labels(bob)[:2] == ["Join", "Decline the invitation"]
    await world.bob.click(bob, label="Decline the invitation")
    assert bob.content == "The invitation is declined."
    assert "whom it invites" in trouble(await world.bob.click(public, label="Accept")), "an old button"


async def test_bots_are_not_invited(world: World) -> None:
    message = await make_group(world)
    await look_after(world, message)
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    result = await world.alice.select(message, [robot], custom_id=menu_id(message, "Invite"))
    assert "A bot studies nothing" in trouble(result)


async def test_handing_over_and_removing_are_asked_first(world: World) -> None:
    message = await make_group(world)
    await pick(world.bob, await open_group(world, world.bob), "Join a group", "1")
    await look_after(world, message)
    stranger = await world.alice.select(message, [world.manager], custom_id=menu_id(message, "Remove"))
    assert "not in this group" in trouble(stranger)
    await world.alice.select(message, [world.bob], custom_id=menu_id(message, "Remove"))
    assert "could join again" in description(message)
    await world.alice.click(message, label="Keep it so")
    await world.alice.select(message, [world.bob], custom_id=menu_id(message, "Hand over"))
    await world.alice.click(message, label="Hand over")
    assert f"captain <@{world.bob.id}>" in description(message)
    assert "Only the group's captain" in trouble(
        await world.alice.click(await forged(world, "s1:ng:1"), label="forged")
    )
    bob = await open_group(world, world.bob)
    await look_after(world, bob, world.bob)
    await world.bob.select(bob, [world.alice], custom_id=menu_id(bob, "Remove"))
    await world.bob.click(bob, label="Remove")
    assert f"<@{world.alice.id}> is no longer in **🦉 Owls**." in bob.content
    assert "1 of 3" in description(bob)


async def test_archiving_is_asked_twice_and_old_buttons_say_so(world: World) -> None:
    message = await make_group(world)
    bob = await open_group(world, world.bob)
    await look_after(world, message)
    await world.alice.click(message, label="Archive")
    await world.alice.click(message, label="Archive")
    assert message.embeds[0].title == "Archive for good?"
    await world.alice.click(message, label="Archive for good")
    assert "has ended" in description(message)
    assert "does not exist any more" in trouble(await pick(world.bob, bob, "Join a group", "1"))
    await world.alice.click(message, label="All groups")
    assert "no study group here yet" in description(message)


async def test_role_and_channel_are_shown_and_nothing_is_given(world: World) -> None:
    message = await make_group(world)
    await look_after(world, message)
    await world.alice.click(message, label="Role and channel")
    role = world.guild.create_role("Owls")
    everybody = await world.alice.select(
        message, [world.guild.default_role], custom_id=menu_id(message, "Role of the group")
    )
    assert "not everybody's" in trouble(everybody)
    await world.alice.select(message, [role], custom_id=menu_id(message, "Role of the group"))
    await world.alice.select(message, [world.hall], custom_id=menu_id(message, "Channel of the group"))
    page = await open_group(world, world.alice)
    assert f"<#{world.hall.id}> · <@&{role.id}>" in description(page)
    await world.alice.select(message, [], custom_id=menu_id(message, "Role of the group"))
    assert "<@&" not in description(await open_group(world, world.alice))
    assert not [one for one in world.env.http_requests if "/roles" in one.path]


async def test_who_may_need_company_is_seen_by_who_looks_after_the_group(world: World, clock: FakeClock) -> None:
    message = await make_group(world)
    bob = await open_group(world, world.bob)
    await pick(world.bob, bob, "Join a group", "1")
    clock.move(days=11)
    await world.alice.click(message, label="Who may need company")
    assert "**Bob** · last seen at work <t:" in description(message)
    assert "> Hi Bob, good to have you here." in description(message)
    assert "Only the group's captain" in trouble(await world.bob.click(await forged(world, "s1:ny:1"), label="forged"))
    shown = answered(await world.alice.click(await forged(world, "s1:ny:1"), label="forged"))
    assert shown.flags.ephemeral, "pressed where others see it, it opens for the captain alone"
    await world.bob.click(bob, label="Ask after me: on")
    assert "Ask after me: off" in labels(bob)
    await world.alice.click(message, label="Back")
    await world.alice.click(message, label="Who may need company")
    assert "Nobody at the moment" in description(message)


async def test_balanced_groups_are_shown_then_made_then_told(world: World) -> None:
    for actor in (world.alice, world.bob, world.manager):
        await actor.slash(world.hall, "roadmap")
        service = world.bot.services.profile
        await service.put_day_start(world.guild.id, actor.id, None)
    message = await open_group(world, world.manager)
    await world.manager.click(message, label="Make balanced groups")
    assert message.embeds[0].title == "1 balanced group of 3 people"
    await world.manager.click(message, label="Shuffle")
    await pick(world.manager, message, "Size of a group", "2")
    assert "Nothing is made yet" in description(message)
    assert "UTC+0" in description(message)
    await world.manager.click(message, label="Make them")
    assert "Study group 1" in description(message)
    told = await world.manager.click(message, label="Tell this channel")
    public = answered(told)
    assert not public.flags.ephemeral
    mine = answered(await world.bob.click(public, label="My group"))
    assert mine.flags.ephemeral
    assert "3 of 3 members" in description(mine)
    for custom_id in ("s1:nb:4:1", "s1:np:4:1:0", "s1:no:3"):
        assert "Only moderators" in trouble(await world.alice.click(await forged(world, custom_id), label="forged"))


async def test_hostile_names_show_as_typed(world: World) -> None:
    message = await make_group(world, name="[x](http://a.b) @everyone **`")
    assert (message.embeds[0].title or "") == "🦉 \\[x\\](http://a.b) @\u200beveryone \\*\\*\\`"
    bob = await open_group(world, world.bob)
    assert "@everyone" not in description(bob)
    options = next(one["options"] for one in components(bob) if "options" in one)
    assert options[0]["label"] == "🦉 (x)(http://a.b) @\u200beveryone ∗∗'"


async def test_forged_ids_are_refused_in_words(world: World) -> None:
    await make_group(world)
    for custom_id in ("s1:n:77:0", "s1:ng:77", "s1:nj:77", "s1:ns:archive:77:0", "s1:nq:77:1", "s1:na:77:1:1"):
        trouble(await world.bob.click(await forged(world, custom_id), label="forged"))
    assert "older version" in trouble(await world.bob.click(await forged(world, "s1:ns:destroy:1:0"), label="forged"))


async def test_the_picture_is_for_who_is_in_the_group(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    message = await make_group(world)
    (picture,) = message.attachments
    assert message.embeds[0].image.url
    told = picture.description or ""
    assert told.startswith(
        "🦉 Owls. 1 of 3 members · open to everybody. This week 0 points, 0 topics, 0 prompts. Alice 0 %."
    )
    await world.alice.click(message, label="All groups")
    assert message.attachments == [], "the list has none"
    outside = await open_group(world, world.bob)
    await pick(world.bob, outside, "Look at a group", "1")
    assert "**Alice** · captain" in description(outside)
    assert outside.attachments == []

    async def nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(type(world.bot.services.pictures), "group", nothing)
    message = await open_group(world, world.alice)
    assert message.attachments == []
    assert "**Alice** · captain · stage 1 · 0 %" in description(message), "the words stand alone"
