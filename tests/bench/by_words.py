"""Starts the bot against the stand-in as if no extra were installed (``requirements/bot.txt``), whatever is here."""

from __future__ import annotations

import runpy
import sys
from types import ModuleType
from typing import cast

if __name__ == "__main__":
    # what stands as None among the modules is neither found nor imported
    for extra in ("onnxruntime", "greenlet"):
        sys.modules[extra] = cast("ModuleType", None)
    runpy.run_module("tests.fakes.wire.run_bot", run_name="__main__")
