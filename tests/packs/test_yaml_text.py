"""The reader of YAML: whatever the text, a document or one fault comes out; nothing explodes, nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.packs.fault import Fault
from bot.packs.yaml_text import MAX_DEPTH, MAX_EVENTS, YamlFaultError, key_path, read_yaml, value_at

FILE = "some.yaml"

MARKS = (
    "a|b: |- |? |: |[|]|{|}|,|&x |*x|<<: |!t |!!str |>|'|\"|#|%YAML 1.1|---|\\|no|\t|\0|\x07|\x85|\u2028|\ufeff|é|😀"
)
pieces = st.sampled_from([*MARKS.split("|"), "|", "\n", "\n  ", "\n    "])
near_yaml = st.lists(pieces, max_size=40).map("".join)


def _fault(text: str) -> Fault:
    with pytest.raises(YamlFaultError) as caught:
        read_yaml(text, FILE)
    return caught.value.fault


@settings(max_examples=300)
@given(near_yaml | st.text(max_size=300))
@example("a: 'x")
@example("\0")
def test_any_text_is_a_document_or_a_fault(text: str) -> None:
    try:
        document = read_yaml(text, FILE)
    except YamlFaultError as error:
        _is_whole(error.fault, text)
        return
    for path, line in document.lines.items():
        assert line >= 1
        assert value_at(document.value, path) is not None


def _is_whole(fault: Fault, text: str) -> None:
    assert fault.file == FILE
    assert 0 <= fault.line <= sum(map(text.count, "\n\x85\u2028")) + 2
    assert fault.found
    assert fault.expected


@pytest.mark.parametrize(
    ("bomb", "line", "found"),
    [
        pytest.param("[" * 60_000, 1, f"nesting deeper than {MAX_DEPTH}", id="60 KB of brackets"),
        pytest.param("{a: " * 20_000, 1, f"nesting deeper than {MAX_DEPTH}", id="braces"),
        pytest.param("- " * 30_000, 1, f"nesting deeper than {MAX_DEPTH}", id="dashes"),
        pytest.param("a:\n" + "".join(f"{' ' * i}a:\n" for i in range(1, 40)), 17, "nesting", id="indents"),
        pytest.param("- a\n" * 250_000, MAX_EVENTS - 2, "over 50,000 pieces", id="1 MB of short lines"),
        pytest.param("a: &x [lol, lol]\nb: [*x, *x]\n", 1, "an anchor", id="alias bomb"),
        pytest.param("a: [1]\nb: *a\n", 2, "an alias", id="alias"),
        pytest.param("a:\n  b: 1\nc:\n  <<: {b: 2}\n", 4, "a merge key", id="merge key"),
        pytest.param("a: 1\nb: 2\na: 3\n", 3, "the key *a* a second time", id="same key twice"),
        pytest.param("a:\n  - b: 1\n    b: 2\n", 3, "the key *b* a second time", id="same key twice, deep"),
        pytest.param("a: !!python/object/apply:os.system [ls]\n", 1, "the tag", id="tag"),
        pytest.param("a: 1\nb: !secret x\n", 2, "the tag *!secret*", id="own tag"),
        pytest.param("a: 1\n---\nb: 2\n", 2, "a second document", id="two documents"),
        pytest.param("? [a, b]\n: c\n", 1, "a list or mapping as a key", id="list as a key"),
        pytest.param("", 0, "nothing", id="empty"),
        pytest.param("# words only\n", 0, "nothing", id="a comment alone"),
    ],
)
def test_what_hurts_is_refused_where_it_stands(bomb: str, line: int, found: str) -> None:
    fault = _fault(bomb)
    assert fault.line == line
    assert found in fault.found


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\ufffe"])
def test_a_forbidden_character_is_named_with_its_line(character: str) -> None:
    fault = _fault(f"größe: é\nwörter: ääääääää\nc: x{character}y\nd: 1\n")
    assert (fault.line, fault.found) == (3, f"a character that YAML forbids ({ord(character):#x})")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: 'never closed\nc: 2\nd: 3\n", 2),
        ('a: 1\nb: "never closed\nc: 2\n', 2),
        ("a: 1\nb\nc: 2\n", 2),
        ("a: b: c\n", 1),
        ("a:\n\tb: 1\n", 2),
        ("a: 1\n  b: 2\n", 2),
        ("a: [1,\nb: 2\n", 3),
    ],
)
def test_broken_yaml_is_told_with_its_line(text: str, line: int) -> None:
    fault = _fault(text)
    assert fault.line == line
    assert fault.found.startswith(("broken YAML (", "a quotation mark that is never closed", "a second colon"))


@pytest.mark.parametrize(
    "word", ["no", "yes", "off", "y", "null", "~", "2026-01-01", "12:30", "010", "0x1F", "1e3", ".inf", "1_000", "007"]
)
def test_words_stay_words(word: str) -> None:
    assert read_yaml(f"key: {word}\nlist: [{word}, {word}]\n", FILE).value == {"key": word, "list": [word, word]}


def test_every_place_has_its_line() -> None:
    text = (
        "title: A\ntopics:\n  - id: one\n    checks:\n      - first\n"
        "      - >\n        second\n        goes on\n  - {id: two}\n"
    )
    document = read_yaml(text, FILE)
    lines = {key_path(path): line for path, line in document.lines.items()}
    assert lines == {
        "": 1,
        "title": 1,
        "topics": 2,
        "topics[0]": 3,
        "topics[0].id": 3,
        "topics[0].checks": 4,
        "topics[0].checks[0]": 5,
        "topics[0].checks[1]": 6,
        "topics[1]": 9,
        "topics[1].id": 9,
    }
    assert document.line(("topics", 0, "hours")) == 3, "what is missing stands where its owner begins"
    assert document.line(("nowhere",)) == 1
    assert value_at(document.value, ("topics", 0, "checks", 1)) == "second goes on\n"
    assert value_at(document.value, ("topics", 5, "id")) is None
