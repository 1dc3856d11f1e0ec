"""Who may do what where, and the trace of what they did."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth import load_backend
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from . import roles
from .areas import Scope
from .querysets import AreaGrantQuerySet, ChangeQuerySet, EventQuerySet

BACKEND = "coverage_portal.accounts.backends.RoleBackend"
AREA_CODE = RegexValidator(r"^\d{2}(\.\d{2})?$", _("Tulis kode wilayah Kemendagri, misalnya 61 atau 61.04."))


def new_stamp() -> str:
    return secrets.token_hex(16)


class User(AbstractUser):
    """A person who signs in. What they may do and see, and where, follows from their grants.

    A session is good for the `session_stamp` it was begun with: a new one ends all sessions of the user.
    """

    session_stamp = models.CharField(max_length=32, default=new_stamp, editable=False)
    history_goes_along = ("accounts.AreaGrant",)

    class Meta(AbstractUser.Meta):
        verbose_name = _("pengguna")
        verbose_name_plural = _("pengguna")

    @cached_property
    def held(self) -> tuple[tuple[str, str, str], ...]:
        """Role, area and agency of each grant that is valid today, read once per request."""
        grants = self.grants.valid_on(timezone.localdate())
        return tuple(grants.values_list("role", "area_code", "agency_code"))

    @cached_property
    def scope(self) -> Scope:
        """The areas granted and not yet expired, whatever the role."""
        return _scope(self.held)

    @cached_property
    def role_permissions(self) -> frozenset[str]:
        """What the roles of the grants allow, somewhere."""
        return frozenset().union(*(roles.permissions_of(role) for role, _area, _agency in self.held))

    @cached_property
    def standing_permissions(self) -> set[str]:
        """What groups and permissions by name allow, in every area granted."""
        # Loaded when asked for: the backends' module needs the user's model.
        backend: Any = load_backend(BACKEND)
        found: set[str] = backend.standing_permissions(self)
        return found

    def scope_for(self, permission: str) -> Scope:
        """Where the user holds a permission: where a role gives it, everywhere if it is held beside them."""
        if permission in self.standing_permissions:
            return self.scope
        return _scope(grant for grant in self.held if permission in roles.permissions_of(grant[0]))

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django's own is of the password alone.
        value = f"{self.password}:{self.session_stamp}"
        return salted_hmac("accounts.session", value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.get_username()


def _scope(grants: Iterable[tuple[str, str, str]]) -> Scope:
    grants = tuple(grants)
    return Scope(
        codes=frozenset(area for _role, area, agency in grants if not agency),
        agencies=frozenset((area, agency) for _role, area, agency in grants if agency),
    )


class Role(models.TextChoices):
    """The roles of `roles.TABLE`, as they are chosen."""

    VIEWER = roles.VIEWER, _("Pembaca")
    IMPORTER = roles.IMPORTER, _("Staf BPJS (impor)")
    EDITOR = roles.EDITOR, _("Pengelola data")
    PROJECT_ADMIN = roles.PROJECT_ADMIN, _("Pengelola proyek")
    APPROVER = roles.APPROVER, _("Penyetuju")
    PORTAL_ADMIN = roles.PORTAL_ADMIN, _("Admin portal")
    SUPERVISOR = roles.SUPERVISOR, _("Pengawas")
    AUDITOR = roles.AUDITOR, _("Auditor")


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
    agency_code = models.CharField(
        _("kode OPD"),
        max_length=40,
        blank=True,
        help_text=_("Diisi bila hanya untuk proyek satu instansi; kosong untuk seluruh wilayah."),
    )
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
            models.CheckConstraint(
                condition=~models.Q(role=roles.AUDITOR) | models.Q(valid_until__isnull=False),
                name="areagrant_auditor_ends",
                violation_error_message=_("Peran auditor selalu berbatas waktu: isi tanggal akhirnya."),
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
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name=_("pengguna"))
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
        permissions: ClassVar = [("export_records", "Can take records away as a file")]
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


class Event(models.Model):
    """What was done without changing a record, by whom and from where. A database trigger keeps it so.

    `key` is a keyed hash of the user name, `network` the address or its IPv6 network: what sign-ins are
    counted by. `areas` are those of the record, else of the user: who sees an event follows from them.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", _("masuk")
        SIGN_IN_FAILED = "failed", _("gagal masuk")
        THROTTLED = "throttled", _("ditahan: terlalu banyak percobaan")
        SECOND_FAILED = "second_failed", _("kode kedua salah")
        SECOND_ON = "second_on", _("faktor kedua dipasang")
        SECOND_OFF = "second_off", _("faktor kedua dilepas")
        CODES_MADE = "codes_made", _("kode pemulihan dibuat")
        SESSIONS_ENDED = "sessions_ended", _("semua sesi diakhiri")
        PASSWORD_CHANGED = "password", _("kata sandi diganti")
        INVITED = "invited", _("undangan dibuat")
        RESET_MADE = "reset_made", _("tautan kata sandi dibuat")
        LINK_USED = "link_used", _("tautan dipakai")
        EXPORTED = "exported", _("ekspor")
        REVEALED = "revealed", _("NIK dibuka")
        LOOKED_UP = "looked_up", _("cek NIK")
        REDACTED = "redacted", _("riwayat disamarkan")
        CLEARED = "cleared", _("riwayat data contoh dihapus")

    at = models.DateTimeField(_("waktu"), default=timezone.now, db_index=True)
    kind = models.CharField(_("kejadian"), max_length=20, choices=Kind)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("pengguna")
    )
    actor = models.CharField(_("nama pelaku"), max_length=150, blank=True)
    key = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(_("alamat"), null=True, blank=True)
    network = models.CharField(max_length=45, blank=True)
    areas = ArrayField(models.CharField(max_length=5), default=list, blank=True, verbose_name=_("wilayah"))
    what = models.CharField(_("tentang"), max_length=200, blank=True)
    count = models.PositiveIntegerField(_("jumlah"), null=True, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    reason = models.CharField(_("alasan"), max_length=300, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("kejadian")
        verbose_name_plural = _("catatan kejadian")
        default_permissions = ("view",)
        indexes: ClassVar = [
            models.Index(fields=["kind", "key", "at"], name="event_key"),
            models.Index(fields=["kind", "network", "at"], name="event_network"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.kind}"


class RecoveryCode(models.Model):
    """One code that stands in for the authenticator app, once. Only a keyed hash of it is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id}"


class AccessLink(models.Model):
    """A link with which a user sets a password, once. Only a hash of its secret is kept."""

    class Purpose(models.TextChoices):
        INVITATION = "invite", _("undangan")
        RESET = "reset", _("kata sandi baru")

    user = models.ForeignKey(User, models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=10, choices=Purpose)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user} · {self.purpose}"


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
