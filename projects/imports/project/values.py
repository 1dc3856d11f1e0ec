"""The stored values of projects as an import compares them, and how cells become such values.

Values are JSON: dates and amounts as text, yes and no as `ya` and `tidak`, what is not known as None. A
contractor is its name and numbers, so that a row can name one that is not stored yet.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from coverage_portal.lib.numbers import Style, parse_count, parse_money, parse_percent
from coverage_portal.lib.periods import parse_date
from coverage_portal.lib.spreadsheets import Cell
from coverage_portal.lib.values import BadValue, tidy
from projects.choices import FundSource, Work
from projects.imports.unacceptable import Unacceptable
from projects.models import Project
from projects.models.contracts import MAX_WORKERS, MOST_MONEY
from regions.imports.headings import plain
from regions.models import FIRST_YEAR, LAST_YEAR

YES, NO = "ya", "tidak"
TEXTS = {
    name: int(Project._meta.get_field(name).max_length or 0)  # type: ignore[union-attr]
    for name in ("name", "package_code", "owner", "ppk", "district", "contract_number", "bpjs_number")
}
"""The text fields and how long they may be."""
DATES = (
    "spk_date",
    "start",
    "end",
    "maintenance_end",
    "registered_on",
    "certified_on",
    "cover_end",
    "cancelled_on",
)
MONEY = ("contract_value", "contribution_base", "wages")
FLAGS = ("vat_included", "wages_known", "has_maintenance", "cancelled")
FIELDS = (*TEXTS, *DATES, *MONEY, *FLAGS, "vat_rate", "fund_source", "work", "budget_year", "planned_workers")
"""The fields that a value is stored in as it is; beside them stand agency, contractor and places."""
DEFAULTS = {"has_maintenance": YES, "cancelled": NO}
"""What a project is taken for where nothing is said."""
CENT = Decimal("0.01")

_FUND_SOURCES = {
    "apbn": FundSource.STATE,
    "apbd": FundSource.REGION,
    "apbd belum dirinci": FundSource.REGION,
    "apbd provinsi": FundSource.PROVINCE,
    "apbd prov": FundSource.PROVINCE,
    "apbd i": FundSource.PROVINCE,
    "apbd kabupaten kota": FundSource.REGENCY,
    "apbd kabupaten": FundSource.REGENCY,
    "apbd kota": FundSource.REGENCY,
    "apbd kab kota": FundSource.REGENCY,
    "apbd kab": FundSource.REGENCY,
    "apbd ii": FundSource.REGENCY,
    "bumn bumd": FundSource.ENTERPRISE,
    "bumn": FundSource.ENTERPRISE,
    "bumd": FundSource.ENTERPRISE,
    "apbdes": FundSource.VILLAGE,
    "dana desa": FundSource.VILLAGE,
    "swasta": FundSource.PRIVATE,
    "lainnya": FundSource.OTHER,
    "pnbp": FundSource.OTHER,
    "blu": FundSource.OTHER,
    "blud": FundSource.OTHER,
    "phln": FundSource.OTHER,
    "hibah": FundSource.OTHER,
}
_WORKS = {
    "perencanaan": Work.PLANNING,
    "konsultan perencana": Work.PLANNING,
    "pelaksanaan": Work.EXECUTION,
    "pekerjaan konstruksi": Work.EXECUTION,
    "fisik": Work.EXECUTION,
    "pengawasan": Work.SUPERVISION,
    "konsultan pengawas": Work.SUPERVISION,
}
_ANSWERS = {"ya": YES, "y": YES, "yes": YES, "tidak": NO, "t": NO, "no": NO, "n": NO, "belum": NO}


def clean_text(cell: Cell, longest: int) -> str | None:
    """A cell as one line of text; what pandas and databases write for nothing is nothing."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime.datetime | datetime.date):
        cell = cell.isoformat()
    text = tidy(str(cell))
    if text.strip("-–— ") == "" or text in ("nan", "NaN", "None", "NULL"):
        return None
    if len(text) > longest:
        template = _("Teks terlalu panjang; paling banyak %(longest)s karakter.")
        raise Unacceptable("too_long", template, longest=longest)
    return text


def _text_of(longest: int) -> Callable[[Cell, Style], str | None]:
    return lambda cell, _style: clean_text(cell, longest)


def money(cell: Cell, style: Style) -> str | None:
    """An amount as stored values have it.

    Raises:
        Unacceptable: it is 0, negative, or more than 10^15.
    """
    amount = parse_money(cell, style=style)
    if amount is None:
        return None
    if amount <= 0:
        template = _("Nilai harus lebih dari 0. Kosongkan bila belum diketahui.")
        raise Unacceptable("negative" if amount < 0 else "zero", template)
    if amount > MOST_MONEY:
        raise BadValue("too_big")
    return str(amount.quantize(CENT))


