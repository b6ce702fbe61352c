"""Names in pictures: what the shipped font can draw, and nothing that breaks the picture."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from bot.cards.words import LETTERS, drawable
from bot.settings import ROOT


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Mateusz Zieliński", "Mateusz Zieliński"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "Full width"),
        ("🦊 Fox 🔥", "Fox"),
        ("Ольга", "Ольга"),
        ("محمد الحسن", ""),
        ("Lin 林薇", ""),
        ("a\u202eb\u200dc", "abc"),
        ("  two \n lines ", "two lines"),
        ("e\u0301\u0301\u0301\u0301!", "é\u0301\u0301!"),
        ("W" * 50, "WWWWWWWWWWW…"),
    ],
)
def test_a_name_is_drawn_as_far_as_the_font_goes(name: str, shown: str) -> None:
    assert drawable(name, 12) == shown


@given(st.text(max_size=60))
def test_whatever_is_drawn_is_in_the_font_and_short(name: str) -> None:
    shown = drawable(name, 12)
    assert len(shown) <= 40
    assert all(any(first <= ord(sign) <= last for first, last in LETTERS) for sign in shown)


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_shipped_fonts_hold_those_letters(weight: str) -> None:
    font = ImageFont.truetype(ROOT / "bot" / "cards" / "fonts" / f"NotoSans-{weight}.ttf", 30)
    assert font.getmask("\uffff").getbbox() is None, "what it lacks is drawn as nothing"
    seen = {code for first, last in LETTERS for code in (first, (first + last) // 2, last)}
    for code in seen:
        if not unicodedata.category(chr(code)).startswith(("Z", "C")):
            assert font.getmask(chr(code)).getbbox() is not None, hex(code)
