"""What each indicator is, as Satu Data asks for it: for the open interface and its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from coverage_portal.accounts.models import Change

from .models import Province, Regency
from .selectors import open_data


@dataclass(frozen=True, slots=True)
class Meaning:
    """An indicator in words; `model` names the records that it is made of."""

    code: str
    name: str
    definition: str
    formula: str
    unit: str
    period: str
    model: str
    endpoint: str
    classification: str = gettext_noop("provinsi, kabupaten/kota, segmen (PU, BPU, Jakon, PMI)")


MEANINGS = (
    Meaning(
        "coverage",
        gettext_noop("Cakupan jaminan sosial ketenagakerjaan"),
        gettext_noop("Bagian dari potensi tenaga kerja yang menjadi peserta aktif BPJS Ketenagakerjaan."),
        gettext_noop("jumlah peserta aktif ÷ jumlah potensi tenaga kerja × 100"),
        gettext_noop("persen"),
        gettext_noop("bulanan"),
        "membership",
        "/api/v1/coverage",
    ),
    Meaning(
        "members",
        gettext_noop("Peserta aktif"),
        gettext_noop(
            "Orang yang terlindungi pada akhir bulan menurut rekap resmi BPJS Ketenagakerjaan, atau hitungan "
            "dari daftar peserta bila daftarnya lengkap. Satu orang dihitung sekali sebulan."
        ),
        gettext_noop("laporan resmi; bila tidak ada, hitungan dari daftar lengkap"),
        gettext_noop("orang"),
        gettext_noop("bulanan"),
        "membership",
        "/api/v1/membership",
    ),
    Meaning(
        "workforce",
        gettext_noop("Potensi tenaga kerja"),
        gettext_noop("Perkiraan orang yang dapat menjadi peserta, seperti diterima dari sumbernya."),
        gettext_noop("diterima, tidak dihitung oleh portal"),
        gettext_noop("orang"),
        gettext_noop("tahunan"),
        "workforce",
        "/api/v1/workforce",
    ),
    Meaning(
        "target",
        gettext_noop("Target cakupan"),
        gettext_noop("Cakupan yang harus tercapai pada akhir tahun menurut peraturannya."),
        gettext_noop("ditetapkan; target kab/kota sendiri mendahului target provinsi"),
        gettext_noop("persen"),
        gettext_noop("tahunan"),
        "target",
        "/api/v1/targets",
        gettext_noop("provinsi, kabupaten/kota"),
    ),
    Meaning(
        "gap",
        gettext_noop("Kekurangan peserta"),
        gettext_noop("Peserta yang masih diperlukan supaya target tercapai."),
        gettext_noop("target × potensi, dibulatkan ke atas, dikurangi peserta aktif; paling sedikit nol"),
        gettext_noop("orang"),
        gettext_noop("bulanan"),
        "membership",
        "/api/v1/coverage",
    ),
)


def of(area: Province | Regency) -> list[dict[str, Any]]:
    """The metadata of all indicators of an area, in the reader's language."""
    dated = open_data.provenance(area)
    return [
        {
            "code": meaning.code,
            "name": _(meaning.name),
            "definition": _(meaning.definition),
            "formula": _(meaning.formula),
            "unit": _(meaning.unit),
            "classification": _(meaning.classification),
            "source": list(dated[meaning.model].sources),
            "period": _(meaning.period),
            "data_date": _iso(dated[meaning.model].data_date),
            "release_date": _released(meaning.model),
            "kemendagri_code": area.code,
            "bps_code": open_data.bps_code_of(area),
            "area_name": str(area),
            "producer": settings.PORTAL_NAME,
            "endpoint": meaning.endpoint,
        }
        for meaning in MEANINGS
    ]


def _released(model: str) -> str | None:
    """The day on which a figure of this kind was last entered, changed or taken back."""
    last = (
        Change.objects.filter(model=f"regions.{model}").order_by("-at").values_list("at", flat=True).first()
    )
    return None if last is None else _iso(timezone.localtime(last).date())


def _iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()