def day(cell: Cell, _style: Style) -> str | None:
    found = parse_date(cell)
    return None if found is None else found.isoformat()


def flag(cell: Cell, _style: Style) -> str | None:
    if isinstance(cell, bool):
        return YES if cell else NO
    text = clean_text(cell, 200)
    if text is None:
        return None
    answer = _ANSWERS.get(plain(text))
    if answer is None:
        raise Unacceptable("not_yes_or_no", _("Tulis ya atau tidak."))
    return answer


def rate(cell: Cell, style: Style) -> str | None:
    found = parse_percent(cell, style=style)
    if found is None:
        return None
    if not 0 <= found <= 100:
        raise Unacceptable("rate_out_of_range", _("Tarif harus antara 0 dan 100 persen."))
    return str(found.quantize(CENT))


def _chosen(
    choices: Mapping[str, TextChoices], code: str, template: str
) -> Callable[[Cell, Style], str | None]:
    """Reads a word as one of some choices; what it refuses it answers with the words of the template."""

    def read(cell: Cell, _style: Style) -> str | None:
        text = clean_text(cell, 200)
        if text is None:
            return None
        found = choices.get(plain(text))
        if found is None:
            with override("id"):
                known = ", ".join(dict.fromkeys(str(choice.label) for choice in choices.values()))
            raise Unacceptable(code, template, known=known)
        return str(found)

    return read


def year(cell: Cell, _style: Style) -> str | None:
    found = parse_count(cell)
    if found is None:
        return None
    if not FIRST_YEAR <= found <= LAST_YEAR:
        raise Unacceptable("year_out_of_range", _("Tahun harus antara 2000 dan 2100."))
    return str(found)


def workers(cell: Cell, style: Style) -> int | None:
    found = parse_count(cell, style=style)
    if found is not None and not 1 <= found <= MAX_WORKERS:
        raise Unacceptable("workers_out_of_range", _("Jumlah tenaga kerja harus 1 sampai 1.000.000."))
    return found


READERS: dict[str, Callable[[Cell, Style], Any]] = {
    **{name: _text_of(longest) for name, longest in TEXTS.items()},
    **dict.fromkeys(DATES, day),
    **dict.fromkeys(MONEY, money),
    **dict.fromkeys(FLAGS, flag),
    "vat_rate": rate,
    "budget_year": year,
    "planned_workers": workers,
    "fund_source": _chosen(
        _FUND_SOURCES, "fund_source_unknown", _("Sumber dana tidak dikenal. Pilihannya: %(known)s.")
    ),
    "work": _chosen(_WORKS, "work_unknown", _("Jenis pekerjaan tidak dikenal. Pilihannya: %(known)s.")),
}
"""How the cells of each field are read. They raise BadValue or Unacceptable."""


def values_of(project: Project) -> dict[str, Any]:
    """A stored project as values. Its agency, contractor and further regencies are to be loaded with it."""
    values: dict[str, Any] = {name: _jsonable(name, getattr(project, name)) for name in FIELDS}
    values["agency"] = project.agency.code if project.agency else None
    contractor = project.contractor
    for name in ("name", "npwp", "npp"):
        values[f"contractor_{name}"] = (getattr(contractor, name) or None) if contractor else None
    values["regency"] = project.regency_id
    values["further"] = "; ".join(sorted(other.regency_id for other in project.further.all())) or None
    return values


def blank_values() -> dict[str, Any]:
    """The values of a project of which nothing is known."""
    names = (*FIELDS, "agency", "contractor_name", "contractor_npwp", "contractor_npp", "regency", "further")
    return {**dict.fromkeys(names), **DEFAULTS}


def set_values(project: Project, values: Mapping[str, Any]) -> None:
    """Put values into a project's own fields."""
    for name in FIELDS:
        value = values[name]
        if name in FLAGS and value is not None:
            value = value == YES
        field: Any = Project._meta.get_field(name)
        setattr(project, name, "" if value is None and not field.null else field.to_python(value))
    project.regency_id = values["regency"]


def further_of(values: Mapping[str, Any]) -> set[str]:
    """The further regencies of a project."""
    return set((values["further"] or "").split("; ")) - {""}


def stored(projects: Any) -> Iterable[Project]:
    """Projects with all that `values_of` reads."""
    found: Iterable[Project] = projects.select_related("agency", "contractor").prefetch_related("further")
    return found


def _jsonable(name: str, value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return YES if value else NO
    if name == "planned_workers":
        return value
    return str(value)
