"""What people have said in the simulated server before one comes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.demo.people import LIN, MO, SOFIA, TARIQ, Person

STUDY_HALL: Final = "study-hall"
DAILY: Final = "daily"
LEADERBOARD: Final = "leaderboard"
SHOWCASE: Final = "showcase"
MODERATORS: Final = "moderators"
WELCOME: Final = "welcome"

TOPICS: Final = {
    WELCOME: "Start here: what this place is, and what to try first",
    STUDY_HALL: "Questions, finds and small wins. Type / to see what Syllabot can do",
    DAILY: "One exercise a day from Syllabot, answered in a few sentences",
    LEADERBOARD: "The recap of the week, every Monday",
    SHOWCASE: "Finished projects, each with a thread for feedback",
    MODERATORS: "Only moderators see this channel",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a person's.

    Attributes:
        days: how many days before the start it was said, at least one.
        at: the time of that day, in the server's zone.
        who: who said it.
        where: the channel, or the thread by its name.
        text: what was said.
        to: begins with this text the message it replies to.
        liked: reactions, each with who left it.
        thread: the name of the thread that was opened on it.
    """

    days: int
    at: time
    who: Person
    where: str
    text: str
    to: str = ""
    liked: tuple[tuple[str, Person], ...] = ()
    thread: str = ""

    def when(self, start: datetime, zone: ZoneInfo) -> datetime:
        """Return the instant at which it was said, for a server that is started at ``start``."""
        day = start.astimezone(zone).date() - timedelta(days=self.days)
        return datetime.combine(day, self.at, zone)


BAYES: Final = "Bayes evening"
FEEDBACK: Final = "feedback"
"""The thread on Tariq's project, which the bot opens and names."""

LINES: Final = (
    Line(
        15,
        time(18, 5),
        MO,
        LEADERBOARD,
        "From now on Syllabot posts the recap here on Mondays, so I can stop counting by hand.",
        liked=(("🎉", SOFIA), ("🎉", TARIQ)),
    ),
    Line(5, time(19, 10), TARIQ, FEEDBACK, "It took me most of a weekend. Popularity was hard to beat; tell me why."),
    Line(
        5,
        time(19, 40),
        MO,
        FEEDBACK,
        "I like the cold start part. Popularity wins on users with few ratings, so I would score those apart.",
        liked=(("💡", TARIQ),),
    ),
    Line(
        3,
        time(17, 30),
        MO,
        MODERATORS,
        "Note to self: after moving or renaming a channel, run `/setup` and press **Check**. It names the permission "
        "that is missing.",
    ),
    Line(
        3,
        time(17, 45),
        MO,
        MODERATORS,
        "Lin joins this week. The welcome is posted; its buttons work for everybody, also after a restart.",
    ),
    Line(
        2,
        time(18, 12),
        SOFIA,
        STUDY_HALL,
        "Logistic regression is done! What helped: drawing the sigmoid by hand and asking what happens at 0.",
        liked=(("👏", TARIQ), ("👏", MO)),
    ),
    Line(2, time(18, 20), TARIQ, STUDY_HALL, "Nice. Error metrics next? That one pays back in every project later."),
    Line(
        2,
        time(18, 26),
        SOFIA,
        STUDY_HALL,
        "Begun already. I keep mixing up precision and recall.",
        to="Nice. Error metrics",
    ),
    Line(
        2,
        time(18, 31),
        TARIQ,
        STUDY_HALL,
        "Precision: of what I flagged, how much was right. Recall: of what was there, how much I found.",
        liked=(("💡", SOFIA),),
    ),
    Line(
        1,
        time(17, 15),
        MO,
        STUDY_HALL,
        "Bayes evening this week, 19:00? Bring the topic's practice task, we compare answers.",
        liked=(("👍", SOFIA), ("👍", TARIQ)),
        thread=BAYES,
    ),
    Line(1, time(17, 32), SOFIA, BAYES, "In. I would like to go through the base-rate example once more."),
    Line(1, time(17, 50), TARIQ, BAYES, "In, ten minutes late. I can bring the spam filter I built for it."),
    Line(1, time(20, 4), LIN, STUDY_HALL, "Hi, I'm Lin. Just joined, I know a bit of Python. Where do I begin?"),
    Line(
        1,
        time(20, 9),
        SOFIA,
        STUDY_HALL,
        "Welcome, Lin! Type `/roadmap`: two questions, and it leaves out what you know.",
        to="Hi, I'm Lin",
        liked=(("👋", LIN),),
    ),
    Line(1, time(20, 15), TARIQ, STUDY_HALL, "And `/faq` for anything you would feel odd asking us. I did, a lot."),
)


def first_steps(mention: Callable[[str], str], hall: str, daily: str) -> tuple[str, ...]:
    """Return the messages that say what to try first.

    Args:
        mention: turns a command's name into what is shown for it.
        hall: the mention of the channel for talking.
        daily: the mention of the channel for daily posts.
    """
    to_try = (
        "**What to try first**\n"
        "1. Press **Start the roadmap** above. Sofia's and Tariq's roads are well under way; Lin's begins with two "
        "questions.\n"
        f"2. In {hall}, type {mention('roadmap')}, choose `topic` and type *cross*: it finds the topic as you type.\n"
        f"3. Ask {mention('faq')} in your own words: *do I need a degree*. Typos are fine.\n"
        f"4. Press **Done** under today's exercise in {daily}, or type {mention('today')}; {mention('streak')} keeps "
        f"count, {mention('help')} shows the rest.\n"
        f"5. See who is where with {mention('leaderboard')}, and Sofia's study group with {mention('group')}; Lin is "
        "invited into it."
    )
    to_know = (
        "**And in this simulated server**\n"
        "- **Switch people** at the lower left: Lin is new, Mo moderates and has `/setup`, `/schedule` and a channel "
        "of his own.\n"
        f"- **Load a file** as Mo: {mention('content export')} and **Template** give you one; then type "
        f"{mention('content load')} and drop it on the page.\n"
        "- **Right-click a question** somebody asked and choose *Find in FAQ*.\n"
        "- **Push the clock** forward at the top: an hour, a day, a week.\n"
        "- **Restart the bot** there too: the buttons of old messages go on working."
    )
    return to_try, to_know
