"""Persons whose data are restricted or erased (UU 27/2022, articles 41 to 44)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Handled(models.TextChoices):
    RESTRICTED = "restricted", _("Dibatasi")
    ERASED = "erased", _("Dihapus")


class Handling(models.Model):
    """How one person's data are to be handled. Known by the sealed NIK, so that it outlives an undone import.

    Of an erased person the sealed number is the one that stands in for the NIK (`projects.erasing`). Who did
    it, when and why is in the history.
    """

    nik_sealed = models.BinaryField(_("NIK tersegel"), unique=True, max_length=64)
    # No foreign key: the undo of the import that brought the worker takes them away.
    worker_id = models.BigIntegerField(_("tenaga kerja"), db_index=True)
    state = models.CharField(_("keadaan"), max_length=10, choices=Handled)
    since = models.DateTimeField(_("sejak"), default=timezone.now)

    class Meta:
        verbose_name = _("penanganan data pribadi")
        verbose_name_plural = _("penanganan data pribadi")
        permissions: ClassVar = [
            ("answer_data_subject", "Can report, restrict and erase the data of a person")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=Handled.values), name="handling_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id}: {self.get_state_display()}"


class ErasureSalt(models.Model):
    """What the numbers of erased persons are made with: sixteen random digits, sealed as a NIK is.

    A new SEAL_KEY seals it anew like every NIK, so that the numbers stay the same.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    nik_sealed = models.BinaryField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="erasuresalt_one_row")]

    def __str__(self) -> str:
        return "salt"
