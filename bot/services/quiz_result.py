"""What somebody made of a quiz round that is over: the own answers, and what was missed as cards of the own review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.domain.quiz import Question, Round, RoundState, missed
from bot.domain.recall import REVIEWED, Grade, Today
from bot.domain.review import Letter
from bot.errors import BadInputError, NotFoundError
from bot.services.review_cards import desk_of, record, times
from bot.storage import member as member_store
from bot.storage import quiz as store
from bot.storage import review as review_store


@frozen
class Mine:
    """How one member did in a round that is over: each question that counts with what was chosen, by card's letter."""

    number: int
    questions: tuple[Question, ...]
    letters: Mapping[int, Letter]
    missed: int


@frozen
class Taken:
    """What was put into a member's review.

    Attributes:
        added: how many cards come back in some minutes.
        later: how many of them come only once the member begins their topic.
        again: whether the member had taken them before.
    """

    added: int
    later: int = 0
    again: bool = False


def round_of(tx: Connection, guild_id: int, number: int) -> Round:
    """Return a round.

    Raises:
        NotFoundError: where there is none of that number.
    """
    found = store.get(tx, guild_id, number)
    if found is None:
        raise NotFoundError("That round is no longer kept. Start another one from a daily post or from /group.")
    return found


def mine_of(tx: Connection, guild_id: int, user_id: int, number: int) -> Mine:
    """Return how a member did in a round that is over.

    Raises:
        NotFoundError: where there is no such round.
        BadInputError: where it is still played, or the member answered nothing in it.
    """
    one = round_of(tx, guild_id, number)
    if one.state is RoundState.OPEN:
        raise BadInputError("The round is still being played. Its answers come at the end.")
    questions = [found for found in store.questions(tx, guild_id, number) if found.number <= one.asked]
    told = store.answers(tx, guild_id, number)
    letters: dict[int, Letter] = {found.question: found.letter for found in told if found.user_id == user_id}
    if not any(found.number in letters for found in questions):
        raise BadInputError("You answered nothing in this round. Play the next one, and find your answers here.")
    return Mine(number, tuple(questions), letters, len(missed(questions, letters, one.asked)))


def take_missed(tx: Connection, pack: Pack, whose: tuple[int, int], number: int, now: datetime) -> Taken:
    """Put what a member missed in a round into the own review, once: each card as one that was just forgotten.

    Raises:
        NotFoundError, BadInputError: as for ``mine_of``; also where the member missed nothing.
    """
    found = mine_of(tx, *whose, number)
    wrong = missed(found.questions, found.letters, len(found.questions))
    if not wrong:
        raise BadInputError("You missed nothing in this round, so there is nothing to add.")
    again = not store.take(tx, *whose, number, now)
    desk = desk_of(tx, pack, *whose, Today.at(now, member_store.day_rule(tx, *whose)))
    added = [card for one in wrong if (card := pack.cards.by_id.get(one.card.id)) is not None]
    for card in () if again else added:
        seen = times(review_store.memory(tx, *whose, card.id))
        record(tx, whose, card, seen, Grade.AGAIN, desk.today)
    return Taken(len(added), sum(desk.states.get(card.topic) not in REVIEWED for card in added), again)
