"""The published JSON Schema: what an editor says about a file agrees with what the bot says."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.packs.schema import json_schema
from bot.settings import ROOT

SHIPPED: Final = ROOT / "content" / "ml-engineer"
FILES: Final = sorted(SHIPPED.rglob("*.yaml"))
SCHEMA: Final[dict[str, Any]] = json_schema()
KIND_OF: Final = {"roadmap": "stage", "guide": "chapter", "faq": "faq"} | {
    room: room for room in ("prompts", "kaggle", "papers", "cards")
}


BY_ITSELF: Final = {f"{kind}.yaml": kind for kind in ("track", "reading", "competitions", "synonyms", "points")}


def _kind(path: Path) -> str:
    return BY_ITSELF.get(path.name) or KIND_OF[path.parent.name]


def _validator(kind: str | None) -> Draft202012Validator:
    return Draft202012Validator({**SCHEMA, "anyOf": [{"$ref": f"#/$defs/{kind}"}]} if kind else SCHEMA)


def _faults(content: object, kind: str | None = None) -> list[str]:
    """Return what an editor would say about a file, taken as any kind or as one."""
    found: list[Any] = list(_validator(kind).iter_errors(content))  # pyright: ignore[reportUnknownMemberType, reportArgumentType]
    return [f"{fault.json_path}: {fault.message}" for fault in found]


def _as_an_editor_reads(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _owner(content: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return a mapping inside the file, so that keys are planted deeper than its top."""
    return content[{"track": "backgrounds", "stage": "topics", "chapter": "items", "faq": "entries"}[kind]][0]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert {"track", "stage", "chapter", "faq"} <= SCHEMA["$defs"].keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SHIPPED).as_posix())
def test_a_shipped_file_is_valid(path: Path) -> None:
    content = _as_an_editor_reads(path)
    assert _faults(content, _kind(path)) == []
    assert _faults(content) == [], "the whole schema takes it too"


@pytest.mark.parametrize("kind", ["track", "stage", "chapter", "faq"])
def test_a_planted_fault_is_not(kind: str) -> None:
    path = next(path for path in FILES if _kind(path) == kind)
    for deep in (False, True):
        content = _as_an_editor_reads(path)
        (_owner(content, kind) if deep else content)["colour"] = "blue"
        assert _faults(content, kind)
        assert _faults(content)

        content = _as_an_editor_reads(path)
        del (_owner(content, kind) if deep else content)["id"]
        assert _faults(content, kind)

        content = _as_an_editor_reads(path)
        (_owner(content, kind) if deep else content)["id"] = "Not an id"
        assert _faults(content, kind)


@pytest.mark.parametrize("key", ["id", "skill", "hours", "requires", "why", "checks"])
def test_an_editor_explains_what_is_not_plain(key: str) -> None:
    assert SCHEMA["$defs"]["Topic"]["properties"][key].get("description")
