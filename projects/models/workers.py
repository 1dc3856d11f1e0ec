"""Workers and the periods of their protection.

A worker's NIK is stored sealed only (AES-SIV); everything else about a person is kept to what matching and
counting need. Wages are not stored.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, GeneratedField, Q, Value
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coverage_portal.lib.fields import MonthField
from projects.choices import Funding, Occupation, Sex
from projects.persons import masked_period
from projects.querysets import EnrollmentQuerySet, WorkerQuerySet
from regions.choices import Segment
from regions.models import Regency

from .contracts import NPP_FORM, Project

KPJ_FORM = r"^\d{11}$"


class DayAfter(Func):
    """A date plus one day: the last day of a month gives the first of the next."""

    template = "(%(expressions)s + 1)"
    output_field = models.DateField()


def month_number(date: F | Func) -> models.expressions.CombinedExpression:
    """The month of a date as a whole number, year x 12 + month, so that months can be compared and added."""
    number: models.expressions.CombinedExpression = ExtractYear(date) * Value(12) + ExtractMonth(date)
    return number


class Worker(models.Model):
    """A person who is or was protected, known by the sealed NIK."""

    nik_sealed = models.BinaryField(_("NIK tersegel"), unique=True, max_length=64)
    nik_last4 = models.CharField(_("empat angka terakhir NIK"), max_length=4)
    name = models.CharField(_("nama"), max_length=120)
    sex = models.CharField(_("jenis kelamin"), max_length=1, choices=Sex.choices, blank=True)
    birth_date = models.DateField(_("tanggal lahir"), null=True, blank=True)
    kpj = models.CharField(
        _("nomor KPJ"),
        max_length=11,
        blank=True,
        validators=[RegexValidator(KPJ_FORM, _("Nomor KPJ terdiri atas 11 angka."))],
    )

    objects = WorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("tenaga kerja")
        verbose_name_plural = _("tenaga kerja")
        permissions: ClassVar = [("reveal_nik", "Can see whole NIKs")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(nik_last4__regex=r"^\d{4}$"), name="worker_last4_form"),
            models.CheckConstraint(condition=Q(kpj="") | Q(kpj__regex=KPJ_FORM), name="worker_kpj_form"),
            models.CheckConstraint(condition=Q(sex__in=["", *Sex.values]), name="worker_sex_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} · ************{self.nik_last4}"

    @property
    def history_summary(self) -> str:
        """By number: the history is never changed, and must not keep a name that was erased."""
        return f"#{self.pk}"


class Enrollment(models.Model):
    """One period of a worker's protection in one segment, for one employer or project.

    `paid_through` is the last day that contributions are paid for; unknown counts as paid and is labelled.
    The month numbers are what counting compares: an enrollment covers the end of a month from `first_month`
    on, up to `end_month` (None: open), as far as `paid_month` (None: unknown) allows.
    """

    # References are checked by statement-level triggers: a foreign key is checked row by row.
    # The unique key begins with the worker and serves as its index.
    worker = models.ForeignKey(
        Worker,
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="enrollments",
        verbose_name=_("tenaga kerja"),
    )
    segment = models.CharField(_("segmen"), max_length=5, choices=Segment.choices)
    regency = models.ForeignKey(
        Regency,
        models.PROTECT,
        to_field="code",
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("kabupaten/kota"),
    )
    employer_npp = models.CharField(_("NPP pemberi kerja"), max_length=8, blank=True)
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        blank=True,
        related_name="enrollments",
        verbose_name=_("proyek"),
    )
    occupation = models.CharField(
        _("kelompok pekerjaan"), max_length=15, choices=Occupation.choices, blank=True
    )
    funding = models.CharField(_("pembayar iuran"), max_length=10, choices=Funding.choices, blank=True)
    start = models.DateField(_("mulai"))
    end = models.DateField(_("berakhir"), null=True, blank=True)
    paid_through = models.DateField(_("iuran dibayar sampai"), null=True, blank=True)
    first_month = GeneratedField(
        expression=month_number(F("start")), output_field=models.IntegerField(), db_persist=True
    )
    end_month = GeneratedField(
        expression=month_number(DayAfter(F("end"))) - Value(1),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )
    paid_month = GeneratedField(
        expression=month_number(DayAfter(F("paid_through"))) - Value(1),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("data peserta")
        verbose_name_plural = _("data peserta")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["worker", "segment", "employer_npp", "project", "start"],
                nulls_distinct=False,
                name="enrollment_once",
            ),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="enrollment_end_after_start"),
            models.CheckConstraint(condition=Q(segment__in=Segment.values), name="enrollment_segment_known"),
            models.CheckConstraint(
                condition=Q(project__isnull=True) | Q(segment=Segment.JAKON),
                name="enrollment_project_is_jakon",
            ),
            models.CheckConstraint(
                condition=Q(employer_npp="") | Q(employer_npp__regex=NPP_FORM), name="enrollment_npp_form"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["regency", "segment"], name="enrollment_regency_segment"),
            models.Index(fields=["project"], condition=Q(project__isnull=False), name="enrollment_project"),
        ]

    def __str__(self) -> str:
        return f"{self.worker} · {self.segment} · {self.start}"

    @property
    def history_summary(self) -> str:
        """Without the person's name, which those who read the history need not know."""
        worker = self.worker
        return masked_period(worker.name, worker.nik_last4, self.segment, self.regency_id, self.start)


class CompleteList(models.Model):
    """A daftar lengkap: the file named everyone in a regency and segment at the end of a month."""

    regency = models.ForeignKey(
        Regency, models.PROTECT, to_field="code", related_name="+", verbose_name=_("kabupaten/kota")
    )
    segment = models.CharField(_("segmen"), max_length=5, choices=Segment.choices)
    month = MonthField(_("bulan"))

    class Meta:
        verbose_name = _("daftar lengkap")
        verbose_name_plural = _("daftar lengkap")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["regency", "segment", "month"], name="completelist_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="completelist_month_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.regency_id} {self.segment} {self.month}"


class CountingHorizon(models.Model):
    """The month up to which enrollments are counted: one row, moved by an import or a command only."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    counted_to = MonthField(_("dihitung sampai"))

    class Meta:
        verbose_name = _("batas hitungan")
        verbose_name_plural = _("batas hitungan")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="countinghorizon_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.counted_to)


class Lookup(models.Model):
    """A supervisor asked about one NIK: who, when, and how much was found. The NIK is kept sealed only."""

    at = models.DateTimeField(_("waktu"), default=timezone.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("pengguna")
    )
    actor = models.CharField(_("nama pelaku"), max_length=150)
    nik_sealed = models.BinaryField(_("NIK tersegel"), max_length=64)
    found = models.PositiveSmallIntegerField(_("perlindungan ditemukan"))

    class Meta:
        verbose_name = _("pemeriksaan tenaga kerja")
        verbose_name_plural = _("pemeriksaan tenaga kerja")
        permissions: ClassVar = [("look_up_worker", "Can look up a worker by NIK")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.found}"
