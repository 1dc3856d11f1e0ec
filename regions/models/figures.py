"""The figures kept of areas. Percentages of coverage are never stored, only their parts."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coverage_portal.lib.fields import MonthField
from regions import coverage
from regions.choices import Segment

from .areas import AreaFigure

FIRST_YEAR, LAST_YEAR = 2000, 2100
YEAR_RANGE = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
MAX_PEOPLE = 300_000_000
PEOPLE_RANGE = [MaxValueValidator(MAX_PEOPLE)]


def _segment_field() -> models.CharField[str | None]:
    # Null and not "": a total without detail has no segment, and NULLS NOT DISTINCT keeps it unique.
    return models.CharField(_("segmen"), max_length=5, choices=Segment.choices, null=True, blank=True)


def _segment_known(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(segment__isnull=True) | Q(segment__in=Segment.values), name=name
    )


class Workforce(AreaFigure):
    """Potensi tenaga kerja: who could be a member, of one area, segment and year. Never derived.

    Without a segment it is a total that came without detail ("belum dirinci").
    """

    segment = _segment_field()
    year = models.PositiveSmallIntegerField(_("tahun"), validators=YEAR_RANGE)
    people = models.PositiveIntegerField(_("jumlah orang"), validators=PEOPLE_RANGE)
    source = models.CharField(_("sumber"), max_length=200)
    data_date = models.DateField(_("tanggal data"), null=True, blank=True)

    class Meta(AreaFigure.Meta):
        verbose_name = _("potensi tenaga kerja")
        verbose_name_plural = _("potensi tenaga kerja")
        constraints: ClassVar = [
            *AreaFigure.Meta.constraints,
            models.UniqueConstraint(
                fields=["province", "regency", "segment", "year"],
                nulls_distinct=False,
                name="workforce_once",
                violation_error_message=_("Potensi untuk wilayah, segmen, dan tahun ini sudah ada."),
            ),
            _segment_known("workforce_segment_known"),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="workforce_year_range"
            ),
            models.CheckConstraint(condition=Q(people__lte=MAX_PEOPLE), name="workforce_people_range"),
        ]

    def __str__(self) -> str:
        return f"Potensi {self.area_code} {self.segment or 'semua segmen'} {self.year}"


class Membership(AreaFigure):
    """Peserta aktif at a month's end: `reported` by the official recap, `counted` from enrollments.

    `counted` stands in for `reported` only where a complete list covers the cell. Without a segment, or of
    a province, it is an official total that came without detail.
    """

    segment = _segment_field()
    month = MonthField(_("bulan"))
    reported = models.PositiveIntegerField(
        _("peserta aktif (laporan)"), null=True, blank=True, validators=PEOPLE_RANGE
    )
    counted = models.PositiveIntegerField(
        _("peserta aktif (hitungan)"), null=True, blank=True, editable=False
    )
    complete_list = models.BooleanField(_("daftar lengkap"), default=False, editable=False)
    source = models.CharField(_("sumber"), max_length=200)
    data_date = models.DateField(_("tanggal data"), null=True, blank=True)

    class Meta(AreaFigure.Meta):
        verbose_name = _("peserta aktif")
        verbose_name_plural = _("peserta aktif")
        constraints: ClassVar = [
            *AreaFigure.Meta.constraints,
            models.UniqueConstraint(
                fields=["province", "regency", "segment", "month"],
                nulls_distinct=False,
                name="membership_once",
                violation_error_message=_("Data peserta untuk wilayah, segmen, dan bulan ini sudah ada."),
            ),
            _segment_known("membership_segment_known"),
            models.CheckConstraint(condition=Q(month__day=1), name="membership_month_first_day"),
            models.CheckConstraint(
                condition=Q(reported__isnull=True) | Q(reported__lte=MAX_PEOPLE),
                name="membership_reported_range",
            ),
            models.CheckConstraint(
                condition=Q(counted__isnull=True, complete_list=False)
                | Q(regency__isnull=False, segment__isnull=False),
                name="membership_counted_has_detail",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["month"], name="membership_month")]

    def __str__(self) -> str:
        return f"Peserta {self.area_code} {self.segment or 'semua segmen'} {self.month}"


class Target(AreaFigure):
    """The coverage that an area must reach by the end of a year; a regency's own overrides the province's."""

    year = models.PositiveSmallIntegerField(_("tahun"), validators=YEAR_RANGE)
    percent = models.DecimalField(
        _("target (%)"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(100)],
    )
    legal_basis = models.CharField(_("dasar hukum"), max_length=300)

    class Meta(AreaFigure.Meta):
        verbose_name = _("target")
        verbose_name_plural = _("target")
        constraints: ClassVar = [
            *AreaFigure.Meta.constraints,
            models.UniqueConstraint(
                fields=["province", "regency", "year"],
                nulls_distinct=False,
                name="target_once",
                violation_error_message=_("Target untuk wilayah dan tahun ini sudah ada."),
            ),
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="target_percent_range"),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="target_year_range"
            ),
        ]

    def __str__(self) -> str:
        return f"Target {self.area_code} {self.year}: {self.percent} %"


class Baseline(AreaFigure):
    """Where an area's path to its targets starts: coverage in percent in one month, as published."""

    month = MonthField(_("bulan"))
    percent = models.DecimalField(
        _("cakupan awal (%)"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    source = models.CharField(_("sumber"), max_length=300)

    class Meta(AreaFigure.Meta):
        verbose_name = _("titik awal")
        verbose_name_plural = _("titik awal")
        constraints: ClassVar = [
            *AreaFigure.Meta.constraints,
            models.UniqueConstraint(
                fields=["province", "regency"],
                nulls_distinct=False,
                name="baseline_once",
                violation_error_message=_("Titik awal wilayah ini sudah ada."),
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="baseline_percent_range"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="baseline_month_first_day"),
        ]

    def __str__(self) -> str:
        return f"Titik awal {self.area_code} {self.month}: {self.percent} %"


class QuotedFigure(AreaFigure):
    """A percentage as it was quoted, beside the counts it was quoted with."""

    segment = _segment_field()
    month = MonthField(_("bulan data"), null=True, blank=True)
    quoted_percent = models.DecimalField(_("persentase dikutip"), max_digits=6, decimal_places=2)
    numerator = models.PositiveIntegerField(_("peserta menurut kutipan"), null=True, blank=True)
    denominator = models.PositiveIntegerField(_("potensi menurut kutipan"), null=True, blank=True)
    source = models.CharField(_("sumber"), max_length=300)
    published_on = models.DateField(_("tanggal terbit"), null=True, blank=True)
    note = models.TextField(_("catatan"), blank=True)

    class Meta(AreaFigure.Meta):
        verbose_name = _("angka kutipan")
        verbose_name_plural = _("angka kutipan")
        constraints: ClassVar = [
            *AreaFigure.Meta.constraints,
            _segment_known("quotedfigure_segment_known"),
            models.CheckConstraint(
                condition=Q(quoted_percent__gte=0), name="quotedfigure_percent_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quoted_percent} % ({self.source})"

    @property
    def own_percent(self) -> Decimal | None:
        """What the quoted counts give themselves."""
        return coverage.percent(self.numerator, self.denominator)

    @property
    def difference(self) -> Decimal | None:
        return coverage.quote_difference(self.numerator, self.denominator, self.quoted_percent)

    @property
    def is_off(self) -> bool:
        return coverage.is_quote_off(self.difference)
