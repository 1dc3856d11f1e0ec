"""What BPJS Ketenagakerjaan has set for a project to pay, and what was paid."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.querysets import AssessmentRecordQuerySet, ProjectRecordQuerySet

from .contracts import Project, money_field, money_range


class Assessment(models.Model):
    """A penetapan iuran: what a project has to pay by BPJS's own figures.

    A later one takes the place of earlier ones, unless it is said to come on top of them.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, db_index=False, related_name="assessments", verbose_name=_("proyek")
    )
    number = models.CharField(_("nomor penetapan"), max_length=60)
    assessed_on = models.DateField(_("tanggal penetapan"))
    amount = money_field(_("jumlah iuran"))
    is_additional = models.BooleanField(
        _("tambahan"),
        default=False,
        help_text=_("Ditambahkan pada penetapan sebelumnya; tanpa ini, menggantikannya."),
    )
    note = models.CharField(_("catatan"), max_length=300, blank=True)

    history_by_visibility = True

    objects = ProjectRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("penetapan iuran")
        verbose_name_plural = _("penetapan iuran")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "number"],
                name="assessment_once",
                violation_error_message=_("Penetapan dengan nomor ini sudah ada di proyek itu."),
            ),
            models.CheckConstraint(condition=~Q(number=""), name="assessment_numbered"),
            money_range("amount", "assessment_amount_range"),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.assessed_on})"


class Instalment(models.Model):
    """A part of an assessment (termin) and the day by which it has to be paid."""

    assessment = models.ForeignKey(
        Assessment,
        models.PROTECT,
        db_index=False,
        related_name="instalments",
        verbose_name=_("penetapan iuran"),
    )
    number = models.PositiveSmallIntegerField(_("termin ke"), validators=[MinValueValidator(1)])
    due_on = models.DateField(_("jatuh tempo"))
    amount = money_field(_("jumlah"))

    history_by_visibility = True

    objects = AssessmentRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("termin")
        verbose_name_plural = _("termin")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "number"],
                name="instalment_once",
                violation_error_message=_("Termin ini sudah ada di penetapan itu."),
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="instalment_number_from_one"),
            money_range("amount", "instalment_amount_range"),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.due_on}"


class Payment(models.Model):
    """A contribution that a project has paid. The first one is what its workers count from.

    Written through `services.payments_of` only, so that the counted figures follow.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, db_index=False, related_name="payments", verbose_name=_("proyek")
    )
    assessment = models.ForeignKey(
        Assessment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("penetapan iuran"),
    )
    paid_on = models.DateField(_("tanggal bayar"))
    amount = money_field(_("jumlah dibayar"))
    reference = models.CharField(
        _("nomor bukti"),
        max_length=60,
        blank=True,
        help_text=_("Kode iuran atau nomor bukti bayar; membedakan dua pembayaran yang sama besar."),
    )
    source = models.CharField(_("sumber data"), max_length=200, blank=True)
    note = models.CharField(_("catatan"), max_length=300, blank=True)

    history_by_visibility = True

    objects = ProjectRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("pembayaran")
        verbose_name_plural = _("pembayaran")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "reference"],
                condition=~Q(reference=""),
                name="payment_reference_once",
                violation_error_message=_("Pembayaran dengan nomor bukti ini sudah ada di proyek itu."),
            ),
            models.UniqueConstraint(
                fields=["project", "paid_on", "amount"],
                condition=Q(reference=""),
                name="payment_once",
                violation_error_message=_(
                    "Pembayaran sebesar ini pada tanggal itu sudah ada. "
                    "Bila memang dua kali, isi nomor buktinya."
                ),
            ),
            money_range("amount", "payment_amount_range"),
        ]
        indexes: ClassVar = [models.Index(fields=["project", "paid_on"], name="payment_project_paid_on")]

    def __str__(self) -> str:
        return f"{self.paid_on} · {self.amount}"

    def clean(self) -> None:
        if self.paid_on is not None and self.paid_on > timezone.localdate():
            raise ValidationError({"paid_on": _("Tanggal bayar belum terjadi.")})
        if self.assessment is not None and self.assessment.project_id != self.project_id:
            raise ValidationError({"assessment": _("Penetapan ini milik proyek lain.")})
