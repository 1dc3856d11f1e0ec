"""Days that are no working days, as decreed each year."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.choices import HolidayKind
from projects.querysets import HolidayQuerySet


class Holiday(models.Model):
    """A national holiday or a day of joint leave. A year without any has no list yet."""

    date = models.DateField(_("tanggal"), unique=True)
    name = models.CharField(_("nama"), max_length=120)
    kind = models.CharField(
        _("jenis"), max_length=12, choices=HolidayKind.choices, default=HolidayKind.NATIONAL
    )
    source = models.CharField(_("dasar"), max_length=200)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("hari libur")
        verbose_name_plural = _("hari libur")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=HolidayKind.values), name="holiday_kind_known"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(source=""), name="holiday_named"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
