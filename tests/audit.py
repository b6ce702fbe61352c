"""Asks OSV whether a vulnerability is known of any locked package: ``python -m tests.audit requirements/*.txt``.

One request for all of them. Where OSV can't be reached it says so and passes: a check must not need the network.
"""

from __future__ import annotations

import json
import os
import re
import sys
import urllib.request
from collections.abc import Iterable, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final

ADDRESS: Final = "https://api.osv.dev/v1/querybatch"
WITHIN: Final = 5.0
"""Seconds for the answer."""
PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def pinned(files: Iterable[Path]) -> list[tuple[str, str]]:
    """Return the name and version of every package that the locks hold."""
    return sorted({pin for file in files for pin in PIN.findall(file.read_text(encoding="utf-8"))})


def known(pins: Sequence[tuple[str, str]], address: str) -> list[str]:
    """Return a line for each package with a known vulnerability, with the ids.

    Raises:
        OSError: where the service can't be reached.
        ValueError: where its answer makes no sense.
    """
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in pins]
    request = urllib.request.Request(  # noqa: S310  (the address is ours, or the test's)
        address, json.dumps({"queries": queries}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=WITHIN) as answer:  # noqa: S310
        results: list[dict[str, Any]] = json.load(answer)["results"]
    return [
        f"{name} {version}: {', '.join(str(one['id']) for one in found['vulns'])}"
        for (name, version), found in zip(pins, results, strict=True)
        if found.get("vulns")
    ]


def main(arguments: Sequence[str]) -> int:
    """Print what is known of the locks named; 1 where a package is vulnerable, 0 otherwise, offline too."""
    pins = pinned(Path(one) for one in arguments)
    try:
        found = known(pins, os.environ.get("AUDIT_URL", ADDRESS))
    except (OSError, HTTPException, ValueError, KeyError) as error:
        print(
            f"Audit SKIPPED: {ADDRESS} gave no usable answer ({type(error).__name__}). {len(pins)} packages unchecked."
        )
        return 0
    print("\n".join(found) if found else f"No vulnerability is known of the {len(pins)} locked packages.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
