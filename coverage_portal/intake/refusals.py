"""Rows that a bulk import refused: their cells and what is wrong with them, sealed until someone asks.

Such rows are of persons. What the pages list of them is masked; the cells themselves only go back into the
error file, made on demand for whoever may see the import.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils.translation import gettext

from coverage_portal.lib.sealing import BrokenSeal
from coverage_portal.lib.spreadsheets import Cell

from .cells import from_json, to_json
from .kinds import Problem


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused row as it came: (column, sentence) of each error, in the language of whoever opens it."""

    cells: list[Cell]
    errors: list[tuple[str, str]]


def seal(batch_id: uuid.UUID, number: int, cells: Sequence[Cell], problems: Iterable[Problem]) -> str:
    """The row as JSON text, sealed and bound to its place."""
    plain = json.dumps(
        {
            "cells": [to_json(cell) for cell in cells],
            "errors": [[problem.column, problem.template, dict(problem.params)] for problem in problems],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    sealed = AESSIV(settings.SEAL_KEY).encrypt(plain.encode(), _bound(batch_id, number))
    return json.dumps({"sealed": base64.b64encode(sealed).decode()})


def opened(batch_id: uuid.UUID, number: int, stored: Mapping[str, Any]) -> Refusal:
    """What was sealed.

    Raises:
        BrokenSeal: it was changed, moved to another row, or sealed with another key.
    """
    try:
        plain = AESSIV(settings.SEAL_KEY).decrypt(
            base64.b64decode(stored["sealed"]), _bound(batch_id, number)
        )
    except InvalidTag:
        raise BrokenSeal from None
    content = json.loads(plain)
    return Refusal(
        [from_json(cell) for cell in content["cells"]],
        [(column, gettext(template) % params) for column, template, params in content["errors"]],
    )


def _bound(batch_id: uuid.UUID, number: int) -> list[bytes]:
    return [b"refused row", batch_id.bytes, str(number).encode()]
