"""What keeps a figure from being changed at the moment, why, and who can open it.

The database refuses what would change a closed month; this is the same rule for good messages, and further
locks that are only a matter of order: a month that waits for approval, or is past its deadline.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts.models import Change
from coverage_portal.lib.periods import Month, format_month, months_in_words
from regions import deadlines
from regions.choices import CLOSED_STATES, PeriodState, Segment
from regions.models import (
    AreaFigure,
    Membership,
    PeriodException,
    PeriodStatus,
    Province,
    PublishedCell,
    Regency,
    Target,
    Workforce,
)

MOST_NAMED = 4
"""Months that a sentence names; beyond that it says how many more there are."""


class Why(StrEnum):
    """Why a figure is locked."""

    APPROVED = "approved"
    LOCKED = "locked"
    WAITING = "waiting"
    LATE = "late"
    YEAR_USED = "year_used"


SENTENCES = {
    Why.APPROVED: _(
        "Bulan %(month)s %(area)s sudah ditutup dengan persetujuan, jadi datanya tidak dapat diubah. "
        "Yang dapat membukanya: pengguna dengan hak “memberi pengecualian” untuk wilayah itu, di halaman "
        "Kelengkapan."
    ),
    Why.LOCKED: _(
        "Bulan %(month)s %(area)s sudah disetujui dan dikunci, jadi datanya tidak dapat diubah. "
        "Yang dapat membukanya: pengguna dengan hak “memberi pengecualian” untuk wilayah itu, di halaman "
        "Kelengkapan."
    ),
    Why.WAITING: _(
        "Bulan %(month)s %(area)s sudah diajukan dan menunggu persetujuan, jadi datanya tidak dapat diubah. "
        "Yang dapat membukanya: penyetuju, dengan mengembalikannya ke draf di halaman Kelengkapan."
    ),
    Why.LATE: _(
        "Batas pengisian bulan %(month)s untuk %(area)s sudah lewat pada %(day)s. Yang dapat membukanya: "
        "pengguna dengan hak “memberi pengecualian” untuk wilayah itu, di halaman Kelengkapan."
    ),
    Why.YEAR_USED: _(
        "Angka tahun %(year)s %(area)s dipakai bulan yang sudah ditutup (%(months)s), jadi tidak dapat "
        "diubah. Yang dapat membukanya: pengguna dengan hak “memberi pengecualian” untuk bulan-bulan itu, "
        "di halaman Kelengkapan."
    ),
}

GUARDED: Mapping[type[AreaFigure], tuple[str, ...]] = {
    Membership: ("reported", "source", "data_date"),
    Workforce: ("people", "source", "data_date"),
    Target: ("percent", "legal_basis"),
}
"""What of a figure may not change while it is locked, beside what identifies it."""


@dataclass(frozen=True, slots=True)
class Lock:
    """Why a figure cannot be changed, as a sentence to be translated and what stands in its places."""

    why: Why
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return SENTENCES[self.why]

    def __str__(self) -> str:
        return months_in_words(gettext(self.template) % self.params, get_language() or settings.LANGUAGE_CODE)


@dataclass(frozen=True, slots=True)
class _Use:
    """The years that a closed month's published figure has used: of one segment, or of the whole."""

    regency: str
    month: Month
    segment: str | None
    workforce_year: int | None
    target_year: int | None
    target_is_own: bool


