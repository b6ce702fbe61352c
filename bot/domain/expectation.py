"""What a validation error wanted, in the words of a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final


def expectation(details: Mapping[str, Any]) -> str:
    """Return what a validation error wanted, in the words of a person."""
    context: Mapping[str, Any] = details.get("ctx", {})
    kind: str = details["type"]
    if kind in _WANTED:
        return _WANTED[kind]
    if kind == "value_error":
        return str(context["error"])
    if kind == "union_tag_invalid":
        return f"one of {context['expected_tags']}".replace("'", "")
    if kind == "literal_error":
        return f"one of {context['expected']}".replace("'", "")
    if kind == "multiple_of":
        return f"a multiple of {context['multiple_of']:g}"
    bounds = [f"{words} {context[name]:g}" for name, words in _BOUNDS.items() if name in context]
    return f"{bounds[0]}{_UNITS.get(kind, '')}" if bounds else str(details["msg"]).removeprefix("Input should be ")


_WANTED: Final = {
    "missing": "this key, with a value",
    "union_tag_not_found": "this key, with a value",
    "extra_forbidden": "one of the keys in the schema; check the spelling and the indent",
    "string_pattern_mismatch": "small letters, digits and single dashes, such as cross-validation",
    "float_parsing": "a number such as 2 or 2.5",
    "int_parsing": "a whole number",
    "tuple_type": "a list, one entry a line, each with a dash before it",
    "model_type": "keys and values, each on a line of its own",
    "model_attributes_type": "keys and values, each on a line of its own",
}
_BOUNDS: Final = {"min_length": "at least", "max_length": "at most", "ge": "at least", "le": "at most"}
_UNITS: Final = {
    "string_too_short": " characters",
    "string_too_long": " characters",
    "too_short": " of them",
    "too_long": " of them",
}
