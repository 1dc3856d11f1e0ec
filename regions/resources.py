"""The stored figures as tables to take away.

Headings and texts are those of the import templates, so that what was exported imports again unchanged.
"""

from __future__ import annotations

from typing import Any

from coverage_portal.accounts.resources import Table, column

from .choices import Segment
from .models import AreaFigure, Baseline, Membership, QuotedFigure, Workforce

UNDETAILED = "Total"


def segment_text(segment: str | None) -> str:
    """The segment as import files name it; a total that came without detail is `Total`."""
    if segment is None:
        return UNDETAILED
    return "Jakon" if segment == Segment.JAKON else segment


class AreaTable(Table):
    """Rows of areas, by code and name."""

    code = column("Kode Wilayah", "area_code")
    area = column("Wilayah")

    def dehydrate_area(self, figure: AreaFigure) -> str:
        return str(figure.regency or figure.province)


class MembershipResource(AreaTable):
    title = "Peserta Aktif"

    segment = column("Segmen")
    month = column("Bulan")
    reported = column("Peserta Aktif", "reported")
    source = column("Sumber", "source")
    data_date = column("Tanggal Data", "data_date")

    def dehydrate_segment(self, row: Membership) -> str:
        return segment_text(row.segment)

    def dehydrate_month(self, row: Membership) -> str:
        return str(row.month)


class WorkforceResource(AreaTable):
    title = "Potensi"

    segment = column("Segmen")
    year = column("Tahun", "year")
    people = column("Potensi", "people")
    source = column("Sumber", "source")
    data_date = column("Tanggal Data", "data_date")

    def dehydrate_segment(self, row: Workforce) -> str:
        return segment_text(row.segment)


class TargetResource(AreaTable):
    title = "Target"

    year = column("Tahun", "year")
    percent = column("Target (%)", "percent")
    legal_basis = column("Dasar Hukum", "legal_basis")


class BaselineResource(AreaTable):
    title = "Titik Awal"

    month = column("Bulan")
    percent = column("Cakupan Awal (%)", "percent")
    source = column("Sumber", "source")

    def dehydrate_month(self, row: Baseline) -> str:
        return str(row.month)


class QuotedFigureResource(AreaTable):
    title = "Angka Kutipan"

    segment = column("Segmen")
    month = column("Bulan Data")
    quoted_percent = column("Persentase Dikutip", "quoted_percent")
    numerator = column("Peserta Menurut Kutipan", "numerator")
    denominator = column("Potensi Menurut Kutipan", "denominator")
    own_percent = column("Persentase dari Jumlahnya")
    difference = column("Selisih")
    source = column("Sumber", "source")
    published_on = column("Tanggal Terbit", "published_on")
    note = column("Catatan", "note")

    def dehydrate_segment(self, row: QuotedFigure) -> str:
        return segment_text(row.segment)

    def dehydrate_month(self, row: QuotedFigure) -> str:
        return "" if row.month is None else str(row.month)

    def dehydrate_own_percent(self, row: QuotedFigure) -> Any:
        return None if row.own_percent is None else round(row.own_percent, 2)

    def dehydrate_difference(self, row: QuotedFigure) -> Any:
        return None if row.difference is None else round(row.difference, 2)


class ProvinceResource(Table):
    title = "Provinsi"

    code = column("Kode Kemendagri", "code")
    bps_code = column("Kode BPS", "bps_code")
    name = column("Nama", "name")


class RegencyResource(Table):
    title = "Kabupaten dan Kota"

    code = column("Kode Kemendagri", "code")
    bps_code = column("Kode BPS", "bps_code")
    name = column("Nama", "full_name")
    province = column("Provinsi", "province__name")
    capital = column("Ibu Kota", "capital")
    short_name = column("Singkatan", "short_name")
    tile_row = column("Baris Petak", "tile_row")
    tile_column = column("Kolom Petak", "tile_column")


class AgencyResource(Table):
    title = "Instansi"

    code = column("Kode Instansi", "code")
    name = column("Nama", "name")
    kind = column("Jenis", "kind")
    area = column("Kode Wilayah", "area_code")
