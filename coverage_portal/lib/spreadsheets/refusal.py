"""The one exception of the reader."""

from __future__ import annotations

from typing import Any


class Unreadable(Exception):
    """A file, or the rest of it, cannot be read.

    `code` is a stable slug (the keys of `messages.SENTENCES`), `params` what the sentence names.
    `str()` is a sentence in the active language that says what to do; it never quotes a cell.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        # Imported late: the reading process raises this too, and must not load Django.
        from coverage_portal.lib.spreadsheets.messages import sentence

        return sentence(self.code, self.params)

    def __repr__(self) -> str:
        return f"Unreadable({self.code!r}, {self.params!r})"
