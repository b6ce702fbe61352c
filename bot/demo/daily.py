"""What the simulated server's group did with the bot's posts before one comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.client import Services, Syllabot
from bot.demo.host import Host
from bot.demo.people import MO, SOFIA, TARIQ, Person
from bot.domain.schedule import BALANCED, Slot, Timing
from bot.storage import occurrence as occurrence_store
from bot.storage import schedule as schedule_store
from bot.storage.occurrence import Plan
from bot.ui.post import post


@dataclass(frozen=True, slots=True)
class Posted:
    """One exercise that was posted, and what became of it.

    Attributes:
        exercise_id: which.
        done: who did it, and how many minutes after the post.
        answers: what they shared with the group.
    """

    exercise_id: str
    done: Mapping[Person, int]
    answers: Mapping[Person, str]


POSTED: Final[Mapping[Slot, tuple[Posted, ...]]] = {
    Slot.PRACTICE: (
        Posted(
            "f-sick-plants",
            {SOFIA: 95, TARIQ: 310, MO: 560},
            {
                SOFIA: "Accuracy 85 %, precision 60 %, recall 75 %, F1 0.67. Never flagging anything already gets 80 "
                "%, so I "
                "would tell the gardener: it finds three of four sick plants, and two of five alarms are false.",
                TARIQ: "Same numbers. I would lead with recall: a missed plant infects its neighbors, a false alarm "
                "costs "
                "a look.",
            },
        ),
        Posted(
            "f-confident-and-wrong",
            {SOFIA: 180, MO: 400},
            {
                SOFIA: "z = 2, so p = 0.88. Log loss 0.13 if the person buys, 2.13 if not. Saying 0.99 when the answer "
                "is no "
                "costs 4.6, always saying 0.5 costs 0.69: being sure and wrong is what hurts.",
            },
        ),
        Posted(
            "f-swapped-arguments",
            {TARIQ: 70, MO: 660},
            {
                TARIQ: "Prints 0.25 and 0.5, should be 0.5 and 0.25: with the arguments swapped, precision and recall "
                "change "
                "places. Accuracy and F1 are symmetric, so neither would have warned me. I pass them by name now.",
            },
        ),
        Posted(
            "d-no-brain-allowed",
            {SOFIA: 240, TARIQ: 250, MO: 35},
            {
                MO: "You write down weekday, weather and last week's sales. Each gets a weight, like dials on a "
                "mixing desk, "
                "and the dials together give a number of rolls. At first they are set at random and the number "
                "is silly. "
                "Every evening we compare with what was sold, and turn each dial a little toward the right answer.",
                SOFIA: "I read mine to my mother, and she asked who turns the dials. So now it says: a recipe does, "
                "and it "
                "only knows the days it was shown.",
            },
        ),
        Posted(
            "f-ninety-of-fifty",
            {SOFIA: 130, TARIQ: 480},
            {
                SOFIA: "0.90 ± 0.08, so about 82 to 98 %. For ± 1 point I get 3,457 rows. Report: right on 45 of 50 "
                "held-out "
                "rows (90 %, 95 % interval 82 to 98 %).",
            },
        ),
        Posted(
            "f-forward-only",
            {SOFIA: 65, MO: 300},
            {
                SOFIA: "[0 1] [2 3], then [0 1 2 3] [4 5], then [0 1 2 3 4 5] [6 7]. Shuffled folds would train on "
                "Friday to "
                "predict Wednesday.",
                MO: "And a lag feature would carry the answer straight into the training rows.",
            },
        ),
        Posted(
            "d-xor-by-hand",
            {TARIQ: 45, SOFIA: 600},
            {
                TARIQ: "relu(x1 + x2) - 2 · relu(x1 + x2 - 1). The second unit only wakes up when both inputs are 1 "
                "and takes "
                "the 2 back to 0.",
            },
        ),
        Posted(
            "f-price-per-meter",
            {SOFIA: 150, TARIQ: 200, MO: 220},
            {
                SOFIA: "Every extra square meter adds about $1,900, so 70 m² comes to $173,000. The 40,000 is where "
                "the line "
                "would start, not the price of nothing. It has never seen 5 m², so it should say nothing. "
                "Per square foot that is about $177.",
            },
        ),
    ),
    Slot.KAGGLE: (
        Posted(
            "k-titanic-one-rule",
            {SOFIA: 330, TARIQ: 500},
            {
                TARIQ: "78.7 % on the training rows, 0.766 public. My first random forest got 0.77. Humbling.",
            },
        ),
        Posted("k-house-na-means-none", {SOFIA: 410}, {}),
        Posted("k-digits-distances", {TARIQ: 160}, {}),
    ),
    Slot.ARXIV: (
        Posted(
            "paper-dropout",
            {SOFIA: 290, MO: 520},
            {
                MO: "Halving the outgoing weights keeps the expected input of the next layer what it was while half "
                "the units "
                "were missing. So one pass stands in for the average of all the thinned networks.",
            },
        ),
        Posted("paper-leakage-crisis", {TARIQ: 340, SOFIA: 700}, {}),
        Posted("paper-model-cards", {SOFIA: 260}, {}),
    ),
}

BEGUN: Final = 14
"""How many days before the start the bot began to post."""
AT: Final = time(9)


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did with a post, and when."""

    at: datetime
    person: Person
    number: int
    answer: str | None


