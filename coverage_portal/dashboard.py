"""Construction at a glance: coverage of the segment beside what its projects are and owe."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coverage_portal.accounts import access, keeping
from coverage_portal.accounts.models import User
from coverage_portal.lib import exports
from coverage_portal.lib.numbers import rounded
from coverage_portal.lib.periods import Month
from projects.filters import PositionDayForm, positions_version
from projects.selectors import calendar, listing
from projects.selectors.calendar import Calendar
from projects.selectors.listing import NONE, Group, Grouping, Tally, Wanted
from regions.choices import Segment
from regions.coverage import Standing
from regions.forms import MonthForm
from regions.models import Regency
from regions.panels import Panel
from regions.selectors import Overview, area_overview, widest_area

AGENCIES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Place:
    """A regency: how the segment stands in it, where its figures may be seen, and its projects added up.

    Both the name and the standing are missing for projects without a regency.
    """

    key: str
    regency: Regency | None
    standing: Standing | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Construction:
    """All that the page shows: the segment in a month, the projects that a user may see as of a day."""

    on: datetime.date
    overview: Overview | None
    total: Tally
    places: tuple[Place, ...]
    agencies: tuple[Group, ...]
    calendar: Calendar

    @property
    def standing(self) -> Standing | None:
        return self.overview.standing if self.overview else None

    @property
    def shown_agencies(self) -> tuple[Group, ...]:
        return self.agencies[:AGENCIES_SHOWN]


def construction(user: User, on: datetime.date, month: Month | None = None) -> Construction:
    """Read what the page shows. Its queries grow neither with projects nor with workers."""
    area = widest_area(user)
    overview = None if area is None else area_overview(area, month, Segment.JAKON, reader=user)
    by_regency = listing.sums_of(user, Wanted(by=Grouping.REGENCY), on)
    by_agency = listing.sums_of(user, Wanted(by=Grouping.AGENCY), on)
    return Construction(
        on,
        overview,
        by_regency.total,
        _places(overview, by_regency),
        by_agency.groups,
        calendar.calendar(user, on),
    )


def _places(overview: Overview | None, found: listing.Sums) -> tuple[Place, ...]:
    """The regencies of either, those with most unregistered projects first."""
    standings = {row.regency.code: row.standing for row in overview.rows} if overview else {}
    if overview and isinstance(overview.area, Regency) and overview.standing:
        standings[overview.area.code] = overview.standing
    tallies = {group.key: group.tally for group in found.groups}
    regencies = {regency.code: regency for regency in found.regencies}
    places = [
        Place(code, regency, standings.get(code), tallies.get(code, Tally()))
        for code, regency in regencies.items()
    ]
    places += [Place(key, None, None, tally) for key, tally in tallies.items() if key not in regencies]

    def unregistered_first(place: Place) -> tuple[int, bool, str]:
        return -place.tally.unregistered, place.key == NONE, place.key

    return tuple(sorted(places, key=unregistered_first))


def panels(found: Construction) -> tuple[Panel, ...]:
    """The tables of the page, as its files hold them."""
    headings = (
        _("Kode Kemendagri"),
        _("Kab/kota"),
        _("Cakupan Jakon (%)"),
        _("Peserta Jakon"),
        *_tally_headings(),
    )
    places = tuple(
        (
            None if place.regency is None else place.key,
            place.regency.table_name if place.regency else _("belum diisi"),
            rounded(place.standing.count.percent, 2) if place.standing else None,
            place.standing.count.members if place.standing else None,
            *_tally_cells(place.tally),
        )
        for place in found.places
    )
    agencies = tuple((group.name or _("belum diisi"), *_tally_cells(group.tally)) for group in found.agencies)
    lapses = tuple((span.first, span.last, span.projects, span.workers) for span in found.calendar.spans)
    return (
        Panel("wilayah", _("Menurut kabupaten/kota"), headings, places),
        Panel("instansi", _("Menurut instansi"), (_("Instansi"), *_tally_headings()), agencies),
        Panel(
            "berakhir",
            _("Perlindungan akan berakhir"),
            (_("Dari"), _("Sampai"), _("Proyek"), _("Pekerja terdaftar")),
            lapses,
        ),
    )


def _tally_headings() -> tuple[str, ...]:
    return (
        _("Proyek"),
        _("Proyek terdaftar"),
        _("Pekerja menurut rencana"),
        _("Pekerja terlindungi"),
        _("Perkiraan iuran (Rp)"),
        _("Dibayar (Rp)"),
        _("Tunggakan (Rp)"),
    )


def _tally_cells(tally: Tally) -> tuple[exports.Value, ...]:
    return (
        tally.projects,
        tally.registered,
        tally.planned,
        tally.protected,
        rounded(tally.due, 0),
        rounded(tally.paid, 0),
        rounded(tally.arrears, 0),
    )


def _about(found: Construction, address: str) -> Panel:
    rows = (
        (_("Portal"), settings.PORTAL_NAME),
        (_("Posisi proyek per tanggal"), found.on.isoformat()),
        (_("Bulan data"), str(found.overview.month) if found.overview and found.overview.month else "–"),
        (_("Alamat halaman"), address),
        (_("Proyek"), _("yang belum selesai dan tidak batal, menurut data yang tersimpan di portal")),
        (_("Proyek terdaftar"), _("sudah dikenal BPJS Ketenagakerjaan")),
        (
            _("Pekerja terlindungi"),
            _("terdaftar dengan nama di proyek yang sudah dibayar dan perlindungannya masih berlaku"),
        ),
        (_("Tunggakan (Rp)"), _("menurut penetapan iuran BPJS Ketenagakerjaan bila ada")),
    )
    return Panel("tentang", _("Tentang"), (_("Hal"), _("Keterangan")), rows)


class ConstructionForm(MonthForm, PositionDayForm):
    """The segment's month, and the day of the projects' position."""

    @property
    def kept(self) -> dict[str, object]:
        """The filters as an address has them."""
        self.is_valid()
        return {"bulan": self.month, "per": self.cleaned_data.get("per")}


@require_safe
@access.signed_in
@keeping.kept_page(asks=ConstructionForm, also=positions_version(ConstructionForm))
def construction_page(request: HttpRequest) -> HttpResponse:
    """`/konstruksi/?bulan=2025-12&per=2026-01-31`: the segment's month, the day of the projects' position."""
    form = ConstructionForm(request.GET)
    found = construction(cast(User, request.user), form.day, form.month)
    context = {"found": found, "problems": form.messages, "kept_filters": form.kept}
    return render(request, "dashboard/construction.html", context)


@require_safe
@access.signed_in
def construction_file(request: HttpRequest, key: str = "") -> HttpResponse:
    """One table of the page as CSV, or all of them as a workbook."""
    form = ConstructionForm(request.GET)
    found = construction(cast(User, request.user), form.day, form.month)
    shown = panels(found)
    if not key:
        address = request.build_absolute_uri(f"{reverse('construction')}?{urlencode({'per': found.on})}")
        sheets = (panel.sheet for panel in (*shown, _about(found, address)))
        return exports.xlsx_attachment(sheets, f"konstruksi-{found.on}.xlsx")
    panel = next((panel for panel in shown if panel.key == key), None)
    if panel is None:
        raise Http404
    return exports.csv_attachment(panel.sheet, f"konstruksi-{key}-{found.on}.csv")
