"""Who may do what where, and the trace of what they did."""

from __future__ import annotations

import uuid
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .areas import Scope, of_codes
from .querysets import AreaGrantQuerySet, ChangeQuerySet

AREA_CODE = RegexValidator(r"^\d{2}(\.\d{2})?$", _("Tulis kode wilayah Kemendagri, misalnya 61 atau 61.04."))


class User(AbstractUser):
    """A person who signs in. What they may see follows from their grants, what they may do from groups."""

    class Meta(AbstractUser.Meta):
        verbose_name = _("pengguna")
        verbose_name_plural = _("pengguna")

    @cached_property
    def scope(self) -> Scope:
        """The areas granted and not yet expired, read once per request."""
        grants = self.grants.valid_on(timezone.localdate())
        return of_codes(grants.values_list("area_code", flat=True))

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.get_username()


class Role(models.TextChoices):
    VIEWER = "viewer", _("Pembaca")
    IMPORTER = "importer", _("Staf BPJS (impor)")
    EDITOR = "editor", _("Pengelola data")


class AreaGrant(models.Model):
    """One user's role in one area; of an agency only, where one is named."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("pengguna"))
    role = models.CharField(_("peran"), max_length=20, choices=Role)
    area_code = models.CharField(
        _("kode wilayah"),
        max_length=5,
        validators=[AREA_CODE],
        help_text=_("61 untuk seluruh provinsi, 61.04 untuk satu kabupaten/kota"),
    )
    agency_code = models.CharField(_("kode OPD"), max_length=40, blank=True)
    valid_until = models.DateField(_("berlaku sampai"), null=True, blank=True)

    objects = AreaGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("wilayah kerja")
        verbose_name_plural = _("wilayah kerja")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "area_code", "agency_code"], name="areagrant_once"
            ),
            models.CheckConstraint(
                condition=models.Q(area_code__regex=r"^\d{2}(\.\d{2})?$"),
                name="areagrant_area_code_form",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.area_code}"


class Change(models.Model):
    """One record before and after one action. All changes of an action share its id."""

    class Source(models.TextChoices):
        ADMIN = "admin", _("Halaman admin")
        PAGE = "page", _("Halaman portal")
        IMPORT = "import", _("Impor")
        UNDO = "undo", _("Pembatalan impor")
        COMMAND = "command", _("Perintah")

    action = models.UUIDField(_("tindakan"), default=uuid.uuid4, db_index=True)
    at = models.DateTimeField(_("waktu"), default=timezone.now, db_index=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("pengguna"))
    actor = models.CharField(_("nama pelaku"), max_length=150)
    source = models.CharField(_("melalui"), max_length=10, choices=Source.choices)
    model = models.CharField(_("jenis data"), max_length=60)
    object_id = models.CharField(_("id data"), max_length=60)
    summary = models.CharField(_("data"), max_length=200)
    before = models.JSONField(_("sebelum"), null=True)
    after = models.JSONField(_("sesudah"), null=True)
    reason = models.CharField(_("alasan"), max_length=300, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("perubahan")
        verbose_name_plural = _("riwayat perubahan")
        indexes: ClassVar = [
            models.Index(fields=["model", "object_id"], name="change_object"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(before__isnull=False) | models.Q(after__isnull=False),
                name="change_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.summary}"


class Generation(models.Model):
    """The data version of all figures: one row whose random value changes with each change of a figure.

    Whoever caches something made of figures reads the value *before* the figures.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="generation_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.value)
