"""A question, taken apart into what it is about."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from bot.domain.frozen import frozen
from bot.search.synonyms import Form, Synonyms
from bot.search.text import STOP_WORDS, words
from bot.search.vocabulary import Vocabulary

BY_SYNONYM: Final = 0.8
"""What it is worth that an entry says a thing in the field's other words."""


@frozen
class Concept:
    """One thing a question says.

    Attributes:
        weight: how much it tells.
        alternatives: what it may be called in an entry: stems that must all be there, and what that is worth.
        own: what the question itself calls it, as terms for FTS5.
        spelled: the known words it stands for.
    """

    weight: float
    alternatives: tuple[tuple[Form, float], ...]
    own: tuple[str, ...]
    spelled: tuple[str, ...]


@frozen
class Question:
    """A query.

    Attributes:
        text: its words in order, one space between them.
        words: how many they are.
        concepts: what it says.
        terms: the words to look for in FTS5.
        total: the weight of everything it says.
        length: the length of it as a vector of weights.
        by_stem: which concepts a stem is a name of by itself, by their place, and what that is worth.
        of_several: the names of several stems: the concept's place, the stems, what it is worth.
        stems: every stem of any name.
    """

    text: str
    words: int
    concepts: tuple[Concept, ...]
    terms: frozenset[str]
    total: float
    length: float
    by_stem: Mapping[str, Sequence[tuple[int, float]]]
    of_several: Sequence[tuple[int, Form, float]]
    stems: frozenset[str]

    def held_by(self, stems: Iterable[str]) -> Mapping[int, float]:
        """Return the places of the concepts that a text with these stems holds, each with how well, up to 1."""
        common = self.stems.intersection(stems)
        best: dict[int, float] = {}
        for stem in common:
            for place, worth in self.by_stem.get(stem, ()):
                if worth > best.get(place, 0.0):
                    best[place] = worth
        for place, form, worth in self.of_several if common else ():
            if worth > best.get(place, 0.0) and all(stem in common for stem in form):
                best[place] = worth
        return best


class Weighing:
    """Weighs texts against one question. Few sets of its stems stand in any text: each is weighed once."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._known: dict[frozenset[str], tuple[float, float]] = {frozenset(): (0.0, 0.0)}

    def __call__(self, stems: Iterable[str]) -> tuple[float, float]:
        """Return how much of what the question says a text with these stems holds, 0 to 1.

        And what the two have in common as vectors of weights, the question's own being of length 1.
        """
        common = self._question.stems.intersection(stems)
        known = self._known.get(common)
        if known is None:
            known = self._known[common] = self._weighed(common)
        return known

    def _weighed(self, common: frozenset[str]) -> tuple[float, float]:
        asked = self._question
        held = [(asked.concepts[place].weight, worth) for place, worth in asked.held_by(common).items()]
        in_all = sum(weight * worth for weight, worth in held)
        return in_all / asked.total, sum(weight**2 * worth for weight, worth in held) / asked.length


def understood(query: str, vocabulary: Vocabulary, synonyms: Synonyms) -> Question | None:
    """Return a query taken apart; None where it holds no word at all."""
    asked = words(query)
    if not asked:
        return None
    concepts = tuple(_concepts(asked, vocabulary, synonyms))
    telling = [one for one in concepts if any(word not in STOP_WORDS for word in one.own)] or concepts
    by_stem: dict[str, list[tuple[int, float]]] = {}
    of_several: list[tuple[int, Form, float]] = []
    for place, one in enumerate(concepts):
        for form, worth in one.alternatives:
            if len(form) == 1:
                by_stem.setdefault(form[0], []).append((place, worth))
            else:
                of_several.append((place, form, worth))
    return Question(
        text=" ".join(asked),
        words=len(asked),
        concepts=concepts,
        terms=frozenset(term for one in telling for term in (*one.own, *one.spelled)),
        total=sum(one.weight for one in concepts),
        length=math.sqrt(sum(one.weight**2 for one in concepts)),
        by_stem=by_stem,
        of_several=of_several,
        stems=frozenset(by_stem).union(*(form for _, form, _ in of_several)),
    )


def _concepts(asked: Sequence[str], vocabulary: Vocabulary, synonyms: Synonyms) -> Iterator[Concept]:
    others: dict[str, tuple[Form, ...]] = {}
    whole: list[tuple[Form, tuple[Form, ...]]] = []
    for found in synonyms.find(asked):
        form = tuple(asked[found.start : found.end])
        if len(form) == 1:
            others[form[0]] = found.others
        else:
            whole.append((form, found.others))
    for word in dict.fromkeys(asked):
        yield _concept(word, others.get(word, ()), vocabulary)
    for form, shorts in whole:
        # each of its words counts by itself already; the short form may say all of them at once
        yield from _as_short(form, shorts, vocabulary)


def _concept(word: str, others: Sequence[Form], vocabulary: Vocabulary) -> Concept:
    meant = vocabulary.meant(word)
    alternatives: list[tuple[Form, float]] = [((stem,), likeness) for stem, likeness in meant]
    spelled = [] if meant and meant[0][1] == 1.0 else [vocabulary.word_of[stem] for stem, _ in meant]
    weights = [vocabulary.tells(stem) for stem, _ in meant]
    for other in others:
        stems = tuple(vocabulary.stem(part) for part in other)
        alternatives.append((stems, BY_SYNONYM))
        spelled += [part for part in other if part not in STOP_WORDS]
        weights.append(max((vocabulary.tells(stem) for stem in stems if stem in vocabulary.word_of), default=0.0))
    weight = max(weights, default=0.0) or vocabulary.tells(word)
    return Concept(weight, tuple(alternatives), (word,), tuple(spelled))


def _as_short(form: Form, shorts: Sequence[Form], vocabulary: Vocabulary) -> Iterator[Concept]:
    known = [short for short in shorts if all(vocabulary.stem(part) in vocabulary.word_of for part in short)]
    if known:
        stems = tuple((tuple(vocabulary.stem(part) for part in short), BY_SYNONYM) for short in known)
        weight = max(vocabulary.tells(stem) for alternatives, _ in stems for stem in alternatives)
        spelled = tuple(part for short in known for part in short)
        own = tuple(vocabulary.stem(part) for part in form)
        yield Concept(weight, (*stems, (own, 1.0)), form, spelled)
