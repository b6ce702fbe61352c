"""Faults planted in the shipped pack: each is told with its file, its line and its key, and nothing else is told."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.errors import ContentError
from bot.packs.load import MAX_BYTES, check_pack, load_pack
from bot.settings import ROOT

SHIPPED = ROOT / "content" / "ml-engineer"
STAGE = "roadmap/1-programming.yaml"
NEXT_STAGE = "roadmap/2-math.yaml"
TRACK = "roadmap/track.yaml"
CHAPTER = "guide/4-skills.yaml"
CATEGORY = "faq/1-getting-started.yaml"
CARDS = "cards/1-programming.yaml"

PLANTED = yaml.safe_load((Path(__file__).parent / "planted_faults.yaml").read_text(encoding="utf-8"))
FIRST_TOPIC = "python-first-steps"
FIRST_ENTRY = "need-a-degree"
FIRST_CARD = "python-first-steps-even-sum"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped pack, to spoil."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "pack"))


def _line_of(path: Path, start: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(i for i, line in enumerate(lines, 1) if line.startswith(start))


def _plant(path: Path, pattern: str, by: str) -> int:
    """Replace the first place of a pattern in a file, and return its line."""
    text = path.read_text(encoding="utf-8")
    place = re.search(pattern, text, re.MULTILINE)
    assert place is not None, f"{path} has no {pattern}: mend the test that plants it"
    path.write_text(text[: place.start()] + place.expand(by) + text[place.end() :], encoding="utf-8")
    return text.count("\n", 0, place.start()) + 1


@pytest.mark.parametrize("planted", [pytest.param(one, id=one["name"]) for one in PLANTED])
def test_a_planted_fault_is_told_exactly(planted: dict[str, Any], folder: Path) -> None:
    file = planted["file"]
    line = _plant(folder / file, planted["replace"], planted["by"]) + planted.get("below", 0)
    if "told_in" in planted:
        file, line = planted["told_in"], _line_of(folder / planted["told_in"], planted["told_at"])

    checked = check_pack(folder)

    assert checked.pack is None
    assert len(checked.faults) == 1, "\n".join(fault.sentence for fault in checked.faults)
    fault = checked.faults[0]
    assert (fault.file, fault.line, fault.key) == (file, line, planted["key"])
    assert planted["found"] in fault.found
    assert fault.expected.startswith(planted["expected"])
    assert fault.file in fault.sentence
    assert f"line {line}" in fault.sentence


def _add_topic_named(folder: Path, file: str, id_: str) -> int:
    """Copy the last entry of a file to its end under another id, and return the line of that id."""
    path = folder / file
    text = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
    last = text[text.rindex("\n  - id: ") + 1 :]
    path.write_text(f"{text}{re.sub('^  - id: .*', f'  - id: {id_}', last)}", encoding="utf-8")
    return text.count("\n") + 1


@pytest.mark.parametrize(
    ("file", "taken", "key"),
    [(STAGE, FIRST_TOPIC, "topics"), (CATEGORY, FIRST_ENTRY, "entries"), (CARDS, FIRST_CARD, "cards")],
)
def test_a_duplicate_id_is_told_exactly(file: str, taken: str, key: str, folder: Path) -> None:
    line = _add_topic_named(folder, file, taken)
    faults = check_pack(folder).faults
    first_line = _line_of(SHIPPED / file, f"  - id: {taken}")
    assert [(one.file, one.line) for one in faults] == [(file, line)], [one.sentence for one in faults]
    assert re.fullmatch(rf"{key}\[\d+\]\.id", faults[0].key)
    assert faults[0].found == f"the id *{taken}* a second time"
    assert faults[0].expected == f"another one; it is taken in {file}, line {first_line}"


def test_a_duplicate_across_files_is_told_in_the_second(folder: Path) -> None:
    line = _add_topic_named(folder, NEXT_STAGE, FIRST_TOPIC)
    faults = check_pack(folder).faults
    assert [(one.file, one.line) for one in faults] == [(NEXT_STAGE, line)], [one.sentence for one in faults]
    assert STAGE in faults[0].expected


@pytest.mark.parametrize(
    ("needs", "way"),
    [
        (FIRST_TOPIC, f"{FIRST_TOPIC} needs {FIRST_TOPIC}"),
        ("python-data-structures", f"{FIRST_TOPIC} needs python-data-structures needs {FIRST_TOPIC}"),
    ],
)
def test_a_circle_names_its_way(needs: str, way: str, folder: Path) -> None:
    _plant(folder / STAGE, r"requires: \[\]", f"requires: [{needs}]")
    (fault,) = check_pack(folder).faults
    assert (fault.file, fault.line, fault.key) == (
        STAGE,
        _line_of(folder / STAGE, f"  - id: {FIRST_TOPIC}"),
        "topics[0].id",
    )
    assert (fault.found, fault.expected) == (f"a circle: {way}", "prerequisites that lead back to nothing")


def test_a_page_over_discords_limit_is_told_with_its_topic(folder: Path) -> None:
    step = f"\n      - {{title: {'t' * 60}, done_when: {'d' * 240}}}"
    checks = "".join(f"\n      - {letter * 240}" for letter in "abcd")
    _plant(folder / STAGE, r"    checks:\n(?:      - .*\n)+", f"    milestones:{step * 6}\n    checks:{checks}\n")
    _plant(folder / STAGE, r"    why: >\n(?:      .*\n)+", f"    why: {'w' * 500}\n")
    (fault,) = check_pack(folder).faults
    assert (fault.file, fault.key) == (STAGE, "topics[0]")
    assert "so that its page fits one message" in fault.expected


@pytest.mark.parametrize(
    ("data", "line", "found"),
    [
        pytest.param(b"id: programming\ntitle: Gr\xf6\xdfe\n", 2, "no UTF-8", id="latin-1"),
        pytest.param("id: a\n".encode("utf-16"), 1, "no UTF-8", id="utf-16"),
        pytest.param(b"id: a\nb: \0\n", 2, "a character that YAML forbids (0x0)", id="NUL"),
        pytest.param(b"", 0, "nothing", id="empty"),
        pytest.param(b"- a\n- b\n", 1, "a list", id="a list"),
        pytest.param(b"just words\n", 1, "*just words*", id="words"),
        pytest.param(b"# " + b"x" * MAX_BYTES, 0, "1,048,578 bytes", id="over 1 MiB"),
        pytest.param(b"[" * 60_000, 1, "nesting deeper than 16", id="60 KB of brackets"),
    ],
)
@pytest.mark.parametrize("file", [STAGE, CHAPTER, CATEGORY, TRACK])
def test_a_file_that_is_no_content_is_told_once(file: str, data: bytes, line: int, found: str, folder: Path) -> None:
    (folder / file).write_bytes(data)
    faults = check_pack(folder).faults
    assert [(one.file, one.line) for one in faults] == [(file, line)], [one.sentence for one in faults]
    assert found in faults[0].found


def test_a_byte_order_mark_and_windows_line_ends_are_fine(folder: Path) -> None:
    for path in folder.rglob("*.yaml"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert check_pack(folder).faults == ()


def test_missing_files_and_folders_are_told(folder: Path, tmp_path: Path) -> None:
    (missing,) = check_pack(tmp_path / "nowhere").faults
    assert (missing.line, missing.found) == (0, "no such folder")
    (folder / TRACK).unlink()
    (track,) = check_pack(folder).faults
    assert (track.file, track.line) == (TRACK, 0)
    assert "can't be read" in track.found
    shutil.rmtree(folder / "guide")
    assert [one.file for one in check_pack(folder).faults] == ["guide/", TRACK]


def test_an_unreadable_file_is_told(folder: Path) -> None:
    (folder / STAGE).unlink()
    (folder / STAGE).mkdir()
    (fault,) = check_pack(folder).faults
    assert (fault.file, fault.line) == (STAGE, 0)
    assert "can't be read" in fault.found


def test_all_faults_are_told_at_once(folder: Path) -> None:
    _plant(folder / STAGE, r"hours: .*", "hours: two")
    _plant(folder / NEXT_STAGE, r"kind: \w+", "kind: blog")
    _plant(folder / "roadmap/3-ml-fundamentals.yaml", r"requires: \[[^\]]*\]", "requires: [zzzzzz]")
    _plant(folder / "guide/1-who.yaml", r"topics: \[[^\]]*\]", "topics: [qqqqqq]")
    _plant(folder / TRACK, r"hint: .*", "hint: Short")
    (folder / CATEGORY).write_bytes(b"a: 'never closed\n")
    faults = check_pack(folder).faults
    assert [(one.file, one.key) for one in faults] == [
        (CATEGORY, ""),
        ("guide/1-who.yaml", "items[0].topics[0]"),
        (STAGE, "topics[0].hours"),
        (NEXT_STAGE, "topics[0].resources[0].kind"),
        ("roadmap/3-ml-fundamentals.yaml", "topics[0].requires[0]"),
        (TRACK, "backgrounds[0].hint"),
    ], [one.sentence for one in faults]


def test_loading_a_bad_pack_says_every_fault(folder: Path) -> None:
    _plant(folder / STAGE, "^order: 1", "order: first")
    with pytest.raises(ContentError) as caught:
        load_pack(folder)
    assert f"{STAGE}, line 3, `order`: found *first*, expected a whole number." in caught.value.sentence


def test_the_shipped_pack_is_sound() -> None:
    checked = check_pack(SHIPPED)
    assert checked.faults == ()
    assert checked.pack is not None
    assert checked.files == len(list(SHIPPED.rglob("*.yaml")))


def test_what_daily_posts_hold_can_be_read_at_the_first_need(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "pack")
    lean = load_pack(folder, exercises=False)
    whole = load_pack(folder)
    assert lean.topics == whole.topics
    (folder / "prompts" / "late.yaml").write_text("stage: none\nprompts: 3\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"late\.yaml"):
        _ = lean.exercises
    (folder / "prompts" / "late.yaml").unlink()
    assert lean.exercises == whole.exercises
