"""Why a cell of a project or payment list is refused although it can be read."""

from __future__ import annotations

from typing import Any


class Unacceptable(Exception):
    """A cell that can be read and is not acceptable: a code and the Indonesian sentence that says why."""

    def __init__(self, code: str, template: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.template, self.params = code, template, params
