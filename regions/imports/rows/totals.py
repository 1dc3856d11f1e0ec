"""The totals that a sheet states of itself, against the sums of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_noop as _

from coverage_portal.intake.kinds import Problem, Severity, Use

from .figure import Figure


class Totals:
    """Sums of the regencies' figures by column, and what rows of totals or of the whole province say."""

    def __init__(self) -> None:
        self.is_seen = False
        self.areas: set[str] = set()
        self._sums: dict[int, int] = {}
        self._incomplete: set[int] = set()
        self._stated: list[tuple[int, Mapping[int, int]]] = []
        self._whole: list[tuple[int, Mapping[int, int]]] = []

    def refused(self, uses: Iterable[Use]) -> None:
        """A row was refused, so the sums of these columns lack its figures."""
        self._incomplete.update(use.index for use in uses)

    def add(self, number: int, area: str, figures: Sequence[Figure]) -> None:
        """The figures of an area's row."""
        self.areas.add(area)
        values = {f.use.index: f.value for f in figures if isinstance(f.value, int)}
        if "." not in area:
            self._whole.append((number, values))
            return
        for index, value in values.items():
            self._sums[index] = self._sums.get(index, 0) + value

    def state(self, number: int, totals: Mapping[int, int]) -> None:
        """What a row of totals says, by column."""
        self.is_seen = True
        self._stated.append((number, totals))

    def problems(self, headings: Mapping[int, str], *, is_full: bool) -> list[Problem]:
        """Where they differ. With every regency listed, a row of the whole province is their sum too."""
        problems = []
        for number, totals in [*self._stated, *(self._whole if is_full else [])]:
            for index, stated in totals.items():
                own = self._sums.get(index)
                # With a row refused, its figures are missing from the sum and the row's error says enough.
                if own is not None and own != stated and index not in self._incomplete:
                    problems.append(_mismatch(number, headings[index], stated, own))
        return problems


def _mismatch(number: int, heading: str, stated: int, own: int) -> Problem:
    return Problem(
        "total_row_mismatch",
        _(
            "Baris jumlah menyebut %(stated)s untuk kolom “%(heading)s”, padahal "
            "jumlah barisnya %(own)s (selisih %(difference)s). Periksa kembali."
        ),
        {"stated": stated, "own": own, "difference": stated - own, "heading": heading},
        column=heading,
        value=str(stated),
        severity=Severity.WARNING,
        row=number,
    )


def segments_mismatch(heading: str, stated: int, own: int) -> Problem:
    """The warning on a row whose own total is not the sum of its segments."""
    return Problem(
        "total_mismatch",
        _("Total di berkas %(stated)s, padahal jumlah segmennya %(own)s. Segmen yang dipakai."),
        {"stated": stated, "own": own},
        heading,
        str(stated),
        Severity.WARNING,
    )
