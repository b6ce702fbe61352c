"""Font files as the worker reads them: which letters a face holds, how wide each is, what its family is called.

Only what choosing a font and measuring a line takes: the tables ``cmap``, ``hmtx``, ``head``, ``hhea`` and ``name`` of
TrueType and OpenType files and of collections of them. resvg does the shaping.
"""

from __future__ import annotations

import mmap
import struct
from bisect import bisect_right
from pathlib import Path
from typing import Final

COLLECTION: Final = b"ttcf"
UNICODE_TABLES: Final = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3))
"""Platform and encoding of the tables of letters, the widest first."""
SEGMENTS, GROUPS = 4, 12
"""The two formats of such tables that fonts with Unicode letters use."""
FAMILY, TYPOGRAPHIC_FAMILY = 1, 16
WINDOWS: Final = 3


class Face:
    """One face of a font file.

    Attributes:
        path: the file.
        family: its name, by which resvg finds it.
    """

    def __init__(self, path: Path, data: mmap.mmap | bytes, start: int) -> None:
        """Read a face that begins at ``start``.

        Raises:
            ValueError: where it has no table of Unicode letters.
            struct.error: where the file is cut short.
        """
        self.path = path
        self._data = data
        (count,) = struct.unpack_from(">4xH", data, start)
        entries = (struct.unpack_from(">4s4xII", data, start + 12 + 16 * i) for i in range(count))
        self._tables = {tag: (offset, length) for tag, offset, length in entries}
        needed = {b"cmap", b"head", b"hhea", b"hmtx", b"name"}
        if not needed <= self._tables.keys():
            raise ValueError(f"{path} lacks {sorted(needed - self._tables.keys())}")
        self.family = self._family()
        self._first, self._last, self._glyphs = self._letters()
        (self._em,) = struct.unpack_from(">18xH", data, self._tables[b"head"][0])
        (self._metrics,) = struct.unpack_from(">34xH", data, self._tables[b"hhea"][0])

    def holds(self, code: int) -> bool:
        """Whether the face has a glyph for a letter."""
        return self.glyph(code) != 0

    def glyph(self, code: int) -> int:
        """Return the number of a letter's glyph; 0 where there is none."""
        place = bisect_right(self._first, code) - 1
        if place < 0 or code > self._last[place]:
            return 0
        base, offset = self._glyphs[place]
        if offset == 0:
            return (base + code) & 0xFFFF
        (found,) = struct.unpack_from(">H", self._data, offset + 2 * (code - self._first[place]))
        return (found + base) & 0xFFFF if found else 0

    def advance(self, code: int) -> float:
        """Return how wide a letter is, in ems; nothing for one the face lacks."""
        glyph = self.glyph(code)
        if not glyph or not self._metrics or not self._em:
            return 0.0
        at = self._tables[b"hmtx"][0] + 4 * min(glyph, self._metrics - 1)
        (width,) = struct.unpack_from(">H", self._data, at)
        return width / self._em

    def _family(self) -> str:
        start, _ = self._tables[b"name"]
        count, texts = struct.unpack_from(">2xHH", self._data, start)
        found: dict[int, str] = {}
        for i in range(count):
            platform, _, language, kind, length, offset = struct.unpack_from(">6H", self._data, start + 6 + 12 * i)
            if platform == WINDOWS and language == 0x409 and kind in {FAMILY, TYPOGRAPHIC_FAMILY}:
                at = start + texts + offset
                found[kind] = bytes(self._data[at : at + length]).decode("utf-16-be", errors="replace")
        return found.get(TYPOGRAPHIC_FAMILY) or found.get(FAMILY) or ""

    def _letters(self) -> tuple[list[int], list[int], list[tuple[int, int]]]:
        """Return the first and last letters of each stretch, and how its glyphs are found."""
        start, _ = self._tables[b"cmap"]
        (count,) = struct.unpack_from(">2xH", self._data, start)
        places: dict[tuple[int, int], int] = {}
        for i in range(count):
            platform, encoding, offset = struct.unpack_from(">HHI", self._data, start + 4 + 8 * i)
            places[platform, encoding] = start + offset
        for kind in UNICODE_TABLES:
            if kind in places:
                (how,) = struct.unpack_from(">H", self._data, places[kind])
                if how == GROUPS:
                    return self._groups(places[kind])
                if how == SEGMENTS:
                    return self._segments(places[kind])
        raise ValueError(f"{self.path} has no table of Unicode letters")

    def _groups(self, at: int) -> tuple[list[int], list[int], list[tuple[int, int]]]:
        (count,) = struct.unpack_from(">12xI", self._data, at)
        flat = struct.unpack_from(f">{3 * count}I", self._data, at + 16)
        first, last = list(flat[::3]), list(flat[1::3])
        return first, last, [(glyph - code, 0) for code, glyph in zip(first, flat[2::3], strict=True)]

    def _segments(self, at: int) -> tuple[list[int], list[int], list[tuple[int, int]]]:
        (doubled,) = struct.unpack_from(">6xH", self._data, at)
        count = doubled // 2
        last = list(struct.unpack_from(f">{count}H", self._data, at + 14))
        first = list(struct.unpack_from(f">{count}H", self._data, at + 16 + doubled))
        deltas = struct.unpack_from(f">{count}H", self._data, at + 16 + 2 * doubled)
        offsets_at = at + 16 + 3 * doubled
        offsets = struct.unpack_from(f">{count}H", self._data, offsets_at)
        glyphs = [
            (delta, offset and offsets_at + 2 * i + offset)
            for i, (delta, offset) in enumerate(zip(deltas, offsets, strict=True))
        ]
        return first, last, glyphs


def faces(path: Path) -> list[Face]:
    """Return the faces of a font file; none where it can't be read as one."""
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if data[:4] != COLLECTION:
            return [Face(path, data, 0)]
        (count,) = struct.unpack_from(">8xI", data, 0)
        return [Face(path, data, start) for start in struct.unpack_from(f">{count}I", data, 12)]
    except (OSError, ValueError, struct.error):
        return []
