"""Finding titles that say nearly the same, among thousands: only those that share a rare word are compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.search.text import telling_words, words

NEAR_FROM: Final = 88.0
RARE_WORDS: Final = 3
MOST_COMPARED: Final = 60


def near_titles(titles: Mapping[str, str]) -> Callable[[str], Sequence[tuple[str, float]]]:
    """Return what finds, for a title, up to three ids whose titles are nearly the same, with their likeness (to 100).

    Args:
        titles: id to title.
    """
    holding: defaultdict[str, list[str]] = defaultdict(list)
    plain: dict[str, str] = {}
    for one, title in titles.items():
        plain[one] = " ".join(sorted(words(title)))
        for word in set(telling_words(title)):
            holding[word].append(one)

    def find(title: str) -> Sequence[tuple[str, float]]:
        from rapidfuzz import fuzz, process  # noqa: PLC0415  (three megabytes, from the first search on)

        telling = sorted(
            {word for word in telling_words(title) if word in holding}, key=lambda word: len(holding[word])
        )
        shared = Counter(one for word in telling[:RARE_WORDS] for one in holding[word][:1000])
        among = {one: plain[one] for one, _ in shared.most_common(MOST_COMPARED)}
        asked = " ".join(sorted(words(title)))
        found = process.extract(asked, among, scorer=fuzz.ratio, score_cutoff=NEAR_FROM, limit=3)
        return [(one, round(score, 1)) for _, score, one in found]

    return find
