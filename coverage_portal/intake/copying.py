"""COPY into a table in a stream: lines go to the database as they are made, none is held."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

NULL = "\\N"
_BLOCK = 64 * 1024
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class _Lines:
    """A file for psycopg2 to read from: the lines joined to blocks of about 64 KiB."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def read(self, _size: int) -> str:
        block: list[str] = []
        length = 0
        for line in self._lines:
            block.append(line)
            length += len(line)
            if length >= _BLOCK:
                break
        return "".join(block)


def copy(table: str, columns: Iterable[str], lines: Iterable[str]) -> None:
    """Store lines of COPY text, each with its line feed; several may come as one text.

    Table and columns are names of our own."""
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", _Lines(iter(lines)))


def line(*values: Any) -> str:
    """One row as COPY text: None is NULL, anything but text as `str` writes it, mappings as JSON."""
    return "\t".join(map(_text, values)) + "\n"


def _text(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return str(value).translate(_ESCAPED)
