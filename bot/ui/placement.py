"""The screens of the placement: where a newcomer comes from, and what they know already."""

from __future__ import annotations

from enum import StrEnum

import discord

from bot.domain.content import EntryId
from bot.domain.pack import Pack
from bot.domain.roadmap import State, count, state_of
from bot.services.placement import PlacementPage
from bot.ui.components import Component, ComponentId, Style, button, menu, option, rows
from bot.ui.reply import Reply
from bot.ui.text import ROADMAP, bar, listed, plural


class PlaceVerb(StrEnum):
    """What the placement's buttons do."""

    FINISH = "finish"
    OFFERED = "offered"
    STAGE = "stage"
    UNDO = "undo"


class BackgroundPress(ComponentId, code="pb"):
    """One of the backgrounds."""

    background_id: EntryId
    owner: int


class PlacePress(ComponentId, code="p"):
    """A button of the placement; ``stage_id`` is the stage it shows or goes to."""

    verb: PlaceVerb
    stage_id: EntryId
    owner: int


class KnownTopics(ComponentId, code="pt"):
    """The menu in which a stage's known topics are ticked."""

    stage_id: EntryId
    owner: int


class KnownStages(ComponentId, code="ps"):
    """The menu in which whole known stages are ticked."""

    stage_id: EntryId
    owner: int


def welcome(pack: Pack, user_id: int) -> Reply:
    """Ask a newcomer where they come from."""
    track = pack.track
    embed = discord.Embed(title="Where do you start?", color=ROADMAP)
    hours = sum(topic.hours for topic in pack.topics.values())
    lines = [f"**{background.title}**: {background.hint}" for background in track.backgrounds]
    embed.description = "\n".join(
        [
            (
                f"The road to **{track.title.lower()}** has {len(track.stages)} stages and {len(pack.topics)} topics, "
                f"about {hours:.0f} hours in all. Two questions, under a minute, and you skip what you know. "
                "Which fits you best?"
            ),
            "",
            *lines,
        ]
    )
    embed.set_footer(text="Others in this server can see which stage you are at, nothing more.")
    choices = [button(one.title, BackgroundPress(background_id=one.id, owner=user_id)) for one in track.backgrounds]
    first = track.stages[0].id
    skip = button("Start at the beginning", PlacePress(verb=PlaceVerb.FINISH, stage_id=first, owner=user_id))
    return Reply(embed=embed, view=rows(choices, [skip]))


def ticking(page: PlacementPage, pack: Pack, user_id: int, notice: str | None = None) -> Reply:
    """Ask what is known already, one stage at a time; every tick is saved at once."""
    stages = pack.track.stages
    place = stages.index(page.stage)
    embed = discord.Embed(title="What do you know already?", color=ROADMAP)
    embed.description = "\n".join(
        [
            "Tick what you could explain to a friend. Each tick is saved at once; **Undo** takes the last one back.",
            "",
            *_offer(page),
            *(
                f"`{bar(counted)}` {stage.order} {stage.title} · {counted.finished} of {counted.total}"
                for stage in stages
                for counted in [count(stage.topics, page.states)]
            ),
        ]
    )
    embed.set_footer(text=f"Stage {page.stage.order} of {len(stages)} below")

    def press(label: str, verb: PlaceVerb, stage_id: str, style: Style = Style.PLAIN) -> Component:
        return button(label, PlacePress(verb=verb, stage_id=stage_id, owner=user_id), style)

    steps: list[Component] = []
    if page.offered:
        steps.append(press(f"I know those {len(page.offered)}", PlaceVerb.OFFERED, page.stage.id))
    if place > 0:
        steps.append(press(f"Back to stage {stages[place - 1].order}", PlaceVerb.STAGE, stages[place - 1].id))
    if place + 1 < len(stages):
        steps.append(press(f"On to stage {stages[place + 1].order}", PlaceVerb.STAGE, stages[place + 1].id))
    steps.append(press("That is all: show my road", PlaceVerb.FINISH, page.stage.id, Style.PRIMARY))
    steps.append(press("Undo", PlaceVerb.UNDO, page.stage.id))
    return Reply(notice, embed, rows(_topics_menu(page, user_id), _stages_menu(page, pack, user_id), steps))


def _offer(page: PlacementPage) -> list[str]:
    if page.background is None or not page.offered:
        return []
    titles = listed(f"**{topic.title}**" for topic in page.offered)
    return [f"Many people with your background know {plural(len(page.offered), 'topic')} already: {titles}.", ""]


def _topics_menu(page: PlacementPage, user_id: int) -> list[Component]:
    """Offer what is not marked yet. A choice only adds: a client may show a menu as it was, with old ticks."""
    options = [
        option(topic.title, topic.id, topic.checks[0])
        for topic in page.stage.topics
        if state_of(page.states, topic.id) is State.NOT_STARTED
    ]
    press = KnownTopics(stage_id=page.stage.id, owner=user_id)
    placeholder = f"Topics of stage {page.stage.order} that I know"
    return [menu(placeholder, press, options, most=len(options))] if options else []


def _stages_menu(page: PlacementPage, pack: Pack, user_id: int) -> list[Component]:
    options = [
        option(f"{stage.order} {stage.title}", stage.id, stage.summary)
        for stage in pack.track.stages
        if any(state_of(page.states, topic.id) is State.NOT_STARTED for topic in stage.topics)
    ]
    press = KnownStages(stage_id=page.stage.id, owner=user_id)
    return [menu("Whole stages that I know", press, options, most=len(options))] if options else []
