"""What persons have said of proposed matches between packages and registrations."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.querysets import RejectedMatchQuerySet

from .contracts import Project


class RejectedMatch(models.Model):
    """That a package and a registration are two projects, so that they are not proposed again.

    It says something about both, and goes with either of them.
    """

    package = models.ForeignKey(
        Project, models.CASCADE, db_index=False, related_name="+", verbose_name=_("paket")
    )
    registration = models.ForeignKey(
        Project, models.CASCADE, related_name="+", verbose_name=_("pendaftaran BPJS")
    )
    at = models.DateTimeField(_("waktu"), default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("pengguna")
    )
    actor = models.CharField(_("nama pelaku"), max_length=150)
    reason = models.CharField(_("alasan"), max_length=300, blank=True)

    history_by_visibility = True

    objects = RejectedMatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("bukan proyek yang sama")
        verbose_name_plural = _("bukan proyek yang sama")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "registration"], name="rejectedmatch_once"),
            models.CheckConstraint(condition=~Q(package=F("registration")), name="rejectedmatch_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.package_id} ≠ {self.registration_id}"
