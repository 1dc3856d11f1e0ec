"""What the interpreters of project and payment lists share: their cells, and what to say of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coverage_portal.intake.kinds import Interpreter, Layout, Options, Problem, RowResult, Severity
from coverage_portal.intake.layout import text_of
from coverage_portal.lib.numbers import Style
from coverage_portal.lib.spreadsheets import Cell
from coverage_portal.lib.values import BadValue, is_blank

from .unacceptable import Unacceptable


class SheetRows(Interpreter):
    """Rows of a sheet whose columns are targets."""

    def __init__(self, layout: Layout, options: Options, file_name: str) -> None:
        self.targets = layout.targets()
        self.options = options
        self.style: Style = "en" if options.get("number_style") == "en" else "id"
        self.source = options.get("source") or f"Berkas {file_name}"

    def cell(self, cells: Sequence[Cell], target: str) -> Cell:
        use = self.targets.get(target)
        return cells[use.index] if use is not None and use.index < len(cells) else None

    def shown(self, cells: Sequence[Cell], target: str) -> str:
        """A cell as text; empty where it is blank."""
        cell = self.cell(cells, target)
        return "" if is_blank(cell) else text_of(cell)

    def say(
        self,
        result: RowResult,
        code: str,
        template: str,
        target: str = "",
        value: str = "",
        severity: Severity = Severity.ERROR,
        **params: Any,
    ) -> None:
        """Add something to a row's problems, at the column of a target."""
        use = self.targets.get(target)
        result.problems.append(Problem(code, template, params, use.heading if use else "", value, severity))

    def refuse(self, result: RowResult, error: BadValue | Unacceptable, target: str, value: str) -> None:
        """Say that a cell cannot be read or is not acceptable."""
        params: dict[str, Any] = dict(error.params)
        self.say(result, error.code, error.template, target, value, **params)
