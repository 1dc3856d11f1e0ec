"""Stock django-import-export: a ModelResource with the portal's checks as widgets.

It is treated kindly. It writes one table, not two. Areas and words are looked up in dicts, where its own
ForeignKeyWidget would query once a row. It imports once, where its admin imports twice, for the preview and
for the confirmation. NIKs are checked by the portal's own reader and stay readable.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from import_export import fields, resources, widgets
from import_export.formats import base_formats
from import_export.instance_loaders import CachedInstanceLoader

from benchmarks.import_enrollment import vocabulary
from benchmarks.import_enrollment.plain import PlainEnrollment
from benchmarks.import_enrollment.sheets import HEADINGS
from coverage_portal.lib.identity import NikReader


class NikWidget(widgets.CharWidget):  # type: ignore[misc]
    """Refuses what is no NIK, as the portal does."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = NikReader(datetime.date.today())

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        digits, problem, _warnings = self.reader.read(value)
        if problem is not None:
            raise ValueError(problem.code)
        return digits


class WordWidget(widgets.Widget):  # type: ignore[misc]
    """Takes the words of a fixed list, and blanks where they are allowed."""

    def __init__(self, words: Callable[[], dict[str, str]], *, blank: bool = False) -> None:
        super().__init__()
        self._read = words
        self._blanks: dict[str | None, str] = {"": "", None: ""} if blank else {}

    @cached_property
    def words(self) -> Mapping[str | None, str]:
        return self._blanks | self._read()

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        if value not in self.words:
            raise ValueError("unknown word")
        return self.words[value]


def _date() -> widgets.DateWidget:
    return widgets.DateWidget(format="%d/%m/%Y")


def _field(target: str, heading: str, widget: widgets.Widget) -> fields.Field:
    return fields.Field(attribute=target, column_name=HEADINGS[heading], widget=widget)


class StockResource(resources.ModelResource):  # type: ignore[misc]
    """Everything as it comes, but for the key: without one each import would double the table."""

    nik = _field("nik", "nik", NikWidget())
    name = _field("name", "name", widgets.CharWidget())
    sex = _field("sex", "sex", WordWidget(vocabulary.sexes, blank=True))
    birth_date = _field("birth_date", "birth_date", _date())
    kpj = _field("kpj", "kpj", widgets.CharWidget())
    segment = _field("segment", "segment", WordWidget(vocabulary.segments))
    regency_id = _field("regency_id", "regency", WordWidget(vocabulary.regencies))
    employer_npp = _field("employer_npp", "npp", widgets.CharWidget())
    occupation = _field("occupation", "occupation", WordWidget(vocabulary.occupations, blank=True))
    funding = _field("funding", "funding", WordWidget(vocabulary.funding, blank=True))
    start = _field("start", "start", _date())
    paid_through = _field("paid_through", "paid_through", _date())

    class Meta:
        model = PlainEnrollment
        exclude = ("id", "regency", "project")
        import_id_fields = ("nik", "segment", "employer_npp", "start")

    def before_import_row(self, row: Mapping[str, Any], **options: Any) -> None:
        """What the portal warns of: a NIK that says otherwise than the row. Here it is only looked for."""
        reader = self.fields["nik"].widget.reader
        digits, problem, _warnings = reader.read(row[HEADINGS["nik"]])
        if problem is None:
            birth = self.fields["birth_date"].clean(row)
            reader.disagreements(digits, birth_date=birth, sex=row[HEADINGS["sex"]] or None)


class TunedResource(StockResource):
    """As fast as its documentation knows how: rows in bulk, stored ones loaded at once, nothing compared.

    The loader takes one key only. The sheets name each person once, so the NIK will do.
    """

    class Meta:
        model = PlainEnrollment
        exclude = ("id", "regency", "project")
        import_id_fields = ("nik",)
        instance_loader_class = CachedInstanceLoader
        use_bulk = True
        batch_size = 2_000
        skip_diff = True
        report_skipped = False


def load(resource: type[StockResource], path: Path) -> int:
    """Read a sheet with the package's own format and import it; returns the rows imported."""
    if path.suffix == ".xlsx":
        dataset = base_formats.XLSX().create_dataset(path.read_bytes())
    else:
        text = path.read_text(encoding="utf-8-sig")
        dataset = base_formats.CSV().create_dataset(text, delimiter=";")
    result = resource().import_data(dataset, dry_run=False, raise_errors=True)
    return int(result.totals["new"])
