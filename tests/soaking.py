"""How long a test is at it: short in `make test`, long in `make soak`, which prints what it saw."""

from __future__ import annotations

import os
import sys
from typing import TypeVar

Amount = TypeVar("Amount")


def rounds(short: Amount, long: Amount) -> Amount:
    return long if os.environ.get("SOAK") == "1" else short


def number(name: str, short: int, long: int) -> int:
    """Rounds, rows or seconds; a variable of that name says another number, to try the long form out."""
    return int(os.environ.get(name) or rounds(short, long))


def say(figure: str) -> None:
    """A figure for whoever runs the long form."""
    if os.environ.get("SOAK") == "1":
        sys.stderr.write(f"{figure}\n")
