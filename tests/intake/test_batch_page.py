"""One page for every state of an import, each with what it says and what can be done next."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from coverage_portal.accounts.models import User
from coverage_portal.intake import jobs, services
from coverage_portal.intake.models import ImportBatch
from regions.models import Membership
from tests import factories
from tests.imports import GOOD, HEADING, address
from tests.sheets import confirm, undo, upload, xlsx

pytestmark = pytest.mark.django_db
State = ImportBatch.State


def shown(page: Client, batch: ImportBatch) -> str:
    """The page's text and tags with runs of white space as one blank."""
    response = page.get(address(batch))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def received(user: User, content: bytes | None = None) -> ImportBatch:
    return services.receive(
        kind="membership", file_name="rekap.xlsx", parts=[content or xlsx(GOOD)], user=user, options={}
    )


def test_waiting_file_shows_progress_that_htmx_keeps_asking_for(page: Client, uploader: User) -> None:
    batch = received(uploader)

    content = shown(page, batch)

    assert "Berkas sedang diperiksa" in content
    assert f'hx-get="/impor/{batch.pk}/kemajuan/" hx-trigger="every 1s"' in content
    assert "Muat ulang halaman" in content
    assert "Hentikan impor ini" in content


def test_progress_of_finished_work_loads_the_page_anew(page: Client, ready: ImportBatch) -> None:
    response = page.get(address(ready, "kemajuan/"))

    assert response["HX-Refresh"] == "true"


def test_preview_shows_five_counts_that_add_up(page: Client, mixed: ImportBatch) -> None:
    content = shown(page, mixed)

    assert mixed.counts == {"read": 4, "new": 1, "changed": 0, "same": 0, "wrong": 2, "skipped": 1}
    for label, rows in {"baru": 1, "berubah": 0, "sama": 0, "salah": 2, "dilewati": 1}.items():
        assert f"<dt>{label}</dt><dd>{rows}</dd>" in content
    assert "Bersama-sama 4 baris yang dibaca." in content


def test_preview_lists_every_error_with_its_place_and_sentence(page: Client, mixed: ImportBatch) -> None:
    content = shown(page, mixed)

    assert "2 baris perlu diperbaiki" in content
    assert "3 kesalahan" in content
    assert (
        '</span>5</th><td>Peserta Aktif</td><td class="errors__value">-5</td>'
        "<td>Jumlah orang tidak boleh negatif.</td>"
    ) in content
    assert '<td>Wilayah</td><td class="errors__value">Atlantis</td>' in content
    assert "Terapkan hanya 1 baris benar" in content
    assert 'value="all"' not in content
    assert f"/impor/{mixed.pk}/kesalahan.xlsx" in content


def test_clean_preview_offers_to_apply_all(page: Client, ready: ImportBatch) -> None:
    content = shown(page, ready)

    assert "2 baris siap diterapkan, tidak ada yang salah" in content
    assert 'name="rows" value="all">Terapkan 2 baris</button>' in content
    assert "kesalahan.xlsx" not in content


def test_preview_shows_old_and_new_values_and_the_effect(page: Client, uploader: User) -> None:
    sambas = factories.regency("61.01")
    factories.membership(sambas, 90, segment="PU")
    factories.membership(factories.province(), 500)
    factories.workforce(factories.province(), 2000)

    content = shown(page, upload("membership", xlsx(GOOD), user=uploader))

    assert "Kab. Sambas · PU · Juli 2025" in content
    assert "Peserta Aktif: <del>90</del>" in content
    assert "<ins>100</ins>" in content
    assert "Akibatnya pada cakupan" in content
    assert "Juli 2025" in content


def test_same_content_again_has_nothing_to_apply(page: Client, uploader: User, ready: ImportBatch) -> None:
    confirm(ready)
    again = upload("membership", xlsx(GOOD), user=uploader)

    content = shown(page, again)

    assert "Tidak ada yang berubah: semuanya sudah tersimpan" in content
    assert "konfirmasi/" not in content
    assert "Tutup tanpa menerapkan" in content


