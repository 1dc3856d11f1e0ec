"""The letters that were printed: what each said, about which areas, and the sum of its file."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coverage_portal.accounts.models import User
from projects.querysets import LetterQuerySet
from regions.models import Agency


class Letter(models.Model):
    """A surat imbauan as it was printed. Its reference is the portal's own; the Nomor is the secretariat's.

    Numbers of a year run from 1 without a gap, and what a letter said never changes: triggers hold both.
    """

    year = models.PositiveSmallIntegerField(_("tahun"))
    number = models.PositiveIntegerField(_("nomor urut"))
    agency = models.ForeignKey(
        Agency,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("instansi"),
    )
    agency_name = models.CharField(_("nama instansi"), max_length=200)
    on = models.DateField(_("posisi per tanggal"))
    areas = ArrayField(models.CharField(max_length=5), verbose_name=_("wilayah"))
    projects = models.PositiveIntegerField(_("jumlah proyek"))
    content = models.JSONField(_("isi surat"))
    sha256 = models.CharField(_("sha256 berkas PDF"), max_length=64)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("pengguna"))
    actor = models.CharField(_("dicetak oleh"), max_length=150)
    printed_at = models.DateTimeField(_("dicetak pada"), default=timezone.now)

    derived_fields = ("content",)
    """The letter itself holds it; the history need not hold it again."""

    history_by_visibility = True

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("surat imbauan")
        verbose_name_plural = _("surat imbauan")
        default_permissions = ("view",)
        permissions: ClassVar = [("print_letter", _("Boleh mencetak surat imbauan"))]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "number"], name="letter_reference_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="letter_number_from_one"),
            models.CheckConstraint(condition=Q(projects__gte=1), name="letter_has_projects"),
            models.CheckConstraint(condition=Q(areas__len__gt=0), name="letter_has_areas"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="letter_sha256_form"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.agency_name}"

    @property
    def reference(self) -> str:
        """`PJK-2026-0001`"""
        return reference_of(self.year, self.number)


def reference_of(year: int, number: int) -> str:
    return f"PJK-{year}-{number:04d}"
