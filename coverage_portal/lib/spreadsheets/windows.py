"""Cuts a streamed XML part into buffers that hold whole rows."""

from __future__ import annotations

from collections.abc import Iterator

from coverage_portal.lib.spreadsheets.limits import MEGABYTE, Limits
from coverage_portal.lib.spreadsheets.refusal import Unreadable

LONGEST_ROW = 4 * MEGABYTE
BYTES_PER_CHARACTER = 6
"""A character of text is at most six bytes of XML (`&quot;`, `_x000D_` counts as seven for one)."""


def row_windows(chunks: Iterator[bytes], start: bytes, end: bytes, limits: Limits) -> Iterator[bytes]:
    """Buffers that each begin at the part's start, at a `start` tag or at the `end` tag.

    So what lies between two `start` tags is never cut. Raises Unreadable: too_long_row, too_long_cell.
    """
    carry = b""
    for chunk in chunks:
        buffer = carry + chunk
        cut = max(buffer.rfind(start), buffer.rfind(end))
        if cut <= 0:
            if len(buffer) <= LONGEST_ROW:
                carry = buffer
                continue
            if buffer.startswith(start):
                raise Unreadable("too_long_row", limit=limits.max_row_chars)
            # Before the first row and after the last one only the very end can hold half a tag.
            cut = buffer.rfind(b"<", len(buffer) - MEGABYTE)
            cut = cut if cut > 0 else len(buffer)
        _refuse_long_text(buffer, limits)
        yield buffer[:cut]
        carry = buffer[cut:]
    _refuse_long_text(carry, limits)
    yield carry


def _refuse_long_text(buffer: bytes, limits: Limits) -> None:
    """Refuse a stretch without any tag that no cell text may be long enough for.

    Jumps from tag to tag by the longest stretch allowed, so it looks at few bytes.
    """
    longest = limits.max_cell_chars * (BYTES_PER_CHARACTER + 1)
    at = 0
    while at + longest < len(buffer):
        following = buffer.rfind(b"<", at + 1, at + 1 + longest)
        if following < 0:
            raise Unreadable("too_long_cell", limit=limits.max_cell_chars)
        at = following