def test_columns_and_skipped_rows_are_shown_with_their_meaning(page: Client, mixed: ImportBatch) -> None:
    content = shown(page, mixed)

    assert '<td>C</td><th scope="row">Peserta Aktif</th><td>Peserta Aktif</td>' in content
    assert "Judul kolom di baris 3." in content
    assert "<td>JUMLAH · 95</td><td>baris jumlah; dipakai untuk memeriksa saja</td>" in content


def test_question_is_a_form_and_its_answer_has_the_file_read_again(page: Client, uploader: User) -> None:
    batch = upload("membership", xlsx([["Wilayah", "PU"], ["Sambas", 5]]), user=uploader)
    assert shown(page, batch).count("Angka di lembar ini untuk bulan apa?") == 1

    response = page.post(
        address(batch, "jawaban/"),
        {"form": "questions", "preview": str(batch.preview), "answer-0": "juli 2025"},
    )

    assert response.status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.options) == (State.RECEIVED, {"month": "2025-07"})
    assert jobs.advance(batch.pk).state == State.READY


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("", "Pertanyaan ini belum dijawab."),
        ("Juli", "Bulan tanpa tahun."),
        ("2025-13", "Bulan 13 tidak ada; tulis 1 sampai 12."),
    ],
)
def test_unusable_answer_is_explained_beside_its_question(
    page: Client, uploader: User, answer: str, sentence: str
) -> None:
    batch = upload("membership", xlsx([["Wilayah", "PU"], ["Sambas", 5]]), user=uploader)

    response = page.post(
        address(batch, "jawaban/"),
        {"form": "questions", "preview": str(batch.preview), "answer-0": answer},
    )

    assert response.status_code == 422
    assert sentence in response.content.decode()
    batch.refresh_from_db()
    assert batch.state == State.ASKING


def test_unknown_column_is_asked_about_and_may_be_ignored(page: Client, uploader: User) -> None:
    content = xlsx([[*HEADING, "Warna"], ["Sambas", "PU", "2025-07", 5, "biru"]])
    batch = upload("membership", content, user=uploader)
    assert "Judul kolom “Warna” tidak dikenal." in shown(page, batch)

    page.post(
        address(batch, "jawaban/"),
        {"form": "questions", "preview": str(batch.preview), "answer-0": "ignore"},
    )

    assert jobs.advance(batch.pk).state == State.READY
    assert '<th scope="row">Warna</th><td class="quiet">Tidak dipakai</td>' in shown(page, batch)


def reading(batch: ImportBatch, **changes: str) -> dict[str, Any]:
    """The form of how a file is read as the page sends it, with some fields changed."""
    columns = {f"column:{c['index']}": c["target"] or "" for c in batch.found.get("columns", [])}
    return {"form": "reading", "preview": str(batch.preview), "header_row": "", **columns, **changes}


def test_meaning_of_a_column_can_be_changed(page: Client, ready: ImportBatch) -> None:
    page.post(address(ready, "jawaban/"), reading(ready, **{"column:1": "ignore"}))

    ready.refresh_from_db()
    assert ready.options == {"column:1": "ignore"}


def test_number_style_can_be_changed_without_a_new_upload(page: Client, uploader: User) -> None:
    batch = upload("membership", xlsx([HEADING, ["Sambas", "PU", "2025-07", "1,234"]]), user=uploader)
    assert batch.counts["wrong"] == 1

    page.post(address(batch, "jawaban/"), reading(batch, number_style="en"))

    batch = jobs.advance(batch.pk)
    assert (batch.state, batch.counts["wrong"]) == (State.READY, 0)
    assert batch.records.get().after == {"reported": 1234}


def test_other_heading_row_lets_go_of_earlier_column_answers(page: Client, uploader: User) -> None:
    batch = upload("membership", xlsx(GOOD), user=uploader, **{"column:1": "ignore", "segment": "PU"})

    page.post(address(batch, "jawaban/"), reading(batch, header_row="1"))

    batch.refresh_from_db()
    assert batch.options == {"segment": "PU", "header_row": "1"}


def test_forged_column_meaning_is_refused(page: Client, ready: ImportBatch) -> None:
    response = page.post(address(ready, "jawaban/"), reading(ready, **{"column:1": "password"}))

    assert response.status_code == 422
    ready.refresh_from_db()
    assert (ready.state, ready.options) == (State.READY, {})


