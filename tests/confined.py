"""Runs a command as containers do: everything is read-only but one folder, and the user is nobody."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

NOBODY: Final = 65534
NO_ZONES: Final = ("env", "HOME=/nonexistent", "PYTHONTZPATH=")
"""A home that is not there, and no zone data of the system's: Python then looks in the package tzdata alone."""
READ_ONLY: Final = """
set -e
mount --make-rprivate /
mount --bind "$0" "$0"
mount -o remount,ro,bind /
if mountpoint -q /tmp; then mount -o remount,ro,bind /tmp; fi
cd /
exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs \
    --bounding-set=-all,+dac_read_search --inh-caps=-all,+dac_read_search --ambient-caps=-all,+dac_read_search "$@"
"""
"""It may read what a developer keeps for himself, the interpreter for one, and write nothing."""


def within(folder: Path) -> Sequence[str]:
    """Return a command that runs the one behind it, in its own process, where only ``folder`` can be written."""
    os.chown(folder, NOBODY, NOBODY)
    return "unshare", "--mount", "sh", "-c", READ_ONLY, str(folder), *NO_ZONES


def why_not(folder: Path) -> str:
    """Return why no command can be confined on this machine; empty where it can."""
    if os.geteuid() != 0:
        return "only root can make a file system read-only"
    missing = [name for name in ("unshare", "setpriv", "mountpoint") if shutil.which(name) is None]
    if missing:
        return f"{', '.join(missing)} of util-linux is missing"
    tried = subprocess.run([*within(folder), "true"], capture_output=True, text=True, check=False)
    return tried.stderr.strip() if tried.returncode else ""
