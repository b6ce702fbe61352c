"""Questions with known answers: HINT3's bots, clinc150, and the shipped pack with phrasings held out.

The questions of each set fall into two halves by a hash of their text. What the ranking is made of (its weights, what
the bounds of the bands allow) was chosen on one half; everything that is reported comes from the other.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.synonym import Synonym
from bot.packs.load import load_pack
from bot.search.document import Document
from bot.settings import ROOT

DATA: Final = Path(os.environ.get("FAQ_DATA") or ROOT.parent / "shared" / "data" / "faq")
"""Where the public sets lie; they are no part of the repository."""
OUT_OF_SCOPE: Final = "NO_NODES_DETECTED"
FOLDS: Final = 5
TAKEN_OUT: Final = 0.25
"""Share of the shipped entries that are taken out of each fold, so that their phrasings have no answer."""
LETTER_ERRORS: Final = 0.06


@dataclass(frozen=True, slots=True)
class FaqSet:
    """A FAQ and the reported half of its questions.

    Attributes:
        name: what it is called in the table.
        documents: the entries.
        asked: questions, each with the id of the entry that answers it.
        strange: questions that no entry answers.
        synonyms: the field's.
    """

    name: str
    documents: Sequence[Document]
    asked: Sequence[tuple[str, str]]
    strange: Sequence[str]
    synonyms: Sequence[Synonym] = ()


def missing() -> str:
    """Return why the public sets can't be read; nothing where they can."""
    found = (DATA / "hint3").is_dir() and (DATA / "clinc150").is_dir()
    return "" if found else f"no public sets in {DATA}: set FAQ_DATA to a folder with hint3 and clinc150"


def hint3(bot: str) -> FaqSet:
    """Return one of HINT3's bots: curated phrasings, and what its real users asked."""
    phrasings: dict[str, list[str]] = {}
    for text, label in _rows(DATA / "hint3" / f"{bot}_train.csv"):
        phrasings.setdefault(label, []).append(text)
    reported = [(text, label) for text, label in _rows(DATA / "hint3" / f"{bot}_test.csv") if _is_reported(text)]
    asked = [one for one in reported if one[1] in phrasings]
    strange = [text for text, label in reported if label == OUT_OF_SCOPE]
    return FaqSet(f"HINT3 {bot}", _documents(phrasings), asked, strange)


def clinc150(count: int) -> FaqSet:
    """Return clinc150 with so many phrasings for each intent."""
    data = json.loads((DATA / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    phrasings: dict[str, list[str]] = {}
    for text, label in data["train"]:
        known = phrasings.setdefault(label, [])
        if len(known) < count:
            known.append(text)
    asked = [(text, label) for text, label in data["test"] if _is_reported(text)]
    strange = [text for text, _ in data["oos_test"] if _is_reported(text)]
    return FaqSet(f"clinc150, {count} phrasing{'s' * (count > 1)}", _documents(phrasings), asked, strange)


def shipped() -> Iterator[FaqSet]:
    """Yield the shipped pack as often as there are folds, each with other phrasings held out and entries taken out."""
    pack = load_pack(ROOT / "content" / "ml-engineer", exercises=False)
    for fold in range(FOLDS):
        chance = random.Random(fold)  # noqa: S311  (a split, not a secret)
        documents: list[Document] = []
        asked: list[tuple[str, str]] = []
        strange: list[str] = []
        for entry in pack.entries.values():
            held_out = fold % len(entry.phrasings)
            text = entry.phrasings[held_out]
            if chance.random() < TAKEN_OUT:
                strange += [one for one in entry.phrasings if _is_reported(one)]
                continue
            documents.append(Document.of(entry).without(held_out + 1))
            if _is_reported(text):
                asked.append((text, entry.id))
        yield FaqSet("shipped pack, phrasings held out", documents, asked, strange, pack.synonyms)


def misspelled(text: str) -> str:
    """Return a text with about 6 % of its letters left out, doubled, struck wrong or swapped; always the same."""
    chance = random.Random(text)  # noqa: S311
    letters: list[str] = []
    for letter in text:
        if not letter.isalpha() or chance.random() >= LETTER_ERRORS:
            letters.append(letter)
            continue
        match chance.randrange(4):
            case 0:
                pass
            case 1:
                letters += [letter, letter]
            case 2:
                letters.append(chance.choice("abcdefghijklmnopqrstuvwxyz"))
            case _:
                letters.insert(max(0, len(letters) - 1), letter)
    return "".join(letters)


def cut(questions: FaqSet, most: int) -> FaqSet:
    """Return a set with at most so many questions of each kind, evenly chosen."""
    return FaqSet(
        questions.name,
        questions.documents,
        questions.asked[:: max(1, len(questions.asked) // most)],
        questions.strange[:: max(1, len(questions.strange) // most)],
        questions.synonyms,
    )


def _documents(phrasings: Mapping[str, Iterable[str]]) -> list[Document]:
    return [Document(label, tuple(texts)) for label, texts in phrasings.items()]


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            if row[:2] != ["sentence", "label"]:
                yield row[0], row[1]


def _is_reported(text: str) -> bool:
    return hashlib.md5(text.encode(), usedforsecurity=False).digest()[0] % 2 == 1
