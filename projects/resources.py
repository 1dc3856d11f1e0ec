"""Projects and what belongs to them as tables to take away.

Headings and texts are those of the import templates, so that what was exported imports again unchanged. Texts
are Indonesian whatever language the page is in, as in the templates.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import override

from coverage_portal.accounts.resources import Table, column

from .choices import FundSource, Work
from .models import Addendum, Assessment, Payment, Project

EXACT_DIGITS = 15
"""What a number cell of a spreadsheet keeps; a longer amount goes out as text."""


def amount(value: Decimal | None) -> Decimal | str | None:
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


def answer(value: bool | None) -> str:
    return "" if value is None else "ya" if value else "tidak"


def _label(choices: Any, value: str) -> str:
    with override("id"):
        return str(choices(value).label) if value else ""


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
    fund_source = column("Sumber Dana")
    budget_year = column("Tahun Anggaran")
    work = column("Jenis Pekerjaan")
    contract_number = column("Nomor Kontrak", "contract_number")
    spk_date = column("Tanggal SPK", "spk_date")
    contract_value = column("Nilai Kontrak")
    vat_included = column("Termasuk PPN")
    vat_rate = column("Tarif PPN (%)")
    contribution_base = column("Dasar Iuran")
    wages_known = column("Upah Diketahui")
    wages = column("Jumlah Upah")
    start = column("Mulai", "start")
    end = column("Selesai (PHO)", "end")
    maintenance_end = column("Akhir Pemeliharaan (FHO)", "maintenance_end")
    has_maintenance = column("Masa Pemeliharaan")
    planned_workers = column("Rencana Tenaga Kerja", "planned_workers")
    bpjs_number = column("Nomor Proyek BPJS", "bpjs_number")
    registered_on = column("Tanggal Pendaftaran", "registered_on")
    certified_on = column("Tanggal Sertifikat", "certified_on")
    cover_end = column("Perlindungan Sampai", "cover_end")
    cancelled = column("Batal")
    cancelled_on = column("Tanggal Batal", "cancelled_on")
    first_paid_on = column("Iuran Pertama Dibayar", "first_paid_on")
    source = column("Sumber Data", "source")
    data_date = column("Tanggal Data", "data_date")

    def dehydrate_regency(self, project: Project) -> str:
        places = [project.regency, *(other.regency for other in project.further.all())]
        return "; ".join(str(place) for place in places if place is not None)

    def dehydrate_fund_source(self, project: Project) -> str:
        return _label(FundSource, project.fund_source)

    def dehydrate_work(self, project: Project) -> str:
        return _label(Work, project.work)

    def dehydrate_budget_year(self, project: Project) -> str:
        return str(project.budget_year or "")

    def dehydrate_contract_value(self, project: Project) -> Any:
        return amount(project.contract_value)

    def dehydrate_contribution_base(self, project: Project) -> Any:
        return amount(project.contribution_base)

    def dehydrate_wages(self, project: Project) -> Any:
        return amount(project.wages)

    def dehydrate_vat_included(self, project: Project) -> str:
        return answer(project.vat_included)

    def dehydrate_vat_rate(self, project: Project) -> str:
        return "" if project.vat_rate is None else f"{project.vat_rate} %".replace(".", ",")

    def dehydrate_wages_known(self, project: Project) -> str:
        return answer(project.wages_known)

    def dehydrate_has_maintenance(self, project: Project) -> str:
        return answer(project.has_maintenance)

    def dehydrate_cancelled(self, project: Project) -> str:
        return answer(project.cancelled)


class OfProject(Table):
    """Records of projects, by the project's numbers and name."""

    project_id = column("ID Proyek", "project_id")
    bpjs_number = column("Nomor Proyek BPJS", "project__bpjs_number")
    package_code = column("Kode Paket", "project__package_code")
    name = column("Nama Proyek", "project__name")


class PaymentResource(OfProject):
    title = "Pembayaran"

    paid_on = column("Tanggal Bayar", "paid_on")
    amount = column("Jumlah Dibayar")
    reference = column("Nomor Bukti", "reference")
    assessment = column("Nomor Penetapan", "assessment__number")
    note = column("Catatan Pembayaran", "note")
    source = column("Sumber Data", "source")

    def dehydrate_amount(self, payment: Payment) -> Any:
        return amount(payment.amount)


class AssessmentResource(OfProject):
    title = "Penetapan Iuran"

    number = column("Nomor Penetapan", "number")
    assessed_on = column("Tanggal Penetapan", "assessed_on")
    amount = column("Jumlah Iuran")
    is_additional = column("Tambahan")
    instalments = column("Termin")
    note = column("Catatan", "note")

    def dehydrate_amount(self, assessment: Assessment) -> Any:
        return amount(assessment.amount)

    def dehydrate_is_additional(self, assessment: Assessment) -> str:
        return answer(assessment.is_additional)

    def dehydrate_instalments(self, assessment: Assessment) -> str:
        parts = sorted(assessment.instalments.all(), key=lambda part: part.number)
        return "; ".join(f"{part.due_on:%d-%m-%Y}: {part.amount}" for part in parts)


class AddendumResource(OfProject):
    title = "Adendum"

    number = column("Nomor Adendum", "number")
    signed_on = column("Tanggal Adendum", "signed_on")
    contract_value = column("Nilai Kontrak Baru")
    start = column("Mulai Baru", "start")
    end = column("Selesai (PHO) Baru", "end")
    maintenance_end = column("Akhir Pemeliharaan (FHO) Baru", "maintenance_end")
    note = column("Catatan", "note")

    def dehydrate_contract_value(self, addendum: Addendum) -> Any:
        return amount(addendum.contract_value)


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
