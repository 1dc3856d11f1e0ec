"""The record of processing (UU 27/2022, article 31): which columns hold persons, why, whose, and how long.

Every column that could hold a person is in `REGISTER` or in `IMPERSONAL`; a test goes through all models.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .accounts import access

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    Text = str | StrPromise

LAW = _("Pelaksanaan kewajiban hukum dan tugas publik (Pasal 20 UU 27/2022)")
BPJS = _("BPJS Ketenagakerjaan, sebagai pengendali bersama")
PORTAL = _("Pengelola portal")
WHILE_COUNTED = _("Selama dihitung; dihapus bila diminta (Pasal 43), angka tetap")
HISTORY = _("Selama portal dipakai, sebagai bukti pertanggungjawaban (Pasal 31 dan 47)")


@dataclass(frozen=True, slots=True)
class Processing:
    """One use of personal data.

    Attributes:
        title: what is done, for the page.
        columns: the columns it uses, by model.
        basis, purpose, owner, retention: as the law asks for them; `%(days)s` is the setting `days`.
    """

    title: Text
    columns: dict[str, tuple[str, ...]]
    basis: Text
    purpose: Text
    owner: Text
    retention: Text
    days: str = ""

    @property
    def kept(self) -> str:
        kept = str(self.retention)
        return kept % {"days": getattr(settings, self.days)} if self.days else kept

    @property
    def fields(self) -> list[str]:
        return [f"{model}.{name}" for model, names in self.columns.items() for name in names]


_PERSON = ("nik_sealed", "nik_last4", "name", "sex", "birth_date", "kpj")
_PERIOD = ("employer_npp", "occupation", "funding", "segment")

REGISTER = (
    Processing(
        title=_("Tenaga kerja dan perlindungannya"),
        columns={
            "projects.Worker": _PERSON,
            "projects.Enrollment": ("worker", *_PERIOD),
            "projects.EnrollmentImage": ("before",),
            "projects.WorkerImage": ("before",),
            "projects.RemovedEnrollment": (*_PERSON, *_PERIOD),
        },
        basis=LAW,
        purpose=_("Menghitung setiap orang sekali sebulan, dan memeriksa perlindungan di tempat kerja"),
        owner=BPJS,
        retention=WHILE_COUNTED,
    ),
    Processing(
        title=_("Berkas impor dan barisnya"),
        columns={
            "intake.ImportBatch": ("file_name", "user", "undone_by", "found", "options", "questions"),
            "intake.StagedRow": ("cells",),
            "intake.StagedRecord": ("key", "label", "before", "after", "extra"),
            "intake.Issue": ("value", "params"),
            "projects.StagedEnrollment": (*_PERSON, *_PERIOD),
        },
        basis=LAW,
        purpose=_("Membaca, memeriksa, dan menerapkan daftar yang dikirim"),
        owner=BPJS,
        retention=_("Berkas dan baris: %(days)s hari setelah impor terakhir bergerak"),
        days="UPLOAD_KEEP_DAYS",
    ),
    Processing(
        title=_("Pemeriksaan NIK"),
        columns={"projects.Lookup": ("user", "actor", "nik_sealed")},
        basis=LAW,
        purpose=_("Mengetahui siapa yang melihat data seseorang"),
        owner=PORTAL,
        retention=_("%(days)s hari"),
        days="LOOKUP_KEEP_DAYS",
    ),
    Processing(
        title=_("Pembatasan dan penghapusan"),
        columns={"projects.Handling": ("nik_sealed",), "projects.ErasureSalt": ("nik_sealed",)},
        basis=LAW,
        purpose=_("Menghormati permintaan subjek data, juga bila daftar berikutnya menyebutnya lagi"),
        owner=PORTAL,
        retention=WHILE_COUNTED,
    ),
    Processing(
        title=_("Pengguna portal"),
        columns={
            "accounts.User": (
                "username",
                "first_name",
                "last_name",
                "email",
                "password",
                "session_stamp",
            ),
            "accounts.User_groups": ("user",),
            "accounts.User_user_permissions": ("user",),
            "accounts.AreaGrant": ("user", "role", "area_code", "agency_code"),
            "sessions.Session": ("session_key", "session_data"),
        },
        basis=LAW,
        purpose=_("Memastikan hanya yang berhak yang masuk"),
        owner=PORTAL,
        retention=_("Selama bertugas; sesi sampai berakhir"),
    ),
    Processing(
        title=_("Kode kedua dan tautan sekali pakai"),
        columns={
            "otp_totp.TOTPDevice": ("user", "name", "key"),
            "accounts.RecoveryCode": ("user", "digest"),
            "accounts.AccessLink": ("user", "made_by", "purpose", "digest"),
        },
        basis=LAW,
        purpose=_("Memastikan bahwa yang masuk memang pemilik akun"),
        owner=PORTAL,
        retention=_("Sampai diganti atau dihapus; tautan sampai masa berlakunya berakhir"),
    ),
    Processing(
        title=_("Percobaan masuk yang gagal"),
        columns={
            # Of the name a hash; django-axes blanks the password.
            "axes.AccessAttempt": (
                "username",
                "user_agent",
                "http_accept",
                "path_info",
                "get_data",
                "post_data",
            ),
        },
        basis=LAW,
        purpose=_("Menahan siapa yang menebak kata sandi"),
        owner=PORTAL,
        retention=_("Sampai pemiliknya berhasil masuk, paling lama satu hari"),
    ),
    Processing(
        title=_("Riwayat tindakan pengguna"),
        columns={
            "accounts.Change": ("user", "actor", "summary", "before", "after", "reason", "object_id"),
            "accounts.Event": ("user", "actor", "what", "key", "network", "areas", "detail", "reason"),
            "admin.LogEntry": ("user", "object_id", "object_repr", "change_message"),
            "projects.RejectedMatch": ("user", "actor", "reason"),
            "regions.Release": ("user", "actor", "reason"),
            "regions.PeriodException": ("user", "actor", "reason"),
            "regions.PeriodStatus": ("submitted_by", "approved_by", "locked_by"),
        },
        basis=LAW,
        purpose=_("Mengetahui siapa mengubah apa, kapan, dan mengapa"),
        owner=PORTAL,
        retention=HISTORY,
    ),
    Processing(
        title=_("Proyek, penyedia, dan surat imbauan"),
        columns={
            "projects.Project": ("ppk",),
            "projects.Contractor": ("name", "npwp"),
            "projects.Letter": ("user", "actor", "content"),
        },
        basis=LAW,
        purpose=_("Mengingatkan instansi atas proyek yang belum terlindungi; penyedia bisa perorangan"),
        owner=PORTAL,
        retention=HISTORY,
    ),
)

IMPERSONAL = {
    "accounts.Change": ("source", "model"),
    "accounts.Event": ("kind",),
    # Neither is written: AXES_DISABLE_ACCESS_LOG, AXES_ENABLE_ACCESS_FAILURE_LOG.
    "axes.AccessLog": ("username", "user_agent", "http_accept", "path_info", "session_hash"),
    "axes.AccessFailureLog": ("username", "user_agent", "http_accept", "path_info"),
    "auth.Group": ("name",),
    "auth.Permission": ("name", "codename"),
    "contenttypes.ContentType": ("app_label", "model"),
    # Jobs are woken with the number of an import; texts of exceptions never reach them.
    "django_tasks_database.DBTaskResult": (
        "status",
        "args_kwargs",
        "task_path",
        "worker_ids",
        "queue_name",
        "backend_name",
        "return_value",
        "exception_class_path",
        "traceback",
    ),
    "intake.ImportBatch": ("kind", "sha256", "state", "counts", "effects", "areas", "stage", "conflicts"),
    "intake.StagedRow": ("outcome", "reason"),
    "intake.StagedRecord": ("area", "outcome"),
    "intake.Issue": ("severity", "column", "code", "template"),
    "projects.StagedEnrollment": ("regency_id", "outcome"),
    "projects.RemovedEnrollment": ("regency_id",),
    "projects.Handling": ("state",),
    "projects.Contractor": ("npp",),
    "projects.Project": (
        "name",
        "package_code",
        "owner",
        "district",
        "fund_source",
        "work",
        "contract_number",
        "bpjs_number",
        "source",
    ),
    "projects.Letter": ("agency_name", "areas", "sha256"),
    "projects.Addendum": ("number", "note"),
    "projects.Assessment": ("number", "note"),
    "projects.Payment": ("reference", "source", "note"),
    "projects.CompleteList": ("segment",),
    "projects.CountingClaim": ("regency_id", "segment"),
    "projects.GroupCount": ("occupation", "funding"),
    "projects.GroupsCounted": ("version",),
    "projects.Holiday": ("name", "kind", "source"),
    "projects.Standing": (
        "rules",
        "areas",
        "regency_code",
        "fund_source",
        "words",
        "state",
        "settlement",
        "open_rules",
        "missing",
    ),
    "regions.Agency": ("code", "name", "kind"),
    "regions.Baseline": ("source",),
    "regions.Commitment": ("promise", "segment", "source", "status", "closing_note"),
    "regions.Membership": ("segment", "source"),
    "regions.PeriodStatus": ("state",),
    "regions.PublishedCell": ("basis", "segment"),
    "regions.Province": ("code", "bps_code", "name"),
    "regions.QuotedFigure": ("segment", "source", "note"),
    "regions.Regency": ("code", "bps_code", "kind", "name", "capital", "short_name", "boundary"),
    "regions.Target": ("legal_basis",),
    "regions.Workforce": ("segment", "source"),
}
"""Columns of text that hold no person, each looked at once."""


@require_safe
@access.signed_in
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """The record, for everyone who works with the data."""
    return render(request, "processing.html", {"register": REGISTER})
