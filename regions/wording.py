"""Words and signs that pages, files and the brief share for what a figure rests on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .choices import Segment
from .coverage import Basis, Count
from .maps import Band

HIDDEN = _("disembunyikan, melindungi angka kecil")
"""Said of a count that its reader may not be told."""
SUPPRESSED = "suppressed"
"""The basis of such a count in open data and in files for programs."""

BANDS = {
    Band.REACHED: _("target tercapai"),
    Band.NEAR: _("kurang dari 10 poin di bawah"),
    Band.FAR: _("10 sampai 25 poin di bawah"),
    Band.FARTHEST: _("25 poin atau lebih di bawah"),
    Band.ZERO: _("0 %, belum ada peserta"),
    Band.UNMEASURED: _("potensi atau target belum diisi"),
    Band.NOT_APPLICABLE: _("tidak berlaku: tidak ada potensi"),
    Band.HIDDEN: HIDDEN,
    Band.MISSING: _("data belum masuk"),
}
"""What each class of the map means."""

BAND_MARKS = {
    Band.REACHED: "✓",
    Band.NEAR: "▴",
    Band.FAR: "▾",
    Band.FARTHEST: "▼",
    Band.ZERO: "0",
    Band.UNMEASURED: "?",
    Band.NOT_APPLICABLE: "–",
    Band.HIDDEN: "*",
    Band.MISSING: "",
}
"""The sign of each class of the map; that of missing data is its hatching."""

OPEN_ADDRESSES = (
    ("areas", "", _("provinsi dan kabupaten/kota, dengan kode Kemendagri dan kode BPS")),
    ("coverage", "area=61&month=2025-07", _("cakupan satu wilayah dan bulan: keseluruhan, lalu per segmen")),
    ("membership", "area=61", _("peserta aktif satu wilayah, bulan demi bulan")),
    ("workforce", "year=2025", _("potensi tenaga kerja dengan sumber dan tanggalnya")),
    ("targets", "year=2026", _("target per wilayah dan tahun dengan dasar hukumnya")),
    ("indicators", "", _("metadata setiap indikator menurut Satu Data")),
    ("construction", "", _("proyek konstruksi per kabupaten/kota; hanya setelah masuk")),
    ("contribution", "value=300000000", _("perkiraan iuran sebuah proyek konstruksi")),
)
"""The addresses of the open interface: name, an example's query, and what is there."""

_BASES = {
    Basis.REPORTED: _("laporan BPJS"),
    Basis.COUNTED: _("hitungan dari daftar peserta"),
    Basis.MIXED: _("laporan dan hitungan"),
    Basis.TOTAL: _("angka resmi, belum dirinci"),
    Basis.MISSING: _("data belum masuk"),
}
_PARTIAL = _("sebagian, belum lengkap")


def basis(count: Count) -> str:
    """Where the members of a count come from, or why there are none."""
    if count.is_hidden:
        return str(HIDDEN)
    return str(_PARTIAL if count.partial and count.members is None else _BASES[count.basis])


def segment(code: str) -> str:
    """A segment with its name: `PU – Penerima Upah`."""
    return str(Segment(code).label)
