"""A calibration as it is kept: which content it is of, so that other content is measured anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Final

from pydantic import ValidationError

from bot.domain.calibration import Calibration, Ranker
from bot.domain.frozen import frozen
from bot.domain.pack import Pack
from bot.search.document import Document
from bot.search.encoder import MODEL

MEASURED_BY: Final = 1
"""Changes whenever the ranking or the measuring does, so that what was stored by another way is measured anew."""


@frozen
class Stored:
    """A calibration as it is kept: of which content, how many entries that had, and the calibration."""

    of: str
    entries: int
    calibration: Calibration

    @property
    def text(self) -> str:
        """It as text, for the database."""
        return json.dumps({"of": self.of, "entries": self.entries, "calibration": self.calibration.model_dump()})


def parse_stored(text: str | None) -> Stored | None:
    """Return a calibration that was kept; None where there is none that this version can read."""
    try:
        kept = json.loads(text or "{}")
        return Stored(kept["of"], kept["entries"], Calibration.model_validate(kept["calibration"]))
    except (ValueError, KeyError, TypeError, ValidationError):
        return None


def state_name(ranker: Ranker) -> str:
    """Return the name under which a ranker's calibration is kept."""
    return f"search:{ranker}"


def fingerprint(documents: Sequence[Document], pack: Pack, ranker: Ranker) -> str:
    """Return what changes whenever a calibration no longer holds: the content, the model, the way of measuring."""
    content = [[one.id, one.asked, one.answer] for one in documents]
    synonyms = [[one.short, one.means] for one in pack.synonyms]
    of = json.dumps([MEASURED_BY, ranker, MODEL if ranker == "semantic" else "", content, synonyms])
    return hashlib.sha256(of.encode()).hexdigest()
