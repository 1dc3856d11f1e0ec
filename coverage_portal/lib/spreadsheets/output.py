"""The child's side of the pipe: one JSON array a line."""

from __future__ import annotations

import sys
from typing import Any

from coverage_portal.lib.spreadsheets.cells import encode


def write(*line: Any) -> None:
    """Send one line. Raises BrokenPipeError when the reader has gone."""
    send(encode(line))


def send(text: str) -> None:
    """Send a line that is JSON already."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()
