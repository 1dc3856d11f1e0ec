"""Words that pages and files share for what a figure rests on."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .coverage import Basis, Count
from .maps import Band

BAND_MARKS = {
    Band.REACHED: "✓",
    Band.NEAR: "▴",
    Band.FAR: "▾",
    Band.FARTHEST: "▼",
    Band.ZERO: "0",
    Band.UNMEASURED: "?",
    Band.NOT_APPLICABLE: "–",
    Band.MISSING: "",
}
"""The sign of each class of the map; that of missing data is its hatching."""


def band(value: Band) -> str:
    """What a class of the map means."""
    match value:
        case Band.REACHED:
            return _("target tercapai")
        case Band.NEAR:
            return _("kurang dari 10 poin di bawah")
        case Band.FAR:
            return _("10 sampai 25 poin di bawah")
        case Band.FARTHEST:
            return _("25 poin atau lebih di bawah")
        case Band.ZERO:
            return _("0 %, belum ada peserta")
        case Band.UNMEASURED:
            return _("potensi atau target belum diisi")
        case Band.NOT_APPLICABLE:
            return _("tidak berlaku: tidak ada potensi")
        case Band.MISSING:
            return _("data belum masuk")


def basis(count: Count) -> str:
    """Where the members of a count come from, or why there are none."""
    if count.partial and count.members is None:
        return _("sebagian, belum lengkap")
    match count.basis:
        case Basis.REPORTED:
            return _("laporan BPJS")
        case Basis.COUNTED:
            return _("hitungan dari daftar peserta")
        case Basis.MIXED:
            return _("laporan dan hitungan")
        case Basis.TOTAL:
            return _("angka resmi, belum dirinci")
        case Basis.MISSING:
            return _("data belum masuk")
