"""Rows that a bulk import refused: their cells and what is wrong with them, sealed until someone asks.

Such rows are of persons. What the pages list of them is masked; the cells themselves only go back into the
error file, made on demand for whoever may see the import.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from coverage_portal.lib.spreadsheets import Cell

from . import sealed
from .cells import from_json, to_json
from .kinds import Problem


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused row as it came: (column, sentence) of each error, in the language of whoever opens it."""

    cells: list[Cell]
    errors: list[tuple[str, str]]


def seal(batch_id: uuid.UUID, number: int, cells: Sequence[Cell], problems: Iterable[Problem]) -> str:
    """The row as JSON text, sealed and bound to its place."""
    content = {
        "cells": [to_json(cell) for cell in cells],
        "errors": [[problem.column, problem.template, dict(problem.params)] for problem in problems],
    }
    return json.dumps(sealed.seal(content, bound(batch_id, number)))


def opened(batch_id: uuid.UUID, number: int, stored: Mapping[str, str]) -> Refusal:
    """What was sealed.

    Raises:
        BrokenSeal: it was changed, moved to another row, or sealed with a key that is not at hand.
    """
    content = sealed.opened(stored, bound(batch_id, number))
    return Refusal(
        [from_json(cell) for cell in content["cells"]],
        [(column, gettext(template) % params) for column, template, params in content["errors"]],
    )


def bound(batch_id: uuid.UUID, number: int) -> list[bytes]:
    """The place of a refused row."""
    return [b"refused row", batch_id.bytes, str(number).encode()]
