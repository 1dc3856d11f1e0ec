"""Projects and what belongs to them as tables to take away.

Headings and texts are those of the import templates, so that what was exported imports again unchanged. Texts
are Indonesian whatever language the page is in, as in the templates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import override

from coverage_portal.accounts.resources import Table, answer, column, text

from .choices import FundSource, Work
from .compliance.messages import MISSING, RULES, STATES
from .models import Assessment, Project

EXACT_DIGITS = 15
"""What a number cell of a spreadsheet keeps; a longer amount goes out as text."""


def rupiah(value: Decimal | None) -> Decimal | str | None:
    """An amount as a number cell, or as text where a spreadsheet would not keep or not understand it."""
    if value is None:
        return None
    if value == value.to_integral_value():
        value = value.to_integral_value()
    # A number cell below a thousand with decimals is read as one in thousands or millions, and refused.
    elif value < 1000:
        return f"{value:f}".replace(".", ",")
    if len(value.as_tuple().digits) <= EXACT_DIGITS:
        return value
    return f"{value:f}".replace(".", ",")


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{value} %".replace(".", ",")


def _label(choices: type[TextChoices]) -> Callable[[str], str]:
    """What a choice is called in Indonesian."""

    def shown(value: str) -> str:
        with override("id"):
            return str(choices(value).label) if value else ""

    return shown


class ProjectResource(Table):
    title = "Proyek"

    id = column("ID Proyek", "pk")
    package_code = column("Kode Paket", "package_code")
    name = column("Nama Proyek", "name")
    agency_code = column("Kode Instansi", "agency__code")
    agency = column("Instansi", "agency__name")
    owner = column("Pemilik Menurut Sumber", "owner")
    ppk = column("PPK", "ppk")
    contractor = column("Penyedia Jasa", "contractor__name")
    npwp = column("NPWP", "contractor__npwp")
    npp = column("NPP", "contractor__npp")
    regency = column("Kabupaten/Kota")
    district = column("Kecamatan", "district")
    fund_source = column("Sumber Dana", "fund_source", _label(FundSource))
    budget_year = column("Tahun Anggaran", "budget_year", text)
    work = column("Jenis Pekerjaan", "work", _label(Work))
    contract_number = column("Nomor Kontrak", "contract_number")
    spk_date = column("Tanggal SPK", "spk_date")
    contract_value = column("Nilai Kontrak", "contract_value", rupiah)
    vat_included = column("Termasuk PPN", "vat_included", answer)
    vat_rate = column("Tarif PPN (%)", "vat_rate", _percent)
    contribution_base = column("Dasar Iuran", "contribution_base", rupiah)
    wages_known = column("Upah Diketahui", "wages_known", answer)
    wages = column("Jumlah Upah", "wages", rupiah)
    start = column("Mulai", "start")
    end = column("Selesai (PHO)", "end")
    maintenance_end = column("Akhir Pemeliharaan (FHO)", "maintenance_end")
    has_maintenance = column("Masa Pemeliharaan", "has_maintenance", answer)
    planned_workers = column("Rencana Tenaga Kerja", "planned_workers")
    bpjs_number = column("Nomor Proyek BPJS", "bpjs_number")
    registered_on = column("Tanggal Pendaftaran", "registered_on")
    certified_on = column("Tanggal Sertifikat", "certified_on")
    cover_end = column("Perlindungan Sampai", "cover_end")
    cancelled = column("Batal", "cancelled", answer)
    cancelled_on = column("Tanggal Batal", "cancelled_on")
    first_paid_on = column("Iuran Pertama Dibayar", "first_paid_on")
    source = column("Sumber Data", "source")
    data_date = column("Tanggal Data", "data_date")

    def dehydrate_regency(self, project: Project) -> str:
        places = [project.regency, *(other.regency for other in project.further.all())]
        return "; ".join(str(place) for place in places if place is not None)


def _named(labels: Mapping[Any, str]) -> Callable[[Any], str]:
    """What a code, or each of a list of codes, is called in Indonesian."""

    def shown(value: str | list[str]) -> str:
        return "; ".join(labels[code] for code in ([value] if isinstance(value, str) else value))

    return shown


class PositionResource(Table):
    """Where projects stand on a day. Not to be imported: nothing of it is typed in."""

    title = "Posisi Proyek"

    on = column("Posisi Per", "on")
    project_id = column("ID Proyek", "project_id")
    package_code = column("Kode Paket", "project__package_code")
    bpjs_number = column("Nomor Proyek BPJS", "project__bpjs_number")
    name = column("Nama Proyek", "project__name")
    agency = column("Instansi", "project__agency__name")
    owner = column("Pemilik Menurut Sumber", "project__owner")
    contractor = column("Penyedia Jasa", "project__contractor__name")
    regency = column("Kabupaten/Kota", "project__regency", text)
    fund_source = column("Sumber Dana", "project__fund_source", _label(FundSource))
    state = column("Keadaan", "state", _named(STATES))
    open_rules = column("Perlu Tindak Lanjut", "open_rules", _named(RULES))
    missing = column("Data yang Belum Ada", "missing", _named(MISSING))
    is_registered = column("Terdaftar", "is_registered", answer)
    is_protected = column("Pekerja Terlindungi", "is_protected", answer)
    enrolled = column("Pekerja Terdaftar", "enrolled")
    planned_workers = column("Rencana Tenaga Kerja", "project__planned_workers")
    value = column("Nilai Kontrak", "value", rupiah)
    due = column("Iuran", "due", rupiah)
    is_estimate = column("Iuran Perkiraan", "is_estimate", answer)
    paid = column("Dibayar", "paid", rupiah)
    arrears_to_30 = column("Tunggakan 0-30 Hari", "arrears_to_30", rupiah)
    arrears_to_90 = column("Tunggakan 31-90 Hari", "arrears_to_90", rupiah)
    arrears_over_90 = column("Tunggakan di Atas 90 Hari", "arrears_over_90", rupiah)
    start = column("Mulai", "start")
    end = column("Selesai (PHO)", "end")
    last_day = column("Harus Terlindungi Sampai", "last_day")
    cover_end = column("Perlindungan Sampai", "cover_end")


class OfProject(Table):
    """Records of projects, by the project's numbers and name."""

    project_id = column("ID Proyek", "project_id")
    bpjs_number = column("Nomor Proyek BPJS", "project__bpjs_number")
    package_code = column("Kode Paket", "project__package_code")
    name = column("Nama Proyek", "project__name")


