"""Areas and the figures kept of them. Percentages of coverage are never stored, only their parts."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from coverage_portal.lib.fields import MonthField

from . import coverage
from .choices import AgencyKind, Kind, Segment
from .querysets import AgencyQuerySet, AreaFigureQuerySet, ProvinceQuerySet, RegencyQuerySet

FIRST_YEAR, LAST_YEAR = 2000, 2100
YEAR_RANGE = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
MAX_PEOPLE = 300_000_000
PEOPLE_RANGE = [MaxValueValidator(MAX_PEOPLE)]
AGENCY_CODE = r"^[A-Za-z0-9][A-Za-z0-9._/-]*$"


class Province(models.Model):
    """A province, by its Kemendagri code (`61`)."""

    code = models.CharField(_("kode Kemendagri"), max_length=2, unique=True)
    bps_code = models.CharField(_("kode BPS"), max_length=2, blank=True)
    name = models.CharField(_("nama"), max_length=80)

    objects = ProvinceQuerySet.as_manager()

    class Meta:
        verbose_name = _("provinsi")
        verbose_name_plural = _("provinsi")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__regex=r"^\d{2}$"), name="province_code_form"),
        ]

    def __str__(self) -> str:
        return self.name


class Regency(models.Model):
    """A kabupaten or kota, by its Kemendagri code (`61.04`); the BPS code is a second, different key."""

    province = models.ForeignKey(
        Province, models.PROTECT, to_field="code", related_name="regencies", verbose_name=_("provinsi")
    )
    code = models.CharField(_("kode Kemendagri"), max_length=5, unique=True)
    bps_code = models.CharField(_("kode BPS"), max_length=4, blank=True)
    kind = models.CharField(_("jenis"), max_length=9, choices=Kind.choices)
    name = models.CharField(_("nama"), max_length=80)
    capital = models.CharField(_("ibu kota"), max_length=80, blank=True)
    short_name = models.CharField(_("singkatan"), max_length=4, blank=True)
    tile_row = models.PositiveSmallIntegerField(_("baris petak"), null=True, blank=True)
    tile_column = models.PositiveSmallIntegerField(_("kolom petak"), null=True, blank=True)
    boundary = models.JSONField(_("batas wilayah (geometri GeoJSON)"), null=True, blank=True, editable=False)

    objects = RegencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("kabupaten/kota")
        verbose_name_plural = _("kabupaten/kota")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__regex=r"^\d{2}\.\d{2}$"), name="regency_code_form"),
            models.CheckConstraint(
                condition=Q(province_id=Left("code", 2)), name="regency_code_within_province"
            ),
            models.UniqueConstraint(
                fields=["bps_code"], condition=~Q(bps_code=""), name="regency_bps_code_unique"
            ),
            models.UniqueConstraint(
                fields=["province", "tile_row", "tile_column"], name="regency_tile_unique"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="regency_kind_known"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    @property
    def table_name(self) -> str:
        """The name as tables show it: the kind only where the name alone would mislead."""
        return f"Kota {self.name}" if self.kind == Kind.KOTA else f"Kab. {self.name}"


class AreaFigure(models.Model):
    """A record of a province as a whole or of one regency: exactly one of the two."""

    province = models.ForeignKey(
        Province,
        models.PROTECT,
        to_field="code",
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("provinsi"),
        help_text=_("Isi provinsi atau kabupaten/kota, salah satu."),
    )
    regency = models.ForeignKey(
        Regency,
        models.PROTECT,
        to_field="code",
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kabupaten/kota"),
    )

    objects = AreaFigureQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(province__isnull=True) ^ Q(regency__isnull=True),
                name="%(class)s_one_area",
                violation_error_message=_("Isi provinsi atau kabupaten/kota, tepat salah satu."),
            ),
        ]

    @property
    def area_code(self) -> str:
        code: str = self.regency_id or self.province_id or ""
        return code


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


class Agency(models.Model):
    """Who has something built: an OPD, a village, an enterprise. `code` is what grants and sheets name."""

    code = models.CharField(
        _("kode instansi"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(AGENCY_CODE, _("Tulis huruf, angka, titik, garis, atau garis miring."))],
        help_text=_("Kode tetap yang dipakai di berkas impor dan wilayah kerja, misalnya 61.PUPR."),
    )
    name = models.CharField(_("nama"), max_length=200)
    kind = models.CharField(_("jenis"), max_length=10, choices=AgencyKind.choices)
    province = models.ForeignKey(
        Province,
        models.PROTECT,
        to_field="code",
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("provinsi"),
        help_text=_("Untuk OPD provinsi."),
    )
    regency = models.ForeignKey(
        Regency,
        models.PROTECT,
        to_field="code",
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kabupaten/kota"),
        help_text=_("Untuk OPD kabupaten/kota dan desa."),
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("instansi")
        verbose_name_plural = _("instansi")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "province", "regency"],
                nulls_distinct=False,
                name="agency_once",
                violation_error_message=_("Instansi dengan nama ini sudah ada di wilayah itu."),
            ),
            models.CheckConstraint(condition=Q(kind__in=AgencyKind.values), name="agency_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="agency_named"),
            models.CheckConstraint(condition=Q(code__regex=AGENCY_CODE), name="agency_code_form"),
            models.CheckConstraint(
                condition=Q(province__isnull=True) | Q(regency__isnull=True),
                name="agency_one_area",
                violation_error_message=_("Isi provinsi atau kabupaten/kota, salah satu saja."),
            ),
            models.CheckConstraint(
                condition=Q(province__isnull=False) | ~Q(kind=AgencyKind.PROVINCE),
                name="agency_of_province",
                violation_error_message=_("OPD provinsi harus disertai provinsinya."),
            ),
            models.CheckConstraint(
                condition=Q(regency__isnull=False) | ~Q(kind__in=[AgencyKind.REGENCY, AgencyKind.VILLAGE]),
                name="agency_of_regency",
                violation_error_message=_("OPD kabupaten/kota dan desa harus disertai kabupaten/kotanya."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def area_code(self) -> str:
        """The area it belongs to; blank where it belongs to none, as a ministry does."""
        code: str = self.regency_id or self.province_id or ""
        return code
