"""The tables of a reconciliation as its files hold them: rounded, and hidden, as the page shows them."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coverage_portal.lib import exports
from coverage_portal.lib.numbers import rounded
from coverage_portal.lib.periods import format_month

from . import wording
from .panels import Panel
from .selectors.reconciliation import QuoteLine, ReconciledLine, Reconciliation


def of(found: Reconciliation) -> tuple[Panel, ...]:
    """The tables that the page shows, in its order; those without rows are left out."""
    panels = (
        _lines("segmen", _("Per segmen"), _("Segmen"), found.lines),
        _lines("kabupaten-kota", _("Per kabupaten/kota"), _("Kab/kota"), found.regencies),
        _lines("bulan", _("Per bulan"), _("Bulan"), found.course),
        _quotes(found.quotes),
    )
    return tuple(panel for panel in panels if panel.rows)


def about(found: Reconciliation, address: str) -> Panel:
    """What a workbook says of itself."""
    language = get_language() or settings.LANGUAGE_CODE
    rows: list[tuple[str, str]] = [
        (_("Portal"), settings.PORTAL_NAME),
        (_("Wilayah"), f"{found.area} ({found.area.code}; BPS {found.area.bps_code or '–'})"),
        (_("Bulan data"), format_month(found.month, language) if found.month else "–"),
        (_("Alamat halaman"), address),
        *((_("Sumber"), source.name) for source in found.sources),
        (_("Laporan"), _("peserta aktif menurut rekap resmi BPJS Ketenagakerjaan")),
        (_("Hitungan"), _("peserta aktif menurut daftar peserta, satu orang sekali sebulan")),
        (_("Selisih"), _("hitungan dikurangi laporan, hanya di mana keduanya ada")),
        (_("Kosong"), _("belum diketahui, atau terlalu sedikit orang untuk ditampilkan; bukan nol")),
    ]
    return Panel("tentang", _("Tentang"), (_("Hal"), _("Keterangan")), tuple(rows))


def _lines(key: str, title: str, first: str, lines: tuple[ReconciledLine, ...]) -> Panel:
    headings = (
        first,
        _("Kode Kemendagri"),
        _("Bulan"),
        _("Segmen"),
        _("Laporan"),
        _("Hitungan"),
        _("Selisih (orang)"),
        _("Selisih (%)"),
        _("Belum dirinci"),
        _("Belum dirinci dikurangi rincian"),
        _("Dipakai portal"),
        _("Dasar angka"),
        _("Bagian yang ada laporannya"),
        _("Bagian yang ada hitungannya"),
        _("Bagian seluruhnya"),
    )
    return Panel(key, title, headings, tuple(_row(line) for line in lines))


def _row(line: ReconciledLine) -> tuple[exports.Value, ...]:
    found = line.found
    figures: tuple[exports.Value, ...] = (
        found.reported,
        found.counted,
        found.difference,
        rounded(found.difference_percent, 2),
        found.undetailed,
        found.undetailed_difference,
    )
    return (
        line.name,
        found.area,
        str(found.month),
        found.segment,
        *((None,) * len(figures) if line.is_hidden else figures),
        line.used.members,
        wording.basis(line.used),
        found.reported_cells,
        found.counted_cells,
        found.cells,
    )


def _quotes(lines: tuple[QuoteLine, ...]) -> Panel:
    rows = tuple(
        (
            line.area,
            line.quote.area_code,
            str(line.quote.month) if line.quote.month else None,
            line.quote.segment,
            line.quote.source,
            line.quote.published_on,
            line.quote.quoted_percent,
            line.quote.numerator,
            line.quote.denominator,
            rounded(line.quote.own_percent, 2),
            rounded(line.quote.difference, 2),
            _("ya") if line.quote.is_off else _("tidak") if line.quote.own_percent is not None else None,
            rounded(line.portal.percent, 2) if line.portal else None,
            rounded(line.portal_difference, 2),
        )
        for line in lines
    )
    headings = (
        _("Wilayah"),
        _("Kode Kemendagri"),
        _("Bulan data"),
        _("Segmen"),
        _("Sumber"),
        _("Tanggal terbit"),
        _("Dikutip (%)"),
        _("Peserta menurut kutipan"),
        _("Potensi menurut kutipan"),
        _("Hitungannya sendiri (%)"),
        _("Selisih (poin)"),
        _("Ditandai"),
        _("Angka portal (%)"),
        _("Selisih dari angka portal (poin)"),
    )
    return Panel("kutipan", _("Angka kutipan"), headings, rows)
