"""Names in pictures: the font that holds each letter, nothing that breaks the picture, cut by measured width."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from bot.cards.font import faces
from bot.cards.typeface import SHIPPED, Typefaces
from bot.cards.words import fitted, placed

ALONE = Typefaces([])
"""A machine without any font of its own."""
MACHINE = Typefaces()


def told(typefaces: Typefaces, name: str, most: float = 300) -> str | None:
    """Return what is drawn of a name at 25 pixels."""
    pieces = fitted(typefaces, name, most, 25)
    return None if pieces is None else "".join(piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Mateusz Zieliński", "Mateusz Zieliński"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "Full width"),
        ("𝕱𝖗𝖆𝖐𝖙𝖚𝖗", "Fraktur"),
        ("🦊 Fox 🔥", "Fox"),
        ("Ольга", "Ольга"),
        ("محمد الحسن", None),
        ("Lin 林薇", None),
        ("a\u202eb\u2066c", "abc"),
        ("  two \n lines ", "two lines"),
        ("e\u0301\u0301\u0301\u0301!", "é\u0301\u0301!"),
        ("W" * 50, "WWWWWWWWWWWW…"),
    ],
)
def test_without_other_fonts_a_name_is_drawn_as_far_as_ours_goes(name: str, shown: str | None) -> None:
    assert told(ALONE, name) == shown


@given(st.text(max_size=60))
def test_whatever_is_drawn_is_in_its_font_and_no_wider_than_asked(name: str) -> None:
    for typefaces in (ALONE, MACHINE):
        pieces = fitted(typefaces, name, 200, 25) or ()
        assert all(piece.face.holds(ord(sign)) for piece in pieces for sign in piece.text if sign != "\u200f")
        assert placed(pieces, 0, 25).end <= 200.1


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_letters_are_as_wide_as_they_are_drawn(weight: str) -> None:
    path = SHIPPED / f"NotoSans-{weight}.ttf"
    (face,) = faces(path)
    font = ImageFont.truetype(path, 1000)
    assert face.family == "Noto Sans"
    for letter in "AWilm Ольга Ἀθῆναι ñ…·€":
        assert face.advance(ord(letter)) * 1000 == pytest.approx(font.getlength(letter), abs=2)
    assert not face.holds(0x6797)
    assert not face.holds(0xFFFF)


@pytest.mark.skipif(MACHINE.emoji is None, reason="this machine has no color emoji")
@pytest.mark.parametrize("emoji", ["🦊", "👩🏽\u200d💻", "🇩🇪", "1️⃣", "❤️"])
def test_an_emoji_has_a_stretch_of_its_own_and_stays_whole(emoji: str) -> None:
    pieces = fitted(MACHINE, f"Ana {emoji} B", 300, 25)
    assert pieces is not None
    assert [piece.text for piece in pieces if piece.face is MACHINE.emoji] in ([emoji], [emoji.replace("\ufe0f", "")])
    assert placed(pieces, 10, 25).svg.count("<tspan") == 3


SCRIPTS = {
    "Arabic": "محمد الحسن",
    "Devanagari": "राहुल शर्मा",
    "Hebrew": "שלום עולם",
    "Chinese": "林薇",
    "Korean": "김민준",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_the_machine_has_is_drawn_in_one_stretch_so_that_its_words_keep_their_order(script: str) -> None:
    pieces = fitted(MACHINE, SCRIPTS[script], 300, 25)
    if pieces is None:
        assert fitted(ALONE, SCRIPTS[script], 300, 25) is None
        pytest.skip("this machine has no font for it")
    assert placed(pieces, 10, 25).svg.count("<tspan") == 1
    assert "".join(piece.text for piece in pieces) == unicodedata.normalize("NFKC", SCRIPTS[script])


def test_markup_in_a_name_is_text() -> None:
    svg = placed(fitted(ALONE, '<script>"&amp;', 900, 25) or (), 36, 25).svg
    assert "<script" not in svg
    assert "&lt;script&gt;&#34;&amp;amp;" in svg


def test_a_file_that_is_no_font_is_left_alone(tmp_path: Path) -> None:
    for name, data in (("NotoSansA-Regular.ttf", b""), ("NotoSansB-Regular.ttf", b"\0\1\0\0\0\x09" + b"\xff" * 300)):
        (tmp_path / name).write_bytes(data)
    assert told(Typefaces([tmp_path]), "林") is None
