"""Areas, and what every figure of an area has in common."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from regions.choices import Kind
from regions.querysets import AreaFigureQuerySet, ProvinceQuerySet, RegencyQuerySet


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
