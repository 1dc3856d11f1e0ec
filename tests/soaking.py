"""How long a test is at it: short in `make test`, long in `make soak`, which prints what it saw."""

from __future__ import annotations

import os
import sys


def rounds(short: int, long: int) -> int:
    return long if os.environ.get("SOAK") == "1" else short


def say(figure: str) -> None:
    """A figure for whoever runs the long form."""
    if os.environ.get("SOAK") == "1":
        sys.stderr.write(f"{figure}\n")
