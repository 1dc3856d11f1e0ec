"""The panels of a page as plain tables: what their files hold, made of the same dataclasses as the page.

A figure is rounded here as the page rounds it, so that file and page cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coverage_portal.lib import exports
from coverage_portal.lib.numbers import rounded
from coverage_portal.lib.periods import format_date, format_month, month_names

from . import coverage, findings, sentences, wording
from .choices import Segment
from .selectors import Order, Overview
from .selectors.publishing import MonthClosing


@dataclass(frozen=True, slots=True)
class Panel:
    """One table: `key` names it in addresses, `title` on its sheet."""

    key: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[exports.Value, ...], ...]

    @property
    def sheet(self) -> exports.Sheet:
        return exports.Sheet(self.title, self.headings, self.rows)


def of(overview: Overview) -> tuple[Panel, ...]:
    """The panels that the page shows, in its order; those without rows are left out."""
    panels = (
        _headline(overview),
        _ranking(overview),
        _trend(overview),
        _years(overview, findings.of(overview)),
        _paces(overview),
        _changes(overview),
        _segments(overview),
        _segment_months(overview),
        _quotes(overview),
    )
    return tuple(panel for panel in panels if panel.rows)


def about(overview: Overview, address: str) -> Panel:
    """What a workbook says of itself: filters, date and sources of the data, definitions."""
    language = get_language() or settings.LANGUAGE_CODE
    standing = overview.standing
    rows: list[tuple[str, str]] = [
        (_("Portal"), settings.PORTAL_NAME),
        (_("Wilayah"), f"{overview.area} ({overview.area.code}; BPS {overview.area.bps_code or '–'})"),
        (_("Bulan data"), format_month(overview.month, language) if overview.month else "–"),
        (_("Segmen"), str(Segment(overview.segment).label) if overview.segment else _("Semua segmen")),
        (_("Alamat halaman"), address),
    ]
    for source in overview.sources:
        day = f" ({format_date(source.data_date, language)})" if source.data_date else ""
        rows.append((_("Sumber"), source.name + day))
    if overview.closing is not None:
        rows.append((_("Keadaan angka"), _state(overview.closing)))
    if standing is not None:
        rows.append((_("Dasar angka"), wording.basis(standing.count)))
        if overview.is_province:
            rows.append(
                (
                    _("Data masuk"),
                    _("%(in)d dari %(all)d kab/kota")
                    % {"in": standing.count.regencies_in, "all": standing.count.regencies_all},
                )
            )
    rows += [
        (
            _("Cakupan"),
            _("peserta aktif dibagi potensi tenaga kerja, selalu jumlah dibagi jumlah, bukan rata-rata"),
        ),
        (
            _("Kekurangan peserta"),
            _("target dikali potensi, dibulatkan ke atas, dikurangi peserta aktif; tidak kurang dari nol"),
        ),
        (_("Laju per bulan"), _("pertambahan peserta aktif dibagi jumlah bulannya")),
        (_("Kosong"), _("belum diketahui, datanya belum masuk, atau disembunyikan; bukan nol")),
    ]
    return Panel("tentang", _("Tentang"), (_("Hal"), _("Keterangan")), tuple(rows))


def _state(closing: MonthClosing) -> str:
    """Whether the figures are approved, with every revision of them; else that they are a draft."""
    if not closing.is_closed:
        return _("DRAF: %(closed)d dari %(all)d kab/kota sudah disetujui") % {
            "closed": closing.regencies_closed,
            "all": closing.regencies_all,
        }
    revised = (
        f"{line.release.regency.table_name} {line.release.name} ({line.release.reason})"
        for line in closing.revisions
    )
    return "; ".join((_("angka terbit, sudah disetujui"), *revised))


def _headline(overview: Overview) -> Panel:
    rows: list[tuple[exports.Value, ...]] = []
    standing = overview.standing
    if standing is not None:
        count = standing.count
        arrival = standing.pace.arrival if standing.pace else None
        rows = [
            (_("Bulan data"), str(count.month), ""),
            (_("Peserta aktif"), count.members, _("orang")),
            (_("Potensi tenaga kerja"), count.workforce, _("orang")),
            (_("Cakupan"), rounded(count.percent, 2), _("persen")),
            (_("Target"), standing.target_percent, _("persen")),
            (_("Tahun target"), standing.target_year, ""),
            (_("Peserta yang diperlukan"), standing.needed, _("orang")),
            (_("Kekurangan peserta"), standing.gap, _("orang")),
            (_("Perlu per bulan"), standing.required_per_month, _("orang per bulan")),
            (_("Bulan tersisa"), standing.months_left, _("bulan")),
            (_("Perkiraan tercapai"), None if arrival is None else str(arrival), ""),
            (_("Capaian terhadap target"), rounded(standing.achievement, 2), _("persen")),
            (_("Kab/kota yang datanya masuk"), count.regencies_in, ""),
            (_("Seluruh kab/kota"), count.regencies_all, ""),
        ]
    return Panel("utama", _("Angka utama"), (_("Ukuran"), _("Nilai"), _("Satuan")), tuple(rows))


def _ranking(overview: Overview) -> Panel:
    title = (
        _("Urutan menurut cakupan") if overview.order is Order.COVERAGE else _("Urutan menurut kekurangan")
    )
    headings = (
        _("No."),
        _("Kode Kemendagri"),
        _("Kode BPS"),
        _("Kab/kota"),
        _("Peserta aktif"),
        _("Potensi"),
        _("Cakupan (%)"),
        _("Target (%)"),
        _("Kekurangan peserta"),
        _("Catatan"),
    )
    rows = tuple(
        (
            place,
            row.regency.code,
            row.regency.bps_code,
            row.regency.table_name,
            row.standing.count.members,
            row.standing.count.workforce,
            rounded(row.standing.count.percent, 2),
            row.standing.target_percent,
            row.standing.gap,
            _notes(row.standing.count),
        )
        for place, row in overview.ranked
    )
    return Panel("urutan", title, headings, rows)


def _trend(overview: Overview) -> Panel:
    headings = (
        _("Bulan"),
        _("Peserta aktif"),
        _("Potensi"),
        _("Cakupan (%)"),
        _("Jalur target (%)"),
        _("Kab/kota yang datanya masuk"),
        _("Catatan"),
    )
    rows = tuple(
        (
            str(point.month),
            point.count.members,
            point.count.workforce,
            rounded(point.count.percent, 2),
            rounded(point.path_percent, 2),
            point.count.regencies_in,
            "; ".join(
                filter(None, [_notes(point.count), _("potensi baru") if point.workforce_break else ""])
            ),
        )
        for point in overview.trend
    )
    return Panel("perjalanan", _("Perjalanan cakupan"), headings, rows)


def _years(overview: Overview, found: findings.Findings) -> Panel:
    names = month_names(get_language() or settings.LANGUAGE_CODE)
    rows = tuple((year, *(rounded(share, 2) for share in shares)) for year, shares in found.by_year)
    return Panel("tahun", _("Tahun demi tahun"), (_("Tahun"), *names), rows if len(rows) > 1 else ())


def _paces(overview: Overview) -> Panel:
    standing = overview.standing
    rows = tuple(
        (pace.months, rounded(pace.per_month, 0), None if pace.arrival is None else str(pace.arrival))
        for pace in (standing.paces if standing else ())
    )
    headings = (_("Bulan terakhir"), _("Laju per bulan"), _("Target tercapai"))
    return Panel("laju", _("Laju dan perkiraan tercapai"), headings, rows)


def _changes(overview: Overview) -> Panel:
    """Each comparison's parts and their sum, with the sentence, which says why where it is withheld."""
    rows: list[tuple[exports.Value, ...]] = []
    for change in overview.changes:
        since = str(change.then.month)
        for found in change.parts_by_effect:
            members = found.part.then.members, found.part.now.members
            rows.append((since, found.part.name, *members, *_effects(found.effects), ""))
        whole = (since, _("Jumlah"), change.then.members, change.now.members)
        rows.append((*whole, *_effects(change.effects), sentences.change_sentence(change)))
    headings = (
        _("Sejak"),
        _("Bagian"),
        _("Peserta dahulu"),
        _("Peserta kini"),
        _("Pengaruh peserta (poin)"),
        _("Pengaruh potensi (poin)"),
        _("Pengaruh pergeseran (poin)"),
        _("Pengaruh (poin)"),
        _("Catatan"),
    )
    return Panel("perubahan", _("Perubahan cakupan"), headings, tuple(rows))