def planned(start: datetime, zone: str) -> list[tuple[date, datetime, Slot, Posted]]:
    """Return the posts of the days before ``start``: local date, when due, what kind of day, what came of it."""
    timing = Timing(zone, AT, BALANCED)
    today = timing.local_date(start)
    left = {slot: iter(posted) for slot, posted in POSTED.items()}
    found: list[tuple[date, datetime, Slot, Posted]] = []
    for ago in range(BEGUN, 0, -1):
        day = today - timedelta(days=ago)
        slot = timing.slot(day)
        posted = next(left[slot], None) if slot in left else None
        if posted is not None:
            found.append((day, timing.due_at(day), slot, posted))
    return found


def acts(posts: list[tuple[date, datetime, Slot, Posted]], before: datetime) -> list[Act]:
    """Return what people did with these posts before an instant, in order of time; the numbers count from 1."""
    found = [
        Act(due_at + timedelta(minutes=minutes), person, number, posted.answers.get(person))
        for number, (_, due_at, _, posted) in enumerate(posts, 1)
        for person, minutes in posted.done.items()
    ]
    return sorted((act for act in found if act.at < before), key=lambda act: act.at)


async def begin(host: Host, guild_id: int, channel_id: int, start: datetime, zone: str) -> list[Act]:
    """Make the schedule of the days before ``start``, with what it posts on each; return what people will do.

    What people wrote must fit what was posted, so the plan of those days is laid down before the tick makes its own.
    """
    posts = planned(start, zone)
    timing = Timing(zone, AT, BALANCED)
    first = timing.due_at(timing.local_date(start) - timedelta(days=BEGUN)) - timedelta(hours=1)

    made = await host.database.write(lambda tx: schedule_store.add(tx, guild_id, channel_id, AT, BALANCED, first))
    plans = [
        Plan(guild_id, made.schedule_id, day, slot, posted.exercise_id, channel_id, due_at)
        for day, due_at, slot, posted in posts
    ]
    await host.database.write(lambda tx: [occurrence_store.plan(tx, plan) for plan in plans])
    return acts(posts, start)


async def do(services: Services, guild_id: int, user_id: int, act: Act) -> None:
    """Press Done, or write the answer, by the services that a press would reach."""
    if act.answer is None:
        await services.prompt.done(guild_id, user_id, act.number)
    else:
        await services.answer.write(guild_id, user_id, act.number, act.answer, shared=True)


async def bring_up_to_date(bot: Syllabot, guild_id: int, done: list[Act]) -> None:
    """Let the posts show who has done them, as they would where each act had been a press."""
    for number in sorted({act.number for act in done}):
        shown = await bot.services.prompt.shown(guild_id, number)
        if shown is not None:
            channel = bot.get_partial_messageable(shown.channel_id, guild_id=guild_id)
            await bot.courier.edit(channel.get_partial_message(shown.message_id), post(shown.post))
