"""The fonts a picture can use: the shipped Noto Sans first, then what the machine has for other scripts and emoji."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.cards.font import Face, faces

SHIPPED: Final = Path(__file__).parent / "fonts"
REGULAR, BOLD = "Regular", "Bold"
EMOJI: Final = ("NotoColorEmoji.ttf", "seguiemj.ttf", "Apple Color Emoji.ttc")
"""File names of color emoji, as Linux, Windows and macOS have them."""
OTHERS: Final = (
    "msyh.ttc",
    "YuGothR.ttc",
    "malgun.ttf",
    "segoeui.ttf",
    "Nirmala.ttf",
    "PingFang.ttc",
    "Arial Unicode.ttf",
)
"""File names of fonts for many scripts where there is no Noto."""
SCRIPTS: Final = ("Arabic", "Devanagari", "CJK", "Hebrew", "Thai", "Bengali", "Tamil", "Symbols2", "Symbols")
"""The scripts looked at first; the other Noto fonts follow by name."""
KANA: Final = ((0x3040, 0x30FF), (0x31F0, 0x31FF))
HANGUL: Final = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF))


def font_folders() -> list[Path]:
    """Return the folders in which this machine keeps fonts."""
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    home = Path.home() / ".local" / "share" / "fonts"
    windows = Path(os.environ.get("WINDIR", "C:\\Windows")) / "Fonts"
    apple = Path("/System/Library/Fonts"), Path("/Library/Fonts")
    return [*(Path(one) / "fonts" for one in shared.split(":") if one), home, windows, *apple]


class Typefaces:
    """The faces there are, read at their first use."""

    def __init__(self, folders: list[Path] | None = None) -> None:
        """Look for fonts in these folders; in the machine's own where none are named."""
        found = _files(font_folders() if folders is None else folders)
        self._paths = {
            REGULAR: sorted((name for name in found if _serves(name)), key=_order),
            BOLD: [],
        }
        self._files = found
        self._faces: dict[Path, list[Face]] = {}
        self._chosen: dict[tuple[int, bool, str], Face | None] = {}
        self.shipped = {weight: faces(SHIPPED / f"NotoSans-{weight}.ttf")[0] for weight in (REGULAR, BOLD)}
        self.emoji = next((face for name in EMOJI if name in found for face in self._read(found[name])), None)

    def plain(self, *, bold: bool) -> Face:
        """Return the shipped face."""
        return self.shipped[BOLD if bold else REGULAR]

    def face_for(self, code: int, *, bold: bool, text: str) -> Face | None:
        """Return a face that holds a letter; None where no font of this machine does.

        Args:
            code: the letter.
            bold: whether a bold one is wanted; a regular one will do.
            text: the whole line, which tells Chinese characters from Japanese and Korean ones.
        """
        plain = self.plain(bold=bold)
        if plain.holds(code):
            return plain
        east = _east(text)
        key = code, bold, east
        if key not in self._chosen:
            self._chosen[key] = next(self._holding(code, bold=bold, east=east), None)
        return self._chosen[key]

    def _holding(self, code: int, *, bold: bool, east: str) -> Iterator[Face]:
        for name in self._paths[REGULAR]:
            for face in self._of_language(name, east):
                if not face.holds(code):
                    continue
                heavy = self._files.get(name.replace(REGULAR, BOLD)) if bold else None
                if heavy is not None:
                    yield from (one for one in self._read(heavy) if one.family == face.family and one.holds(code))
                yield face

    def _of_language(self, name: str, east: str) -> list[Face]:
        """Return a file's faces, of the many in a collection of Chinese, Japanese and Korean the fitting one first."""
        return sorted(self._read(self._files[name]), key=lambda face: not face.family.endswith(east))

    def _read(self, path: Path) -> list[Face]:
        if path not in self._faces:
            self._faces[path] = faces(path)
        return self._faces[path]


def _files(folders: list[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in folders:
        for where, _, names in os.walk(folder):
            for name in names:
                if name.endswith((".ttf", ".ttc", ".otf")):
                    found.setdefault(name, Path(where) / name)
    return found


def _serves(name: str) -> bool:
    return name in OTHERS or (name.startswith("NotoSans") and f"-{REGULAR}." in name)


def _order(name: str) -> tuple[int, str]:
    script = name.removeprefix("NotoSans").partition("-")[0]
    return SCRIPTS.index(script) if script in SCRIPTS else len(SCRIPTS), name


def _east(text: str) -> str:
    """Return the end of the family's name by which a text's Chinese characters are drawn."""
    codes = [ord(sign) for sign in text]
    for language, ranges in (("JP", KANA), ("KR", HANGUL)):
        if any(first <= code <= last for code in codes for first, last in ranges):
            return language
    return "SC"
