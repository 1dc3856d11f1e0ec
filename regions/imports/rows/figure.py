"""A figure of a row, why a row holds none, and what a value is refused with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from coverage_portal.intake.kinds import Problem, Use
from regions.models import Province, Regency

NOTE_REASON = _("baris catatan, judul bagian, atau tanda tangan")
TOTAL_REASON = _("baris jumlah; dipakai untuk memeriksa saja")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a row: the segment and period it is of, as keys hold them."""

    segment: str
    period: str
    value: Any
    use: Use


def area_names(province: str) -> dict[str, str]:
    """The names by which messages call a province's areas, by code."""
    names = {regency.code: regency.table_name for regency in Regency.objects.filter(province_id=province)}
    names[province] = Province.objects.get(code=province).name
    return names


class RowProblem(Exception):
    """A value that can be read and is not acceptable."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem
