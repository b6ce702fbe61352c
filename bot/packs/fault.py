"""One fault of a content file: where it is, what was found, what was expected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A fault that a person can find and mend.

    Attributes:
        file: path below the pack's folder.
        line: 1-based; 0 where the fault is about a whole file or folder.
        key: the path of keys, such as ``topics[2].hours``; empty for the whole file.
        found: what stands there.
        expected: what should, in words.
    """

    file: str
    line: int
    key: str
    found: str
    expected: str

    @property
    def sentence(self) -> str:
        """The fault in one line."""
        where = f"line {self.line}" if self.line else "the file"
        key = f", `{self.key}`" if self.key else ""
        return f"{self.file}, {where}{key}: found {self.found}, expected {self.expected}."


def shown(value: object) -> str:
    """Return ``value`` as a short quotation for a fault."""
    match value:
        case None | "":
            return "nothing"
        case dict():
            return "a list of keys"
        case list() | tuple():
            return "a list"
        case _:
            text = " ".join(str(value).split())
            return f"*{text[:57]}…*" if len(text) > 60 else f"*{text}*"
