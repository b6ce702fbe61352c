"""The screens of ``/roadmap``: the road, a stage, a topic, who is where."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import discord

from bot.domain.roadmap import Count, States, Suggestion, hours_left, state_of
from bot.domain.track import Stage, Topic
from bot.services.roadmap import (
    RoadmapPage,
    StagePeople,
)
from bot.ui.components import Component, ComponentId, Style, button, menu, option, rows
from bot.ui.guide import guide_button
from bot.ui.home import OpenPace, OpenRoad, back_button
from bot.ui.placement import PlacePress, PlaceVerb
from bot.ui.reply import Picture, Reply
from bot.ui.text import LEGEND, ROADMAP, SIGNS, STATE_NAMES, bar, clip, hours, listed, plural, safe
from bot.ui.topic import TopicPress, TopicVerb

PEOPLE_SHOWN = 8
FILE = "road.png"


class HomeVerb(StrEnum):
    """What the road's own buttons do."""

    WHY = "why"
    GROUP = "group"
    SHARE = "share"
    UNDO = "undo"
    RESET = "reset"
    RESET_SURE = "reset2"
    RESET_NOW = "reset3"


class HomePress(ComponentId, code="r"):
    """A button of somebody's road."""

    verb: HomeVerb
    owner: int


class TopicMenu(ComponentId, code="tm"):
    """A menu of topics."""

    owner: int


class StageMenu(ComponentId, code="sm"):
    """A menu of stages."""

    owner: int


def home(page: RoadmapPage, user_id: int, name: str, *, why: bool = False, notice: str | None = None) -> Reply:
    """Return a member's road.

    Args:
        page: how the member stands.
        user_id: whose road it is.
        name: how the member is called here.
        why: whether to say at length why these topics come next.
        notice: a first line that says what was just done.
    """
    return Reply(notice, _home_embed(page, name, why=why), _home_view(page, user_id))


def shared_home(page: RoadmapPage, name: str, user_id: int, png: bytes | None) -> Reply:
    """Return a member's road as the whole channel sees it; without a picture the words say the same."""
    view = rows([button("Open my own roadmap", OpenRoad())])
    embed = _home_embed(page, name, why=False)
    picture = None
    if png is not None:
        embed.set_image(url=f"attachment://{FILE}")
        told = " · ".join(f"{stage.title} {counted.percent} %" for stage, counted in page.stages)
        picture = Picture(png, FILE, f"{_standing(page)}. {told}.")
    return Reply(f"<@{user_id}> shares where they are.", embed, view, picture)


def _home_embed(page: RoadmapPage, name: str, *, why: bool) -> discord.Embed:
    embed = discord.Embed(title=f"What next, {safe(clip(name, 40))}", color=ROADMAP)
    if page.next_topics:
        embed.description = "\n".join(_suggested(i, one, why=why) for i, one in enumerate(page.next_topics, 1))
    else:
        embed.description = (
            "You are through the whole road: every topic is done, known or skipped. "
            "Open a stage to look back, or help somebody who is on the way."
        )
    embed.add_field(name="Your road", value="\n".join(_stage_line(*one) for one in page.stages), inline=False)
    embed.set_footer(text=_standing(page))
    return embed


def _standing(page: RoadmapPage) -> str:
    whole = f"{page.overall.finished} of {plural(page.overall.total, 'topic')} · {page.overall.percent} %"
    if page.current is None:
        return whole
    left = hours_left(page.current.topics, page.states)
    return f"{whole} · stage {page.current.order}: about {hours(left)} left"


def _suggested(place: int, one: Suggestion, *, why: bool) -> str:
    head = f"**{place} · {one.topic.title}** · {hours(one.topic.hours)}"
    reason = f"{reason_for(one)}\n{one.topic.why}" if why else reason_for(one)
    return f"{head}\n{reason}\n"


def reason_for(one: Suggestion) -> str:
    """Return why a topic is suggested, in one or two sentences."""
    parts: list[str] = []
    if one.learning:
        parts.append("You have begun this one.")
    elif one.built_on:
        parts.append(f"You have {listed(topic.title for topic in one.built_on)} behind you.")
    else:
        parts.append(f"Nothing has to come before it; it belongs to stage {one.stage.order}.")
    if one.skipped:
        parts.append(f"It builds on {listed(topic.title for topic in one.skipped)}, which you skipped.")
    if one.waiting:
        parts.append(f"{plural(one.waiting, 'later topic')} {'waits' if one.waiting == 1 else 'wait'} for it.")
    return " ".join(parts)


def _stage_line(stage: Stage, counted: Count) -> str:
    return f"`{bar(counted)} {counted.percent:>3} %` {stage.order} {stage.title}"


