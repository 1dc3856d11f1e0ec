"""The stored figures as tables to take away.

Headings and texts are those of the import templates, so that what was exported imports again unchanged.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from coverage_portal.accounts.resources import Table, column, text

from . import deadlines
from .choices import written_segment
from .deadlines import Stage
from .models import AreaFigure, Commitment, PublishedCell
from .wording import SUPPRESSED

UNDETAILED = "Total"


def segment_text(segment: str | None) -> str:
    """The segment as import files name it; a total that came without detail is `Total`."""
    return UNDETAILED if segment is None else written_segment(segment)


def _hundredths(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 2)


class AreaTable(Table):
    """Rows of areas, by code and name."""

    code = column("Kode Wilayah", "area_code")
    area = column("Wilayah")

    def dehydrate_area(self, figure: AreaFigure) -> str:
        return str(figure.regency or figure.province)


class MembershipResource(AreaTable):
    title = "Peserta Aktif"

    segment = column("Segmen", "segment", segment_text)
    month = column("Bulan", "month", text)
    reported = column("Peserta Aktif", "reported")
    source = column("Sumber", "source")
    data_date = column("Tanggal Data", "data_date")


class WorkforceResource(AreaTable):
    title = "Potensi"

    segment = column("Segmen", "segment", segment_text)
    year = column("Tahun", "year")
    people = column("Potensi", "people")
    source = column("Sumber", "source")
    data_date = column("Tanggal Data", "data_date")


class TargetResource(AreaTable):
    title = "Target"

    year = column("Tahun", "year")
    percent = column("Target (%)", "percent")
    legal_basis = column("Dasar Hukum", "legal_basis")


class BaselineResource(AreaTable):
    title = "Titik Awal"

    month = column("Bulan", "month", text)
    percent = column("Cakupan Awal (%)", "percent")
    source = column("Sumber", "source")


class QuotedFigureResource(AreaTable):
    title = "Angka Kutipan"

    segment = column("Segmen", "segment", segment_text)
    month = column("Bulan Data", "month", text)
    quoted_percent = column("Persentase Dikutip", "quoted_percent")
    numerator = column("Peserta Menurut Kutipan", "numerator")
    denominator = column("Potensi Menurut Kutipan", "denominator")
    own_percent = column("Persentase dari Jumlahnya", "own_percent", _hundredths)
    difference = column("Selisih", "difference", _hundredths)
    source = column("Sumber", "source")
    published_on = column("Tanggal Terbit", "published_on")
    note = column("Catatan", "note")


class PeriodStatusResource(Table):
    title = "Keadaan Bulan"

    code = column("Kode Wilayah", "regency_id")
    area = column("Wilayah", "regency", text)
    month = column("Bulan", "month", text)
    state = column("Keadaan", "state")
    submitted_at = column("Diajukan", "submitted_at")
    approved_at = column("Disetujui", "approved_at")
    locked_at = column("Dikunci", "locked_at")


class ReleaseResource(Table):
    title = "Terbitan"

    code = column("Kode Wilayah", "regency_id")
    area = column("Wilayah", "regency", text)
    month = column("Bulan", "month", text)
    name = column("Terbitan", "name")
    published_at = column("Waktu Terbit", "published_at")
    actor = column("Diterbitkan Oleh", "actor")
    reason = column("Alasan", "reason")


class PublishedCellResource(Table):
    """Figures as they were published, the whole of a month as `Total`."""

    title = "Angka Terbit"

    code = column("Kode Wilayah", "release__regency_id")
    area = column("Wilayah", "release__regency", text)
    month = column("Bulan", "release__month", text)
    name = column("Terbitan", "release__name")
    published_at = column("Waktu Terbit", "release__published_at")
    reason = column("Alasan", "release__reason")
    segment = column("Segmen", "segment", segment_text)
    members = column("Peserta Aktif", "members")
    workforce = column("Potensi", "workforce")
    workforce_year = column("Tahun Potensi", "workforce_year")
    percent = column("Cakupan (%)", "percent", _hundredths)
    target_percent = column("Target (%)", "target_percent")
    target_year = column("Tahun Target", "target_year")
    basis = column("Dasar Angka")
    complete = column("Lengkap", "complete")

    def dehydrate_basis(self, cell: PublishedCell) -> str:
        return SUPPRESSED if cell.is_hidden else cell.basis


class PeriodExceptionResource(Table):
    title = "Pengecualian"

    code = column("Kode Wilayah", "regency_id")
    area = column("Wilayah", "regency", text)
    month = column("Bulan", "month", text)
    reason = column("Alasan", "reason")
    actor = column("Diberikan Oleh", "actor")
    granted_at = column("Diberikan", "granted_at")
    valid_until = column("Berlaku Sampai", "valid_until")


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


STAGES = {
    Stage.OVERDUE: "lewat tenggat",
    Stage.DUE_SOON: "segera jatuh tempo",
    Stage.RUNNING: "berjalan",
    Stage.DONE: "selesai",
    Stage.CANCELLED: "batal",
}


class CommitmentResource(Table):
    """Promises as of a day, today unless another is given."""

    title = "Tindak Lanjut"

    code = column("Kode Wilayah", "regency_id")
    area = column("Wilayah", "regency", text)
    promise = column("Yang Dijanjikan", "promise")
    agency_code = column("Kode Instansi", "agency__code")
    agency = column("Penanggung Jawab", "agency__name")
    promised_members = column("Peserta yang Dijanjikan", "promised_members")
    segment = column("Segmen", "segment", lambda segment: written_segment(segment) if segment else "semua")
    made_on = column("Tanggal Janji", "made_on")
    due_on = column("Tenggat", "due_on")
    on = column("Keadaan Per")
    stage = column("Keadaan")
    closed_on = column("Tanggal Ditutup", "closed_on")
    closing_note = column("Catatan Penutupan", "closing_note")
    source = column("Forum atau Sumber", "source")

    def __init__(self, on: datetime.date | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._on = on or timezone.localdate()

    def dehydrate_on(self, commitment: Commitment) -> datetime.date:
        return self._on

    def dehydrate_stage(self, commitment: Commitment) -> str:
        return STAGES[deadlines.stage(commitment.status, commitment.due_on, self._on)]
