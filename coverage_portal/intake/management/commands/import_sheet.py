"""The path of the upload page as a command: `manage.py import_sheet membership rekap.xlsx --confirm`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from coverage_portal.accounts.areas import Scope
from coverage_portal.accounts.models import User
from coverage_portal.intake import answers, jobs, kinds, services
from coverage_portal.intake.choices import Outcome, State
from coverage_portal.intake.kinds import Kind
from coverage_portal.intake.models import ImportBatch, Issue
from coverage_portal.intake.naming import translated
from coverage_portal.intake.reach import UPLOAD, scope_for

FINE, ROWS_REFUSED, UNUSABLE = 0, 1, 2
CHUNK = 1024 * 1024


class Refusal(Exception):
    """There is nothing to import: `code` and a sentence for whoever typed the command."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Command(BaseCommand):
    help = "Import one spreadsheet: check it, show what it would do, and apply it where --confirm is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND", help="membership, workforce, target, …")
        parser.add_argument("file", metavar="FILE", help=".xlsx, .xls, .ods or .csv")
        parser.add_argument("--sheet", default="", metavar="NAME", help="the sheet to read")
        parser.add_argument("--user", default="", metavar="NAME", help="whose import it is (sistem)")
        parser.add_argument("--confirm", action="store_true", help="apply it if no row is wrong")
        parser.add_argument("--good-rows", action="store_true", help="with --confirm: apply the good rows")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON line last")
        parser.add_argument(
            "--option",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="an answer that the page would ask for: month, year, segment, source, data_date, "
            "number_style (id, en), code_system (kemendagri, bps), blank_clears (1), header_row, column:N, "
            "area",
        )

    def handle(self, *, as_json: bool, confirm: bool, good_rows: bool, **options: Any) -> None:
        try:
            batch = self._checked(options, confirm=confirm)
            if confirm:
                batch = _applied(batch, good_rows)
        except Refusal as refusal:
            self._refuse(refusal, as_json=as_json)
        if as_json:
            self.stdout.write(json.dumps(_summary(batch), ensure_ascii=False))
        else:
            self._tell(batch, is_confirmed=confirm)
        code = _exit_code(batch)
        if code:
            raise SystemExit(code)

    def _checked(self, options: Mapping[str, Any], *, confirm: bool) -> ImportBatch:
        kind = _kind(options["kind"])
        user = _user(options["user"])
        _check_rights(user, kind, confirm=confirm)
        chosen = _options(kind, options["option"], scope_for(user, kind, UPLOAD)) | {
            "sheet": options["sheet"]
        }
        path = Path(options["file"])
        try:
            if path.stat().st_size > services.upload_limit_bytes():
                raise Refusal(
                    "too_big", _("Berkas %(name)s melebihi batas ukuran unggahan.") % {"name": path.name}
                )
            batch = services.receive(
                kind=kind.slug, file_name=path.name, parts=_parts(path), user=user, options=chosen
            )
        except OSError as error:
            reason = error.strerror or type(error).__name__
            sentence = _("Berkas %(path)s tidak dapat dibaca: %(reason)s.") % {"path": path, "reason": reason}
            raise Refusal("file_unreadable", sentence) from error
        return _advanced(batch)

    def _refuse(self, refusal: Refusal, *, as_json: bool) -> NoReturn:
        if as_json:
            issue = {"sheet": "", "row": None, "column": "", "value": "", "code": refusal.code}
            summary = {
                "counts": _counts({}),
                "issues": [{**issue, "severity": "error", "message": str(refusal)}],
                "batch": None,
                "state": State.REFUSED.value,
            }
            self.stdout.write(json.dumps(summary, ensure_ascii=False))
        raise CommandError(str(refusal), returncode=UNUSABLE)

    def _tell(self, batch: ImportBatch, *, is_confirmed: bool) -> None:
        counts = _counts(batch.counts)
        self.stdout.write(f"{batch.file_name}: {batch.get_state_display()}")
        self.stdout.write(
            _(
                "%(read)s baris dibaca: %(new)s baru, %(changed)s berubah, %(same)s sama, %(wrong)s salah, "
                "%(skipped)s dilewati"
            )
            % counts
        )
        for issue in _issues(batch):
            row = _("baris %(row)s") % {"row": issue.row_number} if issue.row_number else ""
            where = ", ".join(part for part in (row, issue.column) if part)
            about = f" ({where})" if where else ""
            self.stdout.write(f"- {issue.get_severity_display()}{about}: {issue.message}")
        for question in batch.questions:
            self._ask(question)
        if batch.state == State.READY and is_confirmed:
            self.stdout.write(_("Tidak ada yang ditulis. Perbaiki berkasnya, atau tambahkan --good-rows."))
        elif batch.state == State.READY:
            self.stdout.write(_("Belum ada yang ditulis. Tambahkan --confirm untuk menerapkan."))
        self.stdout.write(_("Nomor impor: %(batch)s") % {"batch": batch.pk})

    def _ask(self, question: Mapping[str, Any]) -> None:
        sentence = translated(question["template"]) % question["params"]
        choices = ", ".join(value for value, _label in question["choices"])
        answer = "--sheet …" if question["name"] == "sheet" else f'--option "{question["name"]}=…"'
        self.stdout.write(
            _("? %(question)s Jawab dengan %(answer)s") % {"question": sentence, "answer": answer}
        )
        if choices:
            self.stdout.write(_("  Pilihannya: %(choices)s") % {"choices": choices})


