"""Papers once each, their mathematics readable, their abstracts cut where a sentence ends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feed import FeedPaper, newest_versions, plain_abstract
from bot.domain.tex import one_line, readable


def paper(arxiv_id: str, version: int) -> FeedPaper:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    return FeedPaper(
        arxiv_id, version, f"On $x^{version}$", ("Ada",), "We count.", ("cs.LG",), "cs.LG", moment, moment, None, False
    )


def test_no_paper_twice() -> None:
    papers = [paper("a", 1), paper("b", 2), paper("a", 3), paper("b", 1), paper("a", 2)]
    assert [(one.arxiv_id, one.version) for one in newest_versions(papers)] == [("a", 3), ("b", 2)]


def test_what_a_paper_shows() -> None:
    assert paper("astro-ph/0601001", 2).link == "https://arxiv.org/abs/astro-ph/0601001"
    assert paper("2604.00001", 2).plain_title == "On x²"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in $O(n^2 \\log n)$ time", "in O(n² log n) time"),
        ("the $\\ln\\ln T$ term", "the ln ln T term"),
        ("$\\tilde{O}(\\varepsilon^{-4})$ queries", "Õ(ε⁻⁴) queries"),
        ("$\\frac{1}{\\sqrt{n}}$", "1/√n"),
        ("$\\frac{a+b}{2}$", "(a+b)/2"),
        ("$\\ell_1$ and $x_{max}^{k+1}$", "ℓ₁ and x_max^(k+1)"),
        ("$f\\colon\\mathbb R^n\\to\\mathbb{R}$", "f:ℝⁿ→ℝ"),
        ("$\\{1, \\dots, n\\}$", "{1, …, n}"),
        ("$\\nabla f(\\mathbf{x})/\\|\\nabla f(\\mathbf{x})\\|$", "∇ f(x)/‖∇ f(x)‖"),
        ("$$a \\le b$$ and \\(c \\in D\\)", "a ≤ b and c ∈ D"),
        ("about $25\\%$ of $50$", "about 25% of 50"),
        ("over $800 per sample, $35,000 in total", "over $800 per sample, $35,000 in total"),
        ("from $5-$10 to \\$20", "from $5-$10 to $20"),
        ("\\emph{both} and \\textbf{a \\textit{b}}", "both and a b"),
        ("Schr\\\"odinger, \\'Ecole, Fran\\c{c}ois, \\v{S}imek", "Schrödinger, École, François, Šimek"),
        ("i.i.d.\\ samples, Fig.~1, ~10", "i.i.d. samples, Fig. 1, ~10"),
        ("``so'' -- he said 3--5", "“so” – he said 3–5"),
        ("HealthNLP_Retrievers and --flag", "HealthNLP_Retrievers and --flag"),
        ("\\whatever{x} \\cite{a,b}stays", "whatever x stays"),
        (" on\n  two\tlines \u202e\x00 \ud800", "on two lines"),
        ("Dirk WÃ¼bben", "Dirk WÃ¼bben"),
        ("", ""),
    ],
)
def test_mathematics_is_readable(text: str, expected: str) -> None:
    assert readable(text) == expected


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("We count. We add.", 100, "We count. We add."),
        ("We count. We add.", 17, "We count. We add."),
        ("We count. We add.", 16, "We count."),
        ("We count. We add.", 9, "We count."),
        ("We count. We add.", 8, "We…"),
        ("Canonne et al. Count, e.g. Apples, by J. Smith. Then more follows here.", 60, None),
        ("It costs 3.5 units. And more follows.", 30, "It costs 3.5 units."),
        ("Is it so? (Yes.) And on it goes.", 20, "Is it so? (Yes.)"),
        ("In 2.0 we do. it goes on small letters. 3 more", 40, "In 2.0 we do. it goes on small letters."),
        ("Abcdefghij", 5, "Abcd…"),
    ],
)
def test_an_abstract_ends_with_a_sentence(text: str, most: int, expected: str | None) -> None:
    assert plain_abstract(text, most) == (expected or "Canonne et al. Count, e.g. Apples, by J. Smith.")


@given(st.text(alphabet=st.sampled_from("$\\{}_^ab1. AZ\n~-'`\"|!,frac sqrt"), max_size=200), st.integers(1, 60))
def test_any_text_fits(text: str, most: int) -> None:
    plain = plain_abstract(text, most)
    assert len(plain) <= most
    assert plain == one_line(plain)


@pytest.mark.parametrize("part", ["$", "\\frac{", "{", "\\mathbf{", "$a", "^{", "\\'", "\\(", ". A", "a ", "\\\\"])
def test_a_hostile_text_takes_no_time(part: str) -> None:
    # would not end where a pattern looked back and forth without bounds
    assert len(plain_abstract(part * 500_000, 300)) <= 300
