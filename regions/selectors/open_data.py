"""Reading figures for other programs: the same counts as the pages show, and which of them stay hidden."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from coverage_portal.lib.periods import Month
from regions import coverage
from regions.models import Membership, Province, QuotedFigure, Regency, Target, Workforce

from .overview import Source, standing_of
from .registers import all_segments, coverage_register, province_of, register_for, targets_by_area


class Figures:
    """The figures of one province, read once, as one reader is told them."""

    def __init__(self, area: Province | Regency, user: Any) -> None:
        self.area = area
        self.province = province_of(area)
        self.regencies: Sequence[Regency] = tuple(
            Regency.objects.filter(province=self.province).defer("boundary").by_code()
        )
        register = coverage_register(self.province, self.regencies)
        self.register = register_for(user, area, register, whole=register)
        codes = [regency.code for regency in self.regencies]
        self._targets = targets_by_area(self.province, codes, self.register)

    @property
    def months(self) -> list[Month]:
        return self.register.months()

    @property
    def segments(self) -> tuple[str, ...]:
        """All segments: those that add up to the whole, then those that are shown beside it."""
        return all_segments(self.register)

    def headline_month(self) -> Month | None:
        """The latest month with complete data; of a province without one its latest at all."""
        if isinstance(self.area, Province):
            return self.register.headline_month()
        complete = (m for m in reversed(self.months) if self.register.count(self.area.code, m).complete)
        return next(complete, None)

    def standing(self, month: Month, segment: str | None) -> coverage.Standing:
        """The area's segment (None: all that count) in a month against its target."""
        code = self.area.code

        def count(at: Month) -> coverage.Count:
            return self.register.count(code, at, segment)

        return standing_of(count, self._targets[code], month)

    def standings(self, month: Month, segment: str | None = None) -> tuple[coverage.Standing, ...]:
        """Of the whole and then of each segment; of a single segment that alone."""
        wanted = (segment,) if segment else (None, *self.segments)
        return tuple(self.standing(month, each) for each in wanted)

    @property
    def codes(self) -> tuple[str, ...]:
        return (self.province.code, *(regency.code for regency in self.regencies))

    def sources(self, month: Month) -> tuple[Source, ...]:
        """What the reported figures of a month were taken from, and as of which day."""
        rows = Membership.objects.within(self.province.code)
        if isinstance(self.area, Regency):
            rows = Membership.objects.filter(regency_id=self.area.code)
        found = rows.filter(month=month, reported__isnull=False).values_list("source", "data_date").distinct()
        return tuple(Source(name, day) for name, day in found.order_by("source", "data_date"))


def visible_areas(user: Any) -> list[Province | Regency]:
    """The home province and its regencies, as far as the reader may see them."""
    regencies = Regency.objects.active().visible_to(user).select_related("province").defer("boundary")
    return [*Province.objects.active().visible_to(user), *regencies.by_code()]


def bps_code_of(area: Province | Regency) -> str:
    """The BPS code of an area; a province's is what those of its regencies begin with."""
    if area.bps_code or isinstance(area, Regency):
        return area.bps_code
    first = area.regencies.exclude(bps_code="").order_by("code").values_list("bps_code", flat=True).first()
    return (first or "")[:2]


def stored_targets(area: Province | Regency) -> dict[int, Target]:
    """The targets that apply to an area by year: its own, else its province's."""
    found = Target.objects.filter(province_id=province_of(area).code)
    own = Target.objects.filter(regency_id=area.code)
    return {target.year: target for target in (*found.order_by("year"), *own.order_by("year"))}


def stored_workforce(areas: Iterable[str]) -> list[Workforce]:
    """The potensi of these areas as it was received, undetailed totals beside the detail."""
    codes = list(areas)
    rows = Workforce.objects.filter(regency_id__in=codes) | Workforce.objects.filter(province_id__in=codes)
    return sorted(rows, key=lambda row: (row.area_code, row.year, row.segment or ""))


@dataclass(frozen=True, slots=True)
class Dated:
    """What the figures of one kind come from: their sources, and the latest day that they are of."""

    sources: tuple[str, ...]
    data_date: datetime.date | None


def provenance(area: Province | Regency) -> dict[str, Dated]:
    """Where the figures of an area come from, by model: for the metadata of its indicators."""
    found = {}
    for model in (Membership, Workforce, Target, QuotedFigure):
        rows: Any = model.objects.filter(regency_id=area.code)
        if isinstance(area, Province):
            rows = model.objects.within(area.code)
        named = "legal_basis" if model is Target else "source"
        sources = rows.order_by().values_list(named, flat=True).distinct()
        dated = model in (Membership, Workforce)
        latest = rows.aggregate(day=Max("data_date"))["day"] if dated else None
        found[model._meta.model_name or ""] = Dated(tuple(sorted(set(sources)))[:20], latest)
    return found
