"""Lists of construction projects: as SPSE and LPSE give them, as BPJS has them, and as the portal exports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts import history
from coverage_portal.accounts.areas import Scope
from coverage_portal.accounts.history import Author
from coverage_portal.intake.kinds import (
    Column,
    Interpreter,
    Key,
    Layout,
    Options,
    Question,
    Record,
    RecordKind,
    Values,
)
from coverage_portal.intake.restoring import Place, restore
from projects.models import Addendum, Assessment, Contractor, Enrollment, Payment, Project, ProjectRegency
from regions.imports.headings import plain
from regions.models import Agency, Regency
from regions.names import index_of

from . import headings
from .rows import ProjectRows
from .values import FIELDS, further_of, set_values, stored, values_of

Traced = tuple[Any, dict[str, Any] | None, dict[str, Any] | None]


class ProjectKind(RecordKind):
    slug = "project"
    title = gettext_lazy("Daftar proyek konstruksi")
    description = gettext_lazy(
        "Paket konstruksi dari SPSE/LPSE, atau proyek menurut BPJS Ketenagakerjaan. "
        "Paket lain dilewati; paket yang sama dikenali dari kodenya."
    )
    permission = "projects.change_project"
    columns: ClassVar = (
        Column("package_code", "Kode Paket", _("Kode paket SPSE/SiRUP."), "10012345", text=True),
        Column(
            "name", "Nama Proyek", _("Nama proyek atau paket."), "Peningkatan Jalan Contoh", required=True
        ),
        Column("agency_code", "Kode Instansi", _("Kode dari daftar instansi."), "61.PUPR", text=True),
        Column("agency", "Instansi", _("Nama instansi yang sudah tercatat."), "Dinas PUPR Contoh"),
        Column("owner", "Pemilik Menurut Sumber", _("Satuan kerja seperti tertulis di sumbernya."), ""),
        Column("ppk", "PPK", _("Pejabat pembuat komitmen."), ""),
        Column("contractor", "Penyedia Jasa", _("Kosong untuk swakelola."), "PT Contoh Karya"),
        Column("npwp", "NPWP", _("NPWP badan usaha penyedia."), "01.136.897.4-541.000", text=True),
        Column("npp", "NPP", _("Nomor pendaftaran perusahaan di BPJS Ketenagakerjaan."), "", text=True),
        Column(
            "regency",
            "Kabupaten/Kota",
            _("Nama kabupaten/kota; beberapa dipisah titik koma, yang pertama utama."),
            "Kabupaten Ketapang",
        ),
        Column("district", "Kecamatan", _("Nama kecamatan."), ""),
        Column(
            "fund_source", "Sumber Dana", _("APBN, APBD provinsi, APBD kabupaten/kota, …"), "APBD provinsi"
        ),
        Column("budget_year", "Tahun Anggaran", _("Empat angka."), "2025", text=True),
        Column("work", "Jenis Pekerjaan", _("Perencanaan, pelaksanaan, atau pengawasan."), "Pelaksanaan"),
        Column("contract_number", "Nomor Kontrak", _("Nomor kontrak atau SPK."), "", text=True),
        Column("spk_date", "Tanggal SPK", _("Tanggal SPK atau kontrak."), "15-01-2025"),
        Column(
            "contract_value",
            "Nilai Kontrak",
            _("Rupiah, misalnya Rp 2.711.780.000,00 atau 2,4 M (miliar)."),
            "2711780000",
        ),
        Column("vat_included", "Termasuk PPN", _("Ya atau tidak."), "ya"),
        Column("vat_rate", "Tarif PPN (%)", _("Persen, misalnya 11 %."), "11 %", text=True),
        Column("contribution_base", "Dasar Iuran", _("Bila ditetapkan lain daripada nilai kontrak."), ""),
        Column("wages_known", "Upah Diketahui", _("Ya atau tidak."), ""),
        Column("wages", "Jumlah Upah", _("Rupiah, bila komponen upah diketahui."), ""),
        Column("start", "Mulai", _("Tanggal mulai pekerjaan."), "20-01-2025"),
        Column("end", "Selesai (PHO)", _("Tanggal serah terima pertama."), "20-08-2025"),
        Column("maintenance_end", "Akhir Pemeliharaan (FHO)", _("Tanggal serah terima akhir."), "20-02-2026"),
        Column("has_maintenance", "Masa Pemeliharaan", _("Tidak bila kontraknya tanpa pemeliharaan."), ""),
        Column("planned_workers", "Rencana Tenaga Kerja", _("Jumlah orang."), "25"),
        Column("bpjs_number", "Nomor Proyek BPJS", _("Nomor proyek di BPJS Ketenagakerjaan."), "", text=True),
        Column("registered_on", "Tanggal Pendaftaran", _("Tanggal didaftarkan di BPJS."), ""),
        Column("certified_on", "Tanggal Sertifikat", _("Tanggal sertifikat kepesertaan."), ""),
        Column("cover_end", "Perlindungan Sampai", _("Akhir perlindungan menurut BPJS."), ""),
        Column("cancelled", "Batal", _("Ya bila proyek batal."), ""),
        Column("cancelled_on", "Tanggal Batal", _("Tanggal proyek dibatalkan."), ""),
        Column("source", "Sumber Data", _("Dari mana datanya; kosong berarti nama berkas."), "SPSE"),
        Column("data_date", "Tanggal Data", _("Tanggal data diambil."), ""),
        Column("id", "ID Proyek", _("Hanya di ekspor portal; kosong untuk proyek baru."), "", text=True),
    )

    def recognise(self, heading: str, titles: Sequence[str], options: Options) -> str | None:
        return headings.project_target(heading)

    def target_choices(self) -> list[tuple[str, str]]:
        return [
            *((column.name, column.heading) for column in self.columns),
            ("rup_code", "Kode RUP"),
            ("province", "Provinsi"),
            ("regency_code", "Kode Wilayah"),
            ("category", "Kategori"),
            ("status", "Status Tender"),
            ("estimate", "HPS"),
        ]

    def missing(self, targets: Iterable[str]) -> list[str]:
        return [] if {"name", "package_code", "bpjs_number", "id"} & set(targets) else ["Nama Proyek"]

    def ask(self, layout: Layout, options: Options, scope: Scope) -> list[Question]:
        return []

    def adjustments(self, scope: Scope) -> list[Question]:
        home = settings.HOME_PROVINCE
        regencies = Regency.objects.filter(province_id=home).by_code()
        places = [(home, _("Seluruh provinsi")), *((r.code, r.table_name) for r in regencies)]
        question = _("Hanya proyek di wilayah ini (kosong: semua)")
        return [Question("area", question, choices=tuple(places), optional=True)]

    def read_answer(self, name: str, text: str, scope: Scope) -> str:
        if name != "area":
            return text
        home = settings.HOME_PROVINCE
        found = home if text == home else index_of(home).resolve(text).code
        if found is None:
            raise ValueError(gettext("Tulis kode atau nama kabupaten/kota, misalnya 61.04."))
        return found

    def interpreter(self, layout: Layout, options: Options, scope: Scope, file_name: str) -> Interpreter:
        return ProjectRows(layout, options, scope, file_name)

    def current(self, keys: Iterable[Key]) -> dict[Key, Values]:
        wanted = set(keys)
        found: dict[Key, Values] = {}
        for project in stored(Project.objects.filter(_any_of(wanted)).order_by("pk")):
            values = values_of(project)
            found.update(dict.fromkeys(_keys_of(project, values) & wanted, values))
        return found

    def merge(self, records: Sequence[Record], author: Author) -> None:
        ids = [int(record.key[1]) for record in records if record.key[0] == "id"]
        locked = Project.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
        existing = {str(project.pk): project for project in locked}
        agencies = {agency.code: agency.pk for agency in Agency.objects.all()}
        contractors = _Contractors()
        before: list[dict[str, Any] | None] = []
        written: list[Project] = []
        for record in records:
            project = existing.get(record.key[1]) if record.key[0] == "id" else None
            before.append(None if project is None else history.snapshot(project))
            project = project or Project()
            set_values(project, record.values)
            project.agency_id = agencies.get(record.values["agency"] or "")
            project.contractor_id = contractors.of(record.values)
            project.source, project.data_date = _extra(record)
            written.append(project)
        new = [project for project, old in zip(written, before, strict=True) if old is None]
        Project.objects.bulk_create(new, batch_size=500)
        changed = [project for project, old in zip(written, before, strict=True) if old is not None]
        fields = [*FIELDS, "regency", "agency", "contractor", "source", "data_date"]
        Project.objects.bulk_update(changed, fields, batch_size=200)
        traced: list[Traced] = [*contractors.made]
        traced += [
            (project, old, history.snapshot(project)) for project, old in zip(written, before, strict=True)
        ]
        wanted = {p.pk: further_of(r.values) for p, r in zip(written, records, strict=True)}
        history.record(author, [*traced, *_set_further(wanted)])

    def undo(self, action: Any, author: Author, *, leave_out: bool) -> list[str]:
        return restore(action, author, leave_out=leave_out, in_use=_in_use)


def _extra(record: Record) -> tuple[str, Any]:
    return record.extra["source"], Project._meta.get_field("data_date").to_python(record.extra["data_date"])


def _any_of(keys: set[Key]) -> Q:
    """The projects that keys may mean; by name all that have no number, for names are spelt freely."""
    by = {kind: [key[1] for key in keys if key[0] == kind] for kind in ("id", "code", "number")}
    found = Q(pk__in=[int(pk) for pk in by["id"]])
    found |= Q(package_code__in=by["code"]) | Q(bpjs_number__in=by["number"])
    if any(key[0] == "name" for key in keys):
        found |= Q(package_code="", bpjs_number="")
    return found


def _keys_of(project: Project, values: Values) -> set[Key]:
    keys: set[Key] = {("id", str(project.pk))}
    if project.package_code:
        keys.add(("code", project.package_code))
    if project.bpjs_number:
        keys.add(("number", project.bpjs_number))
    keys.add(("name", plain(project.name), values["regency"] or "", values["contract_number"] or ""))
    return keys


class _Contractors:
    """The contractors that values name; those that are not stored yet are made."""

    def __init__(self) -> None:
        self.made: list[Traced] = []
        self._by_npwp: dict[str, int] = {}
        self._by_name: dict[tuple[str, str], int] = {}
        for contractor in Contractor.objects.order_by("-pk"):
            self._remember(contractor)

    def of(self, values: Values) -> int | None:
        name, npwp = values["contractor_name"], values["contractor_npwp"] or ""
        if not name:
            return None
        found = self._by_npwp.get(npwp) if npwp else self._by_name.get((plain(name), ""))
        if found is not None:
            return found
        contractor = Contractor.objects.create(name=name, npwp=npwp, npp=values["contractor_npp"] or "")
        self.made.append((contractor, None, history.snapshot(contractor)))
        self._remember(contractor)
        return contractor.pk

    def _remember(self, contractor: Contractor) -> None:
        if contractor.npwp:
            self._by_npwp[contractor.npwp] = contractor.pk
        self._by_name[plain(contractor.name), contractor.npwp] = contractor.pk


def _set_further(wanted: dict[int, set[str]]) -> list[Traced]:
    """Give each project, by id, these further regencies."""
    traced: list[Traced] = []
    stored_now = {(o.project_id, o.regency_id): o for o in ProjectRegency.objects.filter(project__in=wanted)}
    new = {(pk, code) for pk, codes in wanted.items() for code in codes}
    for key in sorted(stored_now.keys() - new):
        other = stored_now[key]
        traced.append((other, history.snapshot(other), None))
        ProjectRegency.objects.filter(pk=other.pk).delete()
    for pk, code in sorted(new - stored_now.keys()):
        other = ProjectRegency.objects.create(project_id=pk, regency_id=code)
        traced.append((other, None, history.snapshot(other)))
    return traced


def _in_use(standing: Sequence[models.Model], made: set[Place]) -> set[Place]:
    """The projects for which something has been entered that the import did not make."""
    projects = [record.pk for record in standing if isinstance(record, Project)]
    used: set[int] = set()
    for model in (Addendum, Assessment, Payment, Enrollment, ProjectRegency):
        ours = [pk for label, pk in made if label == model._meta.label_lower]
        others = model._base_manager.filter(project__in=projects).exclude(pk__in=ours)
        used.update(others.values_list("project_id", flat=True).distinct())
    return {(Project._meta.label_lower, str(pk)) for pk in used}
