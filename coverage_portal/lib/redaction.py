"""Keeping personal numbers out of logs."""

from __future__ import annotations

import logging
import re
from typing import Any

MASK = "[nomor disamarkan]"

_LONG = 10**15

_NIK = re.compile(
    # A longer number may hold one: two that run together, or a digit too many.
    r"\d{16,}"
    # In fours with hyphens, but not the middle of an id.
    r"|(?<![\da-zA-Z-])\d{4}-\d{4}-\d{4}-\d{4}(?![\da-zA-Z-])"
    # In groups, with a blank as addresses write it too.
    r"|(?<!\d)(?:"
    r"\d{4}([ .+]|%20)\d{4}\1\d{4}\1\d{4}"
    r"|\d{6}([ .+-]|%20)\d{6}\2\d{4}"
    r"|\d{2}\.\d{2}\.\d{2}\.\d{6}\.\d{4}"
    r")(?!\d)"
)


def redact(text: str) -> str:
    """`text` with every number written like a NIK (16 digits or more, 16 in groups) replaced by `MASK`."""
    return _NIK.sub(MASK, text)


def redacted(value: Any) -> Any:
    """A JSON value, or a cell, with `redact` done to all that is in it; a number that long becomes a text."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {redacted(name): redacted(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(each) for each in value]
    if isinstance(value, int | float) and abs(value) >= _LONG:
        return MASK
    return value


class RedactingFormatter(logging.Formatter):
    """Masks the finished line, so that arguments and tracebacks are covered like the message itself."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
