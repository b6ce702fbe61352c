"""Which questions are alike, so that one answer serves them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

ALIKE: Final = 82.0
"""Likeness, of 100, from which on two questions count as one; chosen on the pack's phrasings, see the tests."""

ABOUT: Final = 72.0
"""Likeness from which on a text may be about a question; a person decides."""


def alike(questions: Sequence[str]) -> list[list[int]]:
    """Return the places of questions in groups of one meaning, both in the order of first mention.

    A question joins the group whose first question is most like it, so a group never drifts from what it began with.
    """
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415  (three megabytes, from the first search on)

    heads: list[str] = []
    groups: list[list[int]] = []
    for i, question in enumerate(questions):
        plain = utils.default_process(question)
        best = process.extractOne(plain, heads, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE) if heads else None
        if best is None:
            heads.append(plain)
            groups.append([i])
        else:
            groups[best[2]].append(i)
    return groups


def nearest(text: str, questions: Sequence[str], most: int) -> list[str]:
    """Return up to ``most`` questions that a text is about, the nearest first; often none."""
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415

    plain = utils.default_process(text)
    if not plain:
        return []
    found = process.extract(plain, questions, scorer=fuzz.token_set_ratio, score_cutoff=ABOUT, limit=most)
    return [question for question, _, _ in found]
