"""Reading what was reported, counted and quoted of an area, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F

from coverage_portal.lib.numbers import rounded
from coverage_portal.lib.periods import Month
from regions import coverage
from regions.models import Province, QuotedFigure, Regency

from .open_data import Figures
from .overview import Source


@dataclass(frozen=True, slots=True)
class ReconciledLine:
    """One line of the page: `name` is the area or segment it is of, `used` what the portal shows of it.

    With `is_hidden` the reader may not be told what was reported and counted; `used` says so for itself.
    """

    name: str
    found: coverage.Reconciled
    used: coverage.Count
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A quoted figure beside the portal's own of its area, segment and month; None where it has none."""

    quote: QuotedFigure
    area: str
    portal: coverage.Count | None

    @property
    def portal_difference(self) -> Decimal | None:
        """Quoted minus the portal's own, in percentage points."""
        share = self.portal.percent if self.portal else None
        return None if share is None else self.quote.quoted_percent - share

    @property
    def is_portal_s_own(self) -> bool:
        """Whether the portal shows the same percentage, rounded as it is shown."""
        return self.portal is not None and rounded(self.portal_difference, 2) == 0


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All that the page of one area shows: the whole and its segments in a month, then its parts.

    `regencies` are a province's in the month, `months` a regency's own, the latest first.
    """

    area: Province | Regency
    month: Month | None
    months: tuple[Month, ...]
    lines: tuple[ReconciledLine, ...]
    regencies: tuple[ReconciledLine, ...]
    course: tuple[ReconciledLine, ...]
    quotes: tuple[QuoteLine, ...]
    sources: tuple[Source, ...]

    @property
    def is_province(self) -> bool:
        return isinstance(self.area, Province)

    @property
    def whole(self) -> ReconciledLine | None:
        return self.lines[0] if self.lines else None

    @property
    def quotes_off(self) -> int:
        return sum(line.quote.is_off for line in self.quotes)

    @property
    def hides(self) -> bool:
        return any(line.is_hidden for line in (*self.lines, *self.regencies, *self.course))


def reconciliation(area: Province | Regency, month: Month | None, user: Any) -> Reconciliation:
    """What is known of an area in a month (default: the latest complete one, else the latest), reconciled."""
    reading = _Reading(area, user)
    figures = reading.figures
    is_province = isinstance(area, Province)
    known = [m for m in figures.months if is_province or reading.knows(m)]
    month = month or figures.headline_month() or (known[-1] if known else None)
    lines: list[ReconciledLine] = []
    regencies: list[ReconciledLine] = []
    if month is not None:
        lines = [reading.line(area.code, str(area) if s is None else s, month, s) for s in reading.segments]
        if is_province:
            regencies = [reading.line(r.code, r.table_name, month, None) for r in figures.regencies]
    months = tuple(sorted({*known, *((month,) if month else ())}))
    course = () if is_province else (reading.line(area.code, str(m), m, None) for m in reversed(months))
    return Reconciliation(
        area=area,
        month=month,
        months=months,
        lines=tuple(lines),
        regencies=tuple(regencies),
        course=tuple(course),
        quotes=reading.quotes(user),
        sources=figures.sources(month) if month else (),
    )


class _Reading:
    """The stored cells of an area's province, with the portal's own figures made of them."""

    def __init__(self, area: Province | Regency, user: Any) -> None:
        self.area = area
        self.figures = Figures(area, user)
        self.segments = (None, *self.figures.segments)

    def knows(self, month: Month) -> bool:
        """Whether anything of the area itself is stored of a month."""
        return any(code == self.area.code for code, _segment in self.figures.register.stored(month))

    def line(self, code: str, name: str, month: Month, segment: str | None) -> ReconciledLine:
        register = self.figures.register
        stored = register.stored(month)
        segments = register.segments if segment is None else (segment,)
        codes = register.regencies if code == register.province else (code,)
        cells = [stored.get((c, s)) for c in codes for s in segments]
        # What is stored of a cell's own address is detail; of a sum's address it is an undetailed total.
        is_sum = segment is None or code == register.province
        total = stored.get((code, segment)) if is_sum else None
        found = coverage.reconciled(code, segment, month, cells, total.reported if total else None)
        used = register.count(code, month, segment)
        return ReconciledLine(name, found, used, is_hidden=not register.tells_all_of(month))

    def quotes(self, user: Any) -> tuple[QuoteLine, ...]:
        """The quoted figures of the area; of a province those of its regencies too."""
        rows = QuotedFigure.objects.visible_to(user).select_related("province", "regency")
        if isinstance(self.area, Province):
            rows = rows.within(self.area.code)
        else:
            rows = rows.filter(regency_id=self.area.code)
        rows = rows.defer("regency__boundary").order_by(F("published_on").desc(nulls_last=True), "pk")
        return tuple(QuoteLine(quote, _name(quote), self._portal(quote)) for quote in rows)

    def _portal(self, quote: QuotedFigure) -> coverage.Count | None:
        """The portal's own figure; none where it has none, or one that not everyone may be told."""
        if quote.month is None:
            return None
        count = self.figures.register.count(quote.area_code, quote.month, quote.segment or None)
        return count if count.is_whole else None


def _name(quote: QuotedFigure) -> str:
    return quote.regency.table_name if quote.regency else str(quote.province)
