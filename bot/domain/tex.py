"""LaTeX as it stands in titles and abstracts, turned into text a person can read: a small table, not a typesetter.

What the table does not know loses its backslash and its braces and stays as a word; nothing is left out.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MOST_CHARACTERS: Final = 20_000
"""Longer texts are cut first: arXiv takes abstracts of at most 1,920 characters."""

GREEK: Final = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ",
    "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
SIGNS: Final = {
    "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "ne": "≠", "neq": "≠", "ll": "≪",
    "gg": "≫", "approx": "≈", "sim": "~", "simeq": "≃", "equiv": "≡", "propto": "∝", "times": "×", "cdot": "·",
    "pm": "±", "mp": "∓", "div": "÷", "circ": "∘", "ast": "*", "star": "⋆", "oplus": "⊕", "otimes": "⊗", "odot": "⊙",
    "in": "∈", "notin": "∉", "subset": "⊂", "subseteq": "⊆", "cup": "∪", "cap": "∩", "setminus": "∖",
    "emptyset": "∅", "forall": "∀", "exists": "∃", "to": "→", "rightarrow": "→", "leftarrow": "←", "mapsto": "↦",
    "Rightarrow": "⇒", "leftrightarrow": "↔", "infty": "∞", "nabla": "∇", "partial": "∂", "sum": "∑", "prod": "∏",
    "int": "∫", "ell": "ℓ", "hbar": "ℏ", "ldots": "…", "dots": "…", "cdots": "…", "langle": "⟨", "rangle": "⟩",
    "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "mid": "|", "vert": "|", "Vert": "‖", "top": "⊤",
    "perp": "⊥", "prime": "′", "dagger": "†", "colon": ":", "quad": " ", "qquad": " ", "degree": "°", "S": "§",
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "aa": "å", "AA": "Å", "i": "ı",
}  # fmt: skip
SILENT: Final = frozenset({
    "left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "textstyle", "limits", "nolimits",
    "it", "em", "bf", "rm", "sc", "sf", "tt", "sl", "mathbf", "mathrm", "mathit", "mathsf", "mathtt", "mathcal",
    "mathscr", "mathfrak", "mathbb", "boldsymbol", "bm", "operatorname", "text", "textit", "textbf", "textrm",
    "textsf", "texttt", "textsc", "textsuperscript", "emph", "underline", "overline", "mbox", "url",
})  # fmt: skip
SYMBOLS: Final = GREEK | SIGNS | dict.fromkeys(SILENT, "")
BLACKBOARD: Final = {"C": "ℂ", "E": "𝔼", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"}
ACCENTS: Final = {
    "tilde": "\u0303", "widetilde": "\u0303", "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "dot": "\u0307",
    "ddot": "\u0308", "vec": "\u20d7", "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b",
}  # fmt: skip
ABOVE: Final = str.maketrans("0123456789+-−=()niT⊤∘*′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵀᵀ°*′")
BELOW: Final = str.maketrans("0123456789+-−=()aeijknxt", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑᵢⱼₖₙₓₜ")

# Escaped signs step aside while the bare ones are read; the private use area holds nothing a text may say.
ASIDE: Final = {"$": "\ue000", "{": "\ue001", "}": "\ue002", "_": "\ue003", "^": "\ue004"}
PRIVATE_USE: Final = re.compile(r"[\ue000-\ue004]")
ESCAPED: Final = re.compile(r"\\([${}_])")
# The dollar rule of Pandoc, so that "over $800 a sample" stays money.
MATH: Final = re.compile(r"\$\$?(?=\S)([^$]{1,400})(?<=\S)\$\$?(?!\d)|\\\(([^$]{1,400}?)\\\)|\\\[([^$]{1,400}?)\\\]")
WITH_PLACE: Final = re.compile(r"\\(?:begin|end|cite[pt]?|label|ref)\s*\{[^{}]{0,200}\}|\\href\s*\{[^{}]{0,400}\}")
ACCENTED: Final = re.compile(
    r"\\(?:((?:(?:wide)?(?:tilde|hat)|bar|d?dot|vec)(?![A-Za-z])|[cvuH](?=\s*\{))\s*|(['`^\"~])\s*)(?:\{\\?([^\W\d_])\}|([^\W\d_]))"
)
DOUBLE_STRUCK: Final = re.compile(r"\\mathbb\s*(?:\{([A-Z])\}|([A-Z])(?![A-Za-z]))")
WRAPPED: Final = re.compile(rf"\\(?:{'|'.join(sorted(SILENT, key=len, reverse=True))})\*?\s*\{{([^{{}}]{{0,400}})\}}")
COMMAND: Final = re.compile(r"\\([A-Za-z]+)\*?(?=([A-Za-z0-9\\{])?)")
SCRIPT: Final = re.compile(r"([_^])\s*(?:\{([^{}]{0,100})\}|([^\s{}\\]))")
ROOT: Final = re.compile(r"\\sqrt\s*\{([^{}]{0,200})\}")
FRACTION: Final = re.compile(r"\\[dt]?frac\s*\{([^{}]{0,200})\}\s*\{([^{}]{0,200})\}")
# what Python takes for white space is left to split()
UNSEEN: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
STRUCTURAL: Final = frozenset({"frac", "dfrac", "tfrac", "sqrt"})
DEPTH: Final = 3


def readable(text: str) -> str:
    r"""Return ``text`` on one line, its LaTeX as symbols and words: ``$O(n^2)$`` is O(n²), ``\emph{both}`` is both."""
    text = ESCAPED.sub(lambda found: ASIDE[found[1]], PRIVATE_USE.sub("", text[:MOST_CHARACTERS]))
    text = MATH.sub(lambda found: _formula(found[1] or found[2] or found[3] or ""), text)
    text = _structures(_symbols(text))
    text = re.sub(r"(?<=[\w.,)])~(?=[\w(\[])", " ", text)
    text = re.sub(r"(?<!\S)-{2,3}(?!\S)|(?<=\w)-{2,3}(?=\w)", "–", text)
    text = text.replace("``", "“").replace("''", "”")
    text = re.sub(r"[{}]|\\(?=\W|$)", "", text.replace("\\\\", " ").replace("\\|", "‖").replace("\\!", ""))
    for sign, aside in ASIDE.items():
        text = text.replace(aside, sign)
    return one_line(text)


def one_line(text: str) -> str:
    """Return ``text`` with every run of white space as one space, and no control or direction marks."""
    return " ".join(UNSEEN.sub("", text).split())


def _formula(content: str) -> str:
    return _structures(SCRIPT.sub(_script, _symbols(content)))


def _symbols(text: str) -> str:
    text = WITH_PLACE.sub("", text)
    text = DOUBLE_STRUCK.sub(lambda found: BLACKBOARD.get(found[1] or found[2], found[1] or found[2]), text)
    text = ACCENTED.sub(_accent, text)
    for _ in range(DEPTH):
        text = WRAPPED.sub(r"\1", text)
    return COMMAND.sub(_command, re.sub(r"\\[,;: >]", " ", text))


def _structures(text: str) -> str:
    for _ in range(DEPTH):
        text = ROOT.sub(lambda found: f"√{_grouped(found[1])}", text)
        text = FRACTION.sub(lambda found: f"{_grouped(found[1])}/{_grouped(found[2])}", text)
    return text


def _accent(found: re.Match[str]) -> str:
    letter = found[3] or found[4]
    return unicodedata.normalize("NFC", letter + ACCENTS[found[1] or found[2]])


def _command(found: re.Match[str]) -> str:
    name: str = found[1]
    if name in STRUCTURAL:
        return found[0]
    put = SYMBOLS.get(name)
    if put is not None:
        return put
    return f"{name} " if found[2] else name


def _script(found: re.Match[str]) -> str:
    content = (found[2] if found[2] is not None else found[3]).strip()
    table = ABOVE if found[1] == "^" else BELOW
    if content and all(ord(character) in table for character in content):
        return content.translate(table)
    return f"{ASIDE[found[1]]}{_grouped(content)}"


def _grouped(content: str) -> str:
    return content if re.fullmatch(r"√?\w*|\W", content) else f"({content})"
