"""Months that are closed: their states, what was published of them, and the exceptions from being closed."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coverage_portal.lib.fields import MonthField
from regions.choices import CLOSED_STATES, PeriodState, Segment
from regions.coverage import Basis, percent
from regions.querysets import PeriodQuerySet, PublishedCellQuerySet

from .areas import Regency

MAX_REASON = 300


def _regency() -> models.ForeignKey[Regency, Regency]:
    return models.ForeignKey(
        Regency, models.PROTECT, to_field="code", related_name="+", verbose_name=_("kabupaten/kota")
    )


def _user(name: str) -> models.ForeignKey[models.Model | None, models.Model | None]:
    """Who did it. A user who is deleted leaves what was done, and the history has their name."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=name,
    )


class Release(models.Model):
    """What was published of a regency's month: number 0 by its approval, then revisions with their reasons.

    Append-only, held by triggers: a published figure is not changed, another one is published after it.
    """

    regency = _regency()
    month = MonthField(_("bulan"))
    number = models.PositiveSmallIntegerField(_("nomor"))
    reason = models.CharField(_("alasan"), max_length=MAX_REASON, blank=True)
    user = _user(_("diterbitkan oleh"))
    actor = models.CharField(_("nama penerbit"), max_length=150)
    published_at = models.DateTimeField(_("waktu terbit"), default=timezone.now)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("terbitan")
        verbose_name_plural = _("terbitan")
        permissions: ClassVar = [("publish_revision", _("Dapat menerbitkan revisi angka bulan yang ditutup"))]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["regency", "month", "number"], name="release_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="release_month_first_day"),
            models.CheckConstraint(
                condition=Q(number=0) | Q(reason__regex=r"\S"),
                name="release_revision_has_reason",
                violation_error_message=_("Revisi harus disertai alasannya."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.regency_id} {self.month}: {self.name}"

    @property
    def name(self) -> str:
        """As pages call it."""
        if not self.number:
            return str(_("Terbitan pertama"))
        return str(_("Revisi %(number)d")) % {"number": self.number}


class PublishedCell(models.Model):
    """One published figure: a segment of a release, or without one the whole as its pages show it.

    Holds all that a page needs to show it: members against workforce and its year, where the members come
    from, the official total beside them. Of the whole also the target that applied, and if it was the
    regency's own. What was unknown then is null, and stays unknown.
    """

    release = models.ForeignKey(
        Release, models.PROTECT, related_name="cells", verbose_name=_("terbitan"), db_index=False
    )
    segment = models.CharField(_("segmen"), max_length=5, choices=Segment.choices, null=True, blank=True)  # noqa: DJ001
    members = models.PositiveIntegerField(_("peserta aktif"), null=True, blank=True)
    workforce = models.PositiveIntegerField(_("potensi"), null=True, blank=True)
    workforce_year = models.PositiveSmallIntegerField(_("tahun potensi"), null=True, blank=True)
    target_percent = models.DecimalField(
        _("target (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    target_year = models.PositiveSmallIntegerField(_("tahun target"), null=True, blank=True)
    target_is_own = models.BooleanField(_("target wilayah sendiri"), default=False)
    basis = models.CharField(
        _("dasar angka"), max_length=10, choices=[(basis.value, basis.value) for basis in Basis]
    )
    complete = models.BooleanField(_("lengkap"))
    official = models.PositiveIntegerField(_("angka resmi tanpa rincian"), null=True, blank=True)

    objects = PublishedCellQuerySet.as_manager()

    class Meta:
        verbose_name = _("angka terbit")
        verbose_name_plural = _("angka terbit")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release", "segment"], nulls_distinct=False, name="publishedcell_once"
            ),
            models.CheckConstraint(
                condition=Q(segment__isnull=True) | Q(segment__in=Segment.values),
                name="publishedcell_segment_known",
            ),
            models.CheckConstraint(
                condition=Q(basis__in=[basis.value for basis in Basis]), name="publishedcell_basis_known"
            ),
            models.CheckConstraint(
                condition=Q(workforce__isnull=True, workforce_year__isnull=True)
                | Q(workforce__isnull=False, workforce_year__isnull=False),
                name="publishedcell_workforce_has_year",
            ),
            models.CheckConstraint(
                condition=Q(target_percent__isnull=True, target_year__isnull=True)
                | Q(target_percent__isnull=False, target_year__isnull=False),
                name="publishedcell_target_has_year",
            ),
            models.CheckConstraint(
                condition=Q(complete=False) | Q(members__isnull=False), name="publishedcell_complete_known"
            ),
        ]

    is_hidden = False
    """Whether its reader may not be told the members: set on what was read, never stored."""

    def __str__(self) -> str:
        return f"{self.release} {self.segment or ''}".strip()

    def hide(self) -> None:
        """Take the members out of what was read. Published figures are never written again."""
        self.members = self.official = None
        self.is_hidden = True

    @property
    def percent(self) -> Decimal | None:
        """Coverage as it was published."""
        return percent(self.members, self.workforce)


class PeriodStatus(models.Model):
    """How far a regency's month has come. A month without a record is a draft.

    `release` is the one in force, from the approval on. Triggers hold that a closed month never opens again,
    and that its release only ever goes on to a later one of the same regency and month.
    """

    regency = _regency()
    month = MonthField(_("bulan"))
    state = models.CharField(
        _("keadaan"), max_length=10, choices=PeriodState.choices, default=PeriodState.DRAFT
    )
    submitted_at = models.DateTimeField(_("diajukan pada"), null=True, blank=True)
    submitted_by = _user(_("diajukan oleh"))
    approved_at = models.DateTimeField(_("disetujui pada"), null=True, blank=True)
    approved_by = _user(_("disetujui oleh"))
    locked_at = models.DateTimeField(_("dikunci pada"), null=True, blank=True)
    locked_by = _user(_("dikunci oleh"))
    release = models.OneToOneField(
        Release,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="status",
        verbose_name=_("terbitan yang berlaku"),
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("keadaan bulan")
        verbose_name_plural = _("keadaan bulan")
        permissions: ClassVar = [
            ("submit_period", _("Dapat mengajukan angka sebuah bulan")),
            ("approve_period", _("Dapat menyetujui dan menutup sebuah bulan")),
            ("lock_period", _("Dapat mengunci bulan yang sudah disetujui")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["regency", "month"], name="period_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="period_month_first_day"),
            models.CheckConstraint(condition=Q(state__in=PeriodState.values), name="period_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=CLOSED_STATES, release__isnull=False, approved_at__isnull=False)
                | (~Q(state__in=CLOSED_STATES) & Q(release__isnull=True, approved_at__isnull=True)),
                name="period_closed_is_published",
            ),
            models.CheckConstraint(
                condition=Q(state=PeriodState.DRAFT, submitted_at__isnull=True)
                | (~Q(state=PeriodState.DRAFT) & Q(submitted_at__isnull=False)),
                name="period_submitted_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state=PeriodState.LOCKED, locked_at__isnull=False)
                | (~Q(state=PeriodState.LOCKED) & Q(locked_at__isnull=True)),
                name="period_locked_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.regency_id} {self.month}: {self.get_state_display()}"

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED_STATES


class PeriodException(models.Model):
    """Leave to change what a closed month of a regency holds, until a moment. Its figure stays published.

    It always ends. One that has ended is kept as it was, held by a trigger.
    """

    regency = _regency()
    month = MonthField(_("bulan"))
    reason = models.CharField(_("alasan"), max_length=MAX_REASON)
    user = _user(_("diberikan oleh"))
    actor = models.CharField(_("nama pemberi"), max_length=150)
    granted_at = models.DateTimeField(_("diberikan pada"), default=timezone.now)
    valid_until = models.DateTimeField(_("berlaku sampai"))

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("pengecualian")
        verbose_name_plural = _("pengecualian")
        permissions: ClassVar = [
            ("grant_exception", _("Dapat memberi pengecualian untuk bulan yang ditutup"))
        ]
        indexes: ClassVar = [models.Index(fields=["regency", "month", "valid_until"], name="exception_valid")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(month__day=1), name="exception_month_first_day"),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="exception_has_reason"),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("granted_at")),
                name="exception_ends_later",
                violation_error_message=_("Pengecualian harus berakhir sesudah diberikan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.regency_id} {self.month} → {self.valid_until:%Y-%m-%d %H:%M}"
