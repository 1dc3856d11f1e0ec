"""`manage.py import_sheet`: the same path as the page, with exit codes and one line of JSON for scripts."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command

from coverage_portal.accounts.models import User
from coverage_portal.intake.models import ImportBatch
from regions.models import Membership
from tests.imports import GOOD, HEADING, MIXED
from tests.sheets import Rows, upload, xlsx

pytestmark = pytest.mark.django_db
State = ImportBatch.State
NOTHING = {"read": 0, "new": 0, "changed": 0, "same": 0, "wrong": 0, "skipped": 0}


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def written(rows: Rows | bytes, name: str = "rekap.xlsx", **book: Any) -> str:
        path = tmp_path / name
        path.write_bytes(rows if isinstance(rows, bytes) else xlsx(rows, **book))
        return str(path)

    return written


def run(*arguments: str) -> tuple[int, str]:
    """The exit code and what was printed."""
    out = io.StringIO()
    try:
        call_command("import_sheet", *arguments, stdout=out)
    except SystemExit as error:
        return int(error.code or 0), out.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue() + str(error)
    return 0, out.getvalue()


def run_json(*arguments: str) -> tuple[int, dict[str, Any]]:
    code, printed = run(*arguments, "--json")
    return code, json.loads(printed.splitlines()[0 if code == 2 else -1])


def test_preview_writes_nothing_and_belongs_to_the_system(file: Any) -> None:
    code, result = run_json("membership", file(GOOD))

    batch = ImportBatch.objects.get()
    assert code == 0
    assert result == {
        "counts": {**NOTHING, "read": 2, "new": 2},
        "issues": [],
        "batch": str(batch.pk),
        "state": "ready",
    }
    assert (batch.user, batch.uploader, Membership.objects.count()) == (None, "sistem", 0)


def test_confirm_applies_a_file_without_wrong_rows(file: Any, uploader: User) -> None:
    code, result = run_json("membership", file(GOOD), "--confirm", "--user", "petugas")

    assert (code, result["state"]) == (0, "applied")
    assert ImportBatch.objects.get().user == uploader
    assert Membership.objects.count() == 2


def test_confirm_stops_at_wrong_rows_and_lists_every_issue(file: Any) -> None:
    code, result = run_json("membership", file(MIXED), "--confirm")

    assert (code, result["state"], Membership.objects.count()) == (1, "ready", 0)
    assert result["counts"] == {**NOTHING, "read": 4, "new": 1, "wrong": 2, "skipped": 1}
    assert result["issues"][0] == {
        "sheet": "Rekap",
        "row": 5,
        "column": "Peserta Aktif",
        "value": "-5",
        "code": "negative",
        "severity": "error",
        "message": "Jumlah orang tidak boleh negatif.",
    }
    assert [
        (issue["row"], issue["column"]) for issue in result["issues"] if issue["severity"] == "error"
    ] == [
        (5, "Peserta Aktif"),
        (6, "Wilayah"),
        (6, "Peserta Aktif"),
    ]


def test_good_rows_are_applied_beside_wrong_ones(file: Any) -> None:
    code, result = run_json("membership", file(MIXED), "--confirm", "--good-rows")

    assert (code, result["state"], Membership.objects.count()) == (1, "applied", 1)


def test_good_rows_without_confirm_writes_nothing(file: Any) -> None:
    code, result = run_json("membership", file(MIXED), "--good-rows")

    assert (code, result["state"], Membership.objects.count()) == (1, "ready", 0)


def test_question_is_unusable_until_an_option_answers_it(file: Any) -> None:
    path = file([["Wilayah", "PU"], ["Sambas", 5]])

    code, printed = run("membership", path)
    assert code == 2
    assert 'Angka di lembar ini untuk bulan apa? Jawab dengan --option "month=…"' in printed

    code, result = run_json("membership", path, "--option", "month=Juli 2025")
    assert (code, result["state"]) == (0, "ready")


def test_sheet_is_chosen_by_name(file: Any) -> None:
    path = file(GOOD, others={"Lama": [HEADING, ["Sambas", "PU", "2024-07", 1]]})

    code, result = run_json("membership", path)
    assert (code, result["state"], result["counts"]) == (2, "asking", NOTHING)

    code, result = run_json("membership", path, "--sheet", "Lama")
    assert (code, result["counts"]["read"]) == (0, 1)


def test_scope_of_the_named_user_holds(file: Any, outsider: User) -> None:
    code, result = run_json("membership", file(GOOD), "--user", outsider.username)

    assert (code, result["counts"]["wrong"]) == (1, 2)
    assert {issue["code"] for issue in result["issues"]} == {"area_out_of_scope"}


def test_rights_of_the_named_user_hold(file: Any, reader: User, uploader: User) -> None:
    """As on the page: to upload, to change figures of this kind, and to confirm."""
    assert refusal(file(GOOD), reader) == "not_permitted"
    uploader.groups.clear()
    uploader.user_permissions.set(permissions("upload_file", "confirm_import"))
    assert refusal(file(GOOD), uploader) == "not_permitted"
    uploader.user_permissions.set(permissions("upload_file", "change_membership"))
    assert refusal(file(GOOD), uploader, "--confirm") == "not_permitted"
    assert not ImportBatch.objects.exists()

    code, result = run_json("membership", file(GOOD), "--user", uploader.username)

    assert (code, result["state"]) == (0, "ready")


def refusal(path: str, user: User, *more: str) -> str:
    code, result = run_json("membership", path, "--user", user.username, *more)
    assert code == 2
    found: str = result["issues"][0]["code"]
    return found


def permissions(*names: str) -> list[Permission]:
    return list(Permission.objects.filter(codename__in=names))


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("nothing", "{file}"), "unknown_kind", "Jenis impor “nothing” tidak ada."),
        (("membership", "{file}", "--user", "x"), "unknown_user", "Pengguna “x” tidak ada atau tidak aktif."),
        (("membership", "{file}.absent"), "file_unreadable", "tidak dapat dibaca"),
        (("membership", "{folder}"), "file_unreadable", "tidak dapat dibaca"),
        (("membership", "{file}", "--option", "month"), "bad_option", "Tulis --option sebagai NAMA=NILAI"),
        (("membership", "{file}", "--option", "month=Juli"), "bad_option", "Bulan tanpa tahun."),
        (("membership", "{file}", "--option", "number_style=fr"), "bad_option", "Pilihannya: id, en."),
        (
            ("enrollment", "{file}", "--option", "blank_clears=1"),
            "bad_option",
            "selalu membiarkan nilai lama",
        ),
        (("membership", "{file}", "--option", "column:0=x"), "bad_option", "Pilihannya: ignore, "),
    ],
)
def test_wrong_argument_ends_with_a_sentence(
    file: Any, tmp_path: Path, arguments: tuple[str, ...], code: str, sentence: str
) -> None:
    places = {"file": file(GOOD), "folder": str(tmp_path)}

    exit_code, result = run_json(*(argument.format(**places) for argument in arguments))

    assert (exit_code, result["counts"], result["batch"], result["state"]) == (2, NOTHING, None, "refused")
    assert [issue["code"] for issue in result["issues"]] == [code]
    assert sentence in result["issues"][0]["message"]
    assert not ImportBatch.objects.exists()


def test_unusable_file_has_zero_counts_and_says_why(file: Any) -> None:
    code, result = run_json("membership", file(b"", name="kosong.xlsx"))

    assert (code, result["state"], result["counts"]) == (2, "refused", NOTHING)
    assert [issue["code"] for issue in result["issues"]] == ["empty"]


def test_file_over_the_limit_is_not_taken_in(file: Any, settings: Any) -> None:
    settings.UPLOAD_MAX_MB = 1

    code, result = run_json("membership", file(b"x" * (1024 * 1024 + 1)))

    assert (code, result["issues"][0]["code"]) == (2, "too_big")
    assert not ImportBatch.objects.exists()


def test_words_for_a_reader_are_indonesian(file: Any) -> None:
    code, printed = run("membership", file(MIXED), "--confirm")

    assert code == 1
    assert "4 baris dibaca: 1 baru, 0 berubah, 0 sama, 2 salah, 1 dilewati" in printed
    assert "- Kesalahan (baris 5, Peserta Aktif): Jumlah orang tidak boleh negatif." in printed
    assert "Tidak ada yang ditulis." in printed


def test_same_file_again_is_fine_and_says_who_had_it(file: Any) -> None:
    path = file(GOOD)
    run("membership", path, "--confirm")

    code, result = run_json("membership", path, "--confirm")

    assert (code, result["state"], result["counts"]) == (0, "applied", {**NOTHING, "read": 2, "same": 2})
    assert [(issue["code"], issue["severity"]) for issue in result["issues"]] == [("same_file", "note")]


def test_command_and_page_stage_the_same(file: Any, uploader: User) -> None:
    run("membership", file(MIXED))
    by_command = ImportBatch.objects.get()

    by_page = upload("membership", xlsx(MIXED), user=uploader)

    assert by_command.counts == by_page.counts
    staged = [list(b.records.values("key", "after", "outcome")) for b in (by_command, by_page)]
    assert staged[0] == staged[1]
