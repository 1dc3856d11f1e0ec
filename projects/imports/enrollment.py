"""Data peserta: worker lists by name, up to a million rows, in the layouts they come in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts.areas import Scope
from coverage_portal.accounts.history import Author
from coverage_portal.intake.kinds import (
    IGNORE,
    BulkKind,
    BulkReader,
    Column,
    Comparison,
    Layout,
    NotNow,
    Options,
    Problem,
    Question,
    Written,
)
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.identity import parse_npp
from coverage_portal.lib.periods import parse_date
from coverage_portal.lib.spreadsheets import Cell
from coverage_portal.lib.values import BadValue
from projects import comparing, correcting, merging, sealing, undoing
from projects.choices import Funding, Occupation
from projects.messages import TEMPLATES
from projects.models import CountingHorizon, Project
from projects.plan import ADD, COMPLETE, NONE, Plan, answered
from projects.staging import CountingClaim
from regions.choices import Segment
from regions.models import Regency
from regions.names import index_of
from regions.selectors.locks import closed_lines

from . import headings
from .columns import project_key
from .rows import EnrollmentReader, masked

SEGMENTS = tuple((segment.value, str(segment.value)) for segment in Segment)
MODES = (
    (ADD, _("Tambahan: baris ditambahkan atau mengubah yang ada")),
    (COMPLETE, _("Daftar lengkap: yang tidak ada di berkas ini berakhir")),
)


class EnrollmentKind(BulkKind):
    """One row a person and period of protection."""

    slug = "enrollment"
    title = gettext_lazy("Data peserta")
    description = gettext_lazy(
        "Daftar tenaga kerja per orang dengan NIK: SIPP, daftar desa, daftar pekerja proyek."
    )
    permission = "projects.change_enrollment"
    reveal_permission = "projects.reveal_nik"
    can_correct = True
    feeds_counts = True
    table = "projects_stagedenrollment"
    staged = (
        "nik_sealed",
        "nik_last4",
        "name",
        "sex",
        "birth_date",
        "kpj",
        "segment",
        "regency_id",
        "employer_npp",
        "project_id",
        "occupation",
        "funding",
        "start",
        "end",
        "paid_through",
    )
    columns: ClassVar = (
        Column("nik", "NIK", _("16 angka, sebagai teks."), "6171011708909001", required=True, text=True),
        Column("name", "Nama", _("Seperti di KTP."), "CONTOH SATU", required=True),
        Column("sex", "Jenis Kelamin", _("L atau P."), "L"),
        Column("birth_date", "Tanggal Lahir", _("Misalnya 17-08-1990."), "17-08-1990"),
        Column("kpj", "Nomor KPJ", _("11 angka, sebagai teks."), "25000000001", text=True),
        Column("segment", "Segmen", _("PU, BPU, Jakon, atau PMI."), "BPU"),
        Column("regency", "Kabupaten/Kota", _("Tempat kerja."), "Kota Pontianak"),
        Column("npp", "NPP", _("Nomor pemberi kerja, 8 huruf atau angka."), "AB123456", text=True),
        Column(
            "project", "Nomor Proyek", _("Nomor proyek BPJS atau kode paket, untuk Jakon."), "", text=True
        ),
        Column("occupation", "Kelompok Pekerjaan", _("Misalnya nelayan, petani, kader."), "Nelayan"),
        Column("funding", "Pembayar Iuran", _("Mandiri, Perusahaan, APBD, APBDes, DBH sawit, CSR."), "APBD"),
        Column("start", "Tanggal Mulai", _("Hari pertama terlindungi."), "01-08-2025"),
        Column("end", "Tanggal Berakhir", _("Hari terakhir; kosong bila masih aktif."), ""),
        Column("paid_through", "Iuran Dibayar Sampai", _("Tanggal atau bulan terakhir."), "31-08-2025"),
    )

    def recognise(self, heading: str, titles: Sequence[str], options: Options) -> str | None:
        return headings.target_of(heading)

    def target_choices(self) -> list[tuple[str, str]]:
        return [
            *((column.name, column.heading) for column in self.columns),
            ("regency_code", "Kode Wilayah"),
            ("work_start", _("Tanggal mulai bekerja")),
        ]

    def missing(self, targets: Iterable[str]) -> list[str]:
        found = set(targets)
        return [column.heading for column in self.columns if column.required and column.name not in found]

    def ask(self, layout: Layout, options: Options, scope: Scope) -> list[Question]:
        targets = layout.targets()
        asked = {question.name: question for question in self.adjustments(scope)}
        needed = [name for name in self._needed(targets, options) if not options.get(name)]
        if not needed:
            return []
        # Only put beside a question that stops anyway: a complete sheet is not held up by them.
        beside = [
            name
            for name in ("mode", "npp", "project", "occupation", "funding")
            if name not in targets and name not in needed and not options.get(name)
        ]
        return [
            *(_required(asked[name]) for name in needed),
            *(asked[name] for name in beside if name != "project" or options.get("segment") == Segment.JAKON),
        ]

    def _needed(self, targets: Mapping[str, Any], options: Options) -> list[str]:
        has_project = "project" in targets or bool(answered(options, "project"))
        needed = []
        is_complete = options.get("mode") == COMPLETE
        of_project = is_complete and bool(answered(options, "project"))
        in_columns = not is_complete or of_project
        if not (in_columns and ({"regency", "regency_code"} & targets.keys() or has_project)):
            needed.append("regency")
        if not (in_columns and ("segment" in targets or bool(answered(options, "project")))):
            needed.append("segment")
        if of_project:
            needed = []
        if not {"start", "work_start"} & targets.keys():
            needed.append("start_date")
        if is_complete or not CountingHorizon.objects.exists():
            needed.append("data_date")
        return needed

    def adjustments(self, scope: Scope) -> list[Question]:
        home = settings.HOME_PROVINCE
        regencies = Regency.objects.filter(province_id=home).by_code()
        places = tuple((regency.code, regency.table_name) for regency in regencies)
        projects = tuple(
            (str(pk), name[:80])
            for pk, name in Project.objects.within(scope).order_by("name").values_list("pk", "name")[:500]
        )
        occupations = tuple((str(c.value), str(c.label)) for c in Occupation)
        payers = tuple((str(c.value), str(c.label)) for c in Funding)
        none = (NONE, _("Tidak ada"))

        def ask(name: str, template: str, choices: Any = (), kind: str = "choice") -> Question:
            return Question(name, template, choices=tuple(choices), kind=kind, optional=True)

        return [
            ask("mode", _("Bagaimana daftar ini dipakai?"), MODES),
            ask("regency", _("Orang di daftar ini bekerja di kabupaten/kota mana?"), places),
            ask("segment", _("Orang di daftar ini termasuk segmen apa?"), SEGMENTS),
            ask("npp", _("NPP pemberi kerja untuk seluruh daftar, bila ada"), kind="text"),
            ask("project", _("Proyek untuk seluruh daftar, bila ada"), (none, *projects)),
            ask("start_date", _("Sejak kapan orang di daftar ini terlindungi?"), kind="date"),
            ask("data_date", _("Per tanggal berapa data ini?"), kind="date"),
            ask("occupation", _("Kelompok pekerjaan untuk seluruh daftar, bila sama"), (none, *occupations)),
            ask("funding", _("Pembayar iuran untuk seluruh daftar, bila sama"), (none, *payers)),
        ]

    def read_answer(self, name: str, text: str, scope: Scope) -> str:
        if text == NONE:
            return text
        if name == "project":
            return _project(text, scope)
        reader = _READERS.get(name)
        return text if reader is None else reader(text)

    def reader(self, layout: Layout, options: Options, scope: Scope) -> BulkReader:
        with _while_the_key_stays():
            return EnrollmentReader(layout, options, scope)

    def remembered(self, layout: Layout, options: Options) -> dict[str, Any]:
        return {"has_start": bool({"start", "work_start"} & layout.targets().keys())}

    def never_kept(self, layout: Layout) -> frozenset[int]:
        return frozenset(use.index for use in layout.uses if headings.is_wage(use.heading))

    def masked(self, target: str | None, cell: Cell) -> Cell:
        return masked(target, cell) if target not in (None, IGNORE) else None

    def needs_every_row(self, options: Options) -> bool:
        return options.get("mode") == COMPLETE or bool(options.get("corrects"))

    def has_written(self, batch_id: uuid.UUID) -> bool:
        return CountingClaim.objects.filter(batch_id=batch_id).exists()

    def compare(
        self, batch_id: uuid.UUID, options: Options, remembered: Mapping[str, Any], scope: Scope
    ) -> Comparison:
        plan = _plan(batch_id, options, remembered, scope)
        with _while_the_key_stays():
            return comparing.compare(plan) if plan.corrects is None else correcting.compare(plan)

    def merge(
        self,
        batch_id: uuid.UUID,
        options: Options,
        remembered: Mapping[str, Any],
        scope: Scope,
        author: Author,
    ) -> Written:
        plan = _plan(batch_id, options, remembered, scope)
        write = merging.merge if plan.corrects is None else correcting.merge
        return write(plan, remembered["fingerprint"], author)

    def closed_months(self, batch: ImportBatch) -> list[str]:
        return closed_lines(batch.found.get("touched", {}))

    def undo(self, action: Any, author: Author, *, leave_out: bool) -> list[str]:
        with _said_of_the_key():
            return undoing.undo(action, author, leave_out=leave_out)


def _plan(batch_id: uuid.UUID, options: Options, remembered: Mapping[str, Any], scope: Scope) -> Plan:
    return Plan.of(batch_id, options, scope, has_start=bool(remembered["has_start"]))


@contextmanager
def _while_the_key_stays() -> Iterator[None]:
    """Inside it, everyone who is stored can be found by the sealed NIK."""
    with _said_of_the_key(), transaction.atomic():
        sealing.hold_key()
        yield


@contextmanager
def _said_of_the_key() -> Iterator[None]:
    try:
        yield
    except sealing.KeyIsChanging:
        raise NotNow(Problem("key_is_changing", TEMPLATES["key_is_changing"])) from None


def _required(question: Question) -> Question:
    return Question(question.name, question.template, choices=question.choices, kind=question.kind)


def _day(text: str) -> str:
    try:
        day = parse_date(text)
    except BadValue as error:
        raise ValueError(gettext(error.template) % error.params) from error
    return "" if day is None else day.isoformat()


def _regency(text: str) -> str:
    index = index_of(settings.HOME_PROVINCE)
    found = index.resolve(None, text) if text[:1].isdigit() else index.resolve(text)
    if found.code is None or "." not in found.code:
        raise ValueError(gettext("Tulis kode atau nama kabupaten/kota, misalnya 61.04."))
    return found.code


def _npp(text: str) -> str:
    try:
        found = parse_npp(text)
    except BadValue as error:
        raise ValueError(gettext(error.template) % error.params) from error
    return "" if found is None else found.number


def _project(text: str, scope: Scope) -> str:
    for project in Project.objects.within(scope):
        if text == str(project.pk) or project_key(text) in {
            project_key(key) for key in (project.bpjs_number, project.package_code) if key
        }:
            return str(project.pk)
    raise ValueError(gettext("Proyek itu belum tercatat di portal."))


def _choice(*allowed: str) -> Any:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(gettext("Pilihannya: %(choices)s.") % {"choices": ", ".join(allowed)})
        return text

    return read


_READERS = {
    "mode": _choice(ADD, COMPLETE),
    "regency": _regency,
    "segment": _choice(*Segment.values),
    "npp": _npp,
    "start_date": _day,
    "data_date": _day,
    "occupation": _choice(*Occupation.values),
    "funding": _choice(*Funding.values),
}
"""How each answer is read. ValueErrors hold a sentence for the user."""
