"""Cells as JSON and back, so that a refused row can be given back exactly as it came."""

from __future__ import annotations

import datetime
from typing import Any

from coverage_portal.lib.spreadsheets import Cell, CellError


def to_json(cell: Cell) -> Any:
    """A cell as a JSON value; what JSON has no type for becomes a one-entry object."""
    if isinstance(cell, CellError):
        return {"error": cell.code}
    if isinstance(cell, datetime.datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, datetime.date):
        return {"date": cell.isoformat()}
    if isinstance(cell, datetime.time):
        return {"time": cell.isoformat()}
    return cell


def from_json(value: Any) -> Cell:
    """The cell that `to_json` was given."""
    if not isinstance(value, dict):
        cell: Cell = value
        return cell
    (kind, text), *_rest = value.items()
    if kind == "error":
        return CellError(text)
    parsers: dict[str, Any] = {
        "datetime": datetime.datetime.fromisoformat,
        "date": datetime.date.fromisoformat,
        "time": datetime.time.fromisoformat,
    }
    result: Cell = parsers[kind](text)
    return result