def _effects(effects: coverage.Effects | None) -> tuple[exports.Value, ...]:
    if effects is None:
        return None, None, None, None
    return tuple(
        rounded(value, 2) for value in (effects.members, effects.workforce, effects.mix, effects.total)
    )


def _segments(overview: Overview) -> Panel:
    rows = tuple(
        (
            count.segment,
            str(Segment(count.segment or "").label),
            count.members,
            count.workforce,
            rounded(count.percent, 2),
            _notes(count),
        )
        for count in overview.segments
    )
    headings = (
        _("Segmen"),
        _("Nama"),
        _("Peserta aktif"),
        _("Potensi"),
        _("Cakupan (%)"),
        _("Catatan"),
    )
    return Panel("segmen", _("Segmen"), headings, rows)


def _segment_months(overview: Overview) -> Panel:
    segments = (
        [segment for segment, _n in overview.segment_course[0].members] if overview.segment_course else []
    )
    rows = tuple((str(each.month), *(n for _s, n in each.members)) for each in overview.segment_course)
    return Panel("segmen-bulanan", _("Peserta per segmen"), (_("Bulan"), *segments), rows)


def _quotes(overview: Overview) -> Panel:
    rows = tuple(
        (
            quote.source,
            str(quote.month) if quote.month else None,
            quote.segment,
            quote.quoted_percent,
            quote.numerator,
            quote.denominator,
            rounded(quote.own_percent, 2),
            rounded(quote.difference, 2),
        )
        for quote in overview.quotes
    )
    headings = (
        _("Sumber"),
        _("Bulan data"),
        _("Segmen"),
        _("Dikutip (%)"),
        _("Peserta menurut kutipan"),
        _("Potensi menurut kutipan"),
        _("Hitungannya sendiri (%)"),
        _("Selisih (poin)"),
    )
    return Panel("kutipan", _("Angka kutipan"), headings, rows)


def _notes(count: coverage.Count) -> str:
    parts = [wording.basis(count)]
    if count.older_workforce_year:
        parts.append(_("memakai potensi %(year)s") % {"year": count.older_workforce_year})
    if count.is_over_full:
        parts.append(_("di atas 100 %"))
    return "; ".join(parts)
