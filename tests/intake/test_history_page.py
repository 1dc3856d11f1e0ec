"""The history of imports: all that one may see, the newest first, in a fixed number of queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from coverage_portal.accounts.models import User
from coverage_portal.intake.models import ImportBatch
from tests.imports import HEADING
from tests.sheets import confirm, upload, xlsx

pytestmark = pytest.mark.django_db


def shown(client: Client, query: str = "") -> str:
    response = client.get(f"/impor/riwayat/{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def bare(user: User | None, name: str) -> ImportBatch:
    return ImportBatch.objects.create(kind="membership", file_name=name, size=1, sha256="0" * 64, user=user)


def test_history_shows_file_kind_who_counts_state_and_undo(page: Client, ready: ImportBatch) -> None:
    confirm(ready)

    content = shown(page)

    assert f'<a href="/impor/{ready.pk}/">rekap.xlsx</a>' in content
    assert "Rekap peserta aktif" in content
    assert "<td>petugas " in content
    assert "Diterapkan" in content
    assert ">2 baru<" in content
    assert f'href="/impor/{ready.pk}/#urungkan"' in content


def test_history_keeps_to_what_each_user_may_see(
    client: Client, ready: ImportBatch, outsider: User, colleague: User
) -> None:
    own = upload(
        "membership", xlsx([HEADING, ["Ketapang", "PU", "2025-07", 1]]), user=outsider, name="own.xlsx"
    )

    client.force_login(outsider)
    assert [name in shown(client) for name in ("rekap.xlsx", "own.xlsx")] == [False, True]
    client.force_login(colleague)
    assert [name in shown(client) for name in ("rekap.xlsx", "own.xlsx")] == [True, True]
    assert own.user == outsider


def test_reader_sees_the_history_without_undo(client: Client, reader: User, ready: ImportBatch) -> None:
    confirm(ready)
    client.force_login(reader)

    content = shown(client)

    assert "rekap.xlsx" in content
    assert "#urungkan" not in content


def test_history_is_paged_with_the_newest_first(page: Client, uploader: User) -> None:
    for number in range(27):
        bare(uploader, f"berkas-{number:02}.xlsx")

    first, second = shown(page), shown(page, "?halaman=2")

    assert first.index("berkas-26.xlsx") < first.index("berkas-02.xlsx")
    assert "berkas-01.xlsx" not in first
    assert [f"berkas-{n:02}.xlsx" in second for n in (2, 1, 0)] == [False, True, True]
    assert "Halaman 1 dari 2" in first
    assert "Halaman 1 dari 2" in shown(page, "?halaman=nonsense")


def test_history_takes_the_same_queries_however_long(
    page: Client, uploader: User, django_assert_num_queries: Any
) -> None:
    bare(uploader, "a.xlsx")
    page.get("/impor/riwayat/")
    with django_assert_num_queries(7) as short:
        page.get("/impor/riwayat/")
    for number in range(24):
        bare(uploader if number % 2 else None, f"{number}.xlsx")

    with django_assert_num_queries(len(short)):
        page.get("/impor/riwayat/")
