"""Reading the rows of a project list: which project each is about, and what it says of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts.areas import Scope
from coverage_portal.intake.kinds import (
    Key,
    Layout,
    Options,
    Problem,
    Record,
    RowKind,
    RowResult,
    Severity,
)
from coverage_portal.intake.layout import text_of
from coverage_portal.lib.numbers import format_rupiah
from coverage_portal.lib.periods import parse_date
from coverage_portal.lib.spreadsheets import Cell
from coverage_portal.lib.values import BadValue, is_blank
from projects.imports.sheet_rows import SheetRows
from projects.imports.unacceptable import Unacceptable
from projects.models.contracts import DATE_ORDERS
from regions.imports.headings import is_total_row, plain
from regions.imports.rows import NOTE_REASON, TOTAL_REASON
from regions.models import Regency

from .contractors import ContractorColumns
from .known import Known, Unclear
from .places import find_regency, parts_of
from .tenders import TenderColumns
from .values import (
    DEFAULTS,
    READERS,
    YES,
    blank_values,
)

_REMARK = re.compile(r"(catatan|keterangan|ket\.|sumber|mengetahui)\b", re.IGNORECASE)
_NAMES = ("id", "package_code", "rup_code", "bpjs_number", "name")


class ProjectRows(SheetRows):
    """Rows of projects, one a row."""

    def __init__(self, layout: Layout, options: Options, scope: Scope, file_name: str) -> None:
        super().__init__(layout, options, file_name)
        self.scope = scope
        self.blank_clears = options.get("blank_clears") == "1"
        self.wanted = options.get("area", "")
        self.known = Known(scope)
        self.names = {r.code: r.table_name for r in Regency.objects.all()}
        self._tender = TenderColumns(self)
        self._contractor = ContractorColumns(
            self, self.known, today=timezone.localdate(), blank_clears=self.blank_clears
        )
        self._seen_codes: dict[str, int] = {}
        self._seen_numbers: dict[str, int] = {}
        self._last: int | None = None
        self._is_over = False
        self._packages = self._valued = 0
        self._total = Decimal(0)

    def row(self, number: int, cells: Sequence[Cell]) -> RowResult:
        name = self.shown(cells, "name")
        has_number = any(self.shown(cells, target) for target in _NAMES if target != "name")
        if not has_number and is_total_row(name):
            self._is_over = True
            return RowResult(RowKind.SKIPPED, reason=TOTAL_REASON)
        if not has_number and self._is_note(number, name, cells):
            return RowResult(RowKind.SKIPPED, reason=NOTE_REASON)
        self._last = number
        reason = self._tender.not_construction(cells)
        if reason:
            # A package it is, so a file of nothing else is not taken for an empty one.
            return RowResult(RowKind.DATA, reason=reason)
        result = RowResult(RowKind.DATA)
        said = self._said(cells, result)
        self._places(cells, said, result)
        self._agency(cells, said, result)
        if self._is_elsewhere(said, result):
            return RowResult(RowKind.DATA, reason=_("di luar wilayah yang dipilih"))
        self._contractor.read(cells, said, result)
        self._tender.read(cells, said, result)
        self._count(said)
        key, values = self._project(number, said, cells, result)
        if values is None:
            return result
        self._check(key, values, cells, result)
        area = self._area(values)
        if not self.scope.covers(area):
            self._out_of_scope(area, result)
        result.records.append(
            Record(
                key=key,
                values=values,
                label=" · ".join(
                    part for part in (values["package_code"] or values["bpjs_number"], values["name"]) if part
                ),
                area=area,
                extra=self._extra(cells, result),
            )
        )
        return result

    def _is_note(self, number: int, name: str, cells: Sequence[Cell]) -> bool:
        """Whether a row without a number is none of a project.

        A name alone is a project within the list, and a remark or a signature below it.
        """
        used = [use.index for use in self.targets.values()]
        filled = sum(1 for index in used if index < len(cells) and not is_blank(cells[index]))
        is_below = self._is_over or (self._last is not None and number > self._last + 1)
        return filled < 2 and (not name or is_below or bool(_REMARK.match(name)))

    def finish(self) -> list[Problem]:
        return [
            Problem(
                "projects_read",
                _(
                    "Proyek konstruksi di berkas ini: %(projects)s, %(valued)s dengan nilai kontrak, "
                    "berjumlah %(total)s."
                ),
                {
                    "projects": self._packages,
                    "valued": self._valued,
                    "total": format_rupiah(self._total, "id", 0 if self._total == int(self._total) else 2),
                },
                severity=Severity.NOTE,
            )
        ]

    # Cells.

    def _read(self, cells: Sequence[Cell], target: str, field: str, result: RowResult) -> Any:
        """What a cell says; None where it says nothing, or nothing that can be read."""
        cell = self.cell(cells, target)
        if cell is None:
            return None
        try:
            return READERS[field](cell, self.style)
        except BadValue as error:
            self.refuse(result, error, target, text_of(cell))
        except Unacceptable as error:
            if error.code == "zero" and self._tender.is_tender_list:
                # Where a tender has no contract yet, SPSE writes 0.
                template = _("Nilai kontrak 0 dibaca sebagai belum diketahui.")
                self.say(result, "zero_unknown", template, target, text_of(cell), Severity.WARNING)
                self._valued += field == "contract_value"
                return None
            self.refuse(result, error, target, text_of(cell))
        return None

    def _said(self, cells: Sequence[Cell], result: RowResult) -> dict[str, Any]:
        """The values that the row states; a blank cell states one only where blanks clear."""
        said: dict[str, Any] = {}
        for field in READERS:
            if field not in self.targets:
                continue
            before = len(result.problems)
            value = self._read(cells, field, field, result)
            if value is not None or (self.blank_clears and len(result.problems) == before):
                said[field] = DEFAULTS.get(field) if value is None else value
        if not said.get("package_code") and "rup_code" in self.targets:
            code = self._read(cells, "rup_code", "package_code", result)
            if code is not None:
                said["package_code"] = code
        return said

    def _extra(self, cells: Sequence[Cell], result: RowResult) -> dict[str, Any]:
        dated = self._read(cells, "data_date", "start", result) or self.options.get("data_date") or None
        return {"source": (self.shown(cells, "source") or self.source)[:200], "data_date": dated}

    def _count(self, said: dict[str, Any]) -> None:
        self._packages += 1
        if said.get("contract_value"):
            self._valued += 1
            self._total += Decimal(said["contract_value"])

    # Where it is and whose.

    def _places(self, cells: Sequence[Cell], said: dict[str, Any], result: RowResult) -> None:
        target = "regency" if "regency" in self.targets else "regency_code"
        text = self.cell(cells, target)
        parts = [] if is_blank(text) else parts_of(str(text))
        code = self.cell(cells, "regency_code") if len(parts) == 1 else None
        found = []
        for part in parts:
            place = find_regency(part, code, self.shown(cells, "province"), settings.HOME_PROVINCE)
            if isinstance(place, str) and "." not in place:
                template = _("“%(name)s” provinsi, bukan kabupaten/kota.")
                self.say(result, "not_a_regency", template, target, part, name=part)
            elif isinstance(place, str):
                found.append(place)
            else:
                problem = place.problem or "unknown_name"
                details: dict[str, Any] = dict(place.params)
                self.say(result, problem, place.template, target, part, **details)
        for place in found:
            if not self.scope.covers(place) and not self._is_filtered(place):
                self._out_of_scope(place, result)
        if found:
            said["regency"] = found[0]
            said["further"] = "; ".join(sorted(set(found[1:]) - {found[0]})) or None
        elif self.blank_clears and target in self.targets and not parts:
            said["regency"] = said["further"] = None

    def _agency(self, cells: Sequence[Cell], said: dict[str, Any], result: RowResult) -> None:
        for target in ("agency_code", "agency"):
            text = self.shown(cells, target)
            if not text:
                continue
            codes = {text} & self.known.agencies.keys() or self.known.agency_names.get(plain(text), set())
            if len(codes) == 1:
                said["agency"] = next(iter(codes))
                return
            template = (
                _("“%(name)s” dapat berarti %(codes)s. Tulis kodenya.")
                if codes
                else _("Instansi “%(name)s” belum tercatat. Tambahkan dahulu di halaman admin.")
            )
            code = "agency_ambiguous" if codes else "agency_unknown"
            params: dict[str, Any] = {"name": text, **({"codes": ", ".join(sorted(codes))} if codes else {})}
            self.say(result, code, template, target, text, **params)
            return
        if not {"agency", "agency_code"} & self.targets.keys():
            codes = self.known.agency_names.get(plain(said.get("owner") or ""), set())
            if len(codes) == 1:
                said["agency"] = next(iter(codes))
        elif self.blank_clears:
            said["agency"] = None

    def _is_filtered(self, place: str) -> bool:
        return bool(self.wanted) and not (place == self.wanted or place.startswith(f"{self.wanted}."))

    def _is_elsewhere(self, said: dict[str, Any], result: RowResult) -> bool:
        """Whether the file is to be read for one area, and the row is of none in it."""
        if not self.wanted or self._has_unreadable_place(said, result):
            return False
        places = [said.get("regency") or "", *(said.get("further") or "").split("; ")]
        if not any(places) and said.get("agency"):
            places = [self.known.agencies[said["agency"]].area_code]
        return all(not place or self._is_filtered(place) for place in places)

    def _has_unreadable_place(self, said: dict[str, Any], result: RowResult) -> bool:
        """Whether a place is named that is none anywhere: it may be a misspelt one of the area."""
        headings = {self.targets[t].heading for t in ("regency", "regency_code") if t in self.targets}
        return not said.get("regency") and any(
            p.column in headings and p.code != "other_province" for p in result.problems
        )

    def _out_of_scope(self, area: str, result: RowResult) -> None:
        if any(problem.code == "area_out_of_scope" for problem in result.problems):
            return
        if area == settings.HOME_PROVINCE:
            template = _(
                "Kabupaten/kota belum diisi; proyek tanpa itu hanya dapat diimpor untuk seluruh provinsi."
            )
            self.say(result, "area_out_of_scope", template, "regency")
            return
        template = _("%(area)s di luar wilayah kerja Anda. Hapus baris ini atau minta admin memberi akses.")
        self.say(result, "area_out_of_scope", template, "regency", area, area=self.names.get(area, area))

    def _area(self, values: dict[str, Any]) -> str:
        agency = self.known.agencies.get(values["agency"] or "")
        area: str = values["regency"] or (agency.area_code if agency else "") or settings.HOME_PROVINCE
        return area

    # Which project it is.

    def _project(
        self, number: int, said: dict[str, Any], cells: Sequence[Cell], result: RowResult
    ) -> tuple[Key, dict[str, Any] | None]:
        """The key of the row's project and its values as they would be; no values where it is unclear."""
        known = self._known_project(said, cells, result)
        if known is not None and known in self.known.outside:
            template = _("Proyek ini sudah tercatat di luar wilayah kerja Anda.")
            self.say(result, "area_out_of_scope", template, "package_code")
            return (), None
        if any(p.code in ("project_unclear", "project_unknown") for p in result.problems):
            return (), None
        values = {**(blank_values() if known is None else self.known.values[known]), **said}
        if not values["name"]:
            self.say(result, "name_missing", _("Nama proyek belum diisi."), "name")
            return (), None
        if known is not None:
            key: Key = ("id", str(known))
        elif values["package_code"]:
            key = ("code", values["package_code"])
        elif values["bpjs_number"]:
            key = ("number", values["bpjs_number"])
        else:
            parts = plain(values["name"]), values["regency"] or "", values["contract_number"] or ""
            key = ("name", *parts)
        for seen, field in ((self._seen_codes, "package_code"), (self._seen_numbers, "bpjs_number")):
            text = values[field]
            first = seen.setdefault(text, number) if text else number
            if first != number and key[0] not in ("code" if field == "package_code" else "number",):
                template = _("“%(text)s” juga ada di baris %(row)s. Sisakan satu baris saja.")
                self.say(result, "duplicate_number", template, field, text, text=text, row=first)
        return key, values

    def _known_project(self, said: dict[str, Any], cells: Sequence[Cell], result: RowResult) -> int | None:
        try:
            return self.known.project(said, self.shown(cells, "id"))
        except Unclear as error:
            self.say(result, error.code, error.template, error.target, **error.params)
        return None

    def _check(self, key: Key, values: dict[str, Any], cells: Sequence[Cell], result: RowResult) -> None:
        """Whether the values go together, those of the row with those that are stored."""
        for earlier, later, _name, template in DATE_ORDERS:
            if values[earlier] and values[later] and values[later] < values[earlier]:
                target = later if later in self.targets else earlier
                self.say(result, "dates_reversed", template, target, self.shown(cells, target))
        if values["wages"] and values["wages_known"] != YES:
            template = _("Jumlah upah terisi, tetapi komponen upah tidak diketahui.")
            self.say(result, "wages_not_known", template, "wages")
        if values["cancelled_on"] and values["cancelled"] != YES:
            template = _("Tanggal batal terisi, tetapi proyek tidak ditandai batal.")
            self.say(result, "cancelled_when", template, "cancelled_on")
        first = self.known.first_addendum.get(int(key[1])) if key[0] == "id" else None
        if first and values["spk_date"] and first < values["spk_date"]:
            template = _("Tanggal SPK sesudah adendum proyek ini (%(day)s).")
            shown = f"{parse_date(first):%d-%m-%Y}"
            self.say(result, "addendum_before_contract", template, "spk_date", day=shown)
