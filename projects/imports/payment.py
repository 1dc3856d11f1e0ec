"""Lists of payments: what projects have paid, by project number, day and amount."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts import history
from coverage_portal.accounts.areas import Scope
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change
from coverage_portal.intake.choices import Outcome
from coverage_portal.intake.kinds import (
    Column,
    Interpreter,
    Key,
    Layout,
    Options,
    Problem,
    Question,
    Record,
    RecordKind,
    RowKind,
    RowResult,
    Severity,
    Values,
)
from coverage_portal.intake.layout import text_of
from coverage_portal.intake.models import ImportBatch
from coverage_portal.intake.restoring import restore
from coverage_portal.lib.numbers import format_rupiah
from coverage_portal.lib.periods import Month, months, parse_date
from coverage_portal.lib.spreadsheets import Cell
from coverage_portal.lib.values import BadValue
from projects import services
from projects.models import Assessment, Payment, Project
from regions.imports.headings import is_total_row, plain
from regions.imports.rows import NOTE_REASON, TOTAL_REASON
from regions.selectors.locks import closed_lines

from .project.headings import payment_target
from .project.values import clean_text, money
from .sheet_rows import SheetRows
from .unacceptable import Unacceptable

_PROJECTS = ("bpjs_number", "package_code", "project_id", "name")


class PaymentRows(SheetRows):
    """Rows of payments, one a row."""

    def __init__(self, layout: Layout, options: Options, scope: Scope, file_name: str) -> None:
        super().__init__(layout, options, file_name)
        self.scope = scope
        self.today = timezone.localdate()
        projects = Project.objects.within(scope).select_related("agency")
        self.projects = {project.pk: project for project in projects}
        self._by: defaultdict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for project in self.projects.values():
            for target, text in (
                ("bpjs_number", project.bpjs_number),
                ("package_code", project.package_code),
                ("project_id", str(project.pk)),
                ("name", plain(project.name)),
            ):
                if text:
                    self._by[target][text].add(project.pk)
        assessments = Assessment.objects.filter(project__in=self.projects).order_by("assessed_on", "pk")
        self.assessments = {(a.project_id, a.number): a for a in assessments}
        self._due: dict[int, Decimal] = {}
        for assessed in assessments:
            earlier = self._due.get(assessed.project_id, Decimal(0)) if assessed.is_additional else Decimal(0)
            self._due[assessed.project_id] = earlier + assessed.amount
        paid = Payment.objects.filter(project__in=self.projects).values("project")
        self._paid = {row["project"]: row["sum"] for row in paid.annotate(sum=Sum("amount"))}
        stored = Payment.objects.filter(project__in=self.projects).select_related("assessment")
        self._stored = {_key_of(payment): payment for payment in stored}
        self._last: dict[int, tuple[int, str]] = {}

    def row(self, number: int, cells: Sequence[Cell]) -> RowResult:
        named = [target for target in _PROJECTS if self.shown(cells, target)]
        if any(is_total_row(text_of(cell)) for cell in cells[:4]) and not set(named) - {"name"}:
            return RowResult(RowKind.SKIPPED, reason=TOTAL_REASON)
        if not named and not self.shown(cells, "amount"):
            return RowResult(RowKind.SKIPPED, reason=NOTE_REASON)
        result = RowResult(RowKind.DATA)
        project = self._project(named, cells, result)
        paid_on = self._paid_on(cells, result)
        amount = self._amount(cells, result)
        reference = self._text(cells, "reference", 60, result) or ""
        note = self._text(cells, "note", 300, result)
        if project is None or paid_on is None or amount is None:
            return result
        assessment = self._text(cells, "assessment", 60, result)
        if assessment and (project.pk, assessment) not in self.assessments:
            template = _("Penetapan “%(number)s” belum tercatat untuk proyek ini.")
            self.say(result, "assessment_unknown", template, "assessment", assessment, number=assessment)
        key = _key(project.pk, reference, paid_on, amount)
        stored = self._stored.get(key)
        values = {"paid_on": paid_on, "amount": amount, "assessment": assessment, "note": note}
        if stored is not None:
            kept = _values_of(stored)
            values |= {name: kept[name] for name in ("assessment", "note") if name not in self.targets}
        self._warn(project, paid_on, amount, stored, number, result)
        label = f"{project} · {parse_date(paid_on):%d-%m-%Y} · {format_rupiah(Decimal(amount), 'id')}"
        source = (self.shown(cells, "source") or self.source)[:200]
        result.records.append(Record(key, values, label, project.area_code, {"source": source}))
        if not self.scope.covers(project.area_code):
            # One of its further regencies is the user's, which is enough to see it.
            template = _(
                "%(area)s di luar wilayah kerja Anda. Hapus baris ini atau minta admin memberi akses."
            )
            self.say(result, "area_out_of_scope", template, named[0], area=project.area_code)
        return result

    def finish(self) -> list[Problem]:
        problems = []
        for pk, (number, heading) in self._last.items():
            due, paid = self._due.get(pk), self._paid.get(pk, Decimal(0))
            if due is not None and paid > due:
                template = _("Lebih bayar: dibayar %(paid)s, padahal ditetapkan %(due)s.")
                params = {"paid": format_rupiah(paid, "id"), "due": format_rupiah(due, "id")}
                problems.append(
                    Problem("overpaid", template, params, heading, "", Severity.WARNING, row=number)
                )
        return problems

    def _text(self, cells: Sequence[Cell], target: str, longest: int, result: RowResult) -> str | None:
        cell = self.cell(cells, target)
        try:
            return None if cell is None else clean_text(cell, longest)
        except Unacceptable as error:
            self.refuse(result, error, target, text_of(cell))
        return None

    def _project(self, named: list[str], cells: Sequence[Cell], result: RowResult) -> Project | None:
        """The project that the row's numbers mean; by its name only where only one is called so."""
        if not named:
            template = _("Proyek belum disebut. Tulis nomor proyek BPJS atau kode paketnya.")
            self.say(result, "project_missing", template, next(t for t in _PROJECTS if t in self.targets))
            return None
        numbers = [target for target in named if target != "name"]
        meant = [self._meant(target, self.shown(cells, target)) for target in numbers or named]
        found = set.intersection(*meant)
        if len(found) == 1:
            project: Project = self.projects[found.pop()]
            return project
        shown = self.shown(cells, named[0])
        if not any(meant):
            template = _("Proyek “%(text)s” belum tercatat di portal.")
            self.say(result, "project_unknown", template, named[0], shown, text=shown)
        else:
            template = _("Proyek di baris ini tidak jelas: nomornya milik beberapa proyek.")
            self.say(result, "project_unclear", template, named[0], shown)
        return None

    def _meant(self, target: str, text: str) -> set[int]:
        return self._by[target].get(plain(text) if target == "name" else text, set())

    def _paid_on(self, cells: Sequence[Cell], result: RowResult) -> str | None:
        cell = self.cell(cells, "paid_on")
        try:
            day = parse_date(cell)
        except BadValue as error:
            self.refuse(result, error, "paid_on", text_of(cell))
            return None
        if day is None:
            self.say(result, "paid_on_missing", _("Tanggal bayar belum diisi."), "paid_on")
            return None
        if day > self.today:
            template = _("Tanggal bayar belum terjadi.")
            self.say(result, "future_date", template, "paid_on", text_of(cell))
            return None
        return day.isoformat()

    def _amount(self, cells: Sequence[Cell], result: RowResult) -> str | None:
        cell = self.cell(cells, "amount")
        try:
            amount = money(cell, self.style)
        except BadValue as error:
            self.refuse(result, error, "amount", text_of(cell))
            return None
        except Unacceptable as error:
            template = _("Jumlah dibayar harus lebih dari 0.")
            self.say(result, error.code, template, "amount", text_of(cell))
            return None
        if amount is None:
            self.say(result, "amount_missing", _("Jumlah dibayar belum diisi."), "amount")
        return amount

    def _warn(
        self,
        project: Project,
        paid_on: str,
        amount: str,
        stored: Payment | None,
        number: int,
        result: RowResult,
    ) -> None:
        self._paid[project.pk] = (
            self._paid.get(project.pk, Decimal(0)) + Decimal(amount) - (stored.amount if stored else 0)
        )
        use = self.targets.get("amount")
        self._last[project.pk] = (number, use.heading if use else "")
        if project.cancelled:
            self.say(
                result,
                "project_cancelled",
                _("Proyek ini ditandai batal."),
                "paid_on",
                severity=Severity.WARNING,
            )
        if project.spk_date and paid_on < project.spk_date.isoformat():
            template = _("Pembayaran mendahului tanggal SPK proyeknya.")
            self.say(result, "paid_before_contract", template, "paid_on", severity=Severity.WARNING)


