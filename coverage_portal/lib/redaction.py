"""Keeping personal numbers out of logs."""

from __future__ import annotations

import logging
import re

MASK = "[nomor disamarkan]"

_NIK = re.compile(
    r"(?<!\d)(?:"
    r"\d{16}"
    r"|\d{4}([ .-])\d{4}\1\d{4}\1\d{4}"
    r"|\d{6}([ .-])\d{6}\2\d{4}"
    r"|\d{2}\.\d{2}\.\d{2}\.\d{6}\.\d{4}"
    r")(?!\d)"
)


def redact(text: str) -> str:
    """`text` with every number written like a NIK (16 digits, grouped or not) replaced by `MASK`."""
    return _NIK.sub(MASK, text)


class RedactingFormatter(logging.Formatter):
    """Masks the finished line, so that arguments and tracebacks are covered like the message itself."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
