"""One uploaded file from receipt to applied rows and back, and what was staged of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from coverage_portal.lib.numbers import format_number
from coverage_portal.lib.periods import months_in_words
from coverage_portal.lib.spreadsheets import messages

from .choices import IN_WORK, Beyond, Outcome, Stage, State
from .querysets import ImportBatchQuerySet


class ImportBatch(models.Model):
    """The state is the truth; a queued task is only a wake-up to move it on."""

    State = State

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("jenis"), max_length=20)
    file_name = models.CharField(_("nama berkas"), max_length=150)
    size = models.PositiveBigIntegerField(_("ukuran (byte)"))
    sha256 = models.CharField(_("sidik berkas"), max_length=64, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diunggah oleh"),
    )
    created_at = models.DateTimeField(_("diunggah pada"), default=timezone.now, db_index=True)
    changed_at = models.DateTimeField(_("berubah pada"), auto_now=True)
    state = models.CharField(_("keadaan"), max_length=12, choices=State.choices, default=State.RECEIVED)
    options = models.JSONField(_("pilihan"), default=dict, blank=True)
    questions = models.JSONField(_("pertanyaan"), default=list, blank=True)
    found = models.JSONField(_("temuan pembacaan"), default=dict, blank=True)
    counts = models.JSONField(_("jumlah baris"), default=dict, blank=True)
    effects = models.JSONField(_("akibat"), default=list, blank=True)
    areas = ArrayField(models.CharField(max_length=5), verbose_name=_("wilayah"), default=list, blank=True)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("mengoreksi"),
    )
    preview = models.UUIDField(_("pratinjau"), null=True, blank=True)
    good_rows_only = models.BooleanField(_("hanya baris benar"), default=False)
    rows_done = models.PositiveIntegerField(_("baris dibaca"), default=0)
    rows_total = models.PositiveIntegerField(_("baris seluruhnya"), null=True, blank=True)
    stage = models.CharField(_("tahap"), max_length=12, choices=Stage.choices, blank=True)
    stage_since = models.DateTimeField(_("tahap sejak"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    woken_at = models.DateTimeField(_("pekerja dibangunkan pada"), null=True, blank=True)
    applied_at = models.DateTimeField(_("diterapkan pada"), null=True, blank=True)
    undone_at = models.DateTimeField(_("dibatalkan pada"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dibatalkan oleh"),
    )
    purged_at = models.DateTimeField(_("berkas dihapus pada"), null=True, blank=True)
    conflicts = models.JSONField(_("benturan pembatalan"), default=list, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("impor")
        verbose_name_plural = _("impor")
        permissions: ClassVar = [
            ("upload_file", "Can upload a file for import"),
            ("confirm_import", "Can confirm an import"),
            ("undo_import", "Can undo an import"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=False)
                | ~Q(state__in=["applied", "undo_asked", "undoing", "undone"]),
                name="importbatch_applied_has_time",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(state__in=["applied", "undo_asked", "undoing"]),
                name="importbatch_corrected_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.created_at:%Y-%m-%d %H:%M})"

    @property
    def uploader(self) -> str:
        return "sistem" if self.user is None else self.user.get_username()

    @property
    def conflict_labels(self) -> list[str]:
        """What an undo has found changed, with months in words."""
        language = get_language() or settings.LANGUAGE_CODE
        return [months_in_words(label, language) for label in self.conflicts]

    @property
    def is_in_work(self) -> bool:
        return self.state in IN_WORK


class StagedRow(models.Model):
    """One non-blank row below the heading, as it stands in the sheet, and what becomes of it."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "number"], name="stagedrow_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["batch", "outcome", "number"], name="stagedrow_outcome")]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"

    @property
    def reason_text(self) -> str:
        return gettext(self.reason) if self.reason else ""


class StagedRecord(models.Model):
    """One stored cell that applying would write: key, new values, and what the preview saw before.

    Of a bulk kind, one sample that the preview shows, in `after` and sealed.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="records")
    row_number = models.PositiveIntegerField()
    key = models.JSONField()
    label = models.CharField(max_length=200)
    area = models.CharField(max_length=5)
    before = models.JSONField(null=True)
    after = models.JSONField()
    extra = models.JSONField(default=dict)
    outcome = models.CharField(max_length=7, choices=[*Outcome.choices, *Beyond.choices])

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["batch", "outcome", "row_number"], name="stagedrecord_outcome")
        ]

    def __str__(self) -> str:
        return self.label


class Issue(models.Model):
    """Something said about a file or one of its rows, in a form that can be shown in either language."""

    class Severity(models.TextChoices):
        ERROR = "error", _("Kesalahan")
        WARNING = "warning", _("Peringatan")
        NOTE = "note", _("Catatan")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="issues")
    severity = models.CharField(max_length=7, choices=Severity.choices)
    row_number = models.PositiveIntegerField(null=True)
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200, blank=True)
    code = models.SlugField(max_length=40)
    template = models.TextField()
    params = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["batch", "severity", "row_number"], name="issue_severity")]

    def __str__(self) -> str:
        return self.message

    @property
    def message(self) -> str:
        """The sentence in the language of whoever reads it."""
        if self.template == messages.SENTENCES.get(self.code):
            return messages.sentence(self.code, self.params)
        language = get_language() or settings.LANGUAGE_CODE
        shown = {name: _shown(value, language) for name, value in self.params.items()}
        return gettext(self.template) % shown if self.template else ""


def _shown(value: object, language: str) -> object:
    """A number of persons with separators, a label's month in words; years and row numbers as they are."""
    if isinstance(value, int) and abs(value) >= 10_000:
        return format_number(value, language)
    return months_in_words(value, language) if isinstance(value, str) else value
