"""Who builds a project, as the rows of its list say."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_noop as _

from coverage_portal.intake.kinds import RowResult, Severity
from coverage_portal.intake.layout import text_of
from coverage_portal.lib.identity import parse_npp, parse_npwp
from coverage_portal.lib.identity.messages import TEMPLATES as IDENTITY
from coverage_portal.lib.spreadsheets import Cell
from coverage_portal.lib.values import BadValue, is_blank
from projects.imports.sheet_rows import SheetRows
from regions.imports.headings import plain

from .known import Known, Unclear
from .values import clean_text


class ContractorColumns:
    """Name, NPWP and NPP of contractors; the numbers tell those of one name apart."""

    def __init__(self, sheet: SheetRows, known: Known, *, today: datetime.date, blank_clears: bool) -> None:
        self._sheet, self._known = sheet, known
        self._today, self._blank_clears = today, blank_clears

    def read(self, cells: Sequence[Cell], said: dict[str, Any], result: RowResult) -> None:
        """Put into `said` whom the row names, or say what is wrong with the name and numbers."""
        name = clean_text(self._sheet.shown(cells, "contractor"), 10_000)
        npwp = self._npwp(cells, result)
        npp = self._npp(cells, result)
        found = self._known.npwps.get(npwp or "")
        if found is None and name and not npwp:
            same = self._known.contractors.get(plain(name), [])
            if len(same) > 1 and self._is_its_contractor(name, said, cells):
                return
            if len(same) > 1:
                template = _("Ada %(number)s penyedia bernama “%(name)s”. Tulis NPWP-nya.")
                self._sheet.say(
                    result, "contractor_ambiguous", template, "contractor", name, number=len(same), name=name
                )
                return
            found = same[0] if same else None
        if found is not None:
            said["contractor_name"], said["contractor_npwp"] = found.name, found.npwp or None
            said["contractor_npp"] = found.npp or None
        elif name:
            said["contractor_name"], said["contractor_npwp"] = name[:200], npwp
            said["contractor_npp"] = npp
        elif npwp or npp:
            template = _("Nama penyedia belum diisi.")
            self._sheet.say(result, "contractor_unnamed", template, "contractor")
        elif self._blank_clears and "contractor" in self._sheet.targets:
            said |= dict.fromkeys(("contractor_name", "contractor_npwp", "contractor_npp"))

    def _is_its_contractor(self, name: str, said: dict[str, Any], cells: Sequence[Cell]) -> bool:
        """Whether the project that the row means has a contractor of this name already."""
        try:
            known = self._known.project(said, self._sheet.shown(cells, "id"))
        except Unclear:
            return False
        stored_name = self._known.values[known]["contractor_name"] if known is not None else None
        return plain(stored_name or "") == plain(name)

    def _npwp(self, cells: Sequence[Cell], result: RowResult) -> str | None:
        cell = self._sheet.cell(cells, "npwp")
        if is_blank(cell):
            return None
        try:
            npwp = parse_npwp(cell, on=self._today)
        except BadValue as error:
            # The number may be a person's, so the message goes without it.
            self._sheet.refuse(result, error, "npwp", "")
            return None
        if npwp is None:
            return None
        if npwp.is_nik:
            template = _("NPWP ini NIK seseorang dan tidak disimpan; penyedianya dicatat tanpa NPWP.")
            self._sheet.say(result, "npwp_is_nik", template, "npwp", "", Severity.WARNING)
            return None
        for warning in npwp.warnings:
            self._sheet.say(result, warning, IDENTITY[warning], "npwp", "", Severity.WARNING)
        return npwp.digits

    def _npp(self, cells: Sequence[Cell], result: RowResult) -> str | None:
        cell = self._sheet.cell(cells, "npp")
        try:
            npp = parse_npp(cell)
        except BadValue as error:
            self._sheet.refuse(result, error, "npp", text_of(cell))
            return None
        return None if npp is None else npp.number