class PaymentResource(OfProject):
    title = "Pembayaran"

    paid_on = column("Tanggal Bayar", "paid_on")
    amount = column("Jumlah Dibayar", "amount", rupiah)
    reference = column("Nomor Bukti", "reference")
    assessment = column("Nomor Penetapan", "assessment__number")
    note = column("Catatan Pembayaran", "note")
    source = column("Sumber Data", "source")


class AssessmentResource(OfProject):
    title = "Penetapan Iuran"

    number = column("Nomor Penetapan", "number")
    assessed_on = column("Tanggal Penetapan", "assessed_on")
    amount = column("Jumlah Iuran", "amount", rupiah)
    is_additional = column("Tambahan", "is_additional", answer)
    instalments = column("Termin")
    note = column("Catatan", "note")

    def dehydrate_instalments(self, assessment: Assessment) -> str:
        parts = sorted(assessment.instalments.all(), key=lambda part: part.number)
        return "; ".join(f"{part.due_on:%d-%m-%Y}: {part.amount}" for part in parts)


class AddendumResource(OfProject):
    title = "Adendum"

    number = column("Nomor Adendum", "number")
    signed_on = column("Tanggal Adendum", "signed_on")
    contract_value = column("Nilai Kontrak Baru", "contract_value", rupiah)
    start = column("Mulai Baru", "start")
    end = column("Selesai (PHO) Baru", "end")
    maintenance_end = column("Akhir Pemeliharaan (FHO) Baru", "maintenance_end")
    note = column("Catatan", "note")


class ContractorResource(Table):
    title = "Penyedia Jasa"

    name = column("Nama", "name")
    npwp = column("NPWP", "npwp")
    npp = column("NPP", "npp")


class HolidayResource(Table):
    title = "Hari Libur"

    date = column("Tanggal", "date")
    name = column("Nama", "name")
    kind = column("Jenis", "kind")
    source = column("Dasar", "source")
