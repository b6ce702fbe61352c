"""Free words in pictures: names in any script, emoji, right to left; cut by measured width, harmless in SVG.

Each stretch of a line is given the font that holds it. What can't be drawn is left out where it is an ornament; a line
with a letter that no font of the machine holds is not drawn at all: half a name, or a row of boxes, is worse than none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from markupsafe import Markup

from bot.cards.font import Face
from bot.cards.typeface import Typefaces
from bot.domain.frozen import frozen

MOST_CHARACTERS: Final = 400
"""What is read of a line; names have 32."""
MARKS_IN_A_ROW: Final = 2
"""Accents on one letter; more would run over the picture."""
JOINER, NON_JOINER, SHOWN_AS_EMOJI, KEYCAP = "\u200d", "\u200c", "\ufe0f", "\u20e3"
CUT: Final = "…"
RIGHT_TO_LEFT_MARK: Final = "\u200f"
ARABIC_SHAPES: Final = 1.08
"""By how much letters may grow when they take their shape at the end of a word."""
PICTURES: Final = 0x1F000
"""From here on a sign is a picture rather than a letter."""


@frozen
class Piece:
    """What belongs together and is cut together: a letter with its accents, or an emoji of several signs."""

    text: str
    face: Face

    @property
    def width(self) -> float:
        """Its width in ems; of joined signs the first one's, letter by letter for the rest."""
        if ord(self.text[0]) >= PICTURES or KEYCAP in self.text:
            return self.face.advance(ord(self.text[0])) or 1.3
        shaped = ARABIC_SHAPES if unicodedata.bidirectional(self.text[0]) == "AL" else 1.0
        return shaped * sum(self.face.advance(ord(sign)) for sign in self.text)


def fitted(typefaces: Typefaces, text: str, most: float, size: float, *, bold: bool = False) -> Sequence[Piece] | None:
    """Return a line as it can be drawn, cut to ``most`` pixels at a size; None where a letter of it can't be.

    Args:
        typefaces: the fonts there are.
        text: what somebody wrote.
        most: the width it may take.
        size: the size of the letters, in pixels.
        bold: whether it is drawn bold.
    """
    found = _pieces(typefaces, text, bold=bold)
    if found is None or sum(piece.width for piece in found) * size <= most:
        return found
    plain = typefaces.plain(bold=bold)
    room = most / size - plain.advance(ord(CUT))
    kept: list[Piece] = []
    for piece in found:
        room -= piece.width
        if room < 0:
            break
        kept.append(piece)
    while kept and not kept[-1].text.strip():
        kept.pop()
    leftwards = bool(kept) and unicodedata.bidirectional(kept[-1].text[0]) in {"R", "AL"}
    # a mark keeps the dots at the end of the name, which is its left
    return [*kept, Piece(CUT, plain), *([Piece(RIGHT_TO_LEFT_MARK, kept[-1].face)] if leftwards else [])]


@frozen
class Words:
    """A line as a template takes it: ``{{ words }}`` gives its SVG, ``end`` the place behind it."""

    svg: Markup
    end: float

    def __bool__(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.svg)

    def __html__(self) -> str:
        """Return the SVG; Jinja2 asks for it by this name."""
        return self.svg


def placed(pieces: Sequence[Piece], x: float, size: float) -> Words:
    """Return a line as SVG that begins at ``x``, each stretch in the font that holds it.

    Each stretch has a place of its own, which makes it a text of its own to resvg: usvg 0.48 shapes a whole text by
    every font in it, fills gaps from the others, and panics where an emoji of several signs is among them.
    """
    told: list[Markup] = []
    for face, run in groupby(pieces, key=lambda piece: piece.face):
        stretch = list(run)
        text = "".join(piece.text for piece in stretch)
        told.append(Markup('<tspan x="{}" font-family="{}">{}</tspan>').format(round(x, 1), face.family, text))
        x += sum(piece.width for piece in stretch) * size
    return Words(Markup("").join(told), round(x, 1))


def _pieces(typefaces: Typefaces, text: str, *, bold: bool) -> list[Piece] | None:
    """Return a text in pieces, without space around it; None where a letter or a digit can't be drawn."""
    found: list[Piece] = []
    text = " ".join(unicodedata.normalize("NFKC", text[:MOST_CHARACTERS]).split())
    for cluster in _clusters(text):
        face = _face(typefaces, cluster, found[-1].face if found else None, bold=bold, text=text)
        if face is not None:
            found.append(Piece("".join(sign for sign in cluster if face.holds(ord(sign))), face))
        elif unicodedata.category(cluster[0])[0] in "LN":
            return None
    while found and not found[-1].text.strip():
        found.pop()
    while found and not found[0].text.strip():
        found.pop(0)
    return found


def _face(typefaces: Typefaces, cluster: str, before: Face | None, *, bold: bool, text: str) -> Face | None:
    """Return the face for a piece; what belongs to no script stays in the face before it, so that it splits none."""
    code, emoji = ord(cluster[0]), typefaces.emoji
    pictured = emoji if emoji is not None and emoji.holds(code) else None
    if _is_picture(cluster):
        return pictured
    neutral = unicodedata.category(cluster[0])[0] in "ZP"
    if neutral and before is not None and before is not emoji and before.holds(code):
        return before
    return typefaces.face_for(code, bold=bold, text=text) or pictured


def _clusters(text: str) -> list[str]:
    """Return a text in pieces that belong together, without what has no place in a picture."""
    found: list[str] = []
    marks = 0
    for sign in text:
        category = unicodedata.category(sign)
        joins = sign in {JOINER, NON_JOINER, SHOWN_AS_EMOJI, KEYCAP} or _is_modifier(sign)
        if category.startswith("M") or joins:
            if not found:
                continue
            marks = 0 if joins else marks + 1
            if marks <= MARKS_IN_A_ROW:
                found[-1] += sign
        elif category[0] == "C":
            continue
        elif found and _goes_on(found[-1], sign):
            found[-1] += sign
        else:
            found.append(sign)
            marks = 0
    return found


def _is_modifier(sign: str) -> bool:
    """Whether a sign changes the emoji before it: the color of a skin, or a flag's letters."""
    return "\U0001f3fb" <= sign <= "\U0001f3ff" or "\U000e0020" <= sign <= "\U000e007f"


def _goes_on(before: str, sign: str) -> bool:
    """Whether a sign belongs to the piece before it: joined to a picture, or the second letter of a flag."""
    flag = "\U0001f1e6", "\U0001f1ff"
    if flag[0] <= sign <= flag[1]:
        return len(before) == 1 and flag[0] <= before <= flag[1]
    return before.endswith(JOINER) and _is_picture(before)


def _is_picture(cluster: str) -> bool:
    drawn = ord(cluster[0]) >= PICTURES and unicodedata.category(cluster[0])[0] == "S"
    return drawn or SHOWN_AS_EMOJI in cluster or KEYCAP in cluster
