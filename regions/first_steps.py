"""What an empty portal still needs before it can show coverage ("Langkah awal")."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coverage_portal.accounts.models import AreaGrant, User

from .models import Membership, Province, Target, Workforce


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, whether it is done, and the page where it is done, if it is done on a page."""

    title: str | Promise
    explanation: str | Promise
    url: str
    is_done: bool


def of(province: Province) -> tuple[Step, ...]:
    """The steps in the order in which they are taken."""
    inside = Q(province=province) | Q(regency__province=province)
    administrators = User.objects.filter(is_superuser=True, is_active=True)
    return (
        Step(
            _("Admin pertama"),
            _("Di server, jalankan: manage.py createsuperuser. Langkah berikutnya memerlukan akun itu."),
            "",
            administrators.exists(),
        ),
        Step(
            _("Provinsi dan kabupaten/kota"),
            _("Periksa nama, kode, dan letak petak kabupaten/kota."),
            reverse("admin:regions_regency_changelist"),
            province.regencies.exists(),
        ),
        Step(
            _("Potensi tenaga kerja"),
            _("Impor potensi per kabupaten/kota, segmen, dan tahun."),
            reverse("intake:upload"),
            Workforce.objects.filter(inside).exists(),
        ),
        Step(
            _("Target"),
            _("Isi target per tahun dengan dasar hukumnya, dan titik awalnya."),
            reverse("admin:regions_target_changelist"),
            Target.objects.filter(inside).exists(),
        ),
        Step(
            _("Angka peserta"),
            _("Impor rekap peserta aktif, juga bulan-bulan yang lalu, agar laju dapat dihitung."),
            reverse("intake:upload"),
            Membership.objects.filter(inside).exists(),
        ),
        Step(
            _("Pengguna"),
            _("Buat akun dan beri wilayah kerjanya."),
            reverse("admin:accounts_user_changelist"),
            AreaGrant.objects.exists(),
        ),
    )
