"""Who has something built, and who has to act."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regions.choices import AgencyKind
from regions.querysets import AgencyQuerySet

from .areas import Province, Regency

AGENCY_CODE = r"^[A-Za-z0-9][A-Za-z0-9._/-]*$"


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

    history_goes_along = ("projects.Letter",)

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

    def clean(self) -> None:
        """Its promises stay where it acts; the database refuses the rest too (`commitment_agency_acts`)."""
        super().clean()
        held = self.commitments.all() if self.pk else None
        if held is None or not self.area_code:
            return
        if held.exclude(regency__code__startswith=self.area_code).exists():
            raise ValidationError(
                _("Instansi ini memegang janji tindak lanjut di luar wilayah itu. Alihkan janji itu dahulu.")
            )

    @property
    def area_code(self) -> str:
        """The area it belongs to; blank where it belongs to none, as a ministry does."""
        code: str = self.regency_id or self.province_id or ""
        return code
