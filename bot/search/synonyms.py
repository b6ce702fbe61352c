"""The field's synonyms in a question: ``sgd`` is stochastic gradient descent, ``cv`` one of three things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.domain.frozen import frozen
from bot.domain.synonym import Synonym
from bot.search.text import words

Form = tuple[str, ...]


@frozen
class Found:
    """A form of the field found in a question: the places of its words, and the other forms of the same thing."""

    start: int
    end: int
    others: tuple[Form, ...]


class Synonyms:
    """Every form, with the forms it may stand for."""

    def __init__(self, synonyms: Iterable[Synonym] = ()) -> None:
        others: dict[Form, list[Form]] = {}
        self._spelled: dict[str, str] = {}
        for one in synonyms:
            short = tuple(words(one.short))
            long = [tuple(words(meaning)) for meaning in one.means]
            others.setdefault(short, []).extend(long)
            for form in long:
                others.setdefault(form, []).append(short)
            if len(short) == 1 and len(long) == 1:
                self._spelled[short[0]] = " ".join(long[0])
        self._others: Mapping[Form, Sequence[Form]] = others
        self._longest = max((len(form) for form in others), default=0)

    def find(self, asked: Sequence[str]) -> Iterator[Found]:
        """Yield the forms that stand in a question, the longest at each place; they don't overlap."""
        at = 0
        while at < len(asked):
            for length in range(min(self._longest, len(asked) - at), 0, -1):
                others = self._others.get(tuple(asked[at : at + length]))
                if others:
                    yield Found(at, at + length, tuple(others))
                    at += length - 1
                    break
            at += 1

    def spelled_out(self, text: str) -> str:
        """Return a question with the short forms that have one sense written out, for an encoder of sentences."""
        found = words(text)
        if not any(word in self._spelled for word in found):
            return text
        return " ".join(self._spelled.get(word, word) for word in found)
