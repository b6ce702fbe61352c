"""What a grade makes of a card, by FSRS 6 with the parameters it was published with.

Nothing is drawn by lot (FSRS calls that fuzz), so the same answers at the same instants give the same dates, and the
state of every card can be computed from the history again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from fsrs import Card, Rating, Scheduler, State

from bot.domain.recall import AGAIN_AFTER, DESIRED, LONGEST_DAYS, Grade, Memory, Phase

SCHEDULER: Final = Scheduler(
    desired_retention=DESIRED,
    learning_steps=(AGAIN_AFTER,),
    relearning_steps=(AGAIN_AFTER,),
    maximum_interval=LONGEST_DAYS,
    enable_fuzzing=False,
)
RATINGS: Final = {
    Grade.AGAIN: Rating.Again,
    Grade.HARD: Rating.Hard,
    Grade.GOOD: Rating.Good,
    Grade.EASY: Rating.Easy,
}


def after(memory: Memory | None, grade: Grade, now: datetime) -> Memory:
    """Return what stands of a card after it was graded.

    Args:
        memory: what stood of it; None where it is new.
        grade: how it was remembered.
        now: when, aware and in UTC.
    """
    found, _ = SCHEDULER.review_card(_card(memory, now), RATINGS[grade], now)
    if found.stability is None or found.difficulty is None:
        raise TypeError("FSRS left a card without stability or difficulty")
    forgot = memory is not None and memory.phase is Phase.REVIEW and grade is Grade.AGAIN
    return Memory(
        phase=Phase(found.state.value),
        step=found.step,
        stability=found.stability,
        difficulty=found.difficulty,
        due_at=found.due,
        last_at=now,
        reviews=(memory.reviews if memory else 0) + 1,
        lapses=(memory.lapses if memory else 0) + forgot,
    )


def _card(memory: Memory | None, now: datetime) -> Card:
    # without an id of ours a card sleeps a millisecond to make one, and without a date it reads the clock
    if memory is None:
        return Card(card_id=0, due=now)
    return Card(
        card_id=0,
        state=State(memory.phase.value),
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due_at,
        last_review=memory.last_at,
    )
