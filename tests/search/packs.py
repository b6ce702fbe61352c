"""Small packs for measuring, and vectors without a model."""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Generator
from typing import TypeVar

from bot.search.document import Document
from bot.search.meaning import DIMENSIONS
from bot.search.text import words

T = TypeVar("T")

SAME = {"car": "vehicle", "automobile": "vehicle", "auto": "vehicle", "fix": "repair", "mend": "repair"}
"""What the encoder without a model holds for the same."""

DOCUMENTS = [
    Document(f"{thing}-{act}", (f"{act} a {thing}", f"{thing} to {act}", f"please {act} my {thing}"))
    for thing in ("car", "boat", "lamp", "door", "clock")
    for act in ("fix", "paint", "lift", "sell")
]


class WordEncoder:
    """An encoder whose vectors are bags of words, each word a direction of its own; a few words share theirs."""

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, text: str) -> bytes:
        """Return a vector of length 1."""
        self.encoded.append(text)
        values = [0.001] * DIMENSIONS
        for word in words(text):
            digest = hashlib.sha256(SAME.get(word, word).encode()).digest()
            values[int.from_bytes(digest[:4]) % DIMENSIONS] += 1.0
        length = math.sqrt(sum(value * value for value in values))
        return struct.pack(f"<{DIMENSIONS}f", *(value / length for value in values))


def outcome(work: Generator[None, None, T]) -> T:
    """Run a generator to its end and return what it returns."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value