def test_refused_file_says_why_and_what_next(page: Client, uploader: User) -> None:
    batch = upload("membership", b"", user=uploader)

    content = shown(page, batch)

    assert batch.state == State.REFUSED
    assert "Berkas ini tidak dapat diimpor; tidak ada yang berubah" in content
    assert "Berkas ini kosong (0 bita)." in content
    assert 'href="/impor/?jenis=membership"' in content


def test_applied_import_says_what_when_who_and_offers_undo(page: Client, ready: ImportBatch) -> None:
    confirm(ready)

    content = shown(page, ready)

    assert "2 baris sudah diterapkan" in content
    assert "Oleh petugas, " in content
    assert f'action="/impor/{ready.pk}/urungkan/"' in content


def test_stopped_undo_names_the_conflicts_and_offers_the_rest(
    page: Client, uploader: User, ready: ImportBatch
) -> None:
    confirm(ready)
    confirm(upload("membership", xlsx([HEADING, ["Sambas", "PU", "2025-07", 7]]), user=uploader))
    undo(ready)

    content = shown(page, ready)

    assert "data berikut sudah diubah lagi setelah impor ini" in content
    assert "<li>Peserta 61.01 PU Juli 2025</li>" in content
    assert "Batalkan selain data itu" in content
    page.post(address(ready, "urungkan/"), {"leave_out": "1"})
    assert jobs.advance(ready.pk).state == State.UNDONE
    assert [m.reported for m in Membership.objects.all()] == [7]
    assert "Tidak dikembalikan, karena sudah diubah lagi" in shown(page, ready)


def test_undone_import_says_by_whom(page: Client, uploader: User, ready: ImportBatch) -> None:
    confirm(ready)
    undo(ready)

    content = shown(page, ready)

    assert "Impor ini dibatalkan; nilai lama dikembalikan" in content
    assert "Oleh petugas, " in content


def test_cancelled_import_lets_go_of_its_file_and_rows(page: Client, ready: ImportBatch) -> None:
    response = page.post(address(ready, "hentikan/"))

    assert response.status_code == 302
    assert "Impor ini tidak dilanjutkan; tidak ada yang berubah" in shown(page, ready)
    assert not ready.rows.exists()


def test_interrupted_import_can_be_tried_again(page: Client, ready: ImportBatch) -> None:
    ImportBatch.objects.filter(pk=ready.pk).update(state=State.INTERRUPTED)
    assert "Pekerjaan terputus; tidak ada yang diterapkan" in shown(page, ready)

    page.post(address(ready, "jawaban/"), {"preview": str(ready.preview)})

    assert jobs.advance(ready.pk).state == State.READY


def test_page_speaks_english_where_asked(page: Client, ready: ImportBatch) -> None:
    page.post("/bahasa/", {"language": "en"})

    assert '<html lang="en">' in shown(page, ready)


def test_cell_text_is_escaped(page: Client, uploader: User) -> None:
    payload = "<img src=x onerror=alert(1)>"
    content = xlsx([HEADING, [payload, "PU", "2025-07", 1], ["Sambas", payload, "2025-07", payload]])

    text = shown(page, upload("membership", content, user=uploader))

    assert "<img src=x" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_months_in_labels_are_in_words(page: Client, ready: ImportBatch) -> None:
    """In samples, in what was refused, and in what an undo has found changed."""
    assert "Kab. Sambas · PU · Juli 2025" in shown(page, ready)
    ImportBatch.objects.filter(pk=ready.pk).update(
        state=State.APPLIED, applied_at=timezone.now(), conflicts=["Peserta 61.01 PU 2025-07"]
    )
    assert "<li>Peserta 61.01 PU Juli 2025</li>" in shown(page, ready)
    ready.issues.create(
        severity="error",
        row_number=2,
        code="duplicate_key",
        template="%(label)s juga ada di baris %(rows)s. Sisakan satu baris saja.",
        params={"label": "Kab. Sambas · PU · 2025-07", "rows": "3, 2025-07-31"},
    )
    assert "Kab. Sambas · PU · Juli 2025 juga ada di baris 3, 2025-07-31." in shown(page, ready)
