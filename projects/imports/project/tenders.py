"""What only lists of tenders tell: the kind of package, its year, its estimate, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop as _

from coverage_portal.intake.kinds import RowResult, Severity
from coverage_portal.lib.numbers import parse_money
from coverage_portal.lib.spreadsheets import Cell
from coverage_portal.lib.values import BadValue
from projects.choices import Work
from projects.imports.sheet_rows import SheetRows
from regions.imports.headings import plain

from .values import YES

FAR_ABOVE = 10
"""A contract of so many times its HPS is a typing error to be warned of."""
_BUDGET_YEAR = re.compile(r"\bTA\s+(20\d{2})\b")


class TenderColumns:
    """The columns of SPSE and LPSE; a list without a category of packages is no list of tenders."""

    def __init__(self, sheet: SheetRows) -> None:
        self._sheet = sheet
        self.is_tender_list = "category" in sheet.targets

    def not_construction(self, cells: Sequence[Cell]) -> str:
        """Why a package is none of construction; empty where it is, or where the list does not say."""
        if not self.is_tender_list:
            return ""
        words = plain(self._sheet.shown(cells, "category"))
        if not words:
            return _("jenis paket tidak disebut")
        if "konstruksi" in words.split() and "non konstruksi" not in words:
            return ""
        return _("bukan paket konstruksi")

    def read(self, cells: Sequence[Cell], said: dict[str, Any], result: RowResult) -> None:
        """What only tender lists tell: the kind of work, its year, and what became of the tender."""
        if not self.is_tender_list:
            return
        category = self._sheet.shown(cells, "category")
        if plain(category).startswith("pekerjaan konstruksi"):
            said.setdefault("work", Work.EXECUTION.value)
        year = _BUDGET_YEAR.search(category)
        if year and "budget_year" not in self._sheet.targets:
            said.setdefault("budget_year", year[1])
        if "batal" in plain(self._sheet.shown(cells, "status")) and "cancelled" not in self._sheet.targets:
            if said.get("contract_value"):
                template = _("Tender ini disebut batal, tetapi berkontrak; tidak ditandai batal.")
                self._sheet.say(
                    result,
                    "cancelled_with_contract",
                    template,
                    "status",
                    self._sheet.shown(cells, "status"),
                    Severity.WARNING,
                )
            else:
                said["cancelled"] = YES
        self._compare_with_estimate(cells, said, result)

    def _compare_with_estimate(self, cells: Sequence[Cell], said: dict[str, Any], result: RowResult) -> None:
        try:
            estimate = parse_money(self._sheet.cell(cells, "estimate"), style=self._sheet.style)
        except BadValue:
            return
        value = said.get("contract_value")
        if not estimate or estimate <= 0 or value is None or Decimal(value) < FAR_ABOVE * estimate:
            return
        template = _("Nilai kontrak %(times)s kali HPS-nya. Periksa apakah angkanya kelebihan nol.")
        times = round(Decimal(value) / estimate)
        self._sheet.say(
            result,
            "far_above_estimate",
            template,
            "contract_value",
            self._sheet.shown(cells, "contract_value"),
            Severity.WARNING,
            times=times,
        )
