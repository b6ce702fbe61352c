"""Files of every kind: nothing of one machine, no address of a package registry, locks that hold hashes."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.meta.source import ROOT

OWN_ENVIRONMENT: Final = (".venv/", ".ruff_cache/", ".pytest_cache/", ".hypothesis/", "var/")
IMAGE: Final = ("Dockerfile", "deploy/")
"""Files that describe another machine's folders: an image's, a service's."""

MACHINE_PATH: Final = re.compile(r"(?<![\w.:/~-])(?:/(?:home|root|work|Users|mnt|private)/[\w.-]+|[A-Z]:\\\\?Users\\)")
REGISTRY: Final = re.compile(
    r"pypi\.(?:org|python\.org)|pythonhosted\.org|npmjs\.(?:org|com)|registry\.yarnpkg|conda\.anaconda"
    r"|--(?:extra-)?index-url[= ]+\S*://|--find[-]links|extra-index-url\s*="
)
PINNED: Final = re.compile(r"[A-Za-z0-9][\w.-]*(?:\[[\w,-]+\])?==[\w.!+-]+(?: *; *[^#\\]+)?")
HASH: Final = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@cache
def _tracked() -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ".", ":!.venv"],
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("which files are tracked is git's to say, and there is no repository here")
    names = sorted(set(listed.stdout.decode().split("\0")) - {""})
    return tuple(ROOT / one for one in names if not one.startswith(OWN_ENVIRONMENT) and (ROOT / one).is_file())


def _lines() -> list[tuple[str, int, str]]:
    found: list[tuple[str, int, str]] = []
    for path in _tracked():
        data = path.read_bytes()
        if b"\0" not in data:
            name = path.relative_to(ROOT).as_posix()
            found += [(name, i, line) for i, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1)]
    return found


def test_no_file_knows_a_machine() -> None:
    found = [
        f"{name}:{i}: {hit.group()}"
        for name, i, line in _lines()
        if not name.startswith(IMAGE) and (hit := MACHINE_PATH.search(line))
    ]
    assert not found, "\n".join(
        ["The rule: no path of one machine in any file. What to do: say it relative to the project's root.", *found]
    )


def test_no_file_names_a_package_registry() -> None:
    found = [f"{name}:{i}: {hit.group()}" for name, i, line in _lines() if (hit := REGISTRY.search(line))]
    assert not found, "\n".join(
        ["The rule: where packages come from is the machine's choice. What to do: leave the host out.", *found]
    )


@pytest.mark.parametrize("folder", ["home", "Users", "work", "root"])
@pytest.mark.parametrize("before", ["cd ", "open('", "(", ""])
def test_a_machine_path_is_noticed(before: str, folder: str) -> None:
    assert MACHINE_PATH.search(f"{before}/{folder}/ann")


@pytest.mark.parametrize("text", ["https://example.org/home/ann", "~/work/notes", "docs/work/plan", "at home/work"])
def test_what_is_no_machine_path_passes(text: str) -> None:
    assert not MACHINE_PATH.search(text)


def _locks() -> list[Path]:
    return sorted((ROOT / "requirements").glob("*.txt"))


def test_there_are_locks() -> None:
    assert {path.stem for path in _locks()} >= {"bot", "demo", "dev"}


@pytest.mark.parametrize("lock", _locks(), ids=lambda path: path.name)
def test_a_lock_pins_and_hashes_every_line(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    loose: list[str] = []
    for entry in re.sub(r"\\\n", " ", text).splitlines():
        said = entry.split(" #")[0].strip()
        if said and not said.startswith("#"):
            head, *hashes = said.split(" --hash=")
            if not PINNED.fullmatch(head.strip()) or not hashes or not all(HASH.match(f"--hash={h}") for h in hashes):
                loose.append(said[:100])
    assert not loose, "\n".join(
        [f"The rule: {lock.name} pins every package and holds its hashes. What to do: make the locks anew.", *loose]
    )


@pytest.mark.parametrize("lock", _locks(), ids=lambda path: path.name)
def test_a_lock_names_no_place(lock: Path) -> None:
    places = [
        f"{lock.name}:{i}: {line}"
        for i, line in enumerate(lock.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"://| @ |^\s*(?:-[a-zA-Z]\b|--(?!hash=))|file:|^\s*\.{0,2}/", line)
    ]
    assert not places, "\n".join(["The rule: locks hold no host, address or local path.", *places])