def _kind(slug: str) -> Kind:
    try:
        return kinds.get(slug)
    except KeyError as error:
        known = ", ".join(kind.slug for kind in kinds.all_kinds())
        sentence = _("Jenis impor “%(kind)s” tidak ada. Pilihannya: %(known)s.")
        raise Refusal("unknown_kind", sentence % {"kind": slug, "known": known}) from error


def _user(name: str) -> User | None:
    if not name:
        return None
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        sentence = _("Pengguna “%(name)s” tidak ada atau tidak aktif.")
        raise Refusal("unknown_user", sentence % {"name": name})
    return user


def _check_rights(user: User | None, kind: Kind, *, confirm: bool) -> None:
    """The page's rules for whose import it is; sistem may all."""
    if user is None:
        return
    if not user.has_perm("intake.upload_file") or not user.has_perm(kind.permission):
        sentence = _("Pengguna “%(name)s” tidak berhak mengimpor “%(kind)s”.")
        raise Refusal("not_permitted", sentence % {"name": user.get_username(), "kind": kind.title})
    if confirm and not user.has_perm("intake.confirm_import"):
        sentence = _("Pengguna “%(name)s” tidak berhak menerapkan impor.")
        raise Refusal("not_permitted", sentence % {"name": user.get_username()})


def _options(kind: Kind, given: list[str], scope: Scope) -> dict[str, str]:
    options = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            sentence = _("Tulis --option sebagai NAMA=NILAI, bukan “%(text)s”.")
            raise Refusal("bad_option", sentence % {"text": text})
        try:
            options[name] = answers.read(kind, name, value, scope)
        except answers.BadAnswer as error:
            raise Refusal("bad_option", f"--option {name}: {error}") from error
    return options


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            yield part


def _advanced(batch: ImportBatch) -> ImportBatch:
    """Move the batch on in this process, as often as a worker would try."""
    for _attempt in range(jobs.MAX_ATTEMPTS):
        try:
            return jobs.advance(batch.pk)
        except Exception as error:
            failure = type(error).__name__
    sentence = _("Impor %(batch)s gagal (%(failure)s). Tidak ada yang ditulis sebagian.")
    raise Refusal("failed", sentence % {"batch": batch.pk, "failure": failure})


def _applied(batch: ImportBatch, good_rows: bool) -> ImportBatch:
    """Confirm what may be confirmed; again where the stored data moved between preview and confirm."""
    for _attempt in range(jobs.MAX_ATTEMPTS):
        if batch.state != State.READY or (batch.counts.get(Outcome.WRONG) and not good_rows):
            break
        preview = str(batch.preview)
        services.confirm(batch=batch, preview=preview, user=batch.user, good_rows_only=good_rows, wake=False)
        batch = _advanced(batch)
    return batch


def _exit_code(batch: ImportBatch) -> int:
    if batch.state not in (State.READY, State.APPLIED):
        return UNUSABLE
    return ROWS_REFUSED if batch.counts.get(Outcome.WRONG) else FINE


def _counts(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts.get(name, 0) for name in ("read", *Outcome.values)}


def _issues(batch: ImportBatch) -> list[Issue]:
    """What was said of the file as a whole first, then row by row."""
    return sorted(batch.issues.all(), key=lambda issue: (issue.row_number or 0, issue.pk))


def _summary(batch: ImportBatch) -> dict[str, Any]:
    sheet = batch.found.get("sheet") or ""
    return {
        "counts": _counts(batch.counts),
        "issues": [
            {
                "sheet": sheet,
                "row": issue.row_number,
                "column": issue.column,
                "value": issue.value,
                "code": issue.code,
                "severity": issue.severity,
                "message": issue.message,
            }
            for issue in _issues(batch)
        ],
        "batch": str(batch.pk),
        "state": batch.state,
    }