def _home_view(page: RoadmapPage, user_id: int) -> discord.ui.View:
    suggested = [one.topic for one in page.next_topics]
    first = suggested[0] if suggested else None
    main: list[Component] = []
    if first is not None and page.next_topics[0].learning:
        verb, label = TopicVerb.DONE, f"Done: {clip(first.title, 34)}"
        main.append(button(label, TopicPress(verb=verb, topic_id=first.id, owner=user_id), Style.PRIMARY))
    elif first is not None:
        verb, label = TopicVerb.START, f"Start {clip(first.title, 34)}"
        main.append(button(label, TopicPress(verb=verb, topic_id=first.id, owner=user_id), Style.PRIMARY))
    if first is not None:
        main.append(_home_button("Why these", HomeVerb.WHY, user_id))
    main += [
        _home_button("Group", HomeVerb.GROUP, user_id),
        _home_button("Share", HomeVerb.SHARE, user_id),
        _home_button("Undo", HomeVerb.UNDO, user_id),
    ]
    return rows(
        [_topic_menu("Open one of these", suggested, page.states, user_id)] if suggested else [],
        [_stage_menu(page, user_id)],
        main,
        [
            guide_button(user_id),
            button("Pace", OpenPace()),
            button("What I know already", PlacePress(verb=PlaceVerb.STAGE, stage_id=_first(page), owner=user_id)),
            *([_home_button("Start over", HomeVerb.RESET, user_id, Style.DANGER)] if page.states else []),
        ],
    )


def _first(page: RoadmapPage) -> str:
    """Return the stage at which the placement opens: the one the member is at."""
    return (page.current or page.stages[0][0]).id


def _home_button(label: str, verb: HomeVerb, user_id: int, style: Style = Style.PLAIN) -> Component:
    return button(label, HomePress(verb=verb, owner=user_id), style)


def _topic_menu(placeholder: str, topics: Iterable[Topic], states: States, user_id: int) -> Component:
    options = [
        option(f"{SIGNS[state]} {topic.title}", topic.id, f"{STATE_NAMES[state]} · {hours(topic.hours)}")
        for topic in topics
        for state in [state_of(states, topic.id)]
    ]
    return menu(placeholder, TopicMenu(owner=user_id), options)


def _stage_menu(page: RoadmapPage, user_id: int) -> Component:
    options = [
        option(f"{stage.order} {stage.title} · {counted.finished} of {counted.total}", stage.id)
        for stage, counted in page.stages
    ]
    return menu("Open a stage", StageMenu(owner=user_id), options)


def stage_page(stage: Stage, states: States, user_id: int) -> Reply:
    """Return one stage with its topics."""
    embed = discord.Embed(title=f"Stage {stage.order} · {stage.title}", color=ROADMAP)
    lines = [f"{SIGNS[state_of(states, topic.id)]} **{topic.title}** · {hours(topic.hours)}" for topic in stage.topics]
    embed.description = "\n".join([stage.summary, "", *lines])
    embed.set_footer(text=LEGEND)
    return Reply(
        embed=embed,
        view=rows(
            [_topic_menu("Open a topic", stage.topics, states, user_id)],
            [back_button("Back to my road", user_id)],
        ),
    )


def started_over(amount: int) -> str:
    """Return the first line after a reset."""
    if amount == 0:
        return "There was nothing to reset."
    return f"{plural(amount, 'topic is', 'topics are')} not started now. Undo takes this back."


def reset_question(page: RoadmapPage, user_id: int, *, second: bool) -> Reply:
    """Ask, once and then once more, before a member's whole road is reset."""
    amount = plural(len(page.states), "topic")
    if not second:
        text = f"This sets {amount} back to not started. Their points go too; notes stay. One press on Undo "
        text += "brings everything back."
        go = _home_button("Yes, start over", HomeVerb.RESET_SURE, user_id, Style.DANGER)
    else:
        text = f"{amount} will be back at not started. Are you sure?"
        go = _home_button(f"Reset {amount}", HomeVerb.RESET_NOW, user_id, Style.DANGER)
    embed = discord.Embed(title="Start over?", description=text, color=ROADMAP)
    return Reply(embed=embed, view=rows([back_button("Keep my progress", user_id), go]))


def people(groups: Iterable[StagePeople], user_id: int) -> Reply:
    """Return who is where on the road."""
    lines: list[str] = []
    for group in groups:
        where = "Through the whole road" if group.stage is None else f"{group.stage.order} {group.stage.title}"
        shown = ", ".join(f"<@{one}>" for one in group.user_ids[:PEOPLE_SHOWN])
        more = f" and {len(group.user_ids) - PEOPLE_SHOWN} more" if len(group.user_ids) > PEOPLE_SHOWN else ""
        lines.append(f"**{where}** · {len(group.user_ids)}\n{shown}{more}")
    embed = discord.Embed(title="Who is where", color=ROADMAP)
    embed.description = (
        "\n".join(lines) or "Nobody has marked a topic yet. The first mark on anybody's road shows up here."
    )
    embed.set_footer(text="Each person stands at their first stage with something left to do.")
    return Reply(embed=embed, view=rows([back_button("Back to my road", user_id)]))
