"""What was promised to close the gap: who answers for it, how many members, until when."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.choices import CommitmentStatus, Segment
from regions.querysets import CommitmentQuerySet

from .agencies import Agency
from .areas import Regency
from .figures import FIRST_YEAR, LAST_YEAR, MAX_PEOPLE

MAX_TEXT = 300
_FIRST_DAY, _LAST_DAY = datetime.date(FIRST_YEAR, 1, 1), datetime.date(LAST_YEAR, 12, 31)


class Commitment(models.Model):
    """A promise (*janji tindak lanjut*) in one regency. Whether it is overdue is derived, see `deadlines`.

    Status, date and note of closing go together: an open one has neither date nor note, a closed one both.
    """

    regency = models.ForeignKey(
        Regency, models.PROTECT, to_field="code", related_name="+", verbose_name=_("kabupaten/kota")
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        related_name="commitments",
        verbose_name=_("penanggung jawab"),
        help_text=_("OPD kabupaten/kota itu, OPD provinsinya, atau instansi tanpa wilayah."),
    )
    promise = models.CharField(_("yang dijanjikan"), max_length=MAX_TEXT)
    promised_members = models.PositiveIntegerField(
        _("peserta yang dijanjikan"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_PEOPLE)],
        help_text=_("Jumlah orang, misalnya 12.000. Boleh kosong."),
    )
    segment = models.CharField(
        _("segmen"),
        max_length=5,
        choices=Segment.choices,
        blank=True,
        help_text=_("Kosongkan bila janjinya untuk semua segmen."),
    )
    made_on = models.DateField(_("tanggal janji"))
    due_on = models.DateField(_("tenggat"))
    source = models.CharField(
        _("forum atau sumber"), max_length=200, help_text=_("Misalnya Rapat koordinasi 12 Agustus 2025.")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=CommitmentStatus.choices, default=CommitmentStatus.OPEN
    )
    closed_on = models.DateField(_("tanggal ditutup"), null=True, blank=True)
    closing_note = models.CharField(_("catatan penutupan"), max_length=MAX_TEXT, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("janji tindak lanjut")
        verbose_name_plural = _("janji tindak lanjut")
        indexes: ClassVar = [models.Index(fields=["regency", "status", "due_on"], name="commitment_urgency")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(promise__regex=r"\S"), name="commitment_says_something"),
            models.CheckConstraint(condition=Q(source__regex=r"\S"), name="commitment_has_source"),
            models.CheckConstraint(
                condition=Q(promised_members__isnull=True) | Q(promised_members__range=(1, MAX_PEOPLE)),
                name="commitment_members_range",
            ),
            models.CheckConstraint(
                condition=Q(segment__in=["", *Segment.values]), name="commitment_segment_known"
            ),
            models.CheckConstraint(
                condition=Q(made_on__gte=_FIRST_DAY, due_on__lte=_LAST_DAY),
                name="commitment_dates_range",
                violation_error_message=_(
                    "Tanggal janji atau tenggatnya tidak masuk akal. Periksa tahunnya."
                ),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("made_on")),
                name="commitment_due_after_made",
                violation_error_message=_("Tenggat tidak boleh sebelum tanggal janji."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=CommitmentStatus.values), name="commitment_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=CommitmentStatus.OPEN, closed_on__isnull=True, closing_note="")
                | (
                    ~Q(status=CommitmentStatus.OPEN)
                    & Q(closed_on__isnull=False)
                    & Q(closing_note__regex=r"\S")
                ),
                name="commitment_closed_whole",
                violation_error_message=_(
                    "Janji yang selesai atau batal harus disertai tanggal dan catatan penutupan; yang masih "
                    "berjalan tanpa keduanya."
                ),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("made_on")),
                name="commitment_closed_after_made",
                violation_error_message=_("Tanggal ditutup tidak boleh sebelum tanggal janji."),
            ),
        ]

    def __str__(self) -> str:
        return f"Janji {self.regency_id}: {self.promise}"

    @property
    def is_open(self) -> bool:
        return self.status == CommitmentStatus.OPEN

    def clean(self) -> None:
        """What no check of one row can say: who answers acts there, and nothing has happened tomorrow."""
        super().clean()
        today = timezone.localdate()
        problems: dict[str, str] = {}
        if self.agency_id and self.regency_id:
            acting = Agency.objects.acting_in(self.regency_id)
            if not acting.filter(pk=self.agency_id).exists():
                problems["agency"] = _(
                    "Instansi ini tidak bertugas di kabupaten/kota itu. Pilih OPD kabupaten/kota itu, OPD "
                    "provinsinya, atau instansi tanpa wilayah."
                )
        if self.made_on and self.made_on > today:
            problems["made_on"] = _("Tanggal janji belum terjadi.")
        if self.closed_on and self.closed_on > today:
            problems["closed_on"] = _("Tanggal ditutup belum terjadi.")
        if problems:
            raise ValidationError(problems)