class Locks:
    """All locks of the home province at one moment: three queries, the last one only for years.

    Args:
        now: the moment; exceptions that have ended by then open nothing any more.
    """

    def __init__(self, now: datetime.datetime | None = None) -> None:
        self._now = now or timezone.now()
        self._today = timezone.localdate(self._now)
        province = Province.objects.get(code=settings.HOME_PROVINCE)
        self._names = {
            regency.code: regency.table_name
            for regency in Regency.objects.filter(province=province).defer("boundary")
        }
        self._regencies = tuple(self._names)
        self._names[province.code] = province.name
        self._states: dict[tuple[str, Month], PeriodState] = {
            (str(regency), month): PeriodState(state)
            for regency, month, state in PeriodStatus.objects.exclude(state=PeriodState.DRAFT).values_list(
                "regency_id", "month", "state"
            )
        }
        excepted = PeriodException.objects.valid_at(self._now).values_list("regency_id", "month")
        self._excepted = {(str(regency), month) for regency, month in excepted}

    def is_closed(self, regency: str, month: Month) -> bool:
        """Whether the month is closed, excepted or not."""
        return self._states.get((regency, month)) in CLOSED_STATES

    def membership(self, area: str, month: Month) -> Lock | None:
        """What locks the reported members of an area in a month."""
        if area in self._regencies:
            return self._of_month(area, month)
        found = [self._of_month(regency, month) for regency in self._regencies]
        if not found or not all(lock is not None and lock.why in _CLOSED for lock in found):
            return None
        return Lock(Why.APPROVED, self._places(area, month))

    def workforce(self, area: str, segment: str | None, year: int) -> Lock | None:
        """What locks the workforce of an area, segment (None: without detail) and year."""
        used = [
            use.month
            for use in self._uses
            if use.regency == area
            and use.workforce_year == year
            and (use.segment == segment or (use.segment is None and segment != Segment.PMI))
        ]
        return self._of_year(area, year, used)

    def target(self, area: str, year: int) -> Lock | None:
        """What locks the target of an area and year; the province's is used where a regency has none."""
        used = [
            use.month
            for use in self._uses
            if use.segment is None
            and use.target_year == year
            and (use.regency == area or (area == settings.HOME_PROVINCE and not use.target_is_own))
        ]
        return self._of_year(area, year, used)

    def on(self, figure: AreaFigure) -> Lock | None:
        """What locks a figure as it is; a cell without a reported figure is only counted, and free."""
        if isinstance(figure, Membership):
            if figure.reported is None or figure.month is None:
                return None
            return self.membership(figure.area_code, figure.month)
        if isinstance(figure, Workforce):
            return self.workforce(figure.area_code, figure.segment or None, figure.year)
        if isinstance(figure, Target):
            return self.target(figure.area_code, figure.year)
        return None

    def between(self, before: AreaFigure | None, after: AreaFigure | None) -> Lock | None:
        """What keeps a figure from being changed like that: no `before` adds it, no `after` deletes it."""
        if before is not None and after is not None:
            names = (*GUARDED.get(type(after), ()), *(f.attname for f in _identity(after)))
            if all(getattr(before, name) == getattr(after, name) for name in names):
                return None
        found = (self.on(side) for side in (before, after) if side is not None)
        return next((lock for lock in found if lock is not None), None)

    def _of_month(self, regency: str, month: Month) -> Lock | None:
        if (regency, month) in self._excepted:
            return None
        places = self._places(regency, month)
        match self._states.get((regency, month)):
            case PeriodState.APPROVED:
                return Lock(Why.APPROVED, places)
            case PeriodState.LOCKED:
                return Lock(Why.LOCKED, places)
            case PeriodState.SUBMITTED:
                return Lock(Why.WAITING, places)
            case _:
                pass
        deadline = deadlines.entry_deadline(month, settings.ENTRY_DEADLINE_DAY)
        if settings.ENTRY_LOCKS_LATE and deadline < self._today:
            return Lock(Why.LATE, {**places, "day": f"{deadline:%d-%m-%Y}"})
        return None

    def _places(self, area: str, month: Month) -> dict[str, str]:
        return {"area": self._names.get(area, area), "month": str(month)}

    @cached_property
    def _uses(self) -> tuple[_Use, ...]:
        rows = PublishedCell.objects.in_force().values_list(
            "release__regency_id",
            "release__month",
            "segment",
            "workforce_year",
            "target_year",
            "target_is_own",
        )
        uses = (_Use(str(row[0]), *row[1:]) for row in rows)
        return tuple(use for use in uses if (use.regency, use.month) not in self._excepted)

    def _of_year(self, area: str, year: int, used: Iterable[Month]) -> Lock | None:
        months = sorted(set(used))
        if not months:
            return None
        params = {"area": self._names.get(area, area), "year": str(year), "months": _listed(months)}
        return Lock(Why.YEAR_USED, params)


_CLOSED = (Why.APPROVED, Why.LOCKED)


def _identity(figure: AreaFigure) -> list[Any]:
    names = {"province", "regency", "segment", "month", "year"}
    return [f for f in figure._meta.concrete_fields if f.name in names]


def _listed(months: Sequence[Month]) -> str:
    named = ", ".join(str(month) for month in months[:MOST_NAMED])
    more = len(months) - MOST_NAMED
    return named if more <= 0 else f"{named}, +{more}"


def held_by_locks(changes: Sequence[Change]) -> dict[int, str]:
    """Which of the changes of figures cannot be given back now, by their ids, each with the sentence."""
    models = {model._meta.label_lower: model for model in GUARDED}
    guarded = [change for change in changes if change.model in models]
    if not guarded:
        return {}
    locks = Locks()
    found = {}
    for change in guarded:
        sides = (_figure(models[change.model], side) for side in (change.after, change.before))
        lock = locks.between(*sides)
        if lock is not None:
            found[change.pk] = str(lock)
    return found


def _figure(model: type[AreaFigure], values: Mapping[str, Any] | None) -> AreaFigure | None:
    if values is None:
        return None
    fields = {f.attname: f for f in model._meta.concrete_fields}
    return model(**{name: fields[name].to_python(value) for name, value in values.items() if name in fields})


def closed_lines(touched: Mapping[str, Iterable[str]]) -> list[str]:
    """The closed months among those touched, by regency: a line each, in the reader's language."""
    if not touched:
        return []
    language = get_language() or settings.LANGUAGE_CODE
    wanted = {area: set(months) for area, months in touched.items()}
    periods = (
        PeriodStatus.objects.closed()
        .filter(regency_id__in=wanted)
        .select_related("regency")
        .defer("regency__boundary")
        .order_by("regency_id", "month")
    )
    found: dict[str, list[str]] = {}
    for period in periods:
        if str(period.month) in wanted[str(period.regency_id)]:
            month = format_month(period.month, language)
            named = found.setdefault(period.regency.table_name, [])
            named.append(f"{month} ({period.get_state_display()})")
    return [f"{name}: {', '.join(months)}" for name, months in found.items()]