class PaymentKind(RecordKind):
    slug = "payment"
    title = gettext_lazy("Pembayaran iuran proyek")
    description = gettext_lazy("Iuran jasa konstruksi yang dibayar, per proyek dan tanggal.")
    permission = "projects.change_payment"
    columns: ClassVar = (
        Column(
            "bpjs_number", "Nomor Proyek BPJS", _("Nomor proyek di BPJS Ketenagakerjaan."), "2500000000001"
        ),
        Column("package_code", "Kode Paket", _("Kode paket SPSE, bila nomor BPJS tidak ada."), "", text=True),
        Column("name", "Nama Proyek", _("Dipakai bila nomor dan kodenya kosong."), ""),
        Column("paid_on", "Tanggal Bayar", _("Misalnya 31-08-2025."), "31-08-2025", required=True),
        Column("amount", "Jumlah Dibayar", _("Rupiah."), "1375000", required=True),
        Column("reference", "Nomor Bukti", _("Kode iuran atau nomor bukti bayar."), "", text=True),
        Column("assessment", "Nomor Penetapan", _("Penetapan iuran yang dibayar."), "", text=True),
        Column("note", "Catatan Pembayaran", _("Keterangan bebas."), ""),
        Column("source", "Sumber Data", _("Dari mana datanya; kosong berarti nama berkas."), ""),
        Column("project_id", "ID Proyek", _("Hanya di ekspor portal."), "", text=True),
    )

    def recognise(self, heading: str, titles: Sequence[str], options: Options) -> str | None:
        return payment_target(heading)

    def target_choices(self) -> list[tuple[str, str]]:
        return [(column.name, column.heading) for column in self.columns]

    def missing(self, targets: Iterable[str]) -> list[str]:
        found = set(targets)
        lacking = [] if found & set(_PROJECTS) else ["Nomor Proyek BPJS"]
        return lacking + [c.heading for c in self.columns if c.required and c.name not in found]

    def ask(self, layout: Layout, options: Options, scope: Scope) -> list[Question]:
        return []

    def interpreter(self, layout: Layout, options: Options, scope: Scope, file_name: str) -> Interpreter:
        return PaymentRows(layout, options, scope, file_name)

    def current(self, keys: Iterable[Key]) -> dict[Key, Values]:
        wanted = set(keys)
        return {
            key: _values_of(payment) for payment in _payments(wanted) if (key := _key_of(payment)) in wanted
        }

    def merge(self, records: Sequence[Record], author: Author) -> None:
        keys = {record.key for record in records}
        projects = {int(key[0]) for key in keys}
        with services.payments_of(projects):
            existing = {
                _key_of(payment): payment for payment in _payments(keys).select_for_update(of=("self",))
            }
            numbers = {
                (a.project_id, a.number): a.pk for a in Assessment.objects.filter(project__in=projects)
            }
            written: list[tuple[Payment, dict[str, Any] | None]] = []
            for record in records:
                project = int(record.key[0])
                payment = existing.get(record.key)
                before = None if payment is None else history.snapshot(payment)
                payment = payment or Payment(project_id=project, reference=record.key[1])
                payment.paid_on = datetime.date.fromisoformat(record.values["paid_on"])
                payment.amount = Decimal(record.values["amount"])
                payment.assessment_id = numbers.get((project, record.values["assessment"] or ""))
                payment.note = record.values["note"] or ""
                payment.source = record.extra["source"]
                written.append((payment, before))
            Payment.objects.bulk_create([payment for payment, before in written if before is None])
            changed = [payment for payment, before in written if before is not None]
            Payment.objects.bulk_update(changed, ["paid_on", "amount", "assessment", "note", "source"])
            history.record(
                author, [(payment, before, history.snapshot(payment)) for payment, before in written]
            )

    def closed_months(self, batch: ImportBatch) -> list[str]:
        """Those of the regencies of the projects paid for, from the month of the earliest payment on."""
        rows = batch.records.filter(outcome__in=[Outcome.NEW, Outcome.CHANGED]).values_list("area", "after")
        first: dict[str, str] = {}
        for area, after in rows:
            month = after["paid_on"][:7]
            first[area] = min(first.get(area, month), month)
        this_month = Month.of(timezone.localdate())
        return closed_lines(
            {area: map(str, months(Month.parse(since), this_month)) for area, since in first.items()}
        )

    def undo(self, action: Any, author: Author, *, leave_out: bool) -> list[str]:
        changes = Change.objects.of_action(action)
        sides = [side for change in changes for side in (change.before, change.after) if side]
        with services.payments_of({side["project_id"] for side in sides}):
            return restore(action, author, leave_out=leave_out)


def _key(project: int, reference: str, paid_on: str, amount: str) -> Key:
    """By its reference where it has one: then its day and amount may be corrected."""
    return (str(project), reference) if reference else (str(project), "", paid_on, amount)


def _key_of(payment: Payment) -> Key:
    return _key(payment.project_id, payment.reference, payment.paid_on.isoformat(), str(payment.amount))


def _values_of(payment: Payment) -> Values:
    return {
        "paid_on": payment.paid_on.isoformat(),
        "amount": str(payment.amount),
        "assessment": payment.assessment.number if payment.assessment else None,
        "note": payment.note or None,
    }


def _payments(keys: set[Key]) -> Any:
    found = Payment.objects.filter(project__in={int(key[0]) for key in keys})
    return found.select_related("assessment").order_by("pk")
